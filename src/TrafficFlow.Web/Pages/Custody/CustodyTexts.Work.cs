using TrafficFlow.Core.Custody;
using TrafficFlow.Vault.Inspections;
using TrafficFlow.Vault.Requests;

namespace TrafficFlow.Web.Pages.Custody;

/// <summary>Of inspections and requests.</summary>
public sealed partial class CustodyTexts
{
    public string NotLookedAt => T("Held at roadside {0}, not looked at: nobody knows what it has of this time.", "路側装置 {0} の保存分は確認できていません。この時間の記録の有無は不明です。");
    public string NotAllLookedAt => T("Not everything was looked at.", "確認できていない保存先があります。");
    public string NothingFound => T("Nothing is recorded of this time at any node of the site.", "この時間の記録は、どの装置にもありません。");
    public string SpanNotOver => T("The time asked about is not over yet: look when it has passed.", "対象の時間がまだ終わっていません。終了後に確認してください。");
    public string NotErased => T("Not erased: it can be answered neither as granted nor as nothing held.", "消去されていません。「全部消去」とも「対象の記録なし」とも回答できません。");
    public string ErasedInPart => T("Erased in part only: it cannot be answered as granted in full.", "一部のみ消去済みです。全部に応じたとする回答はできません。");
    public string NoPlans => T("No inspections are planned: write custody.inspections into the site file.", "点検の予定がありません。サイトファイルの custody.inspections に記入してください。");
    public string Last => T("Last one", "前回");
    public string Kind => T("Kind", "種類");
    public string Record => T("Record an inspection", "点検を記録する");
    public string Item => T("Item", "項目");
    public string Result => T("Result", "結果");
    public string Finding => T("Finding", "指摘・所見");
    public string ProgramSees => T("The program sees", "プログラムの確認結果");
    public string Todo => T("To be done", "対応事項");
    public string TodoBy => T("by", "期限");
    public string MadeOn => T("Made on (clock of the site; empty: now)", "点検日時（現地時刻、空欄: 今）");
    public string Note => T("Note", "備考");
    public string Save => T("Sign and save", "署名して保存");
    public string SavedForGood => T("What is saved is signed, and is not changed any more: only a correction can follow.", "保存した記録は署名され、変更できません。訂正は別の記録として追加されます。");
    public string Corrects => T("Correction of", "訂正対象");
    public string Correct => T("Correct", "訂正する");
    public string CorrectedBy => T("corrected by", "訂正あり");
    public string Records => T("Records", "点検記録");
    public string NoRecords => T("No inspection is recorded yet.", "点検記録はまだありません。");
    public string FollowUps => T("To be done because of inspections", "点検の指摘事項");
    public string CloseIt => T("Close", "完了にする");
    public string Done => T("What was done", "対応内容");
    public string MoveIt => T("Later", "期限を延ばす");
    public string Findings => T("findings", "指摘あり");
    public string NoFindings => T("no findings", "指摘なし");
    public string Missed => T("working days without one", "未実施の営業日数");
    public string InspectedBy => T("Inspected by", "点検者");
    public string Signed => T("Signed entry", "署名付き登録");
    public string PaperTitle => T("Record of an inspection", "点検記録票");
    public string EnteredAt => T("Entered", "登録日時");

    public string Of(InspectionKind kind) => kind == InspectionKind.HandCarry ? T("at the site (hand-carry)", "現地点検（媒体の回収）") : T("from afar (remote use)", "遠隔利用の点検");

    public string Of(InspectionStanding standing) => standing switch
    {
        InspectionStanding.Overdue => T("overdue", "期限超過"),
        InspectionStanding.Due => T("due today", "本日期限"),
        InspectionStanding.Soon => T("due soon", "期限間近"),
        _ => T("later", "予定"),
    };

    public string Of(InspectionItem item) => item switch
    {
        InspectionItem.Lens => T("Lens: clean, nothing before it", "レンズの汚れ・遮蔽"),
        InspectionItem.Housing => T("Housing: whole, tight, fixed", "筐体・取付の状態"),
        InspectionItem.Sign => T("Sign \"traffic measurement cameras in operation\": there, readable", "「交通流計測カメラ作動中」の表示"),
        InspectionItem.WireLock => T("Wire lock: there, closed", "ワイヤーロック"),
        InspectionItem.Disk => T("Disk: there, closed, the right one", "記録媒体の状態"),
        InspectionItem.PrivacyFilter => T("Privacy filter: works", "プライバシーフィルタの動作"),
        InspectionItem.Clock => T("Clock: right", "時計"),
        InspectionItem.Masks => T("Masks: where they belong", "マスク範囲の適正"),
        InspectionItem.DiskEncryption => T("Disk: encrypted", "ディスク暗号化"),
        InspectionItem.LinkEncryption => T("Link of the cameras: encrypted, or within a network that is named", "カメラ回線の暗号化・閉域網"),
        _ => T("Free space: enough", "空き容量"),
    };

    public string Of(ItemResult result) => result switch
    {
        ItemResult.Ok => T("ok", "良"),
        ItemResult.NotOk => T("not ok", "否"),
        _ => T("not applicable", "該当なし"),
    };

    public string Of(CheckVerdict verdict) => verdict switch
    {
        CheckVerdict.Good => T("good", "良"),
        CheckVerdict.Bad => T("bad", "否"),
        _ => T("cannot tell", "判定不能"),
    };

    // Requests.
    public string Receive => T("Enter a request", "請求を登録する");
    public string ReceivedOn => T("Received on", "受付日");
    public string SpanFrom => T("Asked about: from (clock of the site)", "対象期間: 開始（現地時刻）");
    public string SpanTo => T("to", "対象期間: 終了");
    public string Cameras => T("Cameras (none: all)", "対象カメラ（選択なし: すべて）");
    public string AllCameras => T("all cameras", "すべてのカメラ");
    public string Subject => T("What is asked, without names", "請求の内容（氏名は書かない）");
    public string Requester => T("Who asks", "請求者");
    public string RequesterExplained => T("Kept apart and encrypted, shown to custodians alone, and deleted {0} days after the request was closed.", "別に暗号化して保管し、管理責任者だけが閲覧できます。請求の終結から{0}日後に削除されます。");
    public string NoContact => T("No contact data is kept of this request (any more).", "この請求の連絡先は保管されていません（削除済みを含む）。");
    public string Contact => T("Who asks", "請求者の連絡先");
    public string ShowContact => T("Show who asks", "請求者の連絡先を表示");
    public string LookIsRecorded => T("That you looked is in the audit.", "閲覧したことは監査記録に残ります。");
    public string OpenRequests => T("Open requests", "未処理の請求");
    public string OtherRequests => T("Answered and closed", "回答済み・終結");
    public string NoRequests => T("No request is open.", "未処理の請求はありません。");
    public string Handler => T("Handled by", "担当者");
    public string Assign => T("Take over", "担当者を決める");
    public string Notes => T("Found and done", "調査・対応の記録");
    public string AddNote => T("Add", "記録を追加");
    public string Extend => T("Longer term", "期限の延長");
    public string Answer => T("Answer", "回答する");
    public string Outcome => T("Outcome", "回答の区分");
    public string AnswerText => T("What the requester is told", "回答の本文");
    public string Close => T("Close", "終結する");
    public string Reopen => T("Reopen", "再開する");
    public string Erase => T("Erase what is asked about", "対象の記録を消去する");
    public string EraseExplained => T("What was recorded in that time is destroyed for good, with a receipt.", "対象期間の記録は復元できない形で消去され、証明書が作成されます。");
    public string Receipts => T("Receipts of erasures", "消去証明書");
    public string EnterReceipt => T("Enter a receipt", "消去証明書を登録");
    public string Letter => T("Letter of answer", "回答書");
    public string Search => T("What there is of that time", "対象期間の状況");
    public string SearchExplained => T("Nothing here identifies anybody: counts, and whether something was recorded.", "個人や車両を特定する情報は含みません。交通量と記録の有無だけです。");
    public string Vehicles => T("Vehicles counted", "計測台数");
    public string Approach => T("Approach", "流入部");
    public string Watched => T("Watched", "計測できた時間");
    public string NothingRecorded => T("This node records no pictures.", "このノードは画像を記録していません。");
    public string Recorded => T("Recorded stretches", "記録区間");
    public string NoSpan => T("The request names no time.", "対象期間の指定がありません。");
    public string SpanTooLong => T("More than 31 days are not added up here: see the page of counts.", "31日を超える期間は集計しません。「交通量」の画面で確認してください。");
    public string CannotRead => T("The counts cannot be read now: {0}", "交通量を読み取れません: {0}");
    public string Held => T("held", "保全中");

    public string Of(RequestKind kind) => kind switch
    {
        RequestKind.Disclosure => T("disclosure", "開示"),
        RequestKind.Erasure => T("erasure", "消去"),
        RequestKind.StopOfUse => T("stop of use", "利用停止"),
        RequestKind.Purpose => T("purpose of use", "利用目的の通知"),
        RequestKind.Correction => T("correction", "訂正"),
        _ => T("complaint", "苦情"),
    };

    public string Of(RequestState state) => state switch
    {
        RequestState.Received => T("received", "受付"),
        RequestState.InProgress => T("in progress", "対応中"),
        RequestState.Answered => T("answered", "回答済み"),
        _ => T("closed", "終結"),
    };

    public string Refusal => T("Reason, where it is not granted, or in part", "理由（全部又は一部を認めない場合）");

    /// <summary>As letters of offices name it, by what was asked.</summary>
    public string Of(RequestKind kind, RequestOutcome outcome) => (kind, outcome) switch
    {
        (_, RequestOutcome.NothingHeld) => T("nothing is held", "対象の記録なし（不存在）"),
        (_, RequestOutcome.Withdrawn) => T("withdrawn by the requester", "取下げ"),
        (RequestKind.Disclosure, RequestOutcome.Granted) => T("disclosed", "全部開示"),
        (RequestKind.Disclosure, RequestOutcome.PartlyGranted) => T("disclosed in part", "一部開示"),
        (RequestKind.Disclosure, _) => T("not disclosed", "不開示"),
        (RequestKind.Correction, RequestOutcome.Granted) => T("corrected", "全部訂正"),
        (RequestKind.Correction, RequestOutcome.PartlyGranted) => T("corrected in part", "一部訂正"),
        (RequestKind.Correction, _) => T("not corrected", "不訂正"),
        (RequestKind.Erasure, RequestOutcome.Granted) => T("erased", "全部消去"),
        (RequestKind.Erasure, RequestOutcome.PartlyGranted) => T("erased in part", "一部消去"),
        (RequestKind.Erasure, _) => T("not erased", "不消去"),
        (RequestKind.StopOfUse, RequestOutcome.Granted) => T("use stopped", "全部利用停止"),
        (RequestKind.StopOfUse, RequestOutcome.PartlyGranted) => T("use stopped in part", "一部利用停止"),
        (RequestKind.StopOfUse, _) => T("use not stopped", "不利用停止"),
        (RequestKind.Purpose, RequestOutcome.Granted) => T("told", "通知"),
        (RequestKind.Purpose, RequestOutcome.PartlyGranted) => T("told in part", "一部通知"),
        (RequestKind.Purpose, _) => T("not told", "不通知"),
        (_, RequestOutcome.Granted) => T("put right", "申出のとおり措置"),
        (_, RequestOutcome.PartlyGranted) => T("put right in part", "一部措置"),
        _ => T("nothing is changed", "措置なし"),
    };
}
