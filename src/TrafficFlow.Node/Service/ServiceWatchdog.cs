using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using TrafficFlow.Node.ControlServer;

namespace TrafficFlow.Node.Service;

/// <summary>
/// Tells the service manager that the node is up, how it is and that it ends, and feeds its watchdog as long as the actors work. A database or a camera
/// that is away starves nobody: a restart would not bring it back. A camera whose worker hangs is told; the others count on. Registered last, it says that the
/// node is up when all of it is.
/// </summary>
internal sealed class ServiceWatchdog(INodeSystems systems, ServiceManager manager, HealthCheckService checks, ILogger<ServiceWatchdog> log, TimeProvider time)
    : BackgroundService
{
    // Several chances before the manager's patience is over.
    private const int FeedsOfAPeriod = 4;
    private static readonly TimeSpan TellEvery = TimeSpan.FromSeconds(30);
    // Several times what a detector takes for a frame on a machine that is far too slow.
    private static readonly TimeSpan WorkersAnswerWithin = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(15);

    public override Task StopAsync(CancellationToken cancellationToken)
    {
        manager.Stopping();
        return base.StopAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!manager.Notifier.IsEnabled) return;
        manager.Ready();
        try
        {
            await Task.WhenAll(FeedAsync(stoppingToken), LookAtWorkersAsync(stoppingToken), TellAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The node ends.
        }
    }

    private async Task FeedAsync(CancellationToken cancellation)
    {
        var every = manager.Watchdog / FeedsOfAPeriod ?? LookEvery;
        var hung = false;
        while (true)
        {
            var silent = await ActorPulse.SilentAsync([systems.Roadside, systems.Cluster], every, cancellation);
            if (silent.Count == 0)
            {
                manager.Feed();
                if (hung) log.LogWarning("All actors answer again");
            }
            else
            {
                manager.Tell($"no answer from {string.Join(", ", silent)}");
                if (!hung) log.LogError("No answer from {Actors} within {Wait:0.0} s: the watchdog is not fed, and the service manager restarts a node that stays so. Is the machine overloaded?", string.Join(", ", silent), every.TotalSeconds);
            }

            // While it hangs there is no time to lose until the manager's patience is over.
            await Task.Delay(silent.Count == 0 ? every : TimeSpan.FromSeconds(1), time, cancellation);
            hung = silent.Count > 0;
        }
    }

    private async Task LookAtWorkersAsync(CancellationToken cancellation)
    {
        IReadOnlyList<string> before = [];
        while (true)
        {
            await Task.Delay(TellEvery, time, cancellation);
            var silent = await ActorPulse.SilentWorkersAsync([systems.Roadside, systems.Cluster], WorkersAnswerWithin, cancellation);
            foreach (var worker in silent.Except(before))
            {
                log.LogError(
                    "No answer from {Worker} within {Wait:0} s: its camera counts nothing while that lasts, and the others go on. Does a library, or a file on a network drive, hang? Restart the node when it stays so",
                    worker, WorkersAnswerWithin.TotalSeconds);
            }

            foreach (var worker in before.Except(silent)) log.LogWarning("{Worker} answers again", worker);
            before = silent;
        }
    }

    /// <summary>The worst that the health checks say; on its own, since it may wait for a database.</summary>
    private async Task TellAsync(CancellationToken cancellation)
    {
        manager.Tell("up; its health is looked at soon");
        while (true)
        {
            // First of all the node makes its tables and opens its cameras: that these are not there yet is no news.
            await Task.Delay(TellEvery, time, cancellation);
            HealthReport report;
            try
            {
                report = await checks.CheckHealthAsync(cancellation);
            }
            catch (Exception e) when (e is not OperationCanceledException || !cancellation.IsCancellationRequested)
            {
                // Whatever a check stumbles over ends neither the node nor what it says of itself.
                log.LogWarning(e, "The health checks failed; they are tried again");
                continue;
            }

            var worst = report.Entries.Where(e => e.Value.Status != HealthStatus.Healthy).OrderBy(e => e.Value.Status).Select(e => $"{e.Key}: {e.Value.Description}").ToList();
            manager.Tell(worst.Count == 0 ? "up and well" : string.Join("; ", worst));
        }
    }
}
