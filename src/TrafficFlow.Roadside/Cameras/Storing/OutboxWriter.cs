using Akka.Actor;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Junctions;
using TrafficFlow.Core.Sites;
using TrafficFlow.Roadside.Evidence;
using TrafficFlow.Roadside.Outbox;
using TrafficFlow.Wire.Delivery;
using TrafficFlow.Wire.Telemetry;

namespace TrafficFlow.Roadside.Cameras.Storing;

/// <summary>
/// Writes what an actor counts to its outbox: opens an epoch for each log, keeps entries until they are stored, one store under way at a
/// time, and asks again when no answer comes. A log that is closed is stored to its end before the next one gets its epoch. Part of the
/// actor whose messages it is given; not thread-safe.
/// </summary>
internal sealed class OutboxWriter : ICountSink
{
    private sealed class Log
    {
        public UnacknowledgedEntries Unacknowledged { get; } = new();
        public OpenEpoch? Open { get; set; }
        public long Epoch { get; set; }
    }

    // Closed ones that are not stored to their end, then the one that is written.
    private readonly Queue<Log> _logs = new([new Log()]);
    private readonly IWithTimers _owner;
    private readonly object _retry;
    private readonly TimeSpan _retryAfter;
    private readonly EvidenceSink? _evidence;
    private Log _written;
    private IActorRef _outbox = ActorRefs.Nobody;
    private bool _storing;

    /// <param name="owner">The actor; its timers are there only once it has started.</param>
    /// <param name="retry">What the actor tells itself to have <see cref="StoreAgain"/> called.</param>
    /// <param name="evidence">Who keeps why things were counted; null for nobody.</param>
    public OutboxWriter(IWithTimers owner, object retry, TimeSpan retryAfter, EvidenceSink? evidence = null)
    {
        (_owner, _retry, _retryAfter, _evidence) = (owner, retry, retryAfter, evidence);
        _written = _logs.Peek();
    }

    private Log Stored => _logs.Peek();

    /// <summary>Not stored yet.</summary>
    public int Count
    {
        get
        {
            // Asked for with every frame: nothing is allocated for it.
            var count = 0;
            foreach (var log in _logs) count += log.Unacknowledged.Count;
            return count;
        }
    }

    /// <summary>Of the log that is written; 0 until the outbox has given one.</summary>
    public long Epoch => _written.Epoch;

    /// <summary>The outbox lacks entries that it had confirmed, and takes no more.</summary>
    public bool OutboxHasGap { get; private set; }

    public bool IsOpen => _written.Open is not null;

    /// <summary>Numbers of the vehicles that were added since the owner cleared it; kept only while somebody listens to traces; null where the owner tells no spans.</summary>
    public List<long>? Traced { get; init; }

    public void Add(CountedVehicle vehicle) => Add(vehicle, null);

    public void Add(CountedVehicle vehicle, CountEvidence? evidence)
    {
        _written.Unacknowledged.Add(vehicle, _evidence is null ? null : evidence);
        if (CrossingTrace.IsOn) Traced?.Add(_written.Unacknowledged.Last);
    }

    public void Add(Coverage coverage) => _written.Unacknowledged.Add(coverage);

    public void Add(CameraId junction, Journey journey, CountEvidence? evidence = null) => _written.Unacknowledged.Add(junction, journey, _evidence is null ? null : evidence);

    /// <param name="origin">The clock that stamps what follows; null for a recording's own time.</param>
    public void Open(string name, Provenance provenance, IReadOnlyList<ApproachId> feeds, long atLeast, ClockOrigin? origin)
    {
        _written.Open = new OpenEpoch(name, provenance, feeds, atLeast, origin);
        if (Stored == _written) AskForEpoch();
    }

    /// <summary>What follows belongs to another log.</summary>
    public void Close()
    {
        _logs.Enqueue(_written = new Log());
        StoreNext();
    }

    public void Use(IActorRef outbox)
    {
        _outbox = outbox;
        StoreAgain();
    }

    public void Handle(EpochReady ready)
    {
        if (ready.Run != Stored.Open?.Run || Stored.Epoch != 0) return;
        // The same recording, begun by a version that kept no journeys, is read again: what is stored of it must get the same numbers.
        if (ready.IsWithoutJourneys) Stored.Unacknowledged.LeaveOutJourneys();
        Stored.Epoch = ready.Epoch;
        _owner.Timers.Cancel(_retry);
        StoreNext();
    }

    /// <returns>True where entries were stored that were not before.</returns>
    public bool Handle(Stored stored)
    {
        if (stored.Epoch != Stored.Epoch) return false;
        var unacknowledged = Stored.Unacknowledged;
        var before = unacknowledged.Count;
        Keep(unacknowledged.StoredUpTo(stored.UpTo));
        OutboxHasGap = unacknowledged.HasGapAfter(stored.UpTo);
        // Nothing gained: the outbox lacks what lies between. The retry tells it again.
        if (unacknowledged.Count == before && before > 0) return false;
        _owner.Timers.Cancel(_retry);
        _storing = false;
        StoreNext();
        return true;
    }

    private void Keep(IReadOnlyList<CountedEntry> entries)
    {
        if (_evidence is not { } sink || entries.Count == 0 || Stored.Open is not { } open) return;
        sink.Keeper.Tell(new KeepEvidence(sink.Site, sink.Camera, Stored.Epoch, open.Provenance, entries));
    }

    public void StoreAgain()
    {
        _storing = false;
        if (Stored is { Open: not null, Epoch: 0 }) AskForEpoch();
        else StoreNext();
    }

    public void StoreNext()
    {
        if (_storing || BeginNextLog() || Stored.Epoch == 0 || Stored.Unacknowledged.Count == 0) return;
        _storing = true;
        _outbox.Tell(new Store(Stored.Epoch, Stored.Unacknowledged.Oldest()));
        RetryLater();
    }

    /// <returns>True where a closed log is stored to its end, and the next one's epoch was asked for.</returns>
    private bool BeginNextLog()
    {
        if (Stored == _written || Stored.Unacknowledged.Count > 0) return false;
        while (Stored != _written && Stored.Unacknowledged.Count == 0) _logs.Dequeue();
        OutboxHasGap = false;
        _owner.Timers.Cancel(_retry);
        if (Stored.Open is not null) AskForEpoch();
        return true;
    }

    private void AskForEpoch()
    {
        _outbox.Tell(Stored.Open);
        RetryLater();
    }

    private void RetryLater() => _owner.Timers.StartSingleTimer(_retry, _retry, _retryAfter);
}
