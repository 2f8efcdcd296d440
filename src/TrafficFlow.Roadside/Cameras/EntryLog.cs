using Akka.Actor;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;
using TrafficFlow.Roadside.Outbox;

namespace TrafficFlow.Roadside.Cameras;

/// <summary>
/// Writes what an actor counts to its outbox: opens an epoch for each log, keeps entries until they are stored, one store under way at a
/// time, and asks again when no answer comes. Part of the actor whose messages it is given; not thread-safe.
/// </summary>
/// <param name="owner">The actor; its timers are there only once it has started.</param>
/// <param name="retry">What the actor tells itself to have <see cref="StoreAgain"/> called.</param>
internal sealed class EntryLog(IWithTimers owner, object retry, TimeSpan retryAfter) : ICountSink
{
    private UnstoredEntries _unstored = new();
    private IActorRef _outbox = ActorRefs.Nobody;
    private OpenEpoch? _open;
    private bool _storing;

    /// <summary>Not stored yet.</summary>
    public int Count => _unstored.Count;

    /// <summary>0 until the outbox has given one.</summary>
    public long Epoch { get; private set; }

    /// <summary>The outbox lacks entries that it had confirmed, and takes no more.</summary>
    public bool OutboxHasGap { get; private set; }

    public bool IsOpen => _open is not null;

    public void Add(CountedVehicle vehicle) => _unstored.Add(vehicle);

    public void Add(Coverage coverage) => _unstored.Add(coverage);

    public void Open(string name, Provenance provenance, IReadOnlyList<ApproachId> feeds, long atLeast)
    {
        _open = new OpenEpoch(name, provenance, feeds, atLeast);
        AskForEpoch();
    }

    /// <summary>What follows belongs to another log. Only when nothing is left to store.</summary>
    public void Close()
    {
        (_open, Epoch, _unstored, _storing, OutboxHasGap) = (null, 0, new UnstoredEntries(), false, false);
        owner.Timers.Cancel(retry);
    }

    public void Use(IActorRef outbox)
    {
        _outbox = outbox;
        StoreAgain();
    }

    public void Handle(EpochReady ready)
    {
        if (ready.Run != _open?.Run || Epoch != 0) return;
        Epoch = ready.Epoch;
        owner.Timers.Cancel(retry);
        StoreNext();
    }

    /// <returns>True where entries were stored that were not before.</returns>
    public bool Handle(Stored stored)
    {
        if (stored.Epoch != Epoch) return false;
        var before = _unstored.Count;
        _unstored.StoredUpTo(stored.UpTo);
        OutboxHasGap = _unstored.HasGapAfter(stored.UpTo);
        // Nothing gained: the outbox lacks what lies between. The retry tells it again.
        if (_unstored.Count == before && before > 0) return false;
        owner.Timers.Cancel(retry);
        _storing = false;
        StoreNext();
        return true;
    }

    public void StoreAgain()
    {
        _storing = false;
        if (_open is not null && Epoch == 0) AskForEpoch();
        else StoreNext();
    }

    public void StoreNext()
    {
        if (_storing || Epoch == 0 || _unstored.Count == 0) return;
        _storing = true;
        _outbox.Tell(new Store(Epoch, _unstored.Oldest()));
        RetryLater();
    }

    private void AskForEpoch()
    {
        _outbox.Tell(_open);
        RetryLater();
    }

    private void RetryLater() => owner.Timers.StartSingleTimer(retry, retry, retryAfter);
}
