using Akka.Actor;
using Akka.Event;
using Akka.Hosting;
using TrafficFlow.Wire.Inspection;

namespace TrafficFlow.Wire.Health;

/// <summary>The health board, wherever in the cluster it runs; a key of the registry.</summary>
public sealed class HealthBoardProxy;

/// <summary>
/// Tells the health board every few seconds how this node is: /user/health-reporter. While no server can be reached the reports are
/// dropped: the next one says it all.
/// </summary>
public sealed class HealthReporter : InspectedActor, IWithTimers
{
    private sealed record ReportNow
    {
        public static readonly ReportNow Instance = new();
    }

    private readonly Func<Task<NodeReport>> _collect;
    private readonly HealthSettings _settings;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private bool _isCollecting;

    /// <param name="collect">Ends within some seconds, whatever hangs.</param>
    public static Props Props(Func<Task<NodeReport>> collect, IActorRef board, HealthSettings settings) =>
        Akka.Actor.Props.Create(() => new HealthReporter(collect, board, settings));

    public HealthReporter(Func<Task<NodeReport>> collect, IActorRef board, HealthSettings settings)
    {
        (_collect, _settings) = (collect, settings);
        Receive<ReportNow>(_ => Collect());
        Receive<NodeReport>(report =>
        {
            _isCollecting = false;
            HealthTelemetry.Disks(report);
            board.Tell(report);
        });
        Receive<Status.Failure>(failed =>
        {
            _isCollecting = false;
            _log.Warning("This node's health could not be collected ({Reason}): the server will show it as silent", failed.Cause.GetBaseException().Message);
        });
    }

    public ITimerScheduler Timers { get; set; } = null!;

    private void Collect()
    {
        // One that hangs is not asked again: the board shows the node as silent.
        if (_isCollecting) return;
        _isCollecting = true;
        _collect().PipeTo(Self, failure: e => new Status.Failure(e));
    }

    protected override void PreStart() => Timers.StartPeriodicTimer(ReportNow.Instance, ReportNow.Instance, TimeSpan.Zero, _settings.ReportInterval);
}

public static class HealthHosting
{
    /// <summary>Adds /user/health-reporter. Call it after what registers a <see cref="HealthBoardProxy"/>.</summary>
    public static AkkaConfigurationBuilder WithHealthReports(
        this AkkaConfigurationBuilder builder, Func<ActorSystem, Task<NodeReport>> collect, HealthSettings? settings = null) =>
        builder.WithActors((system, registry) => system.ActorOf(
            HealthReporter.Props(() => collect(system), registry.Get<HealthBoardProxy>(), settings ?? new HealthSettings()), "health-reporter"));
}
