using System.Globalization;
using System.Text.RegularExpressions;

namespace TrafficFlow.Web.Pages.Custody;

/// <summary>
/// What stands in English in signed files (receipts, registers, reports of ends), for a paper in Japanese: sentences of this program, of which only names and figures differ. What persons wrote, and what no pattern knows, stays as
/// it is. Pure.
/// </summary>
public static partial class SignedSentences
{
    private const RegexOptions Options = RegexOptions.CultureInvariant | RegexOptions.NonBacktracking | RegexOptions.Singleline;

    private static readonly (Regex Pattern, string Japanese)[] s_sentences =
    [
        // What an erasure cannot prove.
        Of(@"^The disk is flash: it may keep old blocks where no program can read or overwrite them\.$", "ディスクはフラッシュメモリであり、プログラムから読出しも上書きもできない領域に古いデータが残る可能性があります。"),
        Of(@"^It is not known whether the disk is flash, which may keep old blocks where no program can read or overwrite them\.$", "ディスクがフラッシュメモリかどうかは確認できません。フラッシュメモリであれば、プログラムから読出しも上書きもできない領域に古いデータが残る可能性があります。"),
        Of(@"^(\S+) overwrites files in place unless it journals data \(data=journal\), snapshots below it are taken, or a disk array remembers\.$", "ファイルシステム{0}はファイルを元の位置に上書きします。ただし、データをジャーナルに記録する設定（data=journal）の場合、下位でスナップショットを取得している場合、ディスクアレイが古いデータを保持する場合を除きます。"),
        Of(@"^(\S+) writes elsewhere instead of in place: old blocks stay until they are used again, and in snapshots\.$", "ファイルシステム{0}は元の位置ではなく別の位置に書き込みます。古いデータは、その領域が再使用されるまで、またスナップショットの中に残ります。"),
        Of(@"^(\S+) is memory: it is on no disk but for what the system swaps out\.$", "ファイルシステム{0}はメモリ上にあり、スワップに書き出された部分を除きディスクには存在しません。"),
        Of(@"^Whether the file system \(not known\) overwrites in place is not known\.$", "ファイルシステムの種類が不明なため、元の位置に上書きされるかどうかは確認できません。"),
        Of(@"^Whether the file system \((.*)\) overwrites in place is not known\.$", "ファイルシステム（{0}）が元の位置に上書きするかどうかは確認できません。"),
        Of(@"^Old blocks hold ciphertext and wrapped keys alone: without the master key, which is destroyed, nothing opens them\. A copy of its file from before, with a secret of one of its ways, would\.$", "古いデータが残っていても、暗号文と、暗号化された鍵のみです。マスター鍵は破棄済みのため、復号できません。ただし、破棄前のマスター鍵ファイルの複製と、その解錠手段（資格情報、パスフレーズ、分散鍵）の双方がある場合を除きます。"),
        Of(@"^Old blocks hold ciphertext and wrapped keys alone\. Should those of a segment, of its day and of its site all survive, the master of generation (\d+) could open them: rotate it \(trafficflow vault rotate\) to end that, too\.$", "古いデータが残っていても、暗号文と、暗号化された鍵のみです。区間・日・地点の各鍵がすべて残っていた場合、第{0}世代のマスター鍵で復号できるおそれがあります。マスター鍵を更新（trafficflow vault rotate）すれば、これもなくなります。"),
        Of(@"^Old blocks hold ciphertext and wrapped keys alone\. Should one of a wrapped key survive, the keys above it, up to the master of generation (\d+), could open it: rotate the site's key and the master \(trafficflow vault rotate\) to end that, too\.$", "古いデータが残っていても、暗号文と、暗号化された鍵のみです。暗号化された鍵が残っていた場合、その上位の鍵（第{0}世代のマスター鍵まで）で復号できるおそれがあります。地点の鍵とマスター鍵を更新（trafficflow vault rotate）すれば、これもなくなります。"),
        Of(@"^The key of a day does not open as it lies on the disk: (.*)\. What stays of it has no new key\.$", "ディスク上の日の鍵が開けませんでした（{0}）。その日の残りの記録には新しい鍵がありません。"),
        Of(@"^The key of a site could not be renewed with the day's, whose old copy it could open: (.*)\. Mend it, and then: trafficflow vault rotate\.$", "日の鍵とともに地点の鍵を更新できなかったため、日の鍵の古い複製が残っていれば復号できるおそれがあります（{0}）。原因を取り除いてから trafficflow vault rotate を実行してください。"),
        Of(@"^The disk under it is encrypted: whoever takes it away needs its key to see even that\.$", "ディスク自体も暗号化されています。持ち去った者は、その鍵がなければ上記のデータも読めません。"),
        Of(@"^Further sentences stand in the receipts alone\.$", "このほかの事項は、各消去証明書に記載されています。"),
        // Notes of what a crash had cut.
        Of(@"^an erasure that was cut is ended: receipt (\S+)$", "中断していた消去を完了しました（消去証明書 {0}）。"),
        Of(@"^erasure (\S+) cannot be ended now: (.*)$", "消去 {0} は現在完了できません（{1}）。"),
        // Dismissals at other nodes.
        Of(@"^it is being told$", "反映中です。"),
        Of(@"^it is not in the cluster: it hears of it when it is back$", "接続していません。再接続時に反映されます。"),
        Of(@"^nothing within (\d+) s: is it of an earlier version\?$", "{0}秒以内に応答がありません。古い版のプログラムの可能性があります。"),
        Of(@"^(\S+) is (.+)'s there$", "そのノードの {0} は別人（{1}）のアカウントです。"),
        Of(@"^appointed there on (\S+ \S+): dismiss there too$", "そのノードでは {0} に任命されています。そこでも解任してください。"),
        Of(@"^appointed there since, by the clocks of both: dismiss there too$", "双方の時計によれば、そのノードでは解任後に任命されています。そこでも解任してください。"),
        Of(@"^(\S+) is the only custodian who can log in: .*$", "{0} はログインできる唯一の管理責任者です。先に別の管理責任者を登録してください。"),
        // Where copies are, and how they ended.
        Of(@"^(\d+) volumes of bundle (\S+) for (.+), encrypted to its key$", "持出し {1} の媒体{0}巻（宛先 {2}、宛先の鍵で暗号化）"),
        Of(@"^volume (\d+) of bundle (\S+), written once more into (.+), encrypted to the key of (\S+)$", "持出し {1} の媒体第{0}巻を {2} に再度書き出したもの（宛先 {3} の鍵で暗号化）"),
        Of(@"^in clear, (.+)$", "復号済みの画像、{0}"),
        Of(@"^frames in clear for training and evaluation, (.+)$", "学習・評価用の復号済みの画像、{0}"),
        Of(@"^it was never written: cancelled by the end of the experiment$", "書き出されておらず、実験の終了により取り消しました"),
        // How long something is kept.
        Of(@"^no limit$", "期限の定めなし"),
        Of(@"^([0-9.]+) days, until (\d{4}-\d{2}-\d{2})$", "{0}日間、ただし{1}まで"),
        Of(@"^([0-9.]+) hours, until (\d{4}-\d{2}-\d{2})$", "{0}時間、ただし{1}まで"),
        Of(@"^([0-9.]+) days$", "{0}日間"),
        Of(@"^([0-9.]+) hours$", "{0}時間"),
        Of(@"^until (\d{4}-\d{2}-\d{2})$", "{0}まで"),
        // What the program has seen at an inspection.
        Of(@"^figures of plates ([0-9.]+) px of ([0-9.]+), faces ([0-9.]+) px of ([0-9.]+)$", "文字の高さ {0} px（上限 {1}）、顔の高さ {2} px（上限 {3}）"),
        Of(@"^figures of plates ([0-9.]+) px of ([0-9.]+), faces ([0-9.]+) px$", "文字の高さ {0} px（上限 {1}）、顔の高さ {2} px"),
        Of(@"^figures of plates ([0-9.]+) px, faces ([0-9.]+) px of ([0-9.]+)$", "文字の高さ {0} px、顔の高さ {1} px（上限 {2}）"),
        Of(@"^figures of plates ([0-9.]+) px, faces ([0-9.]+) px$", "文字の高さ {0} px、顔の高さ {1} px"),
        Of(@"^how large plates and faces are in the picture of (\S+) cannot be said: it is not calibrated: .*$", "算出できません（カメラ {0} は未校正）。路面上の基準点を測量してください。"),
        Of(@"^how large plates and faces are in the picture of (\S+) cannot be said: its height cannot be told .*$", "算出できません（カメラ {0} の高さを基準点から求められません）。路面に広く分布する基準点を測量してください。"),
        Of(@"^the node does not report$", "装置から報告がありません"),
        Of(@"^not told by this node: it has not looked yet, or is of an older version$", "この装置からは報告されていません（未確認、または古い版）"),
        Of(@"^told by (\S+), and the camera is of (\S+)$", "装置 {0} の報告ですが、カメラは装置 {1} のものです"),
        Of(@"^not measured$", "未測定"),
        Of(@"^([+-]?[0-9.]+) s$", "{0}秒"),
        Of(@"^([0-9.]+) GB of ([0-9.]+) GB$", "空き {0} GB（全 {1} GB）"),
        Of(@"^unknown$", "判定できません"),
        Of(@"^inplace$", "校正時の位置"),
        Of(@"^swaying$", "揺れあり"),
        Of(@"^moved$", "ずれあり"),
        Of(@"^elsewhere$", "別の場所"),
        Of(@"^blurred$", "不鮮明"),
        Of(@"^covered$", "一部が遮られている"),
        Of(@"^dark$", "暗い"),
        Of(@"^exposurejump$", "明るさの急変"),
        Of(@"^frozen$", "画像の停止"),
        Of(@"^noisy$", "ノイズ過多"),
        Of(@"^glare$", "ライトのまぶしさ"),
    ];

    /// <param name="language">ja; any other leaves the sentence as it is.</param>
    public static string In(string language, string sentence)
    {
        if (language != "ja") return sentence;
        foreach (var (pattern, japanese) in s_sentences)
        {
            if (pattern.Match(sentence) is { Success: true } match) return string.Format(CultureInfo.InvariantCulture, japanese, [.. match.Groups.Values.Skip(1).Select(g => (object)g.Value)]);
        }

        return sentence;
    }

    /// <summary>What is erased, as a receipt names it: `camera C of site S from T to T`.</summary>
    public static string ScopeIn(string language, string scope, TimeZoneInfo zone)
    {
        if (Scope().Match(scope) is not { Success: true } match) return scope;
        var (camera, site) = (match.Groups["camera"].Value, match.Groups["site"].Value);
        var what = language == "ja"
            ? site.Length == 0 ? "全地点" : camera.Length == 0 ? $"地点 {site}" : $"地点 {site} のカメラ {camera}"
            : site.Length == 0 ? "all sites" : camera.Length == 0 ? $"site {site}" : $"camera {camera} of site {site}";
        var (from, to) = (Time(match.Groups["from"].Value, zone), Time(match.Groups["to"].Value, zone));
        return (from, to) switch
        {
            (null, null) => what,
            (null, _) => language == "ja" ? $"{what}、{to} まで" : $"{what}, to {to}",
            (_, null) => language == "ja" ? $"{what}、{from} から" : $"{what}, from {from}",
            _ => $"{what}{(language == "ja" ? "、" : ", ")}{from} – {to}",
        };
    }

    private static string? Time(string text, TimeZoneInfo zone) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) ? TimeZoneInfo.ConvertTime(time, zone).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) : null;

    private static (Regex, string) Of(string pattern, string japanese) => (new Regex(pattern, Options), japanese);

    [GeneratedRegex(@"^(?:all sites|site (?<site>\S+)|camera (?<camera>\S+) of site (?<site>\S+))(?: from (?<from>\d\S+))?(?: to (?<to>\d\S+))?$", RegexOptions.CultureInvariant)]
    private static partial Regex Scope();
}
