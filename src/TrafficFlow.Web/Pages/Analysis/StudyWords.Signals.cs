namespace TrafficFlow.Web.Pages.Analysis;

/// <summary>Signals and movements.</summary>
public sealed partial class StudyWords
{
    public string SourceUnknown => Of("Nothing tells the signals of this junction in this span.", "この期間の信号現示は不明です。");

    public string SourceInferred => Of("The signals are inferred from when vehicles passed the stop lines. Amber is not told by discharge and drawn as 3 s.", "信号現示は停止線通過時刻から推定しました。黄時間は通過時刻からは分からないため3秒として描いています。");

    public string SourceController => Of("The signals are those of the controller's log. What was inferred from discharge stands beside it.", "信号現示は制御機のログによります。通過時刻からの推定値を併記します。");

    public string PlansTitle => Of("Plans", "信号計画");

    public string StretchesTitle => Of("When each plan ran", "各計画の運用時間帯");

    public string RanFor => Of("{0}, and so on: {1} times, {2} h in all", "{0} ほか計{1}回・{2}時間");

    public string NoPlans => Of("No fixed-time plan was told in this span.", "この期間に定周期の信号計画は推定されませんでした。");

    public string Plan => Of("Plan", "計画");

    public string Began => Of("Began", "開始");

    public string BeganBefore => Of("before it was watched", "観測開始前");

    public string CycleColumn => Of("Cycle, s", "サイクル長（秒）");

    public string OffsetColumn => Of("Offset after the first midnight, s", "オフセット（初日0時基準、秒）");

    public string OffsetUnsure => Of("not told", "不明");

    public string Splits => Of("Splits of the stages, s", "スプリット（現示ごと、秒）");

    public string Scatter => Of("Scatter of first vehicles, s", "先頭車両のばらつき（秒）");

    public string PlansExplained => Of(
        "± is the 95 % interval. A split is green, amber and all-red until the next stage begins. An offset whose interval is half a cycle or more is not told. Scatter of about 1 s is fixed time; well above, greens are actuated.",
        "±は95 %区間です。スプリットは次の現示の開始までの青・黄・全赤の合計です。区間が半サイクル以上となるオフセットは不明とします。ばらつきが1秒程度なら定周期、それより大きければ感応制御と考えられます。");

    public string CycleDiagramTitle => Of("Plan {0}, {1}: cycle diagram", "計画{0}（{1}）：現示図");

    public string CycleDiagramExplained => Of("Green of each group of movements over one cycle of {0} s, counted from the first stage. Whiskers: 95 % intervals of begin and end. Hatched: too few vehicles tell it.", "各動線群の青時間を1サイクル（{0}秒）について示します（第1現示の開始を0秒とする）。ひげは開始・終了の95 %区間、斜線は車両が少なく推定できないものです。");

    public string Seconds => Of("s", "秒");

    public string Movement => Of("Movement", "動線");

    public string GreenBegins => Of("Green begins, s", "青開始（秒）");

    public string GreenColumn => Of("Green, s", "青時間（秒）");

    public string GreenShare => Of("Green ratio, %", "青時間比（%）");

    public string CrossingsColumn => Of("Vehicles behind it", "基礎台数（台）");

    public string ProfileTitle => Of("Plan {0}: discharge by second of the cycle", "計画{0}：サイクル内の捌け台数");

    public string ProfileExplained => Of("Vehicles that passed in each second of the cycle, all cycles of the plan together; the band is the green as it was told. The scale of each row is its own.", "計画中の全サイクルを重ね、サイクルの各秒に通過した台数を示します。帯は推定した青時間です。縦軸は行ごとに異なります。");

    public string Most => Of("at most {0} a second", "最大{0}台/秒");

    public string VaryingTitle => Of("Cycles that vary", "変動するサイクル");

    public string VaryingIs => Of("{0}: the cycle is {1} s on the mean and varies by {2} s (standard deviation); no fixed plan can be told.", "{0}：サイクル長は平均{1}秒、標準偏差{2}秒で変動し、定周期の計画は推定できません。");

    public string ComparisonTitle => Of("Against the controller's log", "制御機ログとの比較");

    public string ClockIs => Of("The controller's clock is ahead of the cameras' by {0} s; all times here are the cameras'.", "制御機の時計はカメラより{0}秒進んでいます。時刻はすべてカメラの時計によります。");

    public string NoLog => Of("There is no controller log to compare with.", "比較できる制御機ログはありません。");

    public string Inferred => Of("inferred", "推定");

    public string Logged => Of("logged", "ログ");

    public string Differs => Of("difference", "差");

    public string Agrees => Of("within its interval", "区間内");

    public string Outside => Of("outside of its interval", "区間外");

    public string Verdict => Of("Agreement", "一致");

    public string LoggedCycles => Of("Cycles in the log", "ログのサイクル数");

    public string CoordinationTitle => Of("Coordination (Purdue)", "系統制御の状況（パデュー図）");

    public string NoCoordination => Of("No coordination diagram: it needs known signals and journeys.", "パデュー図はありません（信号現示と走行データが必要です）。");

    public string NotForYou => Of("Arrivals of single vehicles are shown to operators and analysts.", "個々の車両の到着時刻は運用者と分析者のみが閲覧できます。");

    public string CoordinationOf => Of("{0}, {1}: {2} of arrivals on green; the green ratio is {3}", "{0}、{1}：青時間到着率{2}（青時間比{3}）");

    public string CoordinationExplained => Of("A dot for each vehicle: when it came, or would have come without delay, and the second of the cycle. The band is green; dots in it found green. A share above the green ratio is good coordination, below it bad.", "点は各車両の（遅れがなかった場合の）到着時刻とサイクル内の秒を示します。帯は青時間で、帯内の点は青で到着したものです。青時間到着率が青時間比より高ければ系統制御が有効、低ければ不良です。");

    public string SecondOfCycle => Of("second of the cycle", "サイクル内の秒");

    public string MovementsTitle => Of("Movements", "動線別の交通状況");

    public string NoMovements => Of("No movement was measured.", "計測された動線はありません。");

    public string Volume => Of("Volume, veh/h", "交通量（台/時）");

    public string Heavy => Of("Heavy, %", "大型車混入率（%）");

    public string SaturationColumn => Of("Saturation flow, veh/h green", "飽和交通流率（台/青1時間）");

    public string StartLost => Of("Start-up lost, s", "発進損失（秒）");

    public string FlowRatioColumn => Of("Flow ratio", "需要率");

    public string SaturationDegree => Of("Degree of saturation", "飽和度");

    public string OnGreen => Of("Arrivals on green, %", "青時間到着率（%）");

    public string DelayColumn => Of("Delay, s", "遅れ（秒/台）");

    public string StopsColumn => Of("Stops", "停止（回/台）");

    public string Los => Of("LOS", "サービス水準");

    public string Failures => Of("Split failures, % of cycles", "スプリット不足（サイクルの%）");

    public string Measured => Of("m", "実");

    public string Worksheet => Of("w", "算");

    public string MovementsExplained => Of(
        "Volume is what passed, expanded to the time that was not watched: where greens did not serve the queue (split failures), demand, flow ratio and degree of saturation are higher than stated. Saturation flow: m measured on queues of 8 vehicles or more, w the worksheet's base value with its factors. Delay is that of the journeys as measured; LOS is HCM's by that delay (A ≤ 10, B ≤ 20, C ≤ 35, D ≤ 55, E ≤ 80 s), F where the degree of saturation is above 1.",
        "交通量は通過台数（未観測時間を拡大補正）です。青時間で捌け残りがある場合（スプリット不足）、実際の需要・需要率・飽和度はこれより大きくなります。飽和交通流率：実＝8台以上の待ち行列による実測、算＝基本値と補正率による算定値。遅れは走行の実測値、サービス水準はその遅れによるHCMの区分（A≤10、B≤20、C≤35、D≤55、E≤80秒）で、飽和度が1を超える場合はFとします。");

    public string IntersectionRatio => Of("Flow ratio of the intersection, plan {0}: {1} (sum over the stages of the largest flow ratio of each; the usual limit is 0.90).", "交差点の需要率（計画{0}）：{1}（各現示の最大需要率の合計。通常の上限は0.90）。");

    public string WholeSpan => Of("whole span", "全期間");
}
