using Akka.Actor;
using Akka.Pattern;
using TrafficFlow.Wire.Health;
using TrafficFlow.Wire.Inspection;

namespace TrafficFlow.Server.Health;

/// <summary>
/// Keeps the last report of each node: a singleton on the oldest server. One owner puts the reports in one order, and one row in the
/// servers' database outlives it: replicated data would forget the silent nodes when all servers restart, and an entity for each node would be
/// many for what one question asks. While the database is away it goes on in memory. One child, `store`.
/// </summary>
internal sealed class HealthBoard : InspectedActor, IWithTimers
{
    private sealed record SaveNow
    {
        public static readonly SaveNow Instance = new();
    }

    private readonly HealthSettings _settings;
    private readonly TimeProvider _time;
    private HealthBoardState _state = HealthBoardState.Empty;
    private HealthBoardState _saved = HealthBoardState.Empty;
    private IActorRef _store = ActorRefs.Nobody;

    public static Props Props(HealthSettings settings, TimeProvider time) => Akka.Actor.Props.Create(() => new HealthBoard(settings, time));

    public HealthBoard(HealthSettings settings, TimeProvider time)
    {
        (_settings, _time) = (settings, time);
        Receive<NodeReport>(report =>
        {
            _state = _state.Take(report, _time.GetUtcNow());
            HealthTelemetry.Clock(_state.Nodes[report.Node].Report);
        });
        Receive<GetHealth>(query => Sender.Tell(_state.Answer(query.Site, _time.GetUtcNow(), _settings.SilentAfter)));
        Receive<HealthBoardSnapshot>(stored => _state = _state.Restore(stored));
        Receive<SaveNow>(_ => Save());
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override ActorState Describe()
    {
        var now = _time.GetUtcNow();
        return new ActorState("keeping reports")
        {
            { "nodes", _state.Nodes.Count },
            { "silent", string.Join(' ', _state.Nodes.Values.Where(n => now - n.ReceivedAt > _settings.SilentAfter).Select(n => n.Report.ShortName).Order(StringComparer.Ordinal)) },
            { "last report", _state.Nodes.IsEmpty ? null : _state.Nodes.Values.Max(n => n.ReceivedAt) },
            { "not yet stored", _state != _saved },
            { "store", _store },
        };
    }

    private void Save()
    {
        var known = _state;
        _state = known.Forget(_time.GetUtcNow(), _settings);
        if (_state != known) HealthTelemetry.ForgetClocks(known.Nodes.Values.Where(n => !_state.Nodes.ContainsKey(n.Report.Node)).Select(n => n.Report.ShortName));
        if (_state == _saved) return;
        _saved = _state;
        _store.Tell(_state.Snapshot());
    }

    protected override void PostStop() => HealthTelemetry.ForgetClocks(_state.Nodes.Values.Select(n => n.Report.ShortName));

    protected override void PreStart()
    {
        _store = Context.ActorOf(
            BackoffSupervisor.Props(Backoff.OnStop(HealthStore.Props(Self), "rows", TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30), 0.2, maxNrOfRetries: -1)), "store");
        Timers.StartPeriodicTimer(SaveNow.Instance, SaveNow.Instance, _settings.SaveInterval);
    }
}
