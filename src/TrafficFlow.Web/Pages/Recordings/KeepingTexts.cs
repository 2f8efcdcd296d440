using System.Globalization;
using TrafficFlow.Core.Custody;
using TrafficFlow.Wire.Recordings;

namespace TrafficFlow.Web.Pages.Recordings;

/// <summary>What the pages of vaults, hand-carry and retention say, in one language: both stand beside each other, so that none is forgotten.</summary>
public sealed class KeepingTexts
{
    private static readonly KeepingTexts s_english = new(isJapanese: false);
    private static readonly KeepingTexts s_japanese = new(isJapanese: true);

    private readonly bool _isJapanese;

    private KeepingTexts(bool isJapanese) => _isJapanese = isJapanese;

    public static KeepingTexts For(string? language) => language == "ja" ? s_japanese : s_english;

    public string Language => T("en", "ja");

    // Of all three.
    public string NotWhole => T("It was not all done", "すべては完了しませんでした");
    public string NotTold => T("How this vault is kept was not told", "保管状況の詳細は取得できませんでした");
    public string Unknown => T("not known", "不明");
    public string ByCommand => T("Typed on the machine of the node", "装置のある機械で入力するコマンド");
    public string FileExplained => T("FILE is the settings file of the node.", "FILE は装置の設定ファイルです。");
    public string TakesTwo => T("two persons", "二者承認");
    public string TakesOne => T("one person", "一人で可");
    public string Tasks => T("Under way, and ended lately", "実行中・最近の結果");
    public string NoTasks => T("Nothing is under way. What has ended is shown until the node is started anew; the audit keeps it.", "実行中の処理はありません。終了した処理は装置の再起動まで表示され、監査記録には残り続けます。");
    public string Begun => T("Begun", "開始");
    public string HasBegun => T("It has begun", "開始しました");
    public string Result => T("Result", "結果");
    public string Running => T("under way", "実行中");
    public string DoneOf => T("{0} of {1} segments", "{1}件中{0}件の録画片");
    public string MoreLines => T("{0} more lines", "ほか{0}行");
    public string Waits => T("waits for a second person", "二者承認待ち");
    public string Refused => T("refused", "拒否");
    public string Failed => T("NOT WHOLE, or failed", "異常あり・失敗");
    public string Finished => T("done", "完了");

    // Vaults.
    public string VaultsTitle => T("Vaults and keys", "保管庫・鍵");
    public string VaultsExplained => T(
        "Each node keeps its recordings in a vault of its own. What nobody can open any more is lost: look here whether more than one way opens each of them, and when each was last proved.",
        "録画は装置ごとの保管庫に暗号化して保存されます。鍵を開ける方法を失うと録画も失われます。方法が複数あるか、いつ確認されたかをここで点検します。");
    public string OpensByItself => T("It opens by itself at each start.", "起動時に自動で開錠されます。");
    public string OpensByHand => T("Somebody opens it after each start.", "起動のたびに担当者が開錠します。");
    public string ClosedByHand => T("Somebody has locked it by hand.", "担当者が手動で施錠しました。");
    public string Master => T("Master key", "マスター鍵");
    public string MasterIs => T("{0}, generation {1}, made {2}", "{0}（第{1}世代、{2} 作成）");
    public string Ways => T("Ways to the master key", "マスター鍵を開ける方法");
    public string OnlyOneWay => T("Only one way opens this vault: when it is lost, so are the recordings. Add another one.", "開ける方法が一つしかありません。失うと録画も失われます。別の方法を追加してください。");
    public string Way => T("Way", "方法");
    public string Label => T("Whose, or where", "所持者・保管場所");
    public string Made => T("Made", "作成");
    public string Proved => T("Last proved", "最終確認");
    public string NotProved => T("never since it was made: try it (trafficflow vault prove)", "設定後、未確認（trafficflow vault prove で確認してください）");
    public string Disk => T("Disk", "ディスク");
    public string Swap => T("Swap", "スワップ");
    public string NoSwap => T("none: memory reaches no disk", "なし（メモリーはディスクに書き出されません）");
    public string Space => T("Space", "容量");
    public string Recorded => T("Recorded", "録画");
    public string RecordedFromTo => T("{0} segments, {1} to {2}", "録画片 {0} 件（{1} ～ {2}）");
    public string NothingRecorded => T("nothing", "なし");
    public string NextErasure => T("Next erasure by age", "次の期限到来による消去");
    public string NoNext => T("none: no end is set, or all is held", "なし（期限の定めなし、または保全中）");
    public string Fingerprint => T("Fingerprint", "指紋");
    public string Verify => T("Verify", "検証する");
    public string VerifyExplained => T("Reads every byte, and tells what was changed, cut, moved, taken away or brought in. It may take hours; recording goes on.", "全データを読み、改変・欠損・移動・持ち去り・持ち込みを調べます。数時間かかることがありますが、録画は続きます。");
    public string AllSites => T("all sites", "全交差点");
    public string Rotate => T("Rotate the keys", "鍵を更新する");
    public string RotateExplained => T(
        "Makes a new master key and new keys of the sites. It takes nobody's secret, for each way to the master has a public half; no segment is written. Replace the copy of master.json that you keep elsewhere afterwards.",
        "新しいマスター鍵と交差点の鍵を作ります。各方法の公開鍵に対して封印するため、秘密の入力は不要で、録画片の書き直しもありません。更新後、別に保管しているmaster.jsonの写しを差し替えてください。");
    public string SecretsExplained => T(
        "Opening a vault, and adding a way to its key, takes a secret: it is typed at the machine alone, for what is typed into a page goes through a browser.",
        "開錠や方法の追加には秘密の入力が必要です。画面に入力すると秘密がブラウザを通るため、装置のある機械でのみ入力します。");

    // Hand-carry.
    public string CarryTitle => T("Carrying by hand", "持ち運び");
    public string Steps => T(
        "1 Each side trusts the other once. 2 Export to an encrypted disk. 3 Carry it. 4 Import it there. 5 Bring the confirmation back, on the disk or by browser. 6 With it what was taken in is erased where it was recorded, and not before.",
        "①双方を一度だけ信頼登録 ②暗号化ディスクに書き出し ③運搬 ④受入れ先で取込み ⑤受領確認をディスクまたはブラウザで持ち帰り ⑥受領確認によって初めて元の録画を消去");
    public string Standing => T("Where it is", "現在の段階");
    public string Planned => T("not written yet", "未書き込み");
    public string UnderWay => T("on its way", "運搬中");
    public string PartlyThere => T("taken in in part", "一部受領済み");
    public string Confirmed => T("taken in, to be erased here", "受領確認済み・元データ消去待ち");
    public string Ended => T("taken in and erased here", "受領・元データ消去済み");
    public string WipedBy => T("Disks wiped by", "ディスクの消去期限");
    public string GoOn => T("Write the next volume", "次のボリュームを書き込む");
    public string GiveUp => T("Give the bundle up", "持ち運びを取り消す");
    public string GiveUpExplained => T("What is on disks of it can still be opened by its recipient: destroy it, and note so.", "書き込み済みのディスクは宛先で開けるままです。廃棄し、廃棄を記録してください。");
    public string Folder => T("Folder on the machine of the node", "装置のある機械のフォルダー");
    public string FolderExplained => T("Of the disk that is carried, mounted there; such as /mnt/trafficflow.", "持ち運ぶディスクのマウント先。例: /mnt/trafficflow");
    public string Export => T("New bundle", "新しい持ち運びを作る");
    public string ForVault => T("For", "宛先");
    public string Gigabytes => T("GB on one disk (32 where empty)", "ディスク1枚の容量 GB（空欄は32）");
    public string UntilDay => T("Disks wiped by (in 30 days where empty)", "ディスクの消去期限（空欄は30日後）");
    public string NobodyTrusted => T("No node that answered trusts another vault yet: see below.", "信頼登録された宛先がありません。下の「信頼する保管庫」で登録してください。");
    public string TakenIn => T("Taken in here", "受け入れた持ち運び");
    public string NothingTakenIn => T("Nothing was taken in.", "受け入れた持ち運びはありません。");
    public string From => T("From", "送り元");
    public string ConfirmedSegments => T("Confirmed segments", "確認した録画片");
    public string Confirmation => T("Confirmation", "受領確認");
    public string Import => T("Take in a volume", "ボリュームを取り込む");
    public string VolumeFolder => T("Folder of the volume on the machine of the node", "装置のある機械のボリュームのフォルダー");
    public string VolumeExplained => T("Such as /mnt/trafficflow/trafficflow-20270331T090000Z-1a2b3c4d-1. Every byte is verified; what has a fault is not confirmed and stays where it was recorded.", "例: /mnt/trafficflow/trafficflow-20270331T090000Z-1a2b3c4d-1。全データを検証し、異常のある録画片は確認せず、元の装置に残します。");
    public string Confirm => T("Bring a confirmation back", "受領確認を登録する");
    public string ConfirmExplained => T("What the other vault has signed to have taken in is erased here, with a receipt, and nothing else.", "相手の保管庫が署名して受領を確認した録画片だけを、消去証明を作って消去します。");
    public string ConfirmationFile => T("File CONFIRMATION", "ファイル CONFIRMATION");
    public string OrPath => T("Or its path on the machine of the node", "または装置のある機械でのパス");
    public string Trusted => T("Trusted vaults", "信頼する保管庫");
    public string TrustedExplained => T("Bundles go to these alone, and come from these alone. Compare fingerprints by telephone or on paper, never by the file.", "持ち運びはここに登録した相手とのみ行えます。指紋は電話や紙で照合し、ファイルの内容だけを信じないでください。");
    public string NoTrusted => T("none is trusted", "なし");
    public string OwnIdentity => T("Who this vault is", "この保管庫の身元");
    public string IdentityFile => T("Download the identity", "身元ファイルをダウンロード");
    public string TrustedSince => T("Since", "登録");
    public string Trust => T("Trust another vault", "保管庫を信頼登録する");
    public string IdentityOf => T("Identity of the other vault", "相手の身元ファイル");
    public string FingerprintTold => T("Fingerprint, as you were told it", "相手から聞いた指紋");
    public string Distrust => T("Trust it no more", "信頼をやめる");
    public string NotTrusted => T("trusted no more", "信頼終了");
    public string StillTrusted => T("trusted", "信頼中");

    // Retention.
    public string RetentionTitle => T("What goes when", "保存期間と実験の終了");
    public string RetentionExplained => T(
        "What has reached its age is looked for when a node starts and each hour, and is erased with a receipt. It is kept while it is held, and while the node's clock cannot be believed.",
        "期限に達したデータは、起動時と1時間ごとに調べて消去し、消去証明を作ります。保全中、または時計が信頼できない間は消去しません。");
    public string Clocks => T("Clocks", "時計");
    public string ClockThere => T("Clock there", "装置の時計");
    public string ClockTrusted => T("believed", "信頼");
    public string ClockDoubted => T("DOUBTED: nothing is erased by age", "疑義あり: 期限による消去は停止中");
    public string ConfirmClock => T("Say that it is right", "時計が正しいと確認する");
    public string ConfirmClockExplained => T("Compare it with a clock that you know first: what has reached its age by it is erased within the hour.", "先に確かな時計と照合してください。この時計で期限に達したデータは1時間以内に消去されます。");
    public string ByWhichClock => T("By which clock you know it", "照合した時計");
    public string Rules => T("How long each kind is kept", "種類ごとの保存期間");
    public string Kind => T("Kind", "種類");
    public string Age => T("At most", "最長");
    public string LastDay => T("Last day", "最終日");
    public string NoEndSet => T("no end is set", "期限の定めなし");
    public string RulesAre => T("They stand in the site file (custody.retention). Each node goes by its own.", "定めは地点設定ファイル（custody.retention）にあり、装置ごとに自身のファイルに従います。");
    public string HoldsInForce => T("Legal holds in force, which keep what they name longer: {0}.", "保全 {0} 件により、対象は期限後も保存されます。");
    public string Policies => T("Policies in force on this node", "このノードで有効な方針");
    public string PoliciesAre => T("They stand in the section custody of each site file; every change was entered, signed, as it was found.", "各地点設定ファイルのcustody節に定められています。変更は見つけるたびに署名付きで記録されます。");
    public string Days => T("{0} days", "{0}日");
    public string Hours => T("{0} hours", "{0}時間");
    public string Since => T("In force since", "有効開始");
    public string Policy => T("Policy", "方針");
    public string Loosened => T("Loosened, and not put back", "緩和されたまま戻されていないもの");
    public string NothingLoosened => T("Nothing protects less than it did before.", "以前より緩和されているものはありません。");
    public string LoosenedNow => T("protects less since", "緩和");
    public string NotEntered => T("not entered yet", "未記録");
    public string ClearCopies => T("Learning data and clear copies", "学習データ・平文の複製");
    public string NoClearCopies => T("None that has not ended.", "廃棄されていないものはありません。");
    public string EndsWith => T("Each ends with its source at the latest; note it under Bundles and copies when it was destroyed.", "元の録画の期限までに廃棄し、「持ち運び・複製」で廃棄を記録してください。");
    public string End => T("The end of the experiment", "実験の終了");
    public string EndExplained => T(
        "One command stops recording, erases what nothing holds, accounts for copies, revokes tokens, dismisses operators and signs the report. It cannot be undone, and so it is given at the machine. It shows what it would do, and asks, before it does it.",
        "一つのコマンドで、記録の停止、保全されていない録画の消去、複製の確認、トークンの取消し、操作担当者の解任を行い、報告書に署名します。取り消せないため、装置のある機械で実行します。実行前に内容を表示し、確認を求めます。");
    public string NotEnded => T("No experiment was ended here.", "終了した実験はありません。");
    public string WholeInstallation => T("the whole installation", "設備全体");
    public string EndIsOver => T("ended {0}", "{0} 終了");
    public string EndUnderWay => T("since {0}: step {1} of 7 is done. Give the same command once more", "{0} に開始、7段階中{1}段階まで完了。同じコマンドをもう一度実行してください");
    public string Left => T("What is left, and with whom", "残っている事項と所在");
    public string NothingLeft => T("Nothing is left.", "残っている事項はありません。");
    public string Report => T("Report", "報告書");
    public string ReportSigned => T("signed", "署名付き");

    public string Of(KeyWayLine way) => way.Kind switch
    {
        KeyWayKind.Credential => T("credential of the unit", "装置の認証情報"),
        KeyWayKind.Passphrase => T("passphrase", "パスフレーズ"),
        _ => With(T("{0} of {1} shares of custodians", "管理責任者の分割鍵 {1}分の{0}"), way.Needed, way.Of),
    };

    public string Of(DiskShield shield) => shield switch
    {
        DiskShield.Encrypted => T("encrypted", "暗号化あり"),
        DiskShield.NotEncrypted => T("NOT ENCRYPTED", "暗号化なし"),
        DiskShield.NoDisk => T("in memory alone", "メモリー上のみ"),
        _ => T("cannot be told", "判定できません"),
    };

    public static string Look(DiskShield shield) => shield switch
    {
        DiskShield.Encrypted or DiskShield.NoDisk => "complete",
        DiskShield.NotEncrypted => "degraded",
        _ => "partial",
    };

    public string Of(VaultTask task) => task switch
    {
        VaultTask.Verify => T("Verify", "検証"),
        VaultTask.Rotate => T("Rotate the keys", "鍵の更新"),
        VaultTask.Export => T("Export", "書き出し"),
        VaultTask.CancelExport => T("Give a bundle up", "持ち運びの取消し"),
        VaultTask.Import => T("Take in", "取込み"),
        VaultTask.Confirm => T("Confirmation", "受領確認の登録"),
        VaultTask.Trust => T("Trust", "信頼登録"),
        VaultTask.Distrust => T("Trust no more", "信頼の終了"),
        _ => T("Clock", "時計の確認"),
    };

    public string Of(VaultOrderOutcome outcome) => outcome switch
    {
        VaultOrderOutcome.Done or VaultOrderOutcome.Nothing => Finished,
        VaultOrderOutcome.Waits => Waits,
        VaultOrderOutcome.Refused => Refused,
        _ => Failed,
    };

    public string Of(KeptKind kind) => kind switch
    {
        KeptKind.Pictures => T("Pictures", "記録画像"),
        KeptKind.Journeys => T("Journeys", "通行経路"),
        KeptKind.Counts => T("Counts", "計測値"),
        KeptKind.Audit => T("Audit", "操作の記録"),
        _ => T("Accounts", "利用者の登録"),
    };

    public string Of(TimeSpan age) => age < TimeSpan.FromDays(2)
        ? With(Hours, age.TotalHours.ToString("0.#", CultureInfo.InvariantCulture))
        : With(Days, age.TotalDays.ToString("0.#", CultureInfo.InvariantCulture));

    /// <summary>Of a bundle, by its volumes.</summary>
    public (string Text, string Look) Of(BundleLine bundle) => bundle.Volumes switch
    {
        [] => (Planned, ""),
        var v when v.All(x => x.State == "erased") => (Ended, "complete"),
        var v when v.All(x => x.State is "confirmed" or "erased") => (Confirmed, "partial"),
        var v when v.Any(x => x.State is "confirmed" or "erased") => (PartlyThere, "partial"),
        var v when v.Any(x => x.State == "written") => (UnderWay, "partial"),
        _ => (Planned, ""),
    };

    public static string With(string text, params object[] values) => string.Format(CultureInfo.InvariantCulture, text, values);

    private string T(string english, string japanese) => _isJapanese ? japanese : english;
}
