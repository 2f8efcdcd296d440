using Akka.Event;
using Akka.Persistence;
using TrafficFlow.Server.Aggregation.State;
using TrafficFlow.Wire.Aggregation;
using ApproachSnapshot = TrafficFlow.Wire.Proto.ApproachSnapshot;
using DamagedRow = TrafficFlow.Wire.Serialization.DamagedRow;

namespace TrafficFlow.Server.Aggregation;

/// <summary>
/// Several snapshots are kept, and the journal behind the oldest of them is deleted: neither it nor recovery grows with age. A damaged
/// snapshot is deleted, and the next life of the entity recovers from the one before it.
/// </summary>
public sealed partial class ApproachAggregator
{
    private sealed class DamagedSnapshotException(string message) : Exception(message);

    // A journal of years is deleted piece by piece: SQLite has one write lock, and counts wait for it.
    private const long TrimStep = 5000;
    private static readonly TimeSpan SoonAfterStart = TimeSpan.FromHours(1);

    private SnapshotHistory _snapshots = SnapshotHistory.Empty;
    private int _eventsSinceSnapshot;
    private long _trimmedUpTo;
    private bool _isTrimming;
    private bool _isHistoryKnown;
    private bool _isAging;
    private DateTimeOffset _snapshotAt;

    private void Snapshotting()
    {
        Command<SaveSnapshotSuccess>(Handle);
        Command<SaveSnapshotFailure>(f => _log.Warning(
            "Approach {Approach} could not save a snapshot ({Reason}): recovery takes longer, nothing is lost", PersistenceId, f.Cause.GetBaseException().Message));
        Command<DeleteSnapshotsSuccess>(_ => { });
        Command<DeleteSnapshotsFailure>(f => _log.Warning(
            "Approach {Approach} could not delete old snapshots ({Reason}); it will try again", PersistenceId, f.Cause.GetBaseException().Message));
        Command<DeleteMessagesSuccess>(Handle);
        Command<DeleteMessagesFailure>(Handle);
    }

    private void Recovered(SnapshotOffer offer)
    {
        if (offer.Snapshot is DamagedRow damaged)
        {
            _log.Error(
                "The snapshot of approach {Approach} at event {Sequence} is damaged ({Reason}): it is deleted, and the approach recovers from the one before it and the journal, which still holds everything since. Check the database's disk",
                PersistenceId, offer.Metadata.SequenceNr, damaged.Reason);
            DeleteSnapshot(offer.Metadata.SequenceNr);
            throw new DamagedSnapshotException($"the snapshot of {PersistenceId} is damaged");
        }

        var snapshot = (ApproachSnapshot)offer.Snapshot;
        _state = ApproachSnapshots.Restore(snapshot);
        _snapshots = new SnapshotHistory([.. snapshot.Earlier]).Add(offer.Metadata.SequenceNr, _settings.SnapshotsKept);
        _trimmedUpTo = snapshot.TrimmedUpTo;
        if (snapshot.HasTakenAtTicks) _snapshotAt = new DateTimeOffset(snapshot.TakenAtTicks, TimeSpan.Zero);
        _isHistoryKnown = true;
    }

    /// <summary>Where every snapshot is damaged, the journal begins in the middle.</summary>
    private void CheckHistory()
    {
        if (_isHistoryKnown) return;
        _isHistoryKnown = true;
        if (LastSequenceNr <= 1) return;
        _log.Error(
            "ALARM: approach {Approach} has no usable snapshot, and its journal begins with event {Sequence}: its totals begin anew, and of its bins only what the cameras' outboxes still keep is counted again. The read tables keep what is in them. Restore the database from a backup if there is one",
            PersistenceId, LastSequenceNr);
        _state = _state.PassOver(new DamagedRow("", "no usable snapshot"));
    }

    private void TakeSnapshot()
    {
        _eventsSinceSnapshot = 0;
        var snapshot = ApproachSnapshots.Take(_state);
        snapshot.Earlier.Add(_snapshots.Kept);
        snapshot.TrimmedUpTo = _trimmedUpTo;
        _snapshotAt = _time.GetUtcNow();
        snapshot.TakenAtTicks = _snapshotAt.UtcTicks;
        SaveSnapshot(snapshot);
    }

    /// <summary>
    /// Single vehicles leave the journal after a stated time, also where nothing comes any more. An event that changes nothing makes room for one
    /// more snapshot: of the same event there is only one.
    /// </summary>
    private bool Age(DateTimeOffset now)
    {
        if ((now - _snapshotAt).Duration() < SnapshotInterval) return false;
        _snapshotAt = now;
        Write(new RevisionsDue(DateTimeOffset.MinValue, now), () =>
        {
            _isAging = true;
            if (_eventsSinceSnapshot > 0) TakeSnapshot();
        });
        return true;
    }

    private TimeSpan SnapshotInterval => _settings.KeepVehiclesNow / (_settings.SnapshotsKept + 1);

    private void Handle(SaveSnapshotSuccess saved)
    {
        _snapshots = _snapshots.Add(saved.Metadata.SequenceNr, _settings.SnapshotsKept);
        DeleteSnapshots(new SnapshotSelectionCriteria(_snapshots.DeletableUpTo));
        Trim();
    }

    private void Trim()
    {
        var end = _snapshots.JournalEndsAt(_settings.SnapshotsKept, _isAging ? 0 : _settings.TrimMargin);
        if (_isTrimming || end <= _trimmedUpTo) return;
        _isTrimming = true;
        if (end <= _trimmedUpTo + TrimStep) _isAging = false;
        DeleteMessages(Math.Min(end, _trimmedUpTo + TrimStep));
    }

    private void Handle(DeleteMessagesSuccess deleted)
    {
        (_isTrimming, _trimmedUpTo) = (false, deleted.ToSequenceNr);
        Trim();
    }

    private void Handle(DeleteMessagesFailure failed)
    {
        _isTrimming = false;
        _log.Warning(
            "Approach {Approach} could not trim its journal up to {Sequence} ({Reason}); it will try again", PersistenceId, failed.ToSequenceNr, failed.Cause.GetBaseException().Message);
    }
}
