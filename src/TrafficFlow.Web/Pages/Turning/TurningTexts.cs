namespace TrafficFlow.Web.Pages.Turning;

/// <summary>What the turning table says, in one language.</summary>
public sealed record TurningTexts
{
    public required string Title { get; init; }

    public required string Explained { get; init; }

    public required string Class { get; init; }

    public required string AllClasses { get; init; }

    public required string From { get; init; }

    public required string To { get; init; }

    public required string Unknown { get; init; }

    public required string Entering { get; init; }

    public required string Exiting { get; init; }

    public required string Heavy { get; init; }

    public required string PeakTitle { get; init; }

    public required string PeakExplained { get; init; }

    public required string NoPeak { get; init; }

    public required string PeakHour { get; init; }

    public required string Volume { get; init; }

    public required string MaxQuarter { get; init; }

    public required string Factor { get; init; }

    public required string Approach { get; init; }

    public required string Junction { get; init; }

    public required string Watched { get; init; }

    public required string Print { get; init; }

    public required string NotWatched { get; init; }

    public required string LowerBound { get; init; }

    private static readonly TurningTexts English = new()
    {
        Title = "Turning table",
        Explained = "Vehicles from each approach (rows) to each exit (columns), of the days chosen. Unknown: seen at one end of the junction only. Heavy: heavy goods vehicles and buses of all whose class is known.",
        Class = "Class",
        AllClasses = "all",
        From = "From",
        To = "To",
        Unknown = "unknown",
        Entering = "Entering",
        Exiting = "Exiting",
        Heavy = "Heavy",
        PeakTitle = "Peak hour",
        PeakExplained = "The four successive quarter hours, all of them watched, in which most vehicles entered. PHF = V60 / (4 × V15max).",
        NoPeak = "No hour was watched in all its quarters, so that nothing can be called a peak.",
        PeakHour = "Peak hour",
        Volume = "Vehicles in it",
        MaxQuarter = "Busiest 15 min",
        Factor = "PHF",
        Approach = "Approach",
        Junction = "Whole junction",
        Watched = "Watched",
        Print = "Print",
        NotWatched = "not watched",
        LowerBound = "Some of these days was not watched: the figures are a lower bound.",
    };

    private static readonly TurningTexts Japanese = new()
    {
        Title = "方向別交通量表",
        Explained = "選択した期間の流入路（行）から流出路（列）への台数。不明は交差点の一端でのみ観測された車両。大型車混入率は車種の分かる車両に占める普通貨物車とバスの割合。",
        Class = "車種",
        AllClasses = "すべて",
        From = "流入",
        To = "流出",
        Unknown = "不明",
        Entering = "流入計",
        Exiting = "流出計",
        Heavy = "大型車混入率",
        PeakTitle = "ピーク時間",
        PeakExplained = "連続する4つの15分間（すべて観測済み）のうち流入台数が最大の1時間。PHF = V60 / (4 × V15max)。",
        NoPeak = "4つの15分間がすべて観測された1時間がないため、ピーク時間を決められません。",
        PeakHour = "ピーク1時間",
        Volume = "ピーク時台数",
        MaxQuarter = "最大15分台数",
        Factor = "PHF",
        Approach = "流入路",
        Junction = "交差点全体",
        Watched = "観測率",
        Print = "印刷",
        NotWatched = "未観測",
        LowerBound = "期間の一部が観測されていないため、台数は下限値です。",
    };

    public static TurningTexts For(string? language) => language == "ja" ? Japanese : English;
}
