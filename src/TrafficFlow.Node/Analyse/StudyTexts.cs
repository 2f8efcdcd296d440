using TrafficFlow.Analysis.Congestion;
using TrafficFlow.Analysis.Studies;

namespace TrafficFlow.Node.Analyse;

/// <summary>The words of a study in the terminal.</summary>
internal sealed record StudyTexts
{
    public static readonly StudyTexts English = new();

    public static readonly StudyTexts Japanese = new()
    {
        Language = "ja",
        VehicleHours = "台・時",
        Vehicles = "台",
        Congestion = "渋滞状況",
        Signals = "信号",
        Movements = "方向別",
        Causes = "原因（損失時間順）",
        Proposals = "改善案",
        NotSaid = "言えないこと",
        Approach = "流入路",
        Watched = "観測率",
        Count = "台数",
        Lost = "損失 (台・時)",
        CongestedShare = "渋滞時間率",
        LongestQueue = "最大滞留 (m)",
        Seen = "見える範囲 (m)",
        NoEvent = "渋滞なし",
        Event = "渋滞",
        Recurs = "繰り返し",
        DaysOf = "{0}～{1}、観測 {3} 日中 {2} 日、{4} 台・時/日",
        Inferred = "停止線の発進から推定",
        FromController = "信号制御機の記録",
        NoSignals = "信号は分からない",
        Clock = "制御機の時計はカメラより {0} 秒進んでいる (±{1})",
        Cycle = "サイクル",
        Green = "青",
        Split = "スプリット",
        Varies = "サイクルは一定でない: 平均 {0} 秒、標準偏差 {1} 秒 ({2} サイクル)",
        Movement = "方向",
        Heavy = "大型率",
        Saturation = "飽和交通流率",
        FlowRatio = "需要率",
        Degree = "飽和度",
        OnGreen = "青到着率",
        Failures = "捌け残り率",
        Delay = "遅れ (秒)",
        Lanes = "車線",
        WorksheetNote = "* は算定式の値（実測でない）。車線を共有する方向は飽和交通流率・需要率・飽和度が同じ",
        PeakHour = "最大時",
        Today = "現況",
        Proposed = "提案",
        Webster = "Webster",
        WithinBound = "従道路を守る案",
        MeanDelay = "平均遅れ",
        Stops = "停止",
        Gain = "効果: 1 時間あたり {0} 台・時の短縮（需要の誤差による 95 % 区間 {1}～{2}）",
        NoChange = "現況より良い案はない",
        Worse = "待ちが長くなる: {0} が {1} 秒",
        WorseBound = "（限度超過）",
        SimulatedText = "{0}、{1} 回: 平均遅れ {2} → {3} 秒、変化 {4} (95 % {5}～{6}) {7}",
        BeyondNoise = "有意",
        WithinNoise = "誤差の範囲",
        Calibration = "較正: {0}",
        NotCalibratedText = "実測と合わない",
        Assumed = "仮定",
        Measures = "ほかに",
        Rivals = "ほかの可能性",
        Confidence = "確信度",
        Level = l => l switch { CongestionLevel.Congested => "渋滞", CongestionLevel.Slow => "混雑", CongestionLevel.Free => "順調", _ => "不明" },
        Step = s => s switch
        {
            StudyStep.Congestion => "渋滞",
            StudyStep.Signals => "信号の推定",
            StudyStep.Movements => "方向別の指標",
            StudyStep.Queues => "滞留",
            StudyStep.Causes => "原因",
            StudyStep.Proposals => "改善案",
            _ => "シミュレーション",
        },
        Unsaid = u => u.Kind switch
        {
            UnsaidKind.NotWatched => "観測していない",
            UnsaidKind.CameraDegraded => $"カメラ {u.Detail} の映像を信用できない",
            UnsaidKind.TooLittleTraffic => "交通が少なく、何も言えない",
            UnsaidKind.NoFixedCycle => "一定のサイクルがない",
            UnsaidKind.CycleVaries => "サイクルが変動する（感応制御）ため、定周期の案を出せない",
            UnsaidKind.PlanChanged => "この間に信号プランが変わった",
            UnsaidKind.SaturationNotMeasured => $"飽和交通流率は実測でなく算定式による: {u.Detail}",
            UnsaidKind.QueuesNotMeasured => "滞留長は測っていない",
            UnsaidKind.QueueBeyondSight => $"滞留は見える範囲 ({u.Detail} m) を越えた",
            UnsaidKind.DelayNotMeasured => u.Detail is null ? "遅れは測っていない" : $"停止線の手前 {u.Detail} m しか見えず、滞留長も測っていない。その先の遅れは含まれず、渋滞の有無は分からない",
            UnsaidKind.NoSignals => "信号は分からない",
            UnsaidKind.NoProposal => $"改善案なし: {u.Detail}",
            UnsaidKind.SimulatorFailed => $"シミュレーションできなかった: {u.Detail}",
            UnsaidKind.SimulatorMissing => $"シミュレーションしていない: {u.Detail}",
            UnsaidKind.NotCalibrated => $"シミュレーションの遅れは実測と平均 {u.Detail} % 違う。効果の数値は示せない",
            UnsaidKind.SolverFailed => $"ソルバーの答えがない: {u.Detail}",
            UnsaidKind.ClocksDiffer => u.Detail is null ? "制御機の記録はカメラの観測と合わず、使っていない" : $"制御機の時計はカメラと {u.Detail} 秒違う",
            UnsaidKind.LanesUnknown => $"車線は分からない。発進の様子から少なくとも {u.Detail} 車線とした",
            UnsaidKind.ExitsUnknown => $"{u.Detail} % の車は行き先が分からず、分かった車の割合で振り分けた",
            UnsaidKind.DemandOverCapacity => $"交差点の需要率 {u.Detail} は処理できる限度を越える。通過した台数は需要の下限である",
            UnsaidKind.ClassesUnknown => "車種が分からない。すべて小型車とみなした",
            _ => $"{u.Kind} {u.Detail}",
        },
    };

    public string Language { get; init; } = "en";
    public string VehicleHours { get; init; } = "veh·h";
    public string Vehicles { get; init; } = "vehicles";
    public string Congestion { get; init; } = "Congestion";
    public string Signals { get; init; } = "Signals";
    public string Movements { get; init; } = "Movements";
    public string Causes { get; init; } = "Causes, by vehicle-hours lost";
    public string Proposals { get; init; } = "What would help";
    public string NotSaid { get; init; } = "What cannot be said";
    public string Approach { get; init; } = "approach";
    public string Watched { get; init; } = "watched";
    public string Count { get; init; } = "vehicles";
    public string Lost { get; init; } = "lost, veh·h";
    public string CongestedShare { get; init; } = "congested";
    public string LongestQueue { get; init; } = "longest queue, m";
    public string Seen { get; init; } = "seen, m";
    public string NoEvent { get; init; } = "no congestion";
    public string Event { get; init; } = "congestion";
    public string Recurs { get; init; } = "comes again";
    public string DaysOf { get; init; } = "{0} to {1}, on {2} of {3} watched days, {4} veh·h a day";
    public string Inferred { get; init; } = "inferred from discharge at the stop lines";
    public string FromController { get; init; } = "from the controller's log";
    public string NoSignals { get; init; } = "nothing tells the signals";
    public string Clock { get; init; } = "the controller's clock is {0} s ahead of the cameras' (±{1})";
    public string Cycle { get; init; } = "cycle";
    public string Green { get; init; } = "green";
    public string Split { get; init; } = "split";
    public string Varies { get; init; } = "the cycle varies: mean {0} s, standard deviation {1} s ({2} cycles)";
    public string Movement { get; init; } = "movement";
    public string Heavy { get; init; } = "large";
    public string Saturation { get; init; } = "sat. flow/h";
    public string FlowRatio { get; init; } = "flow ratio";
    public string Degree { get; init; } = "deg. of sat.";
    public string OnGreen { get; init; } = "on green";
    public string Failures { get; init; } = "split failures";
    public string Delay { get; init; } = "delay, s";
    public string Lanes { get; init; } = "lanes";
    public string WorksheetNote { get; init; } = "* by the worksheet, not measured; movements that share lanes have one saturation flow, flow ratio and degree of saturation";
    public string PeakHour { get; init; } = "busiest hour";
    public string Today { get; init; } = "today";
    public string Proposed { get; init; } = "proposed";
    public string Webster { get; init; } = "Webster";
    public string WithinBound { get; init; } = "sparing side streets";
    public string MeanDelay { get; init; } = "mean delay";
    public string Stops { get; init; } = "stops";
    public string Gain { get; init; } = "saves {0} vehicle-hours an hour (95 % interval by the demand's error: {1} to {2})";
    public string NoChange { get; init; } = "nothing is better than today's timing";
    public string Worse { get; init; } = "waits longer: {0} by {1} s";
    public string WorseBound { get; init; } = " (beyond the bound)";
    public string SimulatedText { get; init; } = "{0}, {1} seeds: mean delay {2} -> {3} s, change {4} (95 % {5} to {6}), {7}";
    public string BeyondNoise { get; init; } = "beyond noise";
    public string WithinNoise { get; init; } = "within noise";
    public string Calibration { get; init; } = "calibration, measured / simulated delay: {0}";
    public string NotCalibratedText { get; init; } = "does not match what was measured";
    public string Assumed { get; init; } = "assumed";
    public string Measures { get; init; } = "beside that";
    public string Rivals { get; init; } = "or";
    public string Confidence { get; init; } = "confidence";

    public Func<CongestionLevel, string> Level { get; init; } = l => l.ToString().ToLowerInvariant();

    public Func<StudyStep, string> Step { get; init; } = s => s switch
    {
        StudyStep.Congestion => "congestion",
        StudyStep.Signals => "signals",
        StudyStep.Movements => "movements",
        StudyStep.Queues => "queues",
        StudyStep.Causes => "causes",
        StudyStep.Proposals => "proposals",
        _ => "simulation",
    };

    public Func<Unsaid, string> Unsaid { get; init; } = u => u.Kind switch
    {
        UnsaidKind.NotWatched => "nobody watched",
        UnsaidKind.CameraDegraded => $"the picture of camera {u.Detail} could not be trusted",
        UnsaidKind.TooLittleTraffic => "too few vehicles to tell anything",
        UnsaidKind.NoFixedCycle => "no cycle explains when vehicles pass",
        UnsaidKind.CycleVaries => "the cycle varies (actuated signals): no fixed timing can be proposed",
        UnsaidKind.PlanChanged => "the plan changed within this time",
        UnsaidKind.SaturationNotMeasured => $"saturation flow is the worksheet's, not measured: {u.Detail}",
        UnsaidKind.QueuesNotMeasured => "queues were not measured",
        UnsaidKind.QueueBeyondSight => $"the queue reached beyond what cameras see ({u.Detail} m)",
        UnsaidKind.DelayNotMeasured => u.Detail is null ? "delay was not measured" : $"cameras see {u.Detail} m before the gate, and measure no queue: delay further back is in no figure, and nobody knows whether it was congested",
        UnsaidKind.NoSignals => "nothing tells the signals",
        UnsaidKind.NoProposal => $"nothing is proposed: {u.Detail}",
        UnsaidKind.SimulatorFailed => $"could not be simulated: {u.Detail}",
        UnsaidKind.SimulatorMissing => $"was not simulated: {u.Detail}",
        UnsaidKind.NotCalibrated => $"simulated delays differ from the measured ones by {u.Detail} % on the mean: its figures of the proposal are no statement",
        UnsaidKind.SolverFailed => $"a solver gave no answer: {u.Detail}",
        UnsaidKind.ClocksDiffer => u.Detail is null ? "the controller's log does not fit what cameras saw, and was not used" : $"the controller's clock differs from the cameras' by {u.Detail} s",
        UnsaidKind.LanesUnknown => $"lanes are not known; by the discharge there are {u.Detail} at the least",
        UnsaidKind.ExitsUnknown => $"of {u.Detail} % of the vehicles nobody saw where they went: they are shared out as the others",
        UnsaidKind.DemandOverCapacity => $"the flow ratio of the intersection, {u.Detail}, is above what it can serve: what passed is the least that demand was",
        UnsaidKind.ClassesUnknown => "classes are not known: all are taken for cars",
        _ => $"{u.Kind} {u.Detail}",
    };

    /// <returns>Null for another language.</returns>
    public static StudyTexts? Of(string language) => language switch { "en" => English, "ja" => Japanese, _ => null };
}
