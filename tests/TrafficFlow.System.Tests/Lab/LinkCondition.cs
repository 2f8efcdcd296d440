namespace TrafficFlow.SystemTests.Lab;

/// <summary>What one direction of a link does to packets.</summary>
/// <param name="Delay">Each packet comes so much later.</param>
/// <param name="Loss">Share of the packets that never come, 0 to 1; 1 is a cut.</param>
internal readonly record struct LinkCondition(TimeSpan Delay, double Loss)
{
    public static LinkCondition Healthy => default;

    public static LinkCondition Cut { get; } = new(TimeSpan.Zero, 1);

    /// <summary>A mobile link on a bad day.</summary>
    public static LinkCondition Slow { get; } = new(TimeSpan.FromMilliseconds(200), 0.02);

    public LinkCondition And(LinkCondition other) => new(Delay > other.Delay ? Delay : other.Delay, Math.Max(Loss, other.Loss));
}
