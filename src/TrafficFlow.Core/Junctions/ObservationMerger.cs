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
    private sealed class Lane
    {
        public Queue<CameraObservation> Waiting { get; } = new();
        public LaneState State { get; set; } = LaneState.Expected;
        public bool IsLive { get; set; }
    }

    private enum LaneState
    {
        Expected,
        Open,
        Closed,
    }

    // Sorted by name: of two observations of one instant the same comes first, always.
    private readonly SortedDictionary<string, Lane> _lanes = new(
        cameras.ToDictionary(c => c.Value, _ => new Lane()), StringComparer.Ordinal);

    private DateTimeOffset _newest;

    /// <summary>Event time of the last observation that was taken.</summary>
    public DateTimeOffset Taken { get; private set; }

    /// <summary>Came after later ones had been taken, and are lost.</summary>
    public long Late { get; private set; }

    /// <summary>Observations that were not taken yet.</summary>
    public int Waiting => _lanes.Values.Sum(l => l.Waiting.Count);

    /// <summary>Every camera has ended or is away, and nothing waits.</summary>
    public bool IsIdle => _lanes.Values.All(l => l.State == LaneState.Closed && l.Waiting.Count == 0);

    /// <summary>No file has been opened: there is nothing that must be waited for to its end.</summary>
    private bool HasNoFile => !_lanes.Values.Any(l => l.State != LaneState.Expected && !l.IsLive);

    public void Open(CameraId camera, bool isLive)
    {
        if (!_lanes.TryGetValue(camera.Value, out var lane)) return;
        (lane.State, lane.IsLive) = (LaneState.Open, isLive);
    }

    /// <summary>The camera has ended or is away; what it gave before is still taken in order.</summary>
    public void Close(CameraId camera)
    {
        if (_lanes.TryGetValue(camera.Value, out var lane)) lane.State = LaneState.Closed;
    }

    /// <returns>False where it comes too late.</returns>
    public bool Add(CameraObservation observation)
    {
        if (!_lanes.TryGetValue(observation.Camera.Value, out var lane)) return false;
        if (observation.Time < Taken)
        {
            Late++;
            return false;
        }

        lane.Waiting.Enqueue(observation);
        if (observation.Time > _newest) _newest = observation.Time;
        return true;
    }

    /// <summary>The next observation, once no earlier one can come that is worth waiting for.</summary>
    public CameraObservation? Take()
    {
        Lane? first = null;
        foreach (var lane in _lanes.Values)
        {
            if (lane.Waiting.TryPeek(out var next) && (first is null || next.Time < first.Waiting.Peek().Time)) first = lane;
        }

        if (first is null) return null;
        var time = first.Waiting.Peek().Time;
        var isOverdue = _newest - time > patience;
        var hasNoFile = HasNoFile;
        foreach (var lane in _lanes.Values)
        {
            if (lane.State == LaneState.Closed || lane.Waiting.Count > 0) continue;
            // A camera that has not been opened yet may be a file or live. Where another one is a file it is taken for a file, and waited for.
            var waitsLittle = lane.State == LaneState.Open ? lane.IsLive : hasNoFile;
            if (!waitsLittle || !isOverdue) return null;
        }

        Taken = time;
        return first.Waiting.Dequeue();
    }

    /// <summary>The clock of the sources was set back: what follows is a new time.</summary>
    public void Restart()
    {
        foreach (var lane in _lanes.Values) lane.Waiting.Clear();
        (_newest, Taken) = (default, default);
    }
}
