using TrafficFlow.Core.Sites;

namespace TrafficFlow.Core.Junctions;

/// <summary>
/// Puts the observations of several cameras in order of event time. A file is waited for until it has ended, so that the same files always give
/// the same order; a live camera only for a while, so that one that hangs does not hold up the others. Pure: no clock.
/// </summary>
/// <param name="cameras">All that may come.</param>
/// <param name="patience">How far behind the newest observation a live camera may lie before the others go on without it.</param>
public sealed class ObservationMerger(IReadOnlyList<CameraId> cameras, TimeSpan patience)
{
    private sealed class CameraQueue
    {
        public Queue<CameraObservation> Waiting { get; } = new();
        public CameraQueueState State { get; set; } = CameraQueueState.Expected;
        public bool IsLive { get; set; }
    }

    private enum CameraQueueState
    {
        Expected,
        Open,
        Closed,
    }

    // Sorted by name: of two observations of one instant the same comes first, always.
    private readonly SortedDictionary<string, CameraQueue> _queues = new(
        cameras.ToDictionary(c => c.Value, _ => new CameraQueue()), StringComparer.Ordinal);

    private DateTimeOffset _newest;

    /// <summary>Event time of the last observation that was taken.</summary>
    public DateTimeOffset Taken { get; private set; }

    /// <summary>Came after later ones had been taken, and are lost.</summary>
    public long Late { get; private set; }

    /// <summary>Observations that were not taken yet.</summary>
    public int Waiting => _queues.Values.Sum(l => l.Waiting.Count);

    /// <summary>Every camera has ended or is away, and nothing waits.</summary>
    public bool IsIdle => _queues.Values.All(l => l.State == CameraQueueState.Closed && l.Waiting.Count == 0);

    /// <summary>No file has been opened: there is nothing that must be waited for to its end.</summary>
    private bool HasNoFile => !_queues.Values.Any(l => l.State != CameraQueueState.Expected && !l.IsLive);

    public void Open(CameraId camera, bool isLive)
    {
        if (!_queues.TryGetValue(camera.Value, out var queue)) return;
        (queue.State, queue.IsLive) = (CameraQueueState.Open, isLive);
    }

    /// <summary>The camera has ended or is away; what it gave before is still taken in order.</summary>
    public void Close(CameraId camera)
    {
        if (_queues.TryGetValue(camera.Value, out var queue)) queue.State = CameraQueueState.Closed;
    }

    /// <returns>False where it comes too late.</returns>
    public bool Add(CameraObservation observation)
    {
        if (!_queues.TryGetValue(observation.Camera.Value, out var queue)) return false;
        if (observation.Time < Taken)
        {
            Late++;
            return false;
        }

        queue.Waiting.Enqueue(observation);
        if (observation.Time > _newest) _newest = observation.Time;
        return true;
    }

    /// <summary>The next observation, once no earlier one can come that is worth waiting for.</summary>
    public CameraObservation? Take()
    {
        CameraQueue? first = null;
        foreach (var queue in _queues.Values)
        {
            if (queue.Waiting.TryPeek(out var next) && (first is null || next.Time < first.Waiting.Peek().Time)) first = queue;
        }

        if (first is null) return null;
        var time = first.Waiting.Peek().Time;
        var isOverdue = _newest - time > patience;
        var hasNoFile = HasNoFile;
        foreach (var queue in _queues.Values)
        {
            if (queue.State == CameraQueueState.Closed || queue.Waiting.Count > 0) continue;
            // A camera that has not been opened yet may be a file or live. Where another one is a file it is taken for a file, and waited for.
            var waitsLittle = queue.State == CameraQueueState.Open ? queue.IsLive : hasNoFile;
            if (!waitsLittle || !isOverdue) return null;
        }

        Taken = time;
        return first.Waiting.Dequeue();
    }

    /// <summary>The clock of the sources was set back: what follows is a new time.</summary>
    public void Restart()
    {
        foreach (var queue in _queues.Values) queue.Waiting.Clear();
        (_newest, Taken) = (default, default);
    }
}
