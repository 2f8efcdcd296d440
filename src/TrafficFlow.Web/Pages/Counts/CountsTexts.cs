using TrafficFlow.Core.Detection;

namespace TrafficFlow.Web.Pages.Counts;

/// <summary>What the page of counts says, in one language.</summary>
public sealed record CountsTexts
{
    public required string Title { get; init; }

    public required string By { get; init; }

    public required string ByApproach { get; init; }

    public required string ByMovement { get; init; }

    public required string ByClass { get; init; }

    public required string Approach { get; init; }

    public required string AllApproaches { get; init; }

    public required string Step { get; init; }

    public required string FiveMinutes { get; init; }

    public required string QuarterHour { get; init; }

    public required string Hour { get; init; }

    public required string Day { get; init; }

    public required string Compare { get; init; }

    public required string All { get; init; }

    public required string WeekBefore { get; init; }

    public required string ClockChanged { get; init; }

    public required string Vehicles { get; init; }

    public required string Watched { get; init; }

    public required string NotWatched { get; init; }

    public required string Explained { get; init; }

    public required string Totals { get; init; }

    public required string Total { get; init; }

    public required string Mean { get; init; }

    public required string Busiest { get; init; }

    public required string Table { get; init; }

    public required string Time { get; init; }

    public required string Degraded { get; init; }

    public required string Download { get; init; }

    public required string DownloadTooLong { get; init; }

    public required string To { get; init; }

    public required string Unknown { get; init; }

    public required IReadOnlyDictionary<VehicleClass, string> Classes { get; init; }

    private static readonly CountsTexts English = new()
    {
        Title = "Counts",
        By = "Lines",
        ByApproach = "Approaches",
        ByMovement = "Movements",
        ByClass = "Classes",
        Approach = "Approach",
        AllApproaches = "all",
        Step = "Step",
        FiveMinutes = "5 min",
        QuarterHour = "15 min",
        Hour = "1 h",
        Day = "1 day",
        Compare = "Compare with the same weekday a week before",
        All = "all",
        WeekBefore = "all, 7 days before",
        ClockChanged = "The clock was changed in these days or in those a week before. Steps are compared by the time of the clock: one that it skips or shows twice is not comparable, and the line of the week before breaks there.",
        Vehicles = "Vehicles",
        Watched = "Watched",
        NotWatched = "not watched",
        Explained = "Vehicles that entered the junction, in each step by the site's clock. Drag below to zoom. A line that breaks was not watched: that is missing, not zero. The lower strip shows how much of each step was watched; orange where a camera was moved, blinded or too slow, so that the counts cannot be trusted fully.",
        Totals = "Totals of the days shown",
        Total = "Vehicles",
        Mean = "per watched hour",
        Busiest = "Busiest step",
        Table = "Figures of every step",
        Time = "Begins",
        Degraded = "degraded",
        Download = "Download",
        DownloadTooLong = "These days are more than one file may hold in this step: choose fewer days or longer steps, or ask for pages by the interface for programs.",
        To = "to",
        Unknown = "unknown",
        Classes = new Dictionary<VehicleClass, string>
        {
            [VehicleClass.PassengerCar] = "passenger car",
            [VehicleClass.LightGoods] = "light goods",
            [VehicleClass.HeavyGoods] = "heavy goods",
            [VehicleClass.Bus] = "bus",
            [VehicleClass.Motorcycle] = "motorcycle",
            [VehicleClass.Unclassified] = "unclassified",
        },
    };

    private static readonly CountsTexts Japanese = new()
    {
        Title = "交通量",
        By = "表示",
        ByApproach = "流入路別",
        ByMovement = "方向別",
        ByClass = "車種別",
        Approach = "流入路",
        AllApproaches = "すべて",
        Step = "集計間隔",
        FiveMinutes = "5分",
        QuarterHour = "15分",
        Hour = "1時間",
        Day = "1日",
        Compare = "前週の同じ曜日と比較",
        All = "合計",
        WeekBefore = "合計（7日前）",
        ClockChanged = "表示期間または前週に時刻の切り替えがありました。同じ時計時刻どうしを比較します。存在しない、または2回ある時間帯は比較不可で、前週の線はそこで切れます。",
        Vehicles = "台数",
        Watched = "観測率",
        NotWatched = "未観測",
        Explained = "交差点に流入した車両の台数（現地時刻の集計間隔ごと）。下の帯をドラッグすると拡大できます。線が切れている時間は観測されていません（ゼロではありません）。下段は各間隔の観測率で、橙色はカメラのずれ・遮蔽・処理遅れのため台数を十分に信頼できない時間です。",
        Totals = "表示期間の合計",
        Total = "台数",
        Mean = "台/観測時間",
        Busiest = "最大の間隔",
        Table = "各間隔の数値",
        Time = "開始時刻",
        Degraded = "品質低下",
        Download = "ダウンロード",
        DownloadTooLong = "この集計間隔では1つのファイルに収まりません。期間を短くするか間隔を長くしてください。プログラム用インターフェースではページ単位で取得できます。",
        To = "→",
        Unknown = "不明",
        Classes = new Dictionary<VehicleClass, string>
        {
            [VehicleClass.PassengerCar] = "乗用車",
            [VehicleClass.LightGoods] = "小型貨物車",
            [VehicleClass.HeavyGoods] = "普通貨物車",
            [VehicleClass.Bus] = "バス",
            [VehicleClass.Motorcycle] = "二輪車",
            [VehicleClass.Unclassified] = "車種不明",
        },
    };

    public static CountsTexts For(string? language) => language == "ja" ? Japanese : English;
}
