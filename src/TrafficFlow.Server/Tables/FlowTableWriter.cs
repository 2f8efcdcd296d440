using System.Collections.Immutable;
using Akka.Actor;
using Akka.Event;
using TrafficFlow.Core.Sites;
using TrafficFlow.Wire.Aggregation;
using TrafficFlow.Wire.Inspection;
using TrafficFlow.Wire.Journals;
using TrafficFlow.Wire.Retry;
using TrafficFlow.Wire.Serialization;
using TrafficFlow.Wire.Topics;

namespace TrafficFlow.Server.Tables;

/// <summary>
/// Writes what the aggregators of this process close and what junctions deliver into the read tables, many rows in one transaction,
/// answers what subscribers missed, and deletes what is older than the retention; /user/flow-tables. It holds one portion of each approach
/// at most, tries again while the database is away, and gives nothing up. States: migrating, writing or waiting, idle.
/// </summary>
public sealed class FlowTableWriter : InspectedActor, IWithTimers
{
    /// <param name="Stored">What the work on journeys came to, in its order.</param>
    private sealed record Done(Exception? Failure, IReadOnlyList<StoredJourneys> Stored);

    private sealed record TryAgain
    {
        public static readonly TryAgain Instance = new();
    }

    private sealed record RetentionTick
    {
        public static readonly RetentionTick Instance = new();
    }

    private sealed record Retired(bool More, Exception? Failure);

    private sealed record PageRead(IWireMessage Page);

    private sealed record PageFailed(Exception Cause);

    private const int MostRows = 2000;
    private const int LargestPage = 1000;
    private static readonly TimeSpan SayAgain = TimeSpan.FromMinutes(1);

    private readonly FlowTables _tables;
    private readonly TableRetention _retention;
    private readonly TimeProvider _time;
    private readonly DatabaseAvailability _database = DatabaseAvailability.Of(Context.System);
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly BackOff _backOff = new(new BackOffSettings(TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(5), 0.2, TimeSpan.MaxValue), Random.Shared);
    private readonly Dictionary<(SiteId Site, ApproachId Approach), (TableWrite Command, IActorRef From)> _waiting = [];
    private readonly CancellationTokenSource _stopped = new();
    private List<(TableWrite Command, IActorRef From)> _writing = [];
    private bool _isCreated;
    private bool _isBusy = true;
    private bool _isRetentionDue;
    private long? _failedAt;

    public static Props Props(FlowTables tables, TableRetention retention, TimeProvider time) =>
        Akka.Actor.Props.Create(() => new FlowTableWriter(tables, retention, time));

    public FlowTableWriter(FlowTables tables, TableRetention retention, TimeProvider time)
    {
        _tables = tables;
        _retention = retention;
        _time = time;
        Receive<TableWrite>(Handle);
        Receive<GetBinsAfter>(query => Answer(_tables.ReadAfterAsync(query.Site, query.Approach, query.After, PageOf(query.Limit), _stopped.Token)));
        Receive<GetJourneysAfter>(query => Answer(_tables.ReadJourneysAfterAsync(query.Site, query.Place, PageOf(query.Limit), _stopped.Token)));
        Receive<GetQuarantine>(query => Answer(_tables.ReadHeldJourneysAsync(query.Site, _stopped.Token)));
        Receive<Done>(Handle);
        Receive<TryAgain>(_ => WriteNext());
        Receive<RetentionTick>(_ =>
        {
            _isRetentionDue = true;
            if (!_isBusy) WriteNext();
        });
        Receive<Retired>(Handle);
        Receive<PageRead>(read => Sender.Tell(read.Page));
        // Without an answer the asker asks again.
        Receive<PageFailed>(failed => _log.Debug("The read tables in {0} could not be read: {1}", _tables.Name, failed.Cause.GetBaseException().Message));
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override ActorState Describe() => new(_failedAt is not null ? "waiting for the database" : !_isCreated ? "migrating" : _isBusy ? "writing" : "idle")
    {
        { "database", _tables.Name },
        { "approaches that wait", _waiting.Count },
        { "rows that wait", _waiting.Values.Sum(w => w.Command.Size), "rows" },
        { "being written", _writing.Sum(w => w.Command.Size), "rows" },
        { "retention is due", _isRetentionDue },
        { "failing for", _failedAt is { } failed ? _time.GetElapsedTime(failed) : null },
    };

    private void Handle(TableWrite command)
    {
        _waiting[(command.Site, command.Approach)] = (command, Sender);
        TableTelemetry.Waiting(_waiting.Count + _writing.Count);
        if (!_isBusy) WriteNext();
    }

    private void WriteNext()
    {
        _isBusy = true;
        if (!_isCreated)
        {
            WhenDatabaseAnswers(async () =>
            {
                await _tables.MigrateAsync(_stopped.Token).ConfigureAwait(false);
                return (IReadOnlyList<StoredJourneys>)[];
            });
            return;
        }

        if (_writing.Count == 0) TakePortions();
        if (_writing.Count > 0)
        {
            ImmutableArray<ClosedBin> bins = [.. _writing.Select(w => w.Command).OfType<WriteBins>().SelectMany(w => w.Bins)];
            ImmutableArray<JourneysWrite> journeys = [.. _writing.Select(w => w.Command).OfType<JourneysWrite>()];
            WhenDatabaseAnswers(() => TableTelemetry.WriteAsync(() => _tables.WriteAsync(bins, journeys, _stopped.Token)));
        }
        else if (_isRetentionDue)
        {
            _tables.RetireAsync(_retention, _time.GetUtcNow(), _stopped.Token).PipeTo(Self, success: more => new Retired(more, null), failure: e => new Retired(false, e));
        }
        else
        {
            _isBusy = false;
        }
    }

    /// <summary>Waits for a database that is away, which is logged for journal and tables together.</summary>
    private void WhenDatabaseAnswers(Func<Task<IReadOnlyList<StoredJourneys>>> work) => _database.RunAsync(_ => work(), _stopped.Token)
        .PipeTo(Self, success: stored => new Done(null, stored), failure: e => new Done(e, []));

    private void TakePortions()
    {
        var rows = 0;
        foreach (var (key, portion) in _waiting)
        {
            if (rows > 0 && rows + portion.Command.Size > MostRows) break;
            rows += portion.Command.Size;
            _writing.Add(portion);
            _waiting.Remove(key);
        }
    }

    private void Handle(Done done)
    {
        if (done.Failure is { } failure)
        {
            Failed(failure);
            return;
        }

        if (_failedAt is not null) _log.Info("The read tables in {Database} are written again", _tables.Name);
        _failedAt = null;
        _backOff.Reset();
        _isCreated = true;
        var work = 0;
        foreach (var (command, from) in _writing)
        {
            if (command is JourneysWrite journeys) from.Tell(new JourneysWritten(journeys, done.Stored[work++]));
            else if (command is WriteBins bins) from.Tell(new BinsWritten(bins.Bins[^1].Cursor));
        }

        _writing = [];
        TableTelemetry.Waiting(_waiting.Count);
        WriteNext();
    }

    private void Handle(Retired retired)
    {
        _isRetentionDue = retired.More;
        if (retired.Failure is { } failure)
            _log.Warning(
                "What is older than the retention could not be deleted from the read tables in {Database} ({Reason}); it is tried again in {Check}",
                _tables.Name, failure.GetBaseException().Message, _retention.Check);
        WriteNext();
    }

    private void Failed(Exception failure)
    {
        if (_failedAt is not { } last || _time.GetElapsedTime(last) >= SayAgain)
        {
            _failedAt = _time.GetTimestamp();
            if (failure is JournalException)
                _log.Error("The read tables cannot be used: {Reason}", failure.Message);
            else
                _log.Warning(
                    "The read tables in {Database} cannot be written ({Reason}): closed bins and journeys of {Approaches} approaches wait and are written later. Is the database up?",
                    _tables.Name, failure.GetBaseException().Message, _waiting.Count + _writing.Count);
        }

        Timers.StartSingleTimer(TryAgain.Instance, TryAgain.Instance, _backOff.Next(TimeSpan.Zero));
    }

    private void Answer<T>(Task<T> reading) where T : IWireMessage => reading.PipeTo(Self, Sender, page => new PageRead(page), e => new PageFailed(e));

    private static int PageOf(int limit) => Math.Clamp(limit, 1, LargestPage);

    protected override void PreStart()
    {
        Timers.StartPeriodicTimer(RetentionTick.Instance, RetentionTick.Instance, _retention.Check);
        WriteNext();
    }

    protected override void PostStop()
    {
        _stopped.Cancel();
        _stopped.Dispose();
    }
}
