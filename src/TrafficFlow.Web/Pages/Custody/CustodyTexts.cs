using System.Globalization;
using TrafficFlow.Core.Custody;
using TrafficFlow.Vault.Approvals;
using TrafficFlow.Vault.Inspections;
using TrafficFlow.Vault.Persons;

namespace TrafficFlow.Web.Pages.Custody;

/// <summary>What the pages of custody say, in one language: both stand beside each other, so that none is forgotten.</summary>
public sealed partial class CustodyTexts
{
    private static readonly CustodyTexts s_english = new(isJapanese: false);
    private static readonly CustodyTexts s_japanese = new(isJapanese: true);

    private readonly bool _isJapanese;

    private CustodyTexts(bool isJapanese) => _isJapanese = isJapanese;

    public static CustodyTexts For(string? language) => language == "ja" ? s_japanese : s_english;

    public string Language => T("en", "ja");

    public string Title => T("Custody", "データ管理");
    public string NoRegisters => T("This node keeps no registers of custody: it has no accounts. They are for nodes that run as a service (trafficflow run).", "このノードにはアカウントがないため、管理台帳はありません。サービスとして動くノード（trafficflow run）で利用できます。");
    public string NothingEntered => T("Nothing was entered", "登録されませんでした");
    public string GoBackAndMend => T("Your browser's back button brings back the form with what you have typed.", "ブラウザの「戻る」で、入力した内容のままフォームに戻れます。");
    public string Back => T("Back", "戻る");
    public string Overview => T("Overview", "概要");
    public string Persons => T("Persons", "管理責任者・操作担当者");
    public string Inspections => T("Inspections", "点検");
    public string Requests => T("Requests from the public", "開示等の請求・苦情");
    public string Recordings => T("Recordings", "録画");
    public string Holds => T("Holds", "保全");
    public string ErasureReceipts => T("Receipts", "消去証明");
    public string Copies => T("Bundles and copies", "持ち運び・複製");
    public string Carrying => T("Hand-carry", "持ち運びの手順");
    public string Vaults => T("Vaults and keys", "保管庫・鍵");
    public string Retention => T("Retention and end", "保存期間・実験終了");
    public string Reason => T("Reason", "理由");
    public string Id => T("No.", "番号");
    public string Site => T("Site", "交差点");
    public string Camera => T("Camera", "カメラ");
    public string State => T("State", "状態");
    public string Due => T("Due", "期限");
    public string What => T("What", "内容");
    public string By => T("By", "登録者");
    public string When => T("When", "日時");
    public string Name => T("Name", "氏名");
    public string Address => T("Address", "住所");
    public string Mail => T("Mail address", "メールアドレス");
    public string Phone => T("Phone", "電話番号");
    public string None => T("none", "なし");
    public string NothingIsDue => T("Nothing is due, and nothing is open.", "期限の近いもの、未処理のものはありません。");
    public string AllWorks => T("all in order", "異常なし");
    public string History => T("All entries", "全登録履歴");
    public string HistoryExplained => T("Entries are only ever added, each signed and bound to the one before.", "登録は追記のみで、各登録は署名され、前の登録と連鎖しています。");

    // Persons.
    public string DismissedElsewhere => T("Dismissals at the other nodes of the cluster", "他のノードへの解任の反映");
    public string DismissedElsewhereExplained => T("Each node has accounts of its own. Whoever is dismissed here loses the account of the same name there too; a node that is away hears of it when it is back.", "アカウントはノードごとに保持されています。ここで解任した人は、他のノードの同名のアカウントも失います。接続していないノードには、再接続時に反映されます。");
    public string OtherNode => T("Node", "ノード");
    public string DoneThere => T("done", "反映済み");
    public string NotDoneThere => T("NOT DONE: the person may still log in there", "未反映（ログインできる可能性あり）");
    public string Person => T("Person", "氏名");
    public string Duty => T("Duty", "職務");
    public string Account => T("Account", "アカウント");
    public string AccountExplained => T("The account must be there first (page Accounts). Leave it empty for somebody without one.", "アカウントは先に「アカウント」画面で作成します。アカウントのない人は空欄のままにします。");
    public string From => T("From", "任命日");
    public string FromExplained => T("Empty: from now on. A day that comes is possible.", "空欄の場合は今から。将来の日付も指定できます。");
    public string Appoint => T("Appoint", "任命する");
    public string AppointSomebody => T("Appoint somebody", "任命の登録");
    public string Dismiss => T("Dismiss", "解任する");
    public string DismissExplained => T("At once the account is disabled, its sessions, open pages and tokens end, and it is not enabled again without a new appointment.", "直ちにアカウントが無効になり、ログイン中の画面とトークンも終了します。再任命しない限り再び有効にはできません。");
    public string Effective => T("Dismissed from (begin of the day; empty: at once)", "解任日（その日の0時から。空欄: 直ちに）");
    public string WithdrawDismissal => T("Withdraw the dismissal", "解任予定を取り消す");
    public string NobodyAppointed => T("Nobody is appointed yet: appoint the custodian first.", "まだ誰も任命されていません。最初に管理責任者を任命してください。");
    public string Dismissed => T("Dismissed", "解任");
    public string RoleMissing => T("the account lacks the role", "アカウントに役割がありません");
    public string AccountDisabled => T("the account is disabled", "アカウントが無効です");

    public string Of(Duty duty) => duty == Core.Custody.Duty.Custodian ? T("custodian", "管理責任者") : T("operator", "操作担当者");

    public string Of(AppointmentState state) => state switch
    {
        AppointmentState.Coming => T("from a day that comes", "任命予定"),
        AppointmentState.InForce => T("in force", "在任"),
        AppointmentState.Leaving => T("in force, dismissal comes", "在任（解任予定）"),
        AppointmentState.DismissalHeld => T("dismissal could not be carried out", "解任が実行できません"),
        _ => T("dismissed", "解任済み"),
    };

    /// <param name="zone">Of the site.</param>
    public string Of(PersonEvent e, TimeZoneInfo zone) => e switch
    {
        PersonAppointed a => $"{a.Id} {T("appointed", "任命")}: {a.Person} ({Of(a.Duty)}{(a.Account is null ? "" : $", {a.Account}")}), {T("from", "任命日")} {Minute(a.From, zone)}",
        PersonDismissed d => $"{d.Id} {T("dismissed", "解任")}: {Minute(d.Effective, zone)}, {d.Reason}",
        DismissalWithdrawn w => $"{w.Id} {T("dismissal withdrawn", "解任予定の取消")}: {w.Reason}",
        DismissalTookEffect t => $"{t.Id} {T("dismissal took effect", "解任の実行")}: {T("account", "アカウント")} {t.Account}",
        _ => "",
    };

    // Approvals.
    public string Approvals => T("Two persons", "二者承認");
    public string PolicyIs => T("Two persons are needed for: {0}. An approval is good once, for {1} hours.", "二者承認が必要な操作: {0}。承認は1回限り、{1}時間有効です。");
    public string Description => T("Exactly what", "具体的な内容");
    public string DescriptionExplained => T("As the program that does it names it: it tells the text where it needs an approval.", "実行するプログラムが示す文をそのまま記入します。承認が必要なときに文が表示されます。");
    public string RequestApproval => T("Request an approval", "承認を依頼する");
    public string Approve => T("Approve", "承認する");
    public string Refuse => T("Refuse", "却下する");
    public string Withdraw => T("Withdraw", "取り下げる");
    public string NoApprovals => T("No approval was asked for.", "承認の依頼はありません。");
    public string UntilIs => T("until {0}", "{0}まで");
    public string AnsweredBy => T("Answered by", "回答者");
    public string Policies => T("Policies as they were found", "適用中の方針とその変更");
    public string PoliciesExplained => T("What the files of sites ask for. Each change is entered and signed before anything is done under it; who changed a file is not known to the program.", "サイトファイルの定めです。変更は、その適用前に署名付きで登録されます。ファイルを変更した人はプログラムには分かりません。");
    public string Found => T("Found", "確認日時");
    public string Loosened => T("loosened", "緩和");
    public string FirstFound => T("first", "初回");
    public string Changed => T("changed", "変更");
    public string OtherMustAnswer => T("Another person has to answer.", "本人以外の方の回答が必要です。");

    public string Of(ApprovalKind kind) => kind == ApprovalKind.Export ? T("export", "持ち出し") : T("erasure", "消去");

    public string Of(TwoPersonRule policy) => policy switch
    {
        TwoPersonRule.Off => T("nothing", "なし"),
        TwoPersonRule.Export => Of(ApprovalKind.Export),
        TwoPersonRule.Erase => Of(ApprovalKind.Erase),
        _ => T("export and erasure", "持ち出しと消去"),
    };

    public string Of(ApprovalState state) => state switch
    {
        ApprovalState.Requested => T("requested", "依頼中"),
        ApprovalState.Approved => T("approved", "承認済み"),
        ApprovalState.Refused => T("refused", "却下"),
        ApprovalState.Withdrawn => T("withdrawn", "取り下げ"),
        ApprovalState.Lapsed => T("lapsed", "期限切れ"),
        _ => T("used", "使用済み"),
    };

    public static string With(string text, params object[] values) => string.Format(CultureInfo.InvariantCulture, text, values);

    /// <summary>By the clock of a place.</summary>
    public static string Minute(DateTimeOffset at, TimeZoneInfo zone) => TimeZoneInfo.ConvertTime(at, zone).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    public static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private string T(string english, string japanese) => _isJapanese ? japanese : english;
}
