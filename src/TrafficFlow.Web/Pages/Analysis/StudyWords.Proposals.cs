using TrafficFlow.Analysis.Studies;

namespace TrafficFlow.Web.Pages.Analysis;

/// <summary>Causes and proposals.</summary>
public sealed partial class StudyWords
{
    public string CausesExplained => Of(
        "Ranked by the vehicle-hours that were lost while the cause held, beyond what the signals cost where traffic is free. Confidence is the probability that it is the cause, given that it is one of the thirteen kinds that are looked for. Each is a finding from figures, and falls with what is named as disproving it.",
        "要因が続いた間の損失時間の大きい順です。確信度は、対象とする13種の要因のいずれかであるとした場合に当該要因である確率です。いずれも計測値からの判定であり、「反証」に示す事実があれば否定されます。");

    public string NoCauses => Of("No cause is named: nothing was congested, or the figures single none out. See “What cannot be said”.", "要因は特定されていません（渋滞がないか、計測値から絞り込めません）。「判定できない事項」を参照してください。");

    public string CauseHead => Of("{0}. {1}: {2}, {3}", "{0}．{1}（{2}、{3}）");

    public string EvidenceTable => Of("figures", "根拠となる指標");

    public string CauseLost => Of("{0} veh·h lost{1}; confidence {2}", "損失{0}台·時{1}、確信度{2}");

    public string CauseShare => Of(" ({0} of the approach's)", "（流入路の{0}）");

    public string Evidence => Of("Figure", "指標");

    public string Value => Of("Value", "値");

    public string HeldAgainst => Of("Held against", "比較対象");

    public string SpeaksFor => Of("for", "支持");

    public string SpeaksAgainst => Of("against", "反対");

    public string Speaks => Of("Speaks", "判定");

    public string Disproof => Of("What would disprove it:", "反証：");

    public string Rivals => Of("Fits nearly as well: {0}. Both are to be looked at before anything is changed.", "同程度に当てはまる要因：{0}。対策の前に双方を確認する必要があります。");

    public string ProposalFor => Of("Proposal for {0}", "改善案（{0}）");

    public string NoProposals => Of("Nothing is proposed. See “What cannot be said” for the reason.", "提案はありません。理由は「判定できない事項」を参照してください。");

    public string NoChange => Of("No plan within the rules has less delay than today's: it stays.", "条件内に現行計画より遅れの小さい計画はなく、現行のままとします。");

    public string Today => Of("today", "現行");

    public string Webster => Of("Webster", "Webster");

    public string Proposed => Of("proposed", "提案");

    public string WithinBound => Of("within the bound", "増加上限内");

    public string Stage => Of("Stage", "現示");

    public string StageGroups => Of("Signal groups with green", "青の信号灯器群");

    public string StageGreens => Of("Green of each stage, s", "各現示の青時間（秒）");

    public string CycleRow => Of("Cycle, s", "サイクル長（秒）");

    public string MeanDelayRow => Of("Mean control delay, s/veh", "平均制御遅れ（秒/台）");

    public string LostRow => Of("Lost, veh·h per hour", "損失（台·時/時）");

    public string StopsRow => Of("Stops a vehicle", "停止回数（回/台）");

    public string WebsterNone => Of("Webster has no answer: the flow ratios add up to 1 or more.", "需要率の合計が1以上のため、Websterの方法では解がありません。");

    public string WithinNone => Of("No plan within the bound has less delay than today's.", "遅れの増加を上限内に抑えて現行より改善する計画はありません。");

    public string WithinSame => Of("The proposal itself keeps every group within the bound.", "提案計画はすべての信号灯器群で増加上限内です。");

    public string BarsExplained => Of("One cycle of each plan, to one scale: the stages with their green in seconds; grey is amber and all-red.", "各計画の1サイクルを同じ縮尺で示します。数字は各現示の青時間（秒）、灰色は黄・全赤です。");

    public string GroupsTitle => Of("Effect on each signal group", "信号灯器群ごとの効果");

    public string Group => Of("Signal group", "信号灯器群");

    public string DemandColumn => Of("Demand, veh/h", "需要（台/時）");

    public string DegreeOf => Of("Degree of saturation, {0}", "飽和度（{0}）");

    public string DelayOf => Of("Delay, s, {0}", "遅れ（秒、{0}）");

    public string ChangeColumn => Of("Change, s", "増減（秒）");

    public string LosChange => Of("LOS", "サービス水準");

    public string Worse => Of("waits longer", "増加");

    public string WorseBeyond => Of("waits longer, beyond the bound", "増加（上限超）");

    public string WorseIs => Of("Who waits longer with the proposal: {0}.", "提案計画で遅れが増える信号灯器群：{0}。");

    public string WorseOne => Of("{0} by {1} s{2}", "{0}（{1}秒{2}）");

    public string BeyondBound => Of(", beyond the bound", "、上限超");

    public string WorseNone => Of("No signal group waits longer with the proposal.", "提案計画で遅れが増える信号灯器群はありません。");

    public string GainIs => Of("Gain: {0} veh·h per hour at the demand as measured (95 % interval {1} to {2}, from the demand's uncertainty); better than today's on {3} of the demands that may have been.", "短縮効果：計測された需要で1時間あたり{0}台·時（需要の不確かさによる95 %区間{1}～{2}）。起こり得る需要の{3}で現行計画を上回ります。");

    public string Measures => Of("Other measures", "その他の対策");

    public string Measure => Of("Measure", "対策");

    public string MeasureSaved => Of("Saves, veh·h per hour", "短縮（台·時/時）");

    public string MeasureAmount => Of("By how much", "規模");

    public string NotModelled => Of("no model tells it", "モデルなし");

    public string SimulatedTitle => Of("Before and after in the simulator", "シミュレーションによる前後比較");

    public string SimulatedIs => Of("{0}, {1} seeds with the same vehicles before and after; {2} confidence intervals of the change. Fuel and CO2: {3}.", "{0}、乱数{1}通り（前後で同一の車両）。増減の信頼区間は{2}。燃料・CO2：{3}。");

    public string CalibratedIs => Of("Calibrated: today's plan in the model has the measured delays as stated below.", "校正済み：現行計画の遅れは下表のとおり実測値と一致しています。");

    public string NotCalibratedIs => Of("NOT calibrated: today's plan in the model does not have the measured delays. What follows compares two plans in a model, and is no forecast for this junction.", "未校正：モデルの遅れは実測値と一致していません。以下はモデル内での計画の比較であり、この交差点の予測ではありません。");

    public string MeasuredDelay => Of("Measured delay, s", "実測の遅れ（秒）");

    public string ModelDelay => Of("In the model, s", "モデルの遅れ（秒）");

    public string CalibrationTable => Of("Calibration of the model with today's plan", "現行計画によるモデルの校正");

    public string To => Of("to", "～");

    public string Error => Of("Error", "誤差");

    public string Who => Of("Vehicles", "対象");

    public string VehiclesARun => Of("Vehicles a run", "台数（台/回）");

    public string Fuel => Of("Fuel, g/veh", "燃料（g/台）");

    public string Co2 => Of("CO2, g/veh", "CO2（g/台）");

    public string DelaySim => Of("Delay, s/veh", "遅れ（秒/台）");

    public string StopsSim => Of("Stops/veh", "停止（回/台）");

    public string SimExplained => Of("before → after, and below the change with its interval. Bold: beyond what chance explains though so many figures were looked at (Holm). Heavy vehicles and buses stand in rows of their own.", "変更前→変更後、下段は増減とその区間です。太字は多重比較（Holm法）を考慮しても偶然では説明できない差です。大型車・バスは個別の行に示します。");

    public string SolversTitle => Of("How the search was done", "最適化計算");

    public string Solver => Of("Solver", "ソルバ");

    public string Variables => Of("Variables", "変数の数");

    public string Energy => Of("Energy of its best answer", "最良解のエネルギー");

    public string BestKnown => Of("Exact or best known", "厳密解または既知の最良値");

    public string Exact => Of("exact", "厳密");

    public string NotExact => Of("best known", "既知の最良");

    public string Gap => Of("Gap, %", "乖離（%）");

    public string Time => Of("Time, s", "計算時間（秒）");

    public string Ttt => Of("Time to target (99 %), s", "目標到達時間（99 %、秒）");

    public string NotReached => Of("not reached", "未到達");

    public string Cost => Of("Cost", "費用");

    public string NoCost => Of("none (this machine)", "なし（自機）");

    public string NoAnswer => Of("no answer: {0}", "回答なし：{0}");

    public string SolversExplained => Of("Energies are of the binary quadratic model, without unit; the gap is against the exact or best classical answer, and 0.00 % is that answer itself.", "エネルギーは二値二次モデルの値（単位なし）です。乖離は厳密解または古典計算の最良解に対するもので、0.00 %はその解に一致することを示します。");

    public string MeasureName(MeasureKind kind) => kind switch
    {
        MeasureKind.LongerTurnLane => Of("Longer turn lane", "付加車線の延長"),
        MeasureKind.ProtectedTurn => Of("Protected turn (arrow of its own)", "右左折専用現示（矢印）の設置"),
        MeasureKind.StageOrder => Of("Another order of stages", "現示順序の変更"),
        MeasureKind.Offset => Of("Another offset to the neighbour", "隣接交差点とのオフセットの変更"),
        MeasureKind.KeepLaneClear => Of("No standing or parking where it blocks a lane", "車線を塞ぐ駐停車の排除"),
        MeasureKind.PedestrianTiming => Of("Pedestrians' timing or crossing place", "歩行者現示・横断位置の見直し"),
        MeasureKind.Downstream => Of("Look at the junction downstream", "下流交差点の調査"),
        _ => $"{kind}",
    };

    /// <summary>Unit of a measure's amount.</summary>
    public string MeasureUnit(MeasureKind kind) => kind is MeasureKind.LongerTurnLane or MeasureKind.KeepLaneClear ? "m" : Seconds;
}
