using System.Globalization;
using TrafficFlow.Wire.Recordings;

namespace TrafficFlow.Web.Pages.Recordings;

/// <summary>What the pages of recordings say, in one language: both stand beside each other, so that none is forgotten.</summary>
public sealed class RecordingTexts
{
    private static readonly RecordingTexts s_english = new(isJapanese: false);
    private static readonly RecordingTexts s_japanese = new(isJapanese: true);

    private readonly bool _isJapanese;

    private RecordingTexts(bool isJapanese) => _isJapanese = isJapanese;

    public static RecordingTexts For(string? language) => language == "ja" ? s_japanese : s_english;

    public string Recordings => T("Recordings", "録画");
    public string Holds => T("Holds", "保全");
    public string Receipts => T("Receipts of erasures", "消去証明");
    public string Copies => T("Bundles and copies", "持ち運び・複製");
    public string NoRecordings => T("This node shows no recordings: it has no accounts. They are for nodes that run as a service (trafficflow run).", "このノードにはアカウントがないため、録画は表示されません。サービスとして動くノード（trafficflow run）で利用できます。");
    public string Done => T("Done", "完了しました");
    public string NotDone => T("Nothing was done", "実行されませんでした");
    public string NothingToErase => T("There is nothing to erase", "消去対象はありません");
    public string WaitsForSecond => T("It waits for a second person", "二者承認を待っています");
    public string Reading => T("Asking the nodes …", "各装置に照会中…");
    public string Node => T("Node", "装置");
    public string Vaults => T("Vaults", "保管庫");
    public string ErasedOn => T("Erased on", "消去日時");
    public string ThisNode => T("this node", "このノード");
    public string Site => T("Site", "交差点");
    public string Camera => T("Camera", "カメラ");
    public string AllCameras => T("all cameras", "全カメラ");
    public string Day => T("Day", "日付");
    public string Time => T("Time", "時刻");
    public string Show => T("Show", "表示");
    public string State => T("State", "状態");
    public string Key => T("Key", "鍵");
    public string Size => T("Size", "容量");
    public string SizeOf => T("{0} of at most {1}, {2} free on the disk", "{0}（上限 {1}、ディスク空き {2}）");
    public string Segments => T("Segments", "録画片");
    public string ErasingNow => T("{0} erasures under way", "消去処理中 {0} 件");
    public string DoesNotAnswer => T("does not answer: what it has was not looked at", "応答がありません。保存内容は確認できていません");
    public string LastHeard => T("last heard {0}", "最終受信 {0}");
    public string MayBeOthers => T("There may be recordings at nodes that are not known now.", "現在把握できていない装置に録画がある可能性があります。");
    public string NothingOfDay => T("Nothing is recorded of this day at the nodes that answered.", "応答した装置には、この日の録画はありません。");
    public string WholeDay => T("Recorded on this day", "この日の録画状況");
    public string DayExplained => T("Choose an hour to see its segments. Times are of the site's clock.", "時間を選ぶと録画片が表示されます。時刻は現地時刻です。");
    public string Hour => T("Hour", "時間");
    public string From => T("From", "開始");
    public string To => T("To", "終了");
    public string Frames => T("Frames", "フレーム数");
    public string LostFrames => T("{0} lost", "欠落 {0}");
    public string KeptUntil => T("Kept until", "保存期限");
    public string Held => T("held: {0}", "保全中: {0}");
    public string Receipt => T("receipt {0}", "証明 {0}");
    public string Play => T("Play", "再生");
    public string Playing => T("Playing", "再生中");
    public string PlayExplained => T(
        "Decrypted for this session alone and kept nowhere here. That you look is in the audit of this server and of the node.",
        "この画面の間だけ復号され、サーバーには保存されません。閲覧はサーバーと装置の監査記録に残ります。");
    public string Earlier => T("Earlier segment", "前の録画片");
    public string Later => T("Later segment", "次の録画片");
    public string Again => T("Try again", "再試行");
    public string Stopped => T("It stopped.", "再生が止まりました。");
    public string CannotPlay => T("It cannot be played now.", "現在再生できません。");
    public string ReaderEnded => T("You are signed in no more, or may not look at recordings any more.", "ログインが終了したか、録画の閲覧権限がなくなりました。");
    public string NoSegmentAt => T("Nothing that plays is recorded at that time.", "その時刻に再生できる録画はありません。");
    public string Erase => T("Erase a time", "時間を指定して消去");
    public string EraseExplained => T(
        "Its keys are destroyed first, then its bytes. It cannot be undone; a signed receipt says what was done. Where two persons are asked for, it waits for the second.",
        "先に鍵を破棄し、続いてデータを消去します。取り消せません。署名付きの消去証明が作成されます。二者承認が必要な場合は、承認を待ちます。");
    public string Reason => T("Reason", "理由");
    public string By => T("By", "登録者");
    public string Since => T("Since", "設定日時");
    public string Until => T("Until", "期限");
    public string What => T("What", "対象");
    public string SetHold => T("Hold recordings", "保全する");
    public string HoldExplained => T("What is held is not erased before the end, by its age neither. Empty times: all of the camera or site.", "保全した録画は期限まで、保存期間を過ぎても消去されません。時刻が空欄の場合は全期間です。");
    public string ReleaseHold => T("Release", "解除する");
    public string NoHolds => T("Nothing is held.", "保全はありません。");
    public string InForce => T("in force", "有効");
    public string Released => T("released {0}", "解除 {0}");
    public string Ended => T("ended", "終了");
    public string NoReceipts => T("Nothing was erased yet.", "消去の記録はまだありません。");
    public string ReceiptsExplained => T(
        "Anybody verifies a receipt with the node's public key, handed out beforehand: trafficflow vault verify-receipt.",
        "消去証明は、事前に配布した装置の公開鍵で誰でも検証できます（trafficflow vault verify-receipt）。");
    public string SignatureGood => T("signature holds", "署名は正当");
    public string SignatureBad => T("NOT VALID", "署名が不正");
    public string Verified => T("Verified there", "検証結果");
    public string Download => T("Download", "ダウンロード");
    public string Bundles => T("Bundles carried by hand", "持ち運びデータ");
    public string NoBundles => T("No bundle was made.", "持ち運びデータはありません。");
    public string Recipient => T("Only for", "宛先");
    public string Volumes => T("Volumes", "ボリューム");
    public string Heights => T("Largest figures of plates and faces", "ナンバープレートの文字・顔の最大の高さ");
    public string OtherCopies => T("Copies outside the vault", "保管庫外の複製");
    public string NoCopies => T("No copy is known.", "複製はありません。");
    public string Kind => T("Kind", "種類");
    public string Where => T("Where", "所在");
    public string Overdue => T("overdue", "期限超過");
    public string EndCopy => T("It was destroyed", "廃棄を記録");
    public string How => T("How, and by whom", "方法と実施者");
    public string AsTable => T("As a table", "表で表示");
    public string Problem => T("Problem", "問題");
    public string None => T("none", "なし");
    public string AllTimes => T("all times", "全期間");
    public string Everything => T("everything", "すべて");

    public string Of(VaultKeyState state) => state switch
    {
        VaultKeyState.Open => T("open", "開錠"),
        VaultKeyState.Locked => T("locked: nothing is recorded or played", "施錠中（録画・再生不可）"),
        _ => T("none was made yet: nothing is recorded", "未作成（録画なし）"),
    };

    public string Of(SegmentStanding state) => state switch
    {
        SegmentStanding.Whole => T("whole", "正常"),
        SegmentStanding.Cut => T("cut", "途中まで"),
        SegmentStanding.BeingWritten => T("being written", "録画中"),
        SegmentStanding.Erased => T("erased", "消去済み"),
        SegmentStanding.Missing => T("MISSING", "欠落"),
        _ => T("not listed", "一覧外"),
    };

    public string Of(HeightsLine heights)
    {
        var size = string.Create(CultureInfo.InvariantCulture, $"{heights.Site}/{heights.Camera} ({heights.Width}×{heights.Height}): ");
        var known = heights is { PlatePixels: { } plate, FacePixels: { } face } && heights.WhyUnknown.Length == 0
            ? string.Format(CultureInfo.InvariantCulture, T("plates {0}, faces {1}", "文字 {0}、顔 {1}"), Pixels(plate), Pixels(face))
            : T("cannot be said: the camera was not calibrated, or was not in the site's file", "算出できません（未校正、または地点の設定にないカメラ）");
        return size + known + (heights.Earlier == 0 ? "" : string.Format(CultureInfo.InvariantCulture, T("; {0} of {1} segments were recorded with another configuration", "。{1}片のうち{0}片は別の設定で録画"), heights.Earlier, heights.Segments));
    }

    private string Pixels(double height) => double.IsInfinity(height) ? T("without limit", "上限なし") : string.Create(CultureInfo.InvariantCulture, $"{height:0.0} px");

    public string OfKind(string kind) => kind switch
    {
        "export" => T("in clear", "平文の書き出し"),
        "bundle" => T("bundle", "持ち運び"),
        "backup" => T("backup", "バックアップ"),
        "learning" => T("learning data", "学習データ"),
        _ => kind,
    };

    public string OfVolume(string state) => state switch
    {
        "planned" => T("not written", "未書き込み"),
        "written" => T("on a disk", "書き込み済み"),
        "confirmed" => T("confirmed", "受領確認済み"),
        "erased" => T("confirmed, erased here", "受領確認済み・元データ消去済み"),
        _ => state,
    };

    /// <summary>Of a state, as styles name it.</summary>
    public static string Look(SegmentStanding state) => state switch
    {
        SegmentStanding.Whole => "whole",
        SegmentStanding.Cut or SegmentStanding.NotListed => "some",
        SegmentStanding.BeingWritten => "most",
        SegmentStanding.Erased => "erased",
        _ => "blind",
    };

    public static string Quality(SegmentStanding state) => state switch
    {
        SegmentStanding.Whole or SegmentStanding.BeingWritten => "complete",
        SegmentStanding.Cut or SegmentStanding.NotListed => "partial",
        SegmentStanding.Erased => "",
        _ => "degraded",
    };

    public string Of(RecordingScope scope, TimeZoneInfo zone) =>
        $"{(scope.Site is null ? Everything : scope.Camera is { } camera ? $"{scope.Site} {camera}" : $"{scope.Site}")} · {(scope.From is null && scope.To is null ? AllTimes : $"{(scope.From is { } from ? Minute(from, zone) : "")} – {(scope.To is { } to ? Minute(to, zone) : "")}")}";

    public static string With(string text, params object[] values) => string.Format(CultureInfo.InvariantCulture, text, values);

    public static string Minute(DateTimeOffset at, TimeZoneInfo zone) => TimeZoneInfo.ConvertTime(at, zone).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    public static string Clock(DateTimeOffset at, TimeZoneInfo zone) => TimeZoneInfo.ConvertTime(at, zone).ToString("HH:mm:ss", CultureInfo.InvariantCulture);

    public static string Bytes(long bytes) => bytes switch
    {
        < 0 => "?",
        < 1_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e3:0.0} kB"),
        < 1_000_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0.0} MB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e9:0.0} GB"),
    };

    private string T(string english, string japanese) => _isJapanese ? japanese : english;
}
