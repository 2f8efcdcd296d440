using System.Diagnostics;
using Akka.Actor;
using Akka.Event;
using Akka.Persistence;
using TrafficFlow.Core.Flow;
using TrafficFlow.Server.Aggregation.State;
using TrafficFlow.Server.Tables;
using TrafficFlow.Wire.Aggregation;
using TrafficFlow.Wire.Delivery;
using TrafficFlow.Wire.Inspection;
using TrafficFlow.Wire.Routing;
using TrafficFlow.Wire.Serialization;
using TrafficFlow.Wire.Topics;

namespace TrafficFlow.Server.Aggregation;

/// <summary>
/// Counts what the cameras of one approach deliver; one entity `site/approach` of the shard region. It persists, then applies and
/// answers, then writes closed bins into the read tables, then publishes them. Serves outboxes, queries, the tables and the flow topics.
/// </summary>
public sealed partial class ApproachAggregator : InspectedPersistentActor, IWithTimers
{
    private sealed record LatenessTick
    {
        public static readonly LatenessTick Instance = new();
    }

    private sealed record LiveTick
    {
        public static readonly LiveTick Instance = new();
    }

    private readonly AggregationSettings _settings;
    private readonly TimeProvider _time;
    private readonly TopicPublisher _topics;
    private readonly IActorRef _tables;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly BinClosePolicy _closing;
    private readonly UnknownEntryFilter _filter;
    private readonly RefusedDeliveries _refused;
    private readonly TracedCrossings _traced = new();
    private ApproachSetup _setup;
    private ApproachState _state = ApproachState.Empty;
    private bool _isLiveChanged;

    /// <param name="tables">The <see cref="Tables.FlowTableWriter"/> of this process.</param>
    public static Props Props(ApproachSetup setup, AggregationSettings settings, TopicPublisher topics, IActorRef tables, TimeProvider time) =>
        Akka.Actor.Props.Create(() => new ApproachAggregator(setup, settings, topics, tables, time));

    public ApproachAggregator(ApproachSetup setup, AggregationSettings settings, TopicPublisher topics, IActorRef tables, TimeProvider time)
    {
        _tables = tables;
        _setup = setup;
        _settings = settings;
        _topics = topics;
        _time = time;
        _held = new HeldRuns(new NodeClock(time), settings.ClockBound);
        _delays = new DelayCheck(time, settings.ClockBound);
        _filter = new UnknownEntryFilter(_log);
        _refused = new RefusedDeliveries(_log, $"{setup.Site}/{setup.Approach}");
        _closing = new BinClosePolicy(settings.Lateness, settings.Retention, time);
        PersistenceId = $"approach-{setup.Site}/{setup.Approach}";
        Recover<SnapshotOffer>(Recovered);
        Recover<ApproachEvent>(Recovered);
        Recover<DamagedRow>(Recovered);
        Recover<RecoveryCompleted>(_ => Begin());
        Counting();
    }

    public override string PersistenceId { get; }

    public ITimerScheduler Timers { get; set; } = null!;

    private void Counting()
    {
        Command<DeliveryBatch>(Handle);
        Command<CloseOpenBins>(Handle);
        Command<UpdateSetup>(Handle);
        Command<SitesChanged>(Handle);
        Command<BinsWritten>(Handle);
        Command<WriteTick>(_ => WriteAgain());
        Command<GetBinsAfter>(_tables.Forward);
        Command<GetFlowBins>(q => Sender.Tell(new FlowBins([.. _state.Bins(new Interval(q.From, q.To), q.Duration, _setup)])));
        Command<GetLatestBins>(_ => Sender.Tell(new FlowBins([.. _state.LastClosed(_setup), .. _state.OpenBins(_setup)])));
        Command<GetQuarantine>(_ => Sender.Tell(_state.Waiting(_setup)));
        Command<ResolveQuarantine>(Handle);
        Command<GetCountedEpochs>(_ => Sender.Tell(_state.Counted(_setup, _time.GetUtcNow())));
        Command<RepairCamera>(Handle);
        Command<GetApproachStatus>(_ => Sender.Tell(_state.Status(_setup) with { Problem = Problem() }));
        Command<LatenessTick>(_ => CloseLate());
        Command<LiveTick>(_ =>
        {
            if (_isLiveChanged) PublishOpen();
        });
        Snapshotting();
    }

    private void Recovered(ApproachEvent e)
    {
        CheckHistory();
        _state = _state.Apply(e, _setup);
        _eventsSinceSnapshot++;
    }

    private void Recovered(DamagedRow damaged)
    {
        CheckHistory();
        _log.Error(
            "ALARM: row {Sequence} of approach {Approach} in the journal is damaged ({Manifest}: {Reason}). It is passed over; the cameras' outboxes deliver what it held again, as far back as they keep it. Check the database's disk",
            LastSequenceNr, PersistenceId, damaged.Manifest, damaged.Reason);
        _state = _state.PassOver(damaged);
        _eventsSinceSnapshot = _settings.SnapshotEvery;
    }

    private void Begin()
    {
        // Of the age of what a journal without a dated snapshot holds nothing is known.
        if (_snapshotAt == default) _snapshotAt = _time.GetUtcNow() - (LastSequenceNr > 0 ? SnapshotInterval - SoonAfterStart : TimeSpan.Zero);
        if (_eventsSinceSnapshot >= _settings.SnapshotEvery) TakeSnapshot();
        Timers.StartPeriodicTimer(LatenessTick.Instance, LatenessTick.Instance, _settings.LatenessCheck);
        Context.System.EventStream.Subscribe(Self, typeof(SitesChanged));
        AggregationTelemetry.Recovered(_setup, _state, _time.GetUtcNow());
        RecordFeeds();
        WriteNext();
    }

    private void Handle(UpdateSetup command)
    {
        _setup = command.Setup;
        _refused.Forget();
        RecordFeeds();
    }

    /// <summary>An approach that no site file has any more keeps its last setup: what still comes for it is counted.</summary>
    private void Handle(SitesChanged changed)
    {
        if (changed.Setups.TryGetValue(ApproachRouting.EntityOf(_setup.Site, _setup.Approach), out var setup)) Handle(new UpdateSetup(setup));
    }

    private void RecordFeeds()
    {
        if (_isPersisting) _isFeedsCheckDue = true;
        else if (_state.Process(_setup, _time.GetUtcNow()) is { } changed) Write(changed);
    }

    private void Handle(DeliveryBatch delivered)
    {
        if (BatchCheck.Refuse(delivered, _setup, _state.LogOf(delivered.Camera), _time.GetUtcNow()) is { } refused)
        {
            _refused.Add(delivered, refused);
            return;
        }

        var batch = _filter.Apply(delivered);
        if (_isPersisting) _waiting[batch.Camera] = (batch, Sender);
        else Count(batch, Sender);
    }

    private void Count(DeliveryBatch batch, IActorRef sender)
    {
        if (_state.ProcessPlace(batch) is { } behind)
        {
            sender.Tell(behind);
            return;
        }

        var reply = new Accepted(batch.Camera, batch.Approach, batch.Epoch, batch.UpToSequence);
        if (_state.Process(batch, _setup, _settings, _time.GetUtcNow()) is not { } counted)
        {
            sender.Tell(reply);
            return;
        }

        if (_delays.IsPerhapsDelayed(batch, new ClockSkewCheck(_settings.ClockBound, counted.At, batch.Clock))) return;
        if (counted.StampOffset is null && batch.Clock is { } clock) _closing.Observe(batch.Camera, clock);
        if (!HasRoomFor(counted)) return;
        var came = Stopwatch.GetTimestamp();
        Write(counted, () =>
        {
            _traced.Counted(_setup, counted, came);
            sender.Tell(reply);
            _refused.Forget(batch.Camera);
            ReportLive();
        });
    }

    private void Handle(CloseOpenBins command)
    {
        if (_isPersisting) _closer = (command, Sender);
        else Close(command, Sender);
    }

    private void Close(CloseOpenBins command, IActorRef sender)
    {
        var reply = new OpenBinsClosed(command.Site, command.Approach);
        var events = _state.Process(command, _setup, _settings, _time.GetUtcNow());
        if (events.Count == 0) sender.Tell(reply);
        else Write(events[0], () => Close(command, sender));
    }

    private void CloseLate()
    {
        var now = _time.GetUtcNow();
        if (_isPersisting || ReleaseWhatOwnClockHeld(now) || Age(now)) return;
        if (_closing.RevisionsDue(_state) is { } changed && _state.ProcessRevisions(changed, _setup, now) is { } due) Write(due);
        else if (_closing.Due(_state) is { } through && _state.ProcessLateness(through, _setup, _settings, now) is { } passed) Write(passed);
    }

    private void Applied(ApproachEvent e)
    {
        var before = _state;
        _state = before.Apply(e, _setup);
        AggregationTelemetry.Applied(_setup, e, before, _state);
        if (_state.TooLate > before.TooLate)
            _log.Error(
                "Approach {Approach} got {Count} vehicles older than {RetainFrom:O}: they are in the totals and the journal, their bins stay as published. Was a node away for longer than the retention ({Retention})?",
                PersistenceId, _state.TooLate - before.TooLate, _state.RetainFrom, _settings.Retention);
        WriteNext();
        if (++_eventsSinceSnapshot >= _settings.SnapshotEvery) TakeSnapshot();
    }

    /// <summary>The first change after a pause at once, then no more often than the interval.</summary>
    private void ReportLive()
    {
        if (Timers.IsTimerActive(LiveTick.Instance)) _isLiveChanged = true;
        else PublishOpen();
    }

    private void PublishOpen()
    {
        _isLiveChanged = false;
        _topics.Publish(
            TopicNames.Live(_setup.Site, _setup.Approach),
            new FlowBinsOpen(_setup.Site, _setup.Approach, [.. _state.OpenBins(_setup)]));
        Timers.StartSingleTimer(LiveTick.Instance, LiveTick.Instance, _settings.LiveInterval);
    }

    protected override void PostStop()
    {
        AggregationTelemetry.Forget(_setup);
        base.PostStop();
    }

    protected override void OnPersistRejected(Exception cause, object @event, long sequenceNr)
    {
        // Nothing was applied and nobody got an answer: the outbox sends again to the next life of this entity.
        _log.Error(cause, "Approach {Approach} could not persist {Event}; it starts anew", PersistenceId, @event.GetType().Name);
        Context.Stop(Self);
    }
}
