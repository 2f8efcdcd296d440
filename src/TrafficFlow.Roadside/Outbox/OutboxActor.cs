using System.Diagnostics;
using Akka.Actor;
using Akka.Event;
using Akka.Persistence;
using TrafficFlow.Core.Sites;
using TrafficFlow.Wire.Delivery;
using TrafficFlow.Wire.Inspection;
using TrafficFlow.Wire.OutboxEntries;
using TrafficFlow.Wire.Serialization;

namespace TrafficFlow.Roadside.Outbox;

/// <summary>
/// Stores what one camera measured and delivers it, in order and at least once, to each approach that the camera feeds; child `outbox`
/// of the camera's actor. It stops when the journal fails, and its parent starts it again.
/// <para>Not Akka.Delivery with a durable queue: that persists message by message (on SQLite some 700 a second) and joins one producer to
/// one consumer, while one camera feeds several approaches from one ordered log.</para>
/// </summary>
public sealed partial class OutboxActor : InspectedPersistentActor, IWithTimers
{
    private sealed record Retry(ApproachId Approach);

    /// <summary>That what is over will be dropped is in the audit, or cannot be recorded.</summary>
    private sealed record DropRecorded(bool IsRecorded, DateTimeOffset? Journeys, DateTimeOffset? Counts);

    private sealed record TrimTick
    {
        public static readonly TrimTick Instance = new();
    }

    private readonly SiteId _site;
    private readonly CameraId _camera;
    private readonly OutboxSettings _settings;
    private readonly IActorRef _approaches;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly Dictionary<ApproachId, DeliveryChannel> _channels = [];
    private readonly List<IActorRef> _waiting = [];
    private readonly OutboxBound _bound;
    private readonly OutboxTelemetry _telemetry;
    private readonly NodeClock _clock;
    private OutboxState _state;
    private bool _hasReportedGap;
    private int _reportedSendings;
    private long _acceptedSinceTrim;
    private long _deletedUpTo;
    private long _deletableNext;
    private int _trimsDue;
    private bool _isRecordingDrop;

    /// <param name="approaches">The shard region of the approach aggregators, its proxy, or the way to it.</param>
    /// <param name="freeBytes">Of the journal's disk; null where nobody watches it.</param>
    public static Props Props(SiteId site, CameraId camera, OutboxSettings settings, IActorRef approaches, Func<long>? freeBytes = null) =>
        Akka.Actor.Props.Create(() => new OutboxActor(site, camera, settings, approaches, freeBytes));

    public OutboxActor(SiteId site, CameraId camera, OutboxSettings settings, IActorRef approaches, Func<long>? freeBytes)
    {
        _site = site;
        _camera = camera;
        _settings = settings;
        _approaches = approaches;
        _bound = new OutboxBound(settings, freeBytes);
        _telemetry = new OutboxTelemetry(site, camera);
        _clock = new NodeClock(settings.Time);
        _state = new OutboxState(settings.KeepAccepted);
        PersistenceId = PersistenceIdOf(site, camera);
        Recover<OutboxEvent>(e => _state = _state.Apply(e, LastSequenceNr));
        Recover<DamagedRow>(Recovered);
        Recover<RecoveryCompleted>(_ => Begin());
        Delivering();
    }

    public override string PersistenceId { get; }

    /// <summary>Ids hold hyphens, but no slash: the names of two outboxes never meet.</summary>
    public static string PersistenceIdOf(SiteId site, CameraId camera) => $"outbox-{site}/{camera}";

    public ITimerScheduler Timers { get; set; } = null!;

    protected override ActorState Describe()
    {
        var state = new ActorState(_state.Pending == 0 ? "all is delivered" : "delivering")
        {
            { "site", _site },
            { "camera", _camera },
            { "last stored", _state.LastStored },
            { "waiting", _state.Pending, "entries" },
            { "bound", _bound.Entries, "entries" },
            { "dropped", _state.DroppedTotal, "entries" },
            { "kept", _state.Retained, "entries" },
            { "epochs", _state.Epochs.Count },
            { "way to the aggregators", _approaches },
            { "journal deleted up to row", _deletedUpTo },
        };
        foreach (var channel in _channels.Values.OrderBy(c => c.Approach.Value, StringComparer.Ordinal))
        {
            state.Add($"{channel.Approach}: accepted up to", _state.PositionOf(channel.Approach));
            state.Add($"{channel.Approach}: under way up to", channel.InFlight);
            state.Add($"{channel.Approach}: sent without answer", channel.Sendings, "times");
        }

        return state;
    }

    private void Delivering()
    {
        Command<OpenEpoch>(Handle);
        Command<Store>(Handle);
        Command<Accepted>(Handle);
        Command<Behind>(Handle);
        Command<LinkUp>(_ => SendAgain());
        Command<Retry>(Handle);
        Command<TrimTick>(_ => Tick());
        Command<DropRecorded>(Handle);
        Command<AwaitOutboxDelivery>(Handle);
        Command<GetOutboxStatus>(_ => Sender.Tell(Status()));
        Command<PeekOutbox>(peek => Sender.Tell(Contents(peek)));
        Command<DeleteMessagesSuccess>(_ => { });
        Command<DeleteMessagesFailure>(f => _log.Warning(f.Cause, "Outbox of camera {Camera} could not trim its journal up to {Sequence}; it will try again", _camera, f.ToSequenceNr));
    }

    private void Recovered(DamagedRow damaged)
    {
        _log.Error(
            "ALARM: row {Sequence} of the outbox of camera {Camera} in the journal is damaged ({Manifest}: {Reason}). It is passed over; counts that it held and nobody has got yet are lost, and their time shows as missing. Check the disk",
            LastSequenceNr, _camera, damaged.Manifest, damaged.Reason);
        _state = _state.Apply(damaged);
    }

    private void Begin()
    {
        Timers.StartPeriodicTimer(TrimTick.Instance, TrimTick.Instance, _settings.TrimInterval);
        _telemetry.Waiting(_state);
        if (_state.Pending > 0)
            _log.Info("Outbox of camera {Camera} recovered {Pending} entries that wait for delivery", _camera, _state.Pending);
        SendToAll();
    }

    private void Handle(OpenEpoch command)
    {
        var sender = Sender;
        PersistThen(_state.Process(command), () => sender.Tell(new EpochReady(command.Run, _state.LastStored.Epoch, _state.LastStored.Sequence)
        {
            IsWithoutJourneys = _state.CurrentEpoch?.Feeds.Contains(ApproachId.Journeys) == false,
        }));
    }

    private void Handle(Store command)
    {
        var sender = Sender;
        var dropped = _state.DroppedTotal;
        var came = Stopwatch.GetTimestamp();
        if (_state.HasGapBefore(command) && !_hasReportedGap)
        {
            // The sender asks again and again.
            _hasReportedGap = true;
            _log.Error(
                "ALARM: the outbox of camera {Camera} holds entries up to {LastStored}, and gets {Epoch}/{First}: it stores nothing. Was its journal replaced under the running node? Restart the camera: trafficflow ctl camera restart {Camera}",
                _camera, _state.LastStored, command.Epoch, command.Entries[0].Sequence, _camera);
        }

        PersistThen(_state.Process(command, _bound.Entries), () =>
        {
            if (_state.DroppedTotal > dropped)
            {
                _log.Error(
                    "ALARM: the outbox of camera {Camera} is full ({Max} entries): {Dropped} oldest entries are lost, and counts before {Until:O} will show as missing. Is the server away?",
                    _camera, _bound.Entries, _state.DroppedTotal - dropped, _state.MissingUntil);
                // The rows of what was given up make room for what comes.
                _acceptedSinceTrim += _state.DroppedTotal - dropped;
            }

            if (_bound.Alarm(_state.Pending) is { } alarm) _log.Error("ALARM: the outbox of camera {Camera} {Alarm}", _camera, alarm);
            if (_acceptedSinceTrim >= _settings.TrimAfterEntries) TrimJournal();
            _telemetry.Stored(command.Epoch, command.Entries, came);
            if (command.Epoch == _state.LastStored.Epoch) sender.Tell(new Stored(command.Epoch, _state.LastStored.Sequence));
            // Approaches go past what concerns others as they are sent to.
            SendToAll();
            _telemetry.Waiting(_state);
        });
    }

    private void PersistThen(IReadOnlyList<OutboxEvent> events, Action done)
    {
        if (events.Count == 0)
        {
            done();
            return;
        }

        var left = events.Count;
        PersistAll(events, e =>
        {
            _state = _state.Apply(e, LastSequenceNr);
            if (--left == 0) done();
        });
    }

    private void Handle(Accepted accepted)
    {
        if (!_channels.TryGetValue(accepted.Approach, out var channel)) return;
        var position = new LogPosition(accepted.Epoch, accepted.UpToSequence);
        _state = _state.Apply(accepted);
        // The answer to an earlier, shorter sending: the one in flight is still to come.
        if (channel.InFlight is not { } inFlight || position < inFlight)
        {
            _telemetry.Waiting(_state);
            return;
        }

        _acceptedSinceTrim += channel.InFlightEntries;
        _telemetry.Accepted(channel.Approach);
        channel.Acknowledged();
        _reportedSendings = 0;
        Timers.Cancel(channel.TimerKey);
        Send(channel);
        _telemetry.Waiting(_state);
        if (_acceptedSinceTrim >= _settings.TrimAfterEntries) TrimJournal();
        ReplyIfDelivered();
    }

    private void Handle(Behind behind)
    {
        if (!_channels.TryGetValue(behind.Approach, out var channel)) return;
        var before = _state;
        _state = _state.Apply(behind);
        if (ReferenceEquals(before, _state)) return;
        _telemetry.Waiting(_state);
        if (before.Reaches(behind.HighWater))
            _log.Warning(
                "Approach {Approach} has lost what camera {Camera} delivered after {HighWater}: {Entries} entries are sent again. Was its journal damaged, or restored from a backup?",
                behind.Approach, _camera, behind.HighWater, _state.Pending - before.Pending);
        else
            _log.Error(
                "ALARM: approach {Approach} has lost what camera {Camera} delivered after {HighWater}, and the outbox keeps only {Kept} accepted entries: counts between are lost. Was its journal restored from an old backup?",
                behind.Approach, _camera, behind.HighWater, _settings.KeepAccepted);
        channel.Acknowledged();
        Timers.Cancel(channel.TimerKey);
        Send(channel);
    }

    private void SendAgain()
    {
        foreach (var channel in _channels.Values)
        {
            channel.Acknowledged();
            Timers.Cancel(channel.TimerKey);
            Send(channel);
        }

        ReplyIfDelivered();
    }

    private void SendToAll()
    {
        foreach (var approach in _state.Approaches.ToList())
        {
            if (!_channels.TryGetValue(approach, out var channel)) _channels.Add(approach, channel = new DeliveryChannel(approach, _settings));
            if (channel.InFlight is null) Send(channel);
        }

        ReplyIfDelivered();
    }

    private void Send(DeliveryChannel channel)
    {
        while (_state.NextFor(channel.Approach, _settings.BatchEntries) is { } next)
        {
            if (next.Entries.IsEmpty)
            {
                _state = _state.Advance(channel.Approach, next.UpTo);
                continue;
            }

            var epoch = _state.Epochs[next.UpTo.Epoch];
            _approaches.Tell(new DeliveryBatch(
                _site, _camera, channel.Approach, next.UpTo.Epoch, next.UpTo.Sequence, epoch.Provenance, next.Entries, _state.DeliveredTo(channel.Approach),
                epoch.Origin is { } origin ? _clock.Read(origin) : null));
            channel.Sent(next.UpTo, next.Entries.Length);
            _telemetry.Sent(channel.Approach, next.UpTo.Epoch, next.Entries);
            Timers.StartSingleTimer(channel.TimerKey, new Retry(channel.Approach), channel.NextRetry());
            return;
        }
    }

    private void Handle(Retry retry)
    {
        var channel = _channels[retry.Approach];
        if (channel.InFlight is null) return;
        if (channel.Sendings is 3 or 30 or 300 && channel.Sendings > _reportedSendings)
        {
            // A server that is away answers for no approach: one line for all of them.
            _reportedSendings = channel.Sendings;
            _log.Warning(
                "No answer from approach {Approach} to {Sendings} sendings of camera {Camera}; {Pending} entries wait. Is a server node up and joined, and its database?",
                channel.Approach, channel.Sendings, _camera, _state.Pending);
        }

        channel.Cleared();
        Send(channel);
        ReplyIfDelivered();
    }

    private void Tick()
    {
        _bound.CheckDisk(_state.Pending);
        if (_bound.Alarm(_state.Pending) is { } alarm) _log.Error("ALARM: the outbox of camera {Camera} {Alarm}", _camera, alarm);
        var now = _settings.Time.GetUtcNow();
        var (journeys, counts) = _settings.Custody?.OverBefore(_site, now) ?? (null, null);
        RecordOver(journeys, counts);
        var aged = _state.Age(new[] { now - _settings.KeepVehicles, journeys ?? DateTimeOffset.MinValue, counts ?? DateTimeOffset.MinValue }.Max());
        // Rows go one acknowledgement later, and of those that are deleted the journal leaves the last: it must be an acknowledgement too.
        if (!ReferenceEquals(aged, _state)) _trimsDue = 3;
        _state = aged;
        if (_trimsDue > 0)
        {
            _trimsDue--;
            _acceptedSinceTrim++;
        }

        TrimJournal();
    }

    /// <summary>What no server has fetched by the age that the site's file allows is erased here all the same, once that is in the audit.</summary>
    private void RecordOver(DateTimeOffset? journeys, DateTimeOffset? counts)
    {
        if (_isRecordingDrop || _settings.Custody is not { } custody || _state.OverAge(journeys, counts) is not { } over) return;
        _isRecordingDrop = true;
        custody.RecordAsync(_site, _camera, _state.Apply(over, LastSequenceNr).DroppedTotal - _state.DroppedTotal)
            .PipeTo(Self, success: isRecorded => new DropRecorded(isRecorded, journeys, counts), failure: _ => new DropRecorded(false, null, null));
    }

    private void Handle(DropRecorded recorded)
    {
        _isRecordingDrop = false;
        // What a server has fetched meanwhile is not among it any more.
        if (!recorded.IsRecorded || _state.OverAge(recorded.Journeys, recorded.Counts) is not { } over) return;
        Persist(over, e =>
        {
            var before = _state.DroppedTotal;
            _state = _state.Apply(e, LastSequenceNr);
            var count = _state.DroppedTotal - before;
            _acceptedSinceTrim += (int)Math.Min(count, int.MaxValue);
            _log.Warning("{Count} entries of camera {Camera} that no server has fetched were removed by retention: they show as missing. Is the link to the server down?", count, _camera);
        });
    }

    private void TrimJournal()
    {
        if (_acceptedSinceTrim == 0) return;
        _acceptedSinceTrim = 0;
        Persist(_state.Acknowledge(), e =>
        {
            _state = _state.Apply(e, LastSequenceNr);
            // One acknowledgement behind: the row of the newest one may be damaged, and recovery then needs what the one before it needs.
            var deletable = _deletableNext;
            _deletableNext = _state.Batches.IsEmpty ? LastSequenceNr - 1 : _state.DeletableUpTo;
            if (deletable <= _deletedUpTo) return;
            _deletedUpTo = deletable;
            DeleteMessages(_deletedUpTo);
        });
    }

    private void Handle(AwaitOutboxDelivery _)
    {
        _waiting.Add(Sender);
        ReplyIfDelivered();
    }

    private void ReplyIfDelivered()
    {
        if (_waiting.Count == 0 || _state.Pending > 0) return;
        foreach (var waiting in _waiting) waiting.Tell(new EverythingDelivered(_camera));
        _waiting.Clear();
    }

    private OutboxStatus Status() => new(
        _camera, _state.LastStored, _state.Pending, _state.DroppedTotal,
        [.. _state.AcceptedUpTo.Select(a => new AcceptedUpTo(a.Key, a.Value))]);

    protected override void PostStop()
    {
        _telemetry.Stopped();
        base.PostStop();
    }

    protected override void OnPersistFailure(Exception cause, object @event, long sequenceNr) =>
        Context.Parent.Tell(new OutboxFailed($"the journal could not be written: {cause.GetBaseException().Message}"));

    protected override void OnPersistRejected(Exception cause, object @event, long sequenceNr)
    {
        // The state would no longer be what the journal says.
        Context.Parent.Tell(new OutboxFailed($"the journal refused an entry: {cause.GetBaseException().Message}"));
        Context.Stop(Self);
    }

    protected override void OnRecoveryFailure(Exception reason, object? message = null) =>
        Context.Parent.Tell(new OutboxFailed($"the journal could not be read: {reason.GetBaseException().Message}"));
}
