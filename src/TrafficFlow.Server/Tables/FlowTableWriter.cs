using System.Collections.Immutable;
using Akka.Actor;
using Akka.Event;
using TrafficFlow.Core.Sites;
using TrafficFlow.Wire.Aggregation;
using TrafficFlow.Wire.Journals;
using TrafficFlow.Wire.Retry;

namespace TrafficFlow.Server.Tables;

/// <summary>
/// Writes what the aggregators of this process close into the read tables, many bins in one transaction, and answers what subscribers
/// missed; /user/flow-tables. It holds one portion of each aggregator at most, tries again while the database is away, and gives nothing
/// up. States: creating, writing or waiting, idle.
/// </summary>
public sealed class FlowTableWriter : ReceiveActor, IWithTimers
{
    private sealed record Done(Exception? Failure)
    {
        public static readonly Done Well = new((Exception?)null);
    }

    private sealed record TryAgain
    {
        public static readonly TryAgain Instance = new();
    }

    private sealed record PageRead(BinsAfter Page);

    private sealed record PageFailed(Exception Cause);

    private const int MostBins = 2000;
    private const int LargestPage = 1000;
    private static readonly TimeSpan SayAgain = TimeSpan.FromMinutes(1);

    private readonly FlowTables _tables;
    private readonly TimeProvider _time;
    private readonly DatabaseAvailability _database = DatabaseAvailability.Of(Context.System);
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly BackOff _backOff = new(new BackOffSettings(TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(5), 0.2, TimeSpan.MaxValue), Random.Shared);
    private readonly Dictionary<(SiteId Site, ApproachId Approach), (WriteBins Command, IActorRef From)> _waiting = [];
    private readonly CancellationTokenSource _stopped = new();
    private List<(WriteBins Command, IActorRef From)> _writing = [];
    private bool _isCreated;
    private bool _isBusy = true;
    private long? _failedAt;

    public static Props Props(FlowTables tables, TimeProvider time) => Akka.Actor.Props.Create(() => new FlowTableWriter(tables, time));

    public FlowTableWriter(FlowTables tables, TimeProvider time)
    {
        _tables = tables;
        _time = time;
        Receive<WriteBins>(Handle);
        Receive<GetBinsAfter>(Handle);
        Receive<Done>(Handle);
        Receive<TryAgain>(_ => Go());
        Receive<PageRead>(read => Sender.Tell(read.Page));
        // Without an answer the asker asks again.
        Receive<PageFailed>(failed => _log.Debug("The read tables in {0} could not be read: {1}", _tables.Name, failed.Cause.GetBaseException().Message));
    }

    public ITimerScheduler Timers { get; set; } = null!;

    private void Handle(WriteBins command)
    {
        _waiting[(command.Site, command.Approach)] = (command, Sender);
        if (!_isBusy) Go();
    }

    private void Go()
    {
        _isBusy = true;
        if (!_isCreated)
        {
            Report(_database.RunAsync(_ => _tables.CreateAsync(_stopped.Token), _stopped.Token));
            return;
        }

        if (_writing.Count == 0) TakePortions();
        if (_writing.Count == 0) _isBusy = false;
        else Report(WriteAsync([.. _writing.SelectMany(w => w.Command.Bins)]));
    }

    /// <summary>Waits for a database that is away, which is logged for journal and tables together.</summary>
    private Task WriteAsync(ImmutableArray<ClosedBin> bins) =>
        _database.RunAsync(_ => TableTelemetry.WriteAsync(() => _tables.WriteAsync(bins, _stopped.Token)), _stopped.Token);

    private void TakePortions()
    {
        var bins = 0;
        foreach (var (key, portion) in _waiting)
        {
            if (bins > 0 && bins + portion.Command.Bins.Length > MostBins) break;
            bins += portion.Command.Bins.Length;
            _writing.Add(portion);
            _waiting.Remove(key);
        }
    }

    private void Report(Task work) => work.PipeTo(Self, success: () => Done.Well, failure: e => new Done(e));

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
        foreach (var (command, from) in _writing) from.Tell(new BinsWritten(command.Bins[^1].Cursor));
        _writing = [];
        Go();
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
                    "The read tables in {Database} cannot be written ({Reason}): closed bins of {Approaches} approaches wait and are written later. Is the database up?",
                    _tables.Name, failure.GetBaseException().Message, _waiting.Count + _writing.Count);
        }

        Timers.StartSingleTimer(TryAgain.Instance, TryAgain.Instance, _backOff.Next(TimeSpan.Zero));
    }

    private void Handle(GetBinsAfter query) =>
        _tables.ReadAfterAsync(query.Site, query.Approach, query.After, Math.Clamp(query.Limit, 1, LargestPage), _stopped.Token)
            .PipeTo(Self, Sender, page => new PageRead(page), e => new PageFailed(e));

    protected override void PreStart() => Go();

    protected override void PostStop()
    {
        _stopped.Cancel();
        _stopped.Dispose();
    }
}
