namespace TrafficFlow.Web.Pages;

/// <summary>What the choice between now and a day says on a junction's page, in one language.</summary>
public sealed record JunctionTexts
{
    public required string Live { get; init; }

    public required string Day { get; init; }

    public required string Time { get; init; }

    public required string NoSuchDay { get; init; }

    private static readonly JunctionTexts English = new() { Live = "Live", Day = "A day", Time = "Time of the day", NoSuchDay = "That is no day that can be shown." };

    private static readonly JunctionTexts Japanese = new() { Live = "リアルタイム", Day = "日付", Time = "時刻", NoSuchDay = "この日は表示できません。" };

    public static JunctionTexts For(string? language) => language == "ja" ? Japanese : English;
}
