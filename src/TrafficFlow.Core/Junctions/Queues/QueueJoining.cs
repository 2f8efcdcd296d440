using TrafficFlow.Core.Sites;

namespace TrafficFlow.Core.Junctions.Queues;

/// <summary>A vehicle joined the queue before an approach's entering gate.</summary>
/// <param name="Vehicle">Number of its <see cref="QueueCandidate"/>.</param>
/// <param name="Time">Seconds since the origin.</param>
/// <param name="Metres">From the gate back to its middle: how long it is, is known better later.</param>
/// <param name="IsNewWait">It had been parked: what it stood for before was no queue.</param>
internal readonly record struct QueueJoining(long Vehicle, ApproachId Approach, double Time, double Metres, bool IsNewWait)
{
    /// <summary>Of one vehicle, the joining with which its present wait began.</summary>
    public static QueueJoining? First(QueueJoining? one, QueueJoining? another) =>
        one is not { } a ? another
        : another is not { } b ? one
        : a.Time > b.Time ? First(b, a)
        // It waits before another gate than it seemed to.
        : b.IsNewWait || b.Approach != a.Approach ? b : a;
}
