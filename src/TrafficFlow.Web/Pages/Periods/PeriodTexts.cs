namespace TrafficFlow.Web.Pages.Periods;

/// <summary>What the choice of days says, in one language.</summary>
public sealed record PeriodTexts
{
    public required string Days { get; init; }

    public required string From { get; init; }

    public required string To { get; init; }

    public required string Newest { get; init; }

    public required string Last7 { get; init; }

    public required string Last30 { get; init; }

    public required string LastYear { get; init; }

    public required string Refused { get; init; }

    public required string Reading { get; init; }

    public required string TablesAway { get; init; }

    public required string Nothing { get; init; }

    /// <summary>That what was before a moment is gone because of its age, and since which day.</summary>
    public required Func<DateTime, DateOnly, string> Removed { get; init; }

    private static readonly PeriodTexts English = new()
    {
        Days = "Days",
        From = "From",
        To = "To",
        Newest = "Newest day",
        Last7 = "7 days",
        Last30 = "30 days",
        LastYear = "Year",
        Refused = "These days cannot be shown: the first must not be after the last, and 366 days are the most. The newest day is shown.",
        Reading = "Reading…",
        TablesAway = "The tables do not answer now; the page tries again.",
        Nothing = "Nobody watched on these days: there is nothing to show, which is not zero.",
        Removed = (before, on) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"What was counted before {before:yyyy-MM-dd HH:mm} was removed by retention on {on:yyyy-MM-dd}, as the site's policy says. It is missing here, which is not zero."),
    };

    private static readonly PeriodTexts Japanese = new()
    {
        Days = "期間",
        From = "開始日",
        To = "終了日",
        Newest = "最新の日",
        Last7 = "7日間",
        Last30 = "30日間",
        LastYear = "1年間",
        Refused = "この期間は表示できません。開始日は終了日以前、期間は最長366日です。最新の日を表示しています。",
        Reading = "読み込み中…",
        TablesAway = "データベースが応答しません。自動的に再試行します。",
        Nothing = "この期間は観測されていません（交通量ゼロではありません）。",
        Removed = (before, on) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{before:yyyy年M月d日 H:mm}より前のデータは、保存期間の定めにより{on:yyyy年M月d日}に消去されました。ここにないことは交通量ゼロを意味しません。"),
    };

    public static PeriodTexts For(string? language) => language == "ja" ? Japanese : English;
}
