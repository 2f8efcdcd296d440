namespace TrafficFlow.Core.Junctions;

/// <summary>When tracks of several cameras are the same vehicle. Metres and seconds, so they hold at any junction and frame rate.</summary>
public sealed record FusionSettings
{
    public static readonly FusionSettings Default = new();

    /// <summary>How far two observations of one vehicle may lie apart along its way, besides their own errors.</summary>
    public double AlongMetres { get; init; } = 3;

    /// <summary>And for each metre of its length: one camera sees the front of a bus, another its rear.</summary>
    public double AlongPerLength { get; init; } = 0.35;

    /// <summary>A camera's track that leaps so far from where it was going has gone over to another vehicle.</summary>
    public double JumpMetres { get; init; } = 2.5;

    /// <summary>The same across its way: less than a lane, or the neighbour would do.</summary>
    public double AcrossMetres { get; init; } = 1.5;

    /// <summary>By how much both grow for each second in which no camera saw the vehicle.</summary>
    public double DriftMetresPerSecond { get; init; } = 1.5;

    /// <summary>How much velocities may differ, m/s, besides what the errors allow.</summary>
    public double VelocityGate { get; init; } = 4;

    /// <summary>A camera's newest word about a vehicle holds for so long.</summary>
    public double FreshSeconds { get; init; } = 0.35;

    /// <summary>So long a vehicle that was moving when it was last seen is waited for.</summary>
    public double MovingPatienceSeconds { get; init; } = 3;

    /// <summary>The same for one that stood: a bus hides a queue for a whole red phase.</summary>
    public double StandingPatienceSeconds { get; init; } = 30;

    /// <summary>Two vehicles that no camera saw apart and that keep together for so long are one.</summary>
    public double MergeAfterSeconds { get; init; } = 0.8;

    /// <summary>The same for two that are farther apart than one vehicle should be, but move as one.</summary>
    public double MergeApartAfterSeconds { get; init; } = 2;

    /// <summary>How many times farther apart.</summary>
    public double MergeApartLeniency { get; init; } = 1.8;

    /// <summary>An observation that contradicts the others for so long belongs to another vehicle.</summary>
    public double SplitAfterSeconds { get; init; } = 0.8;

    /// <summary>A vehicle that was beside another one for more than this share of its way over the junction is a second image of it.</summary>
    public double DoubleShare { get; init; } = 0.5;

    /// <summary>Beside, where no camera saw two: <see cref="AlongMetres"/>, and so much for each metre of the longer one, along its way...</summary>
    public double DoublePerLength { get; init; } = 0.5;

    /// <summary>...and so far across it.</summary>
    public double DoubleAcrossMetres { get; init; } = 4;

    /// <summary>Where a camera did see two: solid things cannot be nearer along their way than this share of their lengths together...</summary>
    public double SolidShare { get; init; } = 0.4;

    /// <summary>...while they are no farther apart across it than this, metres: half a lane.</summary>
    public double SolidAcrossMetres { get; init; } = 1.5;

    /// <summary>How far beyond a gate the vehicle's middle must come, metres: the hysteresis.</summary>
    public double BeyondMetres { get; init; } = 0.5;

    /// <summary>
    /// A vehicle must have come so far while it was seen; where one of its ends is unknown, on or before the junction: else it is rather a
    /// piece of one that is counted anyway.
    /// </summary>
    public double LeastWayMetres { get; init; } = 12;

    /// <summary>So long bins wait for a vehicle that is on the junction; after that its exit counts as unknown.</summary>
    public double LongestJourneySeconds { get; init; } = 120;

    /// <summary>Speed of undisturbed traffic, from which delay is counted.</summary>
    public double FreeFlowKmh { get; init; } = 40;
}
