namespace TrafficFlow.Core.Counting;

/// <summary>When a passed line counts. Lengths in box sizes of the vehicle, times in seconds.</summary>
public sealed record GateSettings
{
    public static readonly GateSettings Default = new();

    /// <summary>How far beyond the line the ground point must come before the crossing counts: the hysteresis.</summary>
    public double Beyond { get; init; } = 0.12;

    /// <summary>The same in pixels: a small box trembles by more than its share.</summary>
    public double BeyondPixels { get; init; } = 2;

    /// <summary>
    /// How long a crossing is held back so that the class is voted by more of the track, seconds. It is given out earlier when the track
    /// ends. The watermark waits as long.
    /// </summary>
    public double HoldSeconds { get; init; } = 5;
}
