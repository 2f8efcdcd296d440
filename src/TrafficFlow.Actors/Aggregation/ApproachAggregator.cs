using Akka.Actor;
using Akka.Event;
using Akka.Persistence;
using TrafficFlow.Actors.Delivery;
using TrafficFlow.Actors.Topics;
using TrafficFlow.Core.Flow;
using ApproachSnapshot = TrafficFlow.Actors.Serialization.Wire.ApproachSnapshot;

namespace TrafficFlow.Actors.Aggregation;

/// <summary>
/// Counts what the cameras of one approach deliver; one entity `site/approach` of the shard region. It persists, then applies, then
/// answers and publishes. Serves outboxes, queries and the flow topics.
/// </summary>
public sealed class ApproachAggregator : ReceivePersistentActor, IWithTimers
{
    private sealed record LatenessTick
    {
        public static readonly LatenessTick Instance = new();
    }

    private sealed record LiveTick
    {
        public static readonly LiveTick Instance = new();
    }

    private readonly ApproachSetup _setup;
    private readonly AggregationSettings _settings;
    private readonly TimeProvider _time;
    private readonly TopicPublisher _topics;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly ClosingClock _closing;
    private ApproachState _state = ApproachState.Empty;
    private int _eventsSinceSnapshot;

    public static Props Props(ApproachSetup setup, AggregationSettings settings, TopicPublisher topics, TimeProvider time) =>
        Akka.Actor.Props.Create(() => new ApproachAggregator(setup, settings, topics, time));

    public ApproachAggregator(ApproachSetup setup, AggregationSettings settings, TopicPublisher topics, TimeProvider time)
    {
        _setup = setup;
        _settings = settings;
        _topics = topics;
        _time = time;
        _closing = new ClosingClock(settings.Lateness, time.GetUtcNow());
        PersistenceId = $"approach-{setup.Site}/{setup.Approach}";
        Recover<SnapshotOffer>(offer => _state = ApproachSnapshots.Restore((ApproachSnapshot)offer.Snapshot));
        Recover<ApproachEvent>(Recovered);
        Recover<RecoveryCompleted>(_ => Begin());
        Counting();
    }

    public override string PersistenceId { get; }

    public ITimerScheduler Timers { get; set; } = null!;

    private void Counting()
    {
        Command<DeliveryBatch>(Handle);
        Command<CloseOpenBins>(Handle);
        Command<GetFlowBins>(q => Sender.Tell(new FlowBins([.. _state.Bins(new Interval(q.From, q.To), q.Duration, _setup)])));
        Command<GetLatestBins>(_ => Sender.Tell(new FlowBins([.. _state.LastClosed(_setup), .. _state.OpenBins(_setup)])));
        Command<GetApproachStatus>(_ => Sender.Tell(_state.Status(_setup)));
        Command<LatenessTick>(_ => CloseLate());
        Command<LiveTick>(_ => PublishOpen());
        Command<SaveSnapshotSuccess>(s => DeleteSnapshots(new SnapshotSelectionCriteria(s.Metadata.SequenceNr - 1)));
        Command<SaveSnapshotFailure>(f => _log.Warning(f.Cause, "Approach {Approach} could not save a snapshot: recovery takes longer, nothing is lost", PersistenceId));
        Command<DeleteSnapshotsSuccess>(_ => { });
        Command<DeleteSnapshotsFailure>(f => _log.Warning(f.Cause, "Approach {Approach} could not delete old snapshots; it will try again", PersistenceId));
    }

    private void Recovered(ApproachEvent e)
    {
        _state = _state.Apply(e, _setup);
        _eventsSinceSnapshot++;
    }

    private void Begin() => Timers.StartPeriodicTimer(LatenessTick.Instance, LatenessTick.Instance, _settings.LatenessCheck);

    private void Handle(DeliveryBatch batch)
    {
        var sender = Sender;
        if (batch.After > _state.HighWaterOf(batch.Camera))
        {
            sender.Tell(new Behind(batch.Camera, batch.Approach, _state.HighWaterOf(batch.Camera)));
            return;
        }

        var reply = new Accepted(batch.Camera, batch.Approach, batch.Epoch, batch.UpToSequence);
        if (_state.Process(batch, _setup, _settings, _time.GetUtcNow()) is not { } counted)
        {
            sender.Tell(reply);
            return;
        }

        Persist(counted, e =>
        {
            Applied(e);
            sender.Tell(reply);
            if (!Timers.IsTimerActive(LiveTick.Instance)) Timers.StartSingleTimer(LiveTick.Instance, LiveTick.Instance, _settings.LiveInterval);
        });
    }

    private void Handle(CloseOpenBins command)
    {
        var sender = Sender;
        var reply = new OpenBinsClosed(command.Site, command.Approach);
        if (_state.Process(command, _setup, _settings) is { } passed)
            Persist(passed, e =>
            {
                Applied(e);
                sender.Tell(reply);
            });
        else
            sender.Tell(reply);
    }

    private void CloseLate()
    {
        if (_closing.Due(_state, _time.GetUtcNow()) is not { } through) return;
        if (_state.ProcessLateness(through, _setup, _settings) is { } passed) Persist(passed, Applied);
    }

    private void Applied(ApproachEvent e)
    {
        var before = _state;
        _state = before.Apply(e, _setup);
        if (_state.TooLate > before.TooLate)
            _log.Error(
                "Approach {Approach} got {Count} vehicles older than {RetainFrom:O}: they are in the totals and the journal, their bins stay as published. Was a node away for longer than the retention ({Retention})?",
                PersistenceId, _state.TooLate - before.TooLate, _state.RetainFrom, _settings.Retention);
        var topic = TopicNames.Flow(_setup.Site, _setup.Approach);
        if (e is BatchCounted counted)
            foreach (var (duration, bin) in before.LateBins(counted, _setup))
                _topics.Publish(topic, new FlowBinClosed(_state.Bin(bin, duration, _setup)));
        foreach (var bin in _state.ClosedSince(before, _setup)) _topics.Publish(topic, new FlowBinClosed(bin));
        if (++_eventsSinceSnapshot < _settings.SnapshotEvery) return;
        _eventsSinceSnapshot = 0;
        SaveSnapshot(ApproachSnapshots.Take(_state));
    }

    private void PublishOpen() =>
        _topics.Publish(
            TopicNames.Live(_setup.Site, _setup.Approach),
            new FlowBinsOpen(_setup.Site, _setup.Approach, [.. _state.OpenBins(_setup)]));

    protected override void OnPersistRejected(Exception cause, object @event, long sequenceNr)
    {
        // Nothing was applied and nobody got an answer: the outbox sends again to the next life of this entity.
        _log.Error(cause, "Approach {Approach} could not persist {Event}; it starts anew", PersistenceId, @event.GetType().Name);
        Context.Stop(Self);
    }
}
