using System.Text.RegularExpressions;

namespace TrafficFlow.Web.Pages.Recordings;

/// <summary>What vaults say, in the reader's language: they say it in English, as their verbs do. What is not known here is shown as it came.</summary>
public static class VaultPhrases
{
    private static readonly TimeSpan s_longest = TimeSpan.FromMilliseconds(200);

    private static readonly (Regex English, string Japanese)[] s_phrases =
    [
        // Of forms.
        P(@"the file is larger than (\d+) MB: put it on the machine of the node, and write its path", "ファイルが$1 MBを超えています。装置のある機械に置き、そのパスを入力してください。"),
        P(@"""(.*)"" is no number from 1 to (\d+)", "「$1」は1から$2までの数ではありません。"),
        P(@"""(.*)"" is no day: write it as 2026-12-01", "「$1」は日付ではありません。2026-12-01 のように入力してください。"),
        P(@"""(.*)"" is no time: write it as 2026-12-01T09:30", "「$1」は日時ではありません。2026-12-01T09:30 のように入力してください。"),
        P("the time ends before it begins", "終了が開始より前です。"),
        P("that is no site", "その交差点はありません。"),
        // Of tasks.
        P("write the whole path on the machine of the node, such as (.*)", "装置のある機械での絶対パスを入力してください（例: $1）。"),
        P("(.*) leads to (.*), which is the node's own data folder: name the disk that is carried", "$1 は装置自身のデータフォルダー $2 を指すリンクです。持ち運ぶディスクを指定してください。"),
        P("(.*) is the node's own data folder: name the disk that is carried", "$1 は装置自身のデータフォルダーです。持ち運ぶディスクを指定してください。"),
        P(@"(.*) is of the system \((.*)\), and on no disk: name the disk that is carried", "$1 はシステムの領域（$2）で、ディスクではありません。持ち運ぶディスクを指定してください。"),
        P("(.*) has links without end: look who had the disk", "$1 のリンクがどこまでも続いています。ディスクを誰が扱ったか確認してください。"),
        P(@"(.*) is on the node's own disk, of which (\d+) MB are free: (\d+) MB of the bundle would leave less than the (\d+) MB that are kept for counting .*", "$1 は装置自身のディスク上にあり、空きは$2 MBです。持ち運び（$3 MB）を書き込むと、計測のために残す$4 MBを下回ります。持ち運ぶディスクがマウントされているか確認してください。"),
        P("(.*) cannot be read: .* is a link, which trafficflow never writes there: look who had the disk", "$1 はリンクで、このプログラムが書いたものではありません。ディスクを誰が扱ったか確認してください。"),
        P("(.*) cannot be read: .* is a pipe, a socket or a device, which trafficflow never writes there: look who had the disk", "$1 は通常のファイルではなく、このプログラムが書いたものではありません。ディスクを誰が扱ったか確認してください。"),
        P(@"there is no hold (\S+) in force at node (\S+), or it is not among the newest: .*", "装置 $2 に有効な保全 $1 が見つかりません。何も実行されていません。"),
        P(@"there is no folder (.*) on the machine of this node: is the disk there, and mounted\?", "この装置のある機械にフォルダー $1 がありません。ディスクの接続とマウントを確認してください。"),
        P(@"there is no confirmation (.*) on the machine of this node: is the disk there, and mounted\? Name the file CONFIRMATION itself", "この装置のある機械に受領確認 $1 がありません。ディスクの接続とマウントを確認し、CONFIRMATIONファイル自体を指定してください。"),
        P("choose the file CONFIRMATION that came back, or write its path on the machine of the node", "持ち帰ったCONFIRMATIONファイルを選ぶか、装置のある機械でのパスを入力してください。"),
        P("choose the file of the other vault's identity", "相手の保管庫の身元ファイルを選んでください。"),
        P("write the fingerprint as the other side told it, on the telephone or on paper", "電話や紙で相手から聞いた指紋を入力してください。"),
        P("the disks are to be wiped by a time that has passed: name a later one", "ディスクの消去期限が過去の日付です。先の日付を指定してください。"),
        P("say by which clock you know it: what has reached its age is erased because of it", "照合した時計を入力してください。これにより、期限に達したデータが消去されます。"),
        P(@"the same is under way \((.*), since (.*), by (.*)\): wait for its end. Nothing was done", "同じ処理が実行中です（$1、$2 開始、$3）。終了をお待ちください。何も実行されていません。"),
        P(@"it has begun \((.*)\) and goes on: the page shows how far it is, and what came of it", "開始しました（$1）。処理は続いています。進み具合と結果は画面に表示されます。"),
        P(@"this takes two persons here: (\S+) is requested, and waits for another person's approval .* until (\S+ \S+); then do the same once more. Nothing was done", "二者承認が必要です。$1 を申請しました。$2 までに別の担当者の承認（「概要」画面）を受け、同じ操作をもう一度行ってください。まだ何も実行されていません。"),
        P("node (.*) does not answer: nothing within (.*) s.*", "装置 $1 から$2秒以内に応答がありませんでした。"),
        P(@"node (.*) does not answer: it is not in the cluster: is it on, and its link up\?", "装置 $1 はクラスターにありません。電源と通信を確認してください。"),
        P("the vault is not there yet: the node is starting", "装置が起動中のため、保管庫はまだ使えません。"),
        P("the audit cannot be written now, and nothing is done to recordings without a record of it: .*", "監査記録に書き込めないため、何も実行されませんでした。監査記録を復旧してください。"),
        // Of trust.
        P("the file is of (.*), and (.*) was told: it is another vault's, or was exchanged on its way", "ファイルの指紋は $1 ですが、聞いた指紋は $2 です。別の保管庫のものか、途中ですり替えられています。"),
        P(@"(.*) \((.*)\) is trusted already", "$1（$2）はすでに信頼登録されています。"),
        P(@"(.*) \((.*)\) is trusted: bundles can be carried to it and from it", "$1（$2）を信頼登録しました。持ち運びができます。"),
        P("it is no identity of a vault, or of a later version", "保管庫の身元ファイルではないか、新しい版のものです。"),
        P("no vault (.*) is trusted: .*", "$1 は信頼登録されていません。相手の身元ファイルを受け取り、信頼登録してください。"),
        P("no vault (.*) is trusted", "$1 は信頼登録されていません。"),
        P("(.*) is trusted no more", "$1 の信頼を終了しました。"),
        // Of bundles.
        P("there is nothing more to carry of (.*): (.*) segments are on their way already .*", "持ち運ぶ録画片がありません。$2件はすでに運搬中です。"),
        P("there is nothing to carry of (.*)", "持ち運ぶ録画片がありません。"),
        P("segment (.*) has (.*) bytes and fits on no volume of (.*): take a larger disk", "録画片 $1（$2バイト）が$3バイトのボリュームに収まりません。容量の大きいディスクを使ってください。"),
        P(@"there is no folder (.*): is the disk there, and mounted\?(.*)", "フォルダー $1 がありません。ディスクの接続とマウントを確認してください。"),
        P("bundle (.*): (.*) segments on (.*) volumes, on disks until (.*)", "持ち運び $1: 録画片$2件、ボリューム$3個、ディスクの消去期限 $4"),
        P("volume (.*) is whole in (.*)", "ボリューム$1を $2 に書き込みました。"),
        P("bundle (.*) is whole: carry it, .*", "持ち運び $1 はすべて書き込みました。運搬し、受入れ先で取り込み、受領確認を持ち帰ってください。"),
        P("(.*) volumes are left: put the next disk in, and go on with --bundle (.*)", "残り$1個のボリュームがあります。次のディスクを入れ、持ち運び $2 の続きを書き込んでください。"),
        P("all volumes of bundle (.*) are written: .*", "持ち運び $1 のボリュームはすべて書き込み済みです。"),
        P("there is no bundle (.*): .*", "持ち運び $1 はありません。"),
        P("bundle (.*) is given up. What is on disks of it can still be opened by its recipient: .*", "持ち運び $1 を取り消しました。書き込み済みのディスクは宛先で開けるままです。廃棄し、廃棄を記録してください。"),
        P("volume (.*) of bundle (.*) was taken in already", "持ち運び $2 のボリューム$1はすでに受領済みです。"),
        // Of imports.
        P(@"there is no MANIFEST in (.*): the volume was not written to its end, or it is another folder. Is the disk mounted\?", "$1 にMANIFESTがありません。書き込みが途中で終わったか、別のフォルダーです。ディスクのマウントを確認してください。"),
        P("(.*) holds volumes: name one of (.*)", "$1 には複数のボリュームがあります。次のいずれかを指定してください: $2"),
        P("the bundle is for (.*), and this vault is (.*): nobody else can open it", "この持ち運びの宛先は $1 で、この保管庫は $2 です。宛先以外では開けません。"),
        P("volume (.*) of (.*), bundle (.*) of (.*): (.*) segments taken in, (.*) were here, (.*) were erased here since", "$4 の持ち運び $3、ボリューム $1/$2: 取込み$5件、取込み済み$6件、以後消去済み$7件"),
        P(@"NOT WHOLE: (\d+) problems; .*", "異常 $1件: 異常のある録画片は確認せず、元の装置に残ります。次の持ち運びで運んでください。"),
        P("all of it is confirmed: bring the file CONFIRMATION back .*", "すべて確認しました。CONFIRMATIONファイルを持ち帰り、送り元で登録すると、送り元の録画が消去されます。"),
        P("(.*): its file was changed on the way: the checksum differs", "$1: 途中で改変されています（チェックサム不一致）。"),
        P(@"(.*): its file has (\d+) bytes, and (\d+) were written", "$1: ファイルが$2バイトしかありません（書き込み時$3バイト）。"),
        // Of confirmations.
        P("it is no confirmation of an import, or of a later version", "受領確認のファイルではないか、新しい版のものです。"),
        P(@"the confirmation says that (.*) \((.*)\) gave it, which is not trusted here", "受領確認の発行元 $1（$2）は、この保管庫では信頼登録されていません。"),
        P(@"(.*) has taken in (\d+) segments of volume (\d+), bundle (\S+); (\d+) were erased here now, receipt (.*)", "$1 が持ち運び $4 のボリューム$3の録画片$2件を受領しました。こちらの$5件を消去しました（消去証明 $6）。"),
        P(@"(.*) has taken in (\d+) segments of volume (\d+), bundle (\S+); (\d+) were erased here now", "$1 が持ち運び $4 のボリューム$3の録画片$2件を受領しました。こちらで新たに消去したものは$5件です。"),
        // Of keys and verifications.
        P("whole: (.*) segments, (.*), each byte as it was written", "正常: 録画片$1件、$2。全データが書き込み時のままです。"),
        P("NOT WHOLE: (.*) findings in (.*) segments, (.*)", "異常あり: 録画片$2件（$3）のうち、指摘$1件"),
        P("master key (.*), generation (.*), and new keys of (.*) sites; no segment was written", "マスター鍵を更新しました（$1、第$2世代、交差点の鍵$3件）。録画片は書き直していません。"),
        P("the vault is (?:locked|not open).*", "保管庫が施錠されています。先に開錠してください。"),
        // Of clocks.
        P(@"the clock of this machine \((.*)\) is taken to be right from now on: .*", "この機械の時計（$1）を正しいものとして扱います。期限に達したデータは1時間以内に消去されます。"),
        P("the clock went ahead by (.*) days, and nothing reaches its age by that: .*", "時計が$1日進みました。この間、期限による消去は行いません。時刻同期（timedatectl set-ntp true）を設定するか、照合して確認してください。"),
        P("the clock went ahead by (.*) h, and nothing reaches its age by that: .*", "時計が$1時間進みました。この間、期限による消去は行いません。時刻同期（timedatectl set-ntp true）を設定するか、照合して確認してください。"),
        P("the clock went ahead by (.*) min, and nothing reaches its age by that: .*", "時計が$1分進みました。この間、期限による消去は行いません。時刻同期（timedatectl set-ntp true）を設定するか、照合して確認してください。"),
        P("the clock says that this node was off for (.*) days, and nobody knows it to be right: .*", "時計によれば装置は$1日停止していましたが、正しいと確認できません。時刻同期（timedatectl set-ntp true）を設定するか、照合して確認してください。"),
    ];

    /// <param name="language">`ja` or `en`.</param>
    /// <returns>Null where it is not known in that language, or is in it already.</returns>
    public static string? In(string english, string language)
    {
        if (language != "ja" || english.Length > 2000) return null;
        try
        {
            foreach (var (pattern, japanese) in s_phrases)
            {
                if (pattern.Match(english) is { Success: true } match) return match.Result(japanese);
            }
        }
        catch (RegexMatchTimeoutException)
        {
            // It is shown as it came.
        }

        return null;
    }

    private static (Regex, string) P(string english, string japanese) => (new Regex($"^{english}$", RegexOptions.CultureInvariant, s_longest), japanese);
}
