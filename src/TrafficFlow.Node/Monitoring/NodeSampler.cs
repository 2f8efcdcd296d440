using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace TrafficFlow.Node.Monitoring;

/// <summary>
/// Asks the cameras while nobody else does: as a rule their node reports to the health board every few seconds, and what it was told then is told here; but
/// without a cluster system, which waits for a database, there are no reports.
/// </summary>
/// <param name="collect">Asks them, after which <paramref name="last"/> is new.</param>
internal sealed class NodeSampler(Func<NodeSample?> last, Func<Task> collect, ILogger<NodeSampler> log, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan LookEach = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan OldAfter = TimeSpan.FromSeconds(12);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            using var timer = new PeriodicTimer(LookEach, time);
            do
            {
                if (last() is { } sample && time.GetElapsedTime(sample.TakenAt) < OldAfter) continue;
                await TryAsync().WaitAsync(stoppingToken);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The node ends.
        }
    }

    private async Task TryAsync()
    {
        try
        {
            await collect();
        }
        catch (Exception e)
        {
            log.LogDebug(e, "The cameras cannot be asked now; it is tried again");
        }
    }
}
