namespace TrafficFlow.Core.Junctions.Queues;

/// <summary>When a vehicle is queued.</summary>
public sealed record QueueSettings
{
    public static readonly QueueSettings Default = new();

    /// <summary>A vehicle joins below this speed, km/h.</summary>
    public double JoinsBelowKmh { get; init; } = 5;

    /// <summary>And leaves above this, km/h.</summary>
    public double LeavesAboveKmh { get; init; } = 10;

    /// <summary>To the one before it, or to the gate, from bumper to bumper: what stands farther behind stands for another reason, metres.</summary>
    public double GapMetres { get; init; } = 20;

    /// <summary>What faces the gate at a larger angle comes from elsewhere, degrees.</summary>
    public double AngleDegrees { get; init; } = 50;

    /// <summary>What has stood in one place for longer is parked, seconds: longer than any red.</summary>
    public double ParkedAfterSeconds { get; init; } = 300;

    /// <summary>What jitters within this has not moved, metres.</summary>
    public double SamePlaceMetres { get; init; } = 3;

    /// <summary>Between samples; a gap of more than three of them is not measured, seconds.</summary>
    public double SampleSeconds { get; init; } = 1;
}
