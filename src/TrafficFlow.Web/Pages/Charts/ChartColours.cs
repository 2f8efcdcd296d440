namespace TrafficFlow.Web.Pages.Charts;

/// <summary>Colours of lines: the site's variables, eight that people with a colour vision deficiency tell apart (Okabe and Ito, adapted to both grounds).</summary>
public static class ChartColours
{
    private const int Count = 8;

    public static string Of(int line) => $"var(--line-{(line % Count) + 1})";

    /// <summary>Beyond the colours lines are told apart by their dashes.</summary>
    public static string DashOf(int line) => (line / Count) switch
    {
        0 => "solid",
        1 => "dashed",
        _ => "dotted",
    };
}
