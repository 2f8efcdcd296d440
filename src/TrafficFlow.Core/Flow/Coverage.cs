using System.Collections.Immutable;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Core.Flow;

public enum WatchState
{
    /// <summary>Frames came at the configured rate, or close to it.</summary>
    Watching = 0,

    /// <summary>Frames came, but too few of them were processed, or the scene was not as calibrated: the counts cannot be trusted fully.</summary>
    Degraded = 1,
}

/// <summary>
/// What one camera watched: the half-open interval [From, To) of event time. It travels in order with the counts and after every count
/// that lies in it, so it is also the camera's watermark: no count earlier than <see cref="To"/> follows, save late ones.
/// </summary>
public sealed record Coverage(CameraId Camera, DateTimeOffset From, DateTimeOffset To, int FramesProcessed, int FramesDropped, WatchState State)
{
    /// <summary>The queues that were measured in the interval; none where nothing measures them.</summary>
    public ImmutableArray<QueueReading> Queues { get; init; } = [];

    public bool Equals(Coverage? other) =>
        other is not null && Camera == other.Camera && From == other.From && To == other.To && FramesProcessed == other.FramesProcessed
        && FramesDropped == other.FramesDropped && State == other.State && Queues.AsSpan().SequenceEqual(other.Queues.AsSpan());

    public override int GetHashCode() => HashCode.Combine(Camera, From, To, FramesProcessed, FramesDropped, State, Queues.Length);
}
