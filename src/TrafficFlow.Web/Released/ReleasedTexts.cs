using TrafficFlow.Core.Release;
using TrafficFlow.Web.Formats.Tables;

namespace TrafficFlow.Web.Released;

/// <summary>What the page of the city says, in one language.</summary>
internal sealed record ReleasedTexts
{
    public required string Title { get; init; }

    public required string Explained { get; init; }

    public required string NoSites { get; init; }

    public required string Rows { get; init; }

    /// <summary>Hours of a day, days of a month, months of a year.</summary>
    public required IReadOnlyDictionary<ReleasedPeriod, string> By { get; init; }

    public required string Day { get; init; }

    public required string Approach { get; init; }

    public required string Columns { get; init; }

    public required string Movements { get; init; }

    /// <summary>Before the name of a movement.</summary>
    public required string Classes { get; init; }

    public required string Show { get; init; }

    public required string Refused { get; init; }

    public required string Nothing { get; init; }

    public required string Period { get; init; }

    public required string Entering { get; init; }

    public required string Exiting { get; init; }

    /// <summary>Before the name of an exit.</summary>
    public required string To { get; init; }

    public required string AllClasses { get; init; }

    public required string Watched { get; init; }

    public required string Download { get; init; }

    public required string Print { get; init; }

    /// <summary>In place of a number, with what it means.</summary>
    public required IReadOnlyDictionary<CellState, (string Short, string Meaning)> States { get; init; }

    private static readonly ReleasedTexts English = new()
    {
        Title = "Released statistics",
        Explained = "Vehicles counted on each approach, as they are released outside. Numbers so small that single vehicles could be told apart are withheld, and so are as many others as would give them away by subtraction.",
        NoSites = "No site is counted here.",
        Rows = "Rows",
        By = new Dictionary<ReleasedPeriod, string> { [ReleasedPeriod.Hour] = "hours of a day", [ReleasedPeriod.Day] = "days of a month", [ReleasedPeriod.Month] = "months of a year" },
        Day = "Day",
        Approach = "Approach",
        Columns = "Columns",
        Movements = "movements",
        Classes = "classes",
        Show = "Show",
        Refused = "The address named a day, an approach or a table that there is not: the usual one is shown.",
        Nothing = "Nothing is released of that time: it has not begun, or is kept no more.",
        Period = "Begin",
        Entering = "all entering",
        Exiting = "all exiting",
        To = "to",
        AllClasses = "all classes",
        Watched = "Watched",
        Download = "Download",
        Print = "Print",
        States = new Dictionary<CellState, (string, string)>
        {
            [CellState.Missing] = ("not watched", "no camera watched, which is not zero"),
            [CellState.Suppressed] = ("withheld", "so few that single vehicles could be told apart, or needed to hide such a number"),
            [CellState.Coarsened] = ("longer only", "told of longer periods only"),
            [CellState.Pending] = ("not settled", "may still change, and is decided later"),
        },
    };

    private static readonly ReleasedTexts Japanese = new()
    {
        Title = "公開統計",
        Explained = "流入路ごとの交通量を、外部に公開できる形で示します。個々の車両を識別できるほど小さい値と、差し引きでその値が分かってしまう値は秘匿されます。",
        NoSites = "計測している交差点がありません。",
        Rows = "行",
        By = new Dictionary<ReleasedPeriod, string> { [ReleasedPeriod.Hour] = "1日の時間別", [ReleasedPeriod.Day] = "1か月の日別", [ReleasedPeriod.Month] = "1年の月別" },
        Day = "日付",
        Approach = "流入路",
        Columns = "列",
        Movements = "方向別",
        Classes = "車種別",
        Show = "表示",
        Refused = "アドレスの日付・流入路・表の指定が正しくないため、標準の表を表示しています。",
        Nothing = "この期間に公開できる統計はありません（まだ始まっていないか、保存期間を過ぎています）。",
        Period = "開始",
        Entering = "流入計",
        Exiting = "流出計",
        To = "→",
        AllClasses = "全車種",
        Watched = "観測率",
        Download = "ダウンロード",
        Print = "印刷",
        States = new Dictionary<CellState, (string, string)>
        {
            [CellState.Missing] = ("欠測", "観測されていません（ゼロではありません）"),
            [CellState.Suppressed] = ("秘匿", "個々の車両を識別できるほど少ないか、その値を守るために伏せています"),
            [CellState.Coarsened] = ("長期のみ", "より長い期間でのみ公開します"),
            [CellState.Pending] = ("確定前", "今後変わる可能性があり、確定後に公開します"),
        },
    };

    public static ReleasedTexts For(string? language) => language == "ja" ? Japanese : English;
}
