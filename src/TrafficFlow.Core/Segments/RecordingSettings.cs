namespace TrafficFlow.Core.Segments;

/// <summary>What is recorded of a camera, and how. Not part of what is counted: it does not enter the hash of the site.</summary>
public sealed record RecordingSettings(RecordingPlan Plan)
{
    public static readonly RecordingSettings Off = new(RecordingPlan.Off);

    public static readonly TimeSpan ShortestSegment = TimeSpan.FromSeconds(5);
    public static readonly TimeSpan LongestSegment = TimeSpan.FromMinutes(10);

    /// <summary>Best and worst <see cref="Quality"/>.</summary>
    public const int BestQuality = 16, WorstQuality = 40;

    /// <summary>Event time of one segment.</summary>
    public TimeSpan SegmentLength { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Constant rate factor of H.264: lower is better and larger.</summary>
    public int Quality { get; init; } = 23;

    /// <summary>Most kbit/s, over a second or two; null: as many as the quality asks for.</summary>
    public int? MostKilobits { get; init; }
}
