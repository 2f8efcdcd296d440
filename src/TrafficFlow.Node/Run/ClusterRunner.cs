using Akka.Hosting;
using Microsoft.Extensions.Logging;
using TrafficFlow.Wire.Hosting;
using TrafficFlow.Wire.Retry;
using TrafficFlow.Wire.Telemetry;

namespace TrafficFlow.Node.Run;

/// <summary>
/// Keeps a cluster system running: when it ends although nobody stopped it (it was downed, removed, or lost its place), the next one
/// starts within seconds and joins again.
/// </summary>
/// <param name="ready">Awaited before a system is started anew: the library's journal gives up for good where its database is away then.</param>
internal sealed class ClusterRunner(
    string name, Action<AkkaConfigurationBuilder> wire, ILoggerFactory logs, TimeProvider time, Func<CancellationToken, Task>? ready = null)
{
    private static readonly BackOffSettings Waits = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30), 0.2, TimeSpan.FromSeconds(60));

    private readonly ILogger _log = logs.CreateLogger<ClusterRunner>();
    private readonly CancellationTokenSource _stopping = new();
    private volatile HostedActorSystem? _current;
    private Task _running = Task.CompletedTask;

    /// <summary>Null between two systems.</summary>
    public HostedActorSystem? Current => _current;

    /// <param name="mustStart">
    /// The first start must succeed. Not so on a node with cameras: its link may be down while it boots, and they measure all the same.
    /// </param>
    public async Task StartAsync(bool mustStart, CancellationToken cancellation)
    {
        try
        {
            _current = await HostedActorSystem.StartAsync(name, logs, wire, cancellation);
        }
        catch (Exception e) when (!mustStart && e is not OperationCanceledException)
        {
            _log.LogError(e, "The cluster system could not be started; cameras measure, and it is tried again");
        }

        _running = RunAsync();
    }

    public async Task StopAsync()
    {
        await _stopping.CancelAsync();
        await _running;
        if (_current is { } current) await current.DisposeAsync();
        _current = null;
    }

    private async Task RunAsync()
    {
        var waits = new BackOff(Waits, Random.Shared);
        var startedAt = time.GetTimestamp();
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                if (_current is { } current)
                {
                    await current.WhenTerminated.WaitAsync(_stopping.Token);
                    _current = null;
                    await current.DisposeAsync();
                }

                var wait = waits.Next(time.GetElapsedTime(startedAt));
                ActorTelemetry.Restarted("cluster");
                _log.LogWarning("The cluster system of this node has ended; a new one starts in {Wait:0.0} s. Cameras and outboxes go on", wait.TotalSeconds);
                await Task.Delay(wait, time, _stopping.Token);
                if (ready is not null) await ready(_stopping.Token);
                startedAt = time.GetTimestamp();
                _current = await HostedActorSystem.StartAsync(name, logs, wire, _stopping.Token);
            }
            catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
            {
                // Stopped: in whatever it was doing.
            }
            catch (Exception e)
            {
                // Whatever it was: without this loop counts would pile up until somebody restarts the node.
                _log.LogError(e, "The cluster system could not be started; it is tried again");
            }
        }
    }
}
