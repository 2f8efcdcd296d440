using TrafficFlow.Analysis.Causes;

namespace TrafficFlow.Web.Pages.Analysis;

/// <summary>What a figure of evidence is called, its unit, and what it is held against.</summary>
/// <param name="Unit">Behind the figure; empty for a ratio.</param>
/// <param name="Reference">What its reference is.</param>
/// <param name="Words">Of the language.</param>
public sealed record EvidenceWords(StudyWords Words, string Name, string Unit, string Reference, string Format = "0.0", double Factor = 1)
{
    private static readonly Dictionary<EvidenceName, (string English, string Japanese, string Unit, string EnglishReference, string JapaneseReference, string Format, double Factor)> s_all = new()
    {
        [EvidenceName.DegreeOfSaturation] = ("degree of saturation", "飽和度", "", "limit", "上限", "0.00", 1),
        [EvidenceName.IntersectionFlowRatio] = ("flow ratio of the intersection", "交差点の需要率", "", "limit", "上限", "0.00", 1),
        [EvidenceName.CycleSeconds] = ("cycle", "サイクル長", "s", "Webster's for this demand", "この需要でのWebsterの値", "0.0", 1),
        [EvidenceName.GreenSeconds] = ("green of the movement", "青時間", "s", "what its demand needs", "需要に必要な青時間", "0.0", 1),
        [EvidenceName.ArrivalsOnGreen] = ("arrivals on green", "青時間到着率", "%", "green ratio", "青時間比", "0", 100),
        [EvidenceName.ExitSpeedKmh] = ("speed at the exit", "流出速度", "km/h", "when it was free", "順調時", "0.0", 1),
        [EvidenceName.InsideSeconds] = ("time from entering to exiting gate", "交差点内所要時間", "s", "when it was free", "順調時", "0.0", 1),
        [EvidenceName.DischargePerHour] = ("discharge while a queue stood", "行列時の捌け流率", "veh/h green", "saturation flow", "飽和交通流率", "0", 1),
        [EvidenceName.LaneShare] = ("vehicles that kept to their usual lane", "通常の車線を通過した割合", "%", "when it was free", "順調時", "0", 100),
        [EvidenceName.HeavyShare] = ("large vehicles", "大型車混入率", "%", "usual share", "平常時", "0", 100),
        [EvidenceName.DemandPerHour] = ("arrivals", "到着交通量", "veh/h", "usual on that day", "当日の平常値", "0", 1),
        [EvidenceName.FreeSpeedKmh] = ("free speed over all approaches", "自由走行速度（全流入路）", "km/h", "usual", "平常時", "0.0", 1),
        [EvidenceName.HeadwaySeconds] = ("saturation headway", "飽和車頭時間", "s", "usual", "平常時", "0.00", 1),
        [EvidenceName.TurnStartSeconds] = ("turning discharge begins after green", "右左折の発進遅れ（青開始後）", "s", "usual", "平常時", "0.0", 1),
        [EvidenceName.QueueMetres] = ("back of the queue", "待ち行列後端", "m", "limit (lane length or sight)", "限度（車線長・視野）", "0", 1),
        [EvidenceName.ObservedShare] = ("watched part of the time", "観測率", "%", "what a judgement needs", "判定に必要な値", "0", 100),
        [EvidenceName.SplitFailures] = ("cycles whose green did not serve the queue", "スプリット不足のサイクル", "%", "other movements, or when it was free", "他の動線・順調時", "0", 100),
        [EvidenceName.DelaySeconds] = ("mean delay", "平均遅れ", "s", "when it was free", "順調時", "0.0", 1),
        [EvidenceName.StandSeconds] = ("a vehicle stood where none should", "停止すべきでない場所での停止", "s", "limit", "限度", "0", 1),
        [EvidenceName.TurningPerHour] = ("vehicles that turned", "右左折交通量", "veh/h", "what the lane can pass", "車線の容量", "0", 1),
        [EvidenceName.OnsetMinutes] = ("from usual to worst within", "平常から最悪までの時間", "min", "a gradual onset", "緩やかな発生", "0", 1),
    };

    public static EvidenceWords Of(EvidenceName name, StudyWords words)
    {
        if (!s_all.TryGetValue(name, out var of)) return new EvidenceWords(words, $"{name}", "?", "");
        return words.Language == "ja"
            ? new EvidenceWords(words, of.Japanese, Unit(of.Unit), of.JapaneseReference, of.Format, of.Factor)
            : new EvidenceWords(words, of.English, of.Unit, of.EnglishReference, of.Format, of.Factor);

        static string Unit(string unit) => unit switch
        {
            "s" => "秒",
            "min" => "分",
            "veh/h" => "台/時",
            "veh/h green" => "台/青1時間",
            _ => unit,
        };
    }

    public static IEnumerable<EvidenceName> Known => s_all.Keys;

    /// <summary>A figure with its unit.</summary>
    public string Write(double value) => !double.IsFinite(value) ? StudyView.Dash : Unit.Length == 0 ? StudyView.Number(value * Factor, Format) : $"{StudyView.Number(value * Factor, Format)} {Unit}";

    /// <summary>A figure, and what it is held against.</summary>
    public string Write(EvidenceFigure figure) => $"{Name} {Write(figure.Value)}{(HeldAgainst(figure) is { } held ? StudyWords.With(Words.InBrackets, held) : "")}";

    /// <summary>Null where it is held against nothing.</summary>
    public string? HeldAgainst(EvidenceFigure figure) => figure.Reference is { } reference && double.IsFinite(reference) ? $"{Reference}{Words.Colon}{Write(reference)}" : null;
}
