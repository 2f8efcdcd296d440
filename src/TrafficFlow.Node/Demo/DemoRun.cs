using Akka.Actor;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Signals;
using TrafficFlow.Core.Sites;
using TrafficFlow.Node.Run;
using TrafficFlow.Roadside.Cameras;
using TrafficFlow.Simulation;
using TrafficFlow.Synthetic;
using TrafficFlow.Web;
using TrafficFlow.Web.Access;
using TrafficFlow.Wire.Aggregation;
using TrafficFlow.Wire.Cameras;
using TrafficFlow.Wire.Routing;

namespace TrafficFlow.Node.Demo;

/// <summary>
/// The demo's node while it runs: paints the streets, starts the node, asks it every second what it counted, and lays the truth beside it.
/// Whoever shows it reads <see cref="State"/>, and waits for none of it.
/// </summary>
internal sealed class DemoRun(NodeDefinition node, JunctionSimulation junction, TimeProvider time)
{
    private static readonly TimeSpan Refresh = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(20);

    // How far back the share of lost pictures is looked at, in answers.
    private const int LossOver = 10;

    private readonly long _began = time.GetTimestamp();
    private readonly Queue<DemoFigures> _earlier = new();
    private volatile DemoState _latest = DemoState.Beginning;
    private int _painted;

    public DemoState State => _latest with { Running = time.GetElapsedTime(_began), Painted = _painted, Streets = node.Cameras.Count };

    /// <summary>Done when the first camera gives pictures.</summary>
    public Task Streaming => _streaming.Task;

    private readonly TaskCompletionSource _streaming = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Until it is ended. The node has stopped then.</summary>
    /// <exception cref="JobFailedException">The node cannot be started; the message says what to do.</exception>
    public async Task RunAsync(CancellationToken end)
    {
        var painting = node.Cameras.Select(PaintAsync).ToList();
        using var host = NodeHost.Build(node);
        var starting = host.StartAsync(end);
        try
        {
            await PollAsync(host, starting, painting, end);
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // The demo's time is over, or somebody pressed Ctrl-C: both are its proper end.
        }
        finally
        {
            await Task.WhenAny(starting);
            await host.StopAsync(CancellationToken.None);
        }
    }

    private async Task PaintAsync(CameraSetup camera)
    {
        await PaintedStreets.PrepareAsync(camera);
        Interlocked.Increment(ref _painted);
    }

    private async Task PollAsync(IHost host, Task starting, List<Task> painting, CancellationToken end)
    {
        using var timer = new PeriodicTimer(Refresh, time);
        while (await timer.WaitForNextTickAsync(end))
        {
            if (starting.IsFaulted) await starting;
            if (painting.FirstOrDefault(p => p.IsFaulted) is { } failed) await failed;
            var isUp = starting.IsCompletedSuccessfully;
            if (await TryAskAsync(host, isUp, end) is not { } figures) continue;
            _earlier.Enqueue(figures);
            if (_earlier.Count > LossOver) _earlier.Dequeue();
            _latest = _latest with { IsUp = isUp, Figures = figures, Loss = DemoLoss.Between(_earlier.Peek(), figures), Page = isUp ? PageOf(host) : null };
            if (figures.Cameras.Any(c => c.State == CameraState.Streaming)) _streaming.TrySetResult();
        }
    }

    private string? PageOf(IHost host) =>
        host.Services.GetService<WebServer>()?.Address is { } address && node.WebCallers is LinkCallers link ? link.LinkAt(address) : null;

    /// <summary>Null where the node was too busy to answer: the next question comes soon.</summary>
    private async Task<DemoFigures?> TryAskAsync(IHost host, bool isUp, CancellationToken cancellation)
    {
        try
        {
            return await AskAsync(host, isUp, cancellation);
        }
        catch (AskTimeoutException)
        {
            return null;
        }
    }

    /// <summary>Null while there is nobody to ask. Cameras answer before anybody counts.</summary>
    private async Task<DemoFigures?> AskAsync(IHost host, bool isUp, CancellationToken cancellation)
    {
        var systems = host.Services.GetRequiredService<NodeSystems>();
        var site = node.Sites[0].Site;
        if (systems.Roadside is null || !systems.RoadsideRegistry.TryGet<CamerasActor>(out var roster)) return null;
        var cameras = await roster.Ask<CameraStatuses>(GetCameras.Instance, AnswerWithin, cancellation);
        if (!isUp || systems.ClusterRegistry is not { } registry || !registry.TryGet<ApproachRegion>(out var region))
            return DemoFigures.Of(site, [], cameras.Cameras, junction.Truth, node.JunctionStart);
        var approaches = await Task.WhenAll(site.Approaches.Select(a =>
            region.Ask<ApproachStatus>(new GetApproachStatus(site.Id, a.Id), AnswerWithin, cancellation)));
        var watermarks = approaches.SelectMany(a => a.Cameras).Select(c => c.Watermark - node.JunctionStart).DefaultIfEmpty(TimeSpan.Zero);
        var reached = watermarks.Max();
        if (reached > junction.Now) junction.AdvanceTo(reached);
        var queues = await Task.WhenAll(site.Approaches.Select(a => QueueAsync(region, site, a.Id, cancellation)));
        return DemoFigures.Of(site, approaches, cameras.Cameras, junction.Truth, node.JunctionStart) with { Queues = [.. queues.OfType<DemoQueue>()] };
    }

    /// <summary>Null where none was measured yet.</summary>
    private async Task<DemoQueue?> QueueAsync(IActorRef region, Site site, ApproachId approach, CancellationToken cancellation)
    {
        var (start, now) = (node.JunctionStart, time.GetUtcNow());
        var bins = await region.Ask<FlowBins>(
            new GetFlowBins(site.Id, approach, BinDuration.OneMinute, start.AddHours(-1), now.AddHours(1)), AnswerWithin, cancellation);
        var measured = bins.Bins.Where(b => b.Queue is not null).ToList();
        if (measured.Count == 0) return null;
        var span = new Interval(start, now);
        var through = Movement.To(JunctionLayout.Approaches[JunctionLayout.ExitOf(JunctionLayout.IndexOf(approach), Turn.Through)]);
        var green = new SimulatedSignals(junction.Settings.Signals, start).Green(approach, through, span) ?? TimeSpan.Zero;
        return new DemoQueue(approach, measured.Select(b => b.Queue!.Value).Aggregate((a, b) => a + b), span.IsEmpty ? 0 : green / span.Length);
    }
}
