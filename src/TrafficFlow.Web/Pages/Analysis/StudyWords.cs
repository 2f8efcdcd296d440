using System.Globalization;

namespace TrafficFlow.Web.Pages.Analysis;

/// <summary>What pages and reports of studies say, in one language: both stand beside each other, so that neither is forgotten. The terms are those of traffic surveys.</summary>
public sealed partial class StudyWords
{
    private static readonly StudyWords s_english = new("en");
    private static readonly StudyWords s_japanese = new("ja");

    private StudyWords(string language) => Language = language;

    /// <summary>en or ja.</summary>
    public string Language { get; }

    public static StudyWords For(string? language) => language == "ja" ? s_japanese : s_english;

    /// <summary>Puts figures in.</summary>
    public static string With(string text, params object[] values) => string.Format(CultureInfo.InvariantCulture, text, values);

    private bool IsJapanese => Language == "ja";

    private string Of(string english, string japanese) => IsJapanese ? japanese : english;

    /// <summary>2026-05-11 (Mon).</summary>
    public string Day(DateOnly day) => string.Create(CultureInfo.InvariantCulture, $"{day:yyyy-MM-dd} ({Weekday(day)})");

    public string Weekday(DateOnly day) => (IsJapanese ? "日月火水木金土"[(int)day.DayOfWeek].ToString() : day.DayOfWeek.ToString()[..3]);

    public string And => Of(", ", "・");

    /// <summary>Between parts that have commas themselves.</summary>
    public string Then => Of("; ", "；");

    public string Minutes => Of("{0} min", "{0}分");

    public string HoursMinutes => Of("{0} h {1} min", "{0}時間{1}分");

    /// <summary>What something is, and a figure or name of it.</summary>
    public string Colon => Of(": ", "：");

    public string InBrackets => Of(" ({0})", "（{0}）");

    public string FullStop => Of(". ", "。");

    public string Crossing => Of("people crossing {0}", "歩行者（{0}横断）");

    public string Vehicles => Of("vehicles", "台");

    public string Staff => Of("for staff: rests on measurements of single vehicles", "内部資料（個々の車両の計測に基づく）");

    public string PageWord => Of("page", "ページ");

    public string WholeJunction => Of("whole junction", "交差点全体");

    public string AllVehicles => Of("all vehicles", "全車両");

    public string RowsLeftOut => Of("The first {0} of {1} are shown; all are in the study's file.", "全{1}件のうち上位{0}件を示します。すべては調査ファイルにあります。");

    // The document, and what it is.
    public string ReportTitle => Of("Congestion study of a junction", "交差点渋滞調査報告書");

    public string About => Of("What this study is and rests on", "調査の概要と根拠");

    public string SiteName => Of("Site", "調査地点");

    public string SpanName => Of("Span", "調査期間");

    public string ZoneName => Of("Clock", "時刻");

    public string ZoneUnknown => Of("This machine does not know the zone {0}: all times are UTC.", "タイムゾーン{0}はこの機器では不明のため、時刻はすべてUTCです。");

    public string WatchedName => Of("Watched", "観測率");

    public string WatchedOf => Of("{0} of the time, mean of the approaches", "期間の{0}（流入路の平均）");

    public string RestsOn => Of("Rests on", "基礎データ");

    public string JourneysRest => Of("{0} vehicles, each followed over the junction by the cameras", "カメラで交差点内を追跡した{0}台");

    public string ProfileName => Of("Congested is", "渋滞の定義");

    public string ProfileIs => Of("mean speed over the section at or below {0} km/h ({1})", "区間平均速度{0} km/h以下（{1}）");

    public string ProfileSlow => Of("; slow: at or below {0} km/h", "、混雑：{0} km/h以下");

    public string ModelName => Of("Models", "手法");

    public string Models => Of(
        "Delay of plans: control delay of HCM 2000 (d1 + d2, 15 min). Cycle and splits: Webster 1958 and a search over whole seconds. Saturation flow: HCM 2000 where queues were long enough, else the worksheet of 平面交差の計画と設計 (marked). Stops: Akçelik 1981. Intervals are 95 %.",
        "計画の遅れ：HCM 2000の制御遅れ（d1＋d2、15分）。サイクル長・スプリット：Webster（1958）および1秒刻みの探索。飽和交通流率：十分な待ち行列があればHCM 2000により実測、なければ「平面交差の計画と設計」の算定値（表中に明記）。停止回数：Akçelik（1981）。区間はすべて95 %。");

    public string SimulatorName => Of("Simulator", "シミュレータ");

    public string SimulatorIs => Of("{0}; fuel and CO2 by {1}", "{0}、燃料・CO2は{1}による");

    public string MadeName => Of("Made", "作成");

    public string MadeBy => Of("{0} by trafficflow {1}", "{0}、trafficflow {1}");

    public string Provenance => Of("Measured with", "計測条件");

    public string Detector => Of("Detector", "検出器");

    public string Calibration => Of("Calibration", "校正");

    public string SiteVersion => Of("Site configuration", "地点設定");

    public string NoCalibration => Of("none", "なし");

    public string NoProvenance => Of("The study names no detector and no calibration: what its figures were measured with is not known.", "検出器・校正の記録がなく、計測条件は不明です。");

    public string Approach => Of("Approach", "流入路");

    public string Lost => Of("Lost, veh·h", "損失時間（台·時）");

    public string MeanDelay => Of("Mean delay, s", "平均遅れ（秒）");

    public string StopsEach => Of("Stops a vehicle", "停止回数（回/台）");

    public string VehiclesColumn => Of("Vehicles", "台数（台）");

    public string WatchedHours => Of("Watched, h", "観測時間（時間）");

    public string WatchedShare => Of("Watched, %", "観測率（%）");

    public string LostIs => Of(
        "Lost: delay against free flow of the journeys that ended in watched time, so a lower bound where not all was watched. 1 veh·h: one vehicle for one hour.",
        "損失時間：観測時間内に終了した走行の自由流に対する遅れの合計。全時間を観測していない場合は下限値です。1台·時＝1台が1時間遅れること。");

    // Three sentences.
    public string Summary => Of("Summary", "要旨");

    public string SummaryCongested => Of(
        "From {0}, {1} of the time watched, {2} vehicles lost {3} veh·h; {4} lost the most, {5} veh·h; its congestion events: {6}, in all {7}, with the longest queue {8}.",
        "{0}（観測率{1}）に{2}台が計{3}台·時を損失した。損失が最大の流入路は{4}（{5}台·時）で、渋滞は{6}回・計{7}、最大待ち行列長は{8}であった。");

    public string SummaryFree => Of(
        "From {0}, {1} of the time watched, {2} vehicles lost {3} veh·h; no approach was congested for 10 min or longer ({4} km/h or less) in the watched time.",
        "{0}（観測率{1}）に{2}台が計{3}台·時を損失した。観測時間内に10分以上の渋滞（{4} km/h以下）はなかった。");

    public string SummaryNothing => Of("From {0} nothing was watched on any approach: neither congestion nor its absence can be told.", "{0}はどの流入路も観測されておらず、渋滞の有無は判定できない。");

    public string SummaryCause => Of("The cause with the most time lost is “{0}” ({1}, {2}): {3} veh·h, confidence {4}; {5}{6}.", "損失が最大の要因は「{0}」（{1}、{2}）で、{3}台·時、確信度{4}。{5}{6}。");

    public string SummaryRival => Of("; nearly as well fits “{0}”", "。「{0}」も同程度に当てはまる");

    public string SummaryNoCause => Of("No cause is named: the figures single none out.", "要因は特定していない（計測値からは絞り込めない）。");

    public string SummaryProposal => Of(
        "For {0}, a cycle of {1} s in the place of {2} s with the proposed splits lessens mean control delay from {3} s to {4} s per vehicle by HCM: {5} veh·h per hour (95 %: {6} to {7}){9}; {8}.",
        "{0}について、サイクル長を{2}秒から{1}秒に変更し提案スプリットとすると、HCMによる平均制御遅れは{3}秒/台から{4}秒/台となり、1時間あたり{5}台·時の短縮（95 %区間{6}～{7}）が見込まれる{9}。{8}。");

    public string SummarySimulated => Of("; in the calibrated simulator {0} s per vehicle (95 %: {1} to {2})", "（校正済みシミュレーションでは{0}秒/台、95 %区間{1}～{2}）");

    public string SummaryWorse => Of("{0} waits {1} s longer", "{0}は遅れが{1}秒増える");

    public string SummaryNobodyWorse => Of("no signal group waits longer", "遅れが増える信号灯器群はない");

    public string SummaryKeep => Of("For {0}, no plan was found with less delay than today's: {1} s per vehicle by HCM.", "{0}について、現行計画（HCMによる平均制御遅れ{1}秒/台）より遅れの小さい計画は見つからなかった。");

    public string SummaryNoProposal => Of("No change of the signals is proposed: {0}", "信号の変更は提案しない。{0}");

    public string SeeUnsaid => Of("the reasons stand under “What cannot be said”.", "理由は「判定できない事項」に示す。");

    public string Signature => Of("Checked by (name, date)", "確認者（氏名・日付）");

    // Pages.
    public string StudyLabel => Of("Study", "調査");

    public string StudyChoice => Of("{0}, made {1}", "{0}（作成 {1}）");

    public string NoStudies => Of("No study was made of this site yet. Whoever runs the node makes one:", "この地点の調査はまだありません。ノードの運用者が次のコマンドで作成します。");

    public string NoStudiesHere => Of("This server keeps no studies.", "このサーバーでは調査を保管していません。");

    public string NoSuchStudy => Of("There is no study {0} here, or no more. Choose another one.", "調査{0}はここにはありません。他の調査を選択してください。");

    public string Unreadable => Of("This study cannot be read: {0}", "この調査は読み込めません。{0}");

    public string FolderUnreadable => Of("The studies cannot be read now. Whoever runs the server finds the reason in its log.", "調査を読み込めません。理由はサーバーのログにあります。");

    public string Reading => Of("Reading …", "読み込み中…");

    public string Download => Of("The whole as a report:", "報告書全体：");

    public string CongestionTitle => Of("Congestion", "渋滞");

    public string SignalsTitle => Of("Signals", "信号");

    public string CausesTitle => Of("Causes", "渋滞要因");

    public string ProposalsTitle => Of("Proposals", "改善案");

    public string UnsaidTitle => Of("What cannot be said", "判定できない事項");

    public string NothingUnsaid => Of("The study left nothing out.", "判定できなかった事項はありません。");

    public string AssumptionsTitle => Of("Assumptions", "前提条件");
}
