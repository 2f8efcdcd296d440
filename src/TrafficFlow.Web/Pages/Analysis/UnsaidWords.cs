using TrafficFlow.Analysis.Studies;

namespace TrafficFlow.Web.Pages.Analysis;

/// <summary>What cannot be said, as a sentence each. Pure.</summary>
public static class UnsaidWords
{
    /// <summary>{0} where, {1} when, {2} the detail in brackets or nothing.</summary>
    private static readonly Dictionary<UnsaidKind, (string English, string Japanese)> s_all = new()
    {
        [UnsaidKind.NotWatched] = ("{0}, {1}: nobody watched{2}. Nothing is said of this time, and it counts neither as free nor as congested.", "{0}、{1}：観測されていません{2}。この時間は順調とも渋滞とも判定していません。"),
        [UnsaidKind.CameraDegraded] = ("{0}, {1}: the camera had moved, was dazzled or lost too many frames{2}. Its figures are left out.", "{0}、{1}：カメラのずれ・眩惑・フレーム欠落がありました{2}。この間の計測値は除外しています。"),
        [UnsaidKind.TooLittleTraffic] = ("{0}, {1}: too few vehicles passed to tell the signals or a saturation flow{2}.", "{0}、{1}：交通量が少なく、信号現示・飽和交通流率を推定できません{2}。"),
        [UnsaidKind.NoFixedCycle] = ("{0}, {1}: no cycle explains when vehicles passed: no signals, flashing, or a controller that only follows demand{2}.", "{0}、{1}：通過時刻を説明するサイクルがありません（無信号・点滅・全感応等）{2}。"),
        [UnsaidKind.CycleVaries] = ("{0}, {1}: the cycle changes from one to the next (actuated greens){2}. No splits and no offset are told.", "{0}、{1}：サイクル長が毎回変化しています（感応制御）{2}。スプリット・オフセットは推定できません。"),
        [UnsaidKind.PlanChanged] = ("{0}, {1}: the plan changed{2}. Figures of the cycles in between belong to neither plan.", "{0}、{1}：信号計画が切り替わりました{2}。その間のサイクルはいずれの計画にも含めていません。"),
        [UnsaidKind.SaturationNotMeasured] = ("{0}, {1}: no queue was long enough to measure a saturation flow{2}. The worksheet's value stands in its place, and the degree of saturation rests on it.", "{0}、{1}：飽和交通流率を実測できる待ち行列がありませんでした{2}。算定値を用いており、飽和度はこれに基づきます。"),
        [UnsaidKind.QueuesNotMeasured] = ("{0}, {1}: queues were not measured{2}. That is missing, not zero.", "{0}、{1}：待ち行列は計測されていません{2}（ゼロではありません）。"),
        [UnsaidKind.QueueBeyondSight] = ("{0}, {1}: the queue reached beyond what the cameras see{2}. Its length is a lower bound, and so is the delay before sight begins.", "{0}、{1}：待ち行列がカメラの視野を超えました{2}。行列長および視野外の遅れは下限値です。"),
        [UnsaidKind.DelayNotMeasured] = ("{0}, {1}: delays were not measured{2}. Vehicle-hours lost are missing, not zero.", "{0}、{1}：遅れは計測されていません{2}。損失時間は欠測です（ゼロではありません）。"),
        [UnsaidKind.NoSignals] = ("{0}, {1}: nothing tells the signals{2}. There are no plans, degrees of saturation or proposals of timing for this time.", "{0}、{1}：信号現示が不明です{2}。この時間の信号計画・飽和度・改善案はありません。"),
        [UnsaidKind.NoProposal] = ("{0}, {1}: no timing is proposed{2}.", "{0}、{1}：信号の改善案はありません{2}。"),
        [UnsaidKind.SimulatorFailed] = ("{0}, {1}: the simulator failed{2}. The proposal's effect is that of the formulas alone.", "{0}、{1}：シミュレーションが失敗しました{2}。改善案の効果は計算式によるもののみです。"),
        [UnsaidKind.SimulatorMissing] = ("{0}, {1}: there is no simulator on this machine (SUMO: apt-get install sumo){2}. The proposal's effect is that of the formulas alone.", "{0}、{1}：この機器にシミュレータがありません（SUMO：apt-get install sumo）{2}。改善案の効果は計算式によるもののみです。"),
        [UnsaidKind.NotCalibrated] = ("{0}, {1}: the model could not be brought to the measured delays{2}. Its before and after is no forecast for this junction.", "{0}、{1}：モデルを実測の遅れに合わせられませんでした{2}。前後比較はこの交差点の予測ではありません。"),
        [UnsaidKind.SolverFailed] = ("{0}, {1}: a solver gave no usable answer{2}. The proposal rests on the others.", "{0}、{1}：ソルバから有効な解が得られませんでした{2}。改善案は他の解によります。"),
        [UnsaidKind.ClocksDiffer] = ("{0}, {1}: the clocks of controller and cameras differ{2}. At fixed time whole cycles of difference cannot be told from each other.", "{0}、{1}：制御機とカメラの時計に差があります{2}。定周期では1サイクル単位の差は区別できません。"),
        [UnsaidKind.LanesUnknown] = ("{0}, {1}: it is not known which lane vehicles came in{2}. Nothing is said of single lanes.", "{0}、{1}：車両の走行車線が不明です{2}。車線別の判定はできません。"),
        [UnsaidKind.ExitsUnknown] = ("{0}, {1}: it is not known where vehicles went{2}. Their movements are told for the whole approach.", "{0}、{1}：車両の流出方向が不明です{2}。流入路全体として示します。"),
        [UnsaidKind.DemandOverCapacity] = ("{0}, {1}: the demand is above what any cycle can serve{2}. Webster's method has no answer; lanes or stages must change.", "{0}、{1}：需要がいかなるサイクルの容量も超えています{2}。Websterの方法では解がなく、車線または現示の変更が必要です。"),
        [UnsaidKind.ClassesUnknown] = ("{0}, {1}: it is not known which vehicles are large{2}. Saturation flows are those of passenger cars, and heavy shares are missing.", "{0}、{1}：大型車の区別がありません{2}。飽和交通流率は乗用車の値であり、大型車混入率は欠測です。"),
    };

    public static IEnumerable<UnsaidKind> Known => s_all.Keys;

    public static string Sentence(Unsaid unsaid, StudyView view)
    {
        var where = view.NameOf(unsaid.Approach);
        var when = unsaid.Span is { } span ? view.Span(span) : view.Words.WholeSpan;
        var detail = string.IsNullOrWhiteSpace(unsaid.Detail) ? "" : view.Words.Language == "ja" ? $"（{unsaid.Detail}）" : $" ({unsaid.Detail})";
        // Of a newer version: its name is better than nothing.
        if (!s_all.TryGetValue(unsaid.Kind, out var both)) return $"{where}, {when}: {unsaid.Kind}{detail}";
        return StudyWords.With(view.Words.Language == "ja" ? both.Japanese : both.English, where, when, detail);
    }
}
