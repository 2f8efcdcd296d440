using System.Text.Json;
using Akka.Actor;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Serilog.Events;
using Spectre.Console;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Signals;
using TrafficFlow.Core.Sites;
using TrafficFlow.Node.Run;
using TrafficFlow.Roadside.Cameras;
using TrafficFlow.Simulation;
using TrafficFlow.Wire.Aggregation;
using TrafficFlow.Wire.Cameras;
using TrafficFlow.Wire.Routing;

namespace TrafficFlow.Node.Demo;

/// <summary>Runs the demo's node, asks it every second what it counted, and lays the truth beside it.</summary>
public sealed class DemoJob(DemoOptions options)
{
    private static readonly TimeSpan Refresh = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan PlainRefresh = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(20);
    private static readonly JsonSerializerOptions Layout = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    private readonly TimeProvider _time = TimeProvider.System;
    private readonly JunctionSimulation _junction = new(JunctionSettings.Default with { Seed = options.Seed });

    public async Task<int> RunAsync(CancellationToken interrupted)
    {
        var folder = options.Data ?? Directory.CreateTempSubdirectory("trafficflow-demo-").FullName;
        try
        {
            var start = _time.GetUtcNow();
            var node = DemoNode.Define(options, Path.GetFullPath(folder), start);
            using var host = NodeHost.Build(node, LogEventLevel.Warning);
            await host.StartAsync(interrupted);
            var figures = await WatchAsync(host, node, interrupted);
            await host.StopAsync(CancellationToken.None);
            Summarise(figures);
            return ExitCodes.Done;
        }
        finally
        {
            if (options.Data is null) Directory.Delete(folder, recursive: true);
        }
    }

    private async Task<DemoFigures> WatchAsync(IHost host, NodeDefinition node, CancellationToken interrupted)
    {
        var began = _time.GetTimestamp();
        var latest = new DemoFigures([], []);
        var hint = $"Ctrl-C ends it; in another terminal: trafficflow watch flow.demo.north.live --data {node.DataDirectory}";
        using var end = CancellationTokenSource.CreateLinkedTokenSource(interrupted);
        if (options.Length is { } length) end.CancelAfter(length);

        if (options.AsJson || Console.IsOutputRedirected)
        {
            await PollAsync(PlainRefresh, figures =>
            {
                if (!options.AsJson) AnsiConsole.MarkupLine($"{_time.GetElapsedTime(began):hh\\:mm\\:ss}  {DemoTable.Total(figures)}, {figures.Cameras.Sum(c => c.FramesPerSecond):0} frames/s, {figures.Cameras.Sum(c => c.Dropped)} dropped");
            });
        }
        else
        {
            await AnsiConsole.Live(new Text("starting: the four cameras paint their street")).StartAsync(live => PollAsync(
                Refresh, figures => live.UpdateTarget(DemoTable.Of(figures, _time.GetElapsedTime(began), hint))));
        }

        return latest;

        async Task PollAsync(TimeSpan every, Action<DemoFigures> show)
        {
            using var timer = new PeriodicTimer(every, _time);
            try
            {
                while (await timer.WaitForNextTickAsync(end.Token))
                {
                    if (await TryAskAsync(host, node, end.Token) is not { } figures) continue;
                    latest = figures;
                    show(latest);
                }
            }
            catch (OperationCanceledException)
            {
                // The demo's time is over, or somebody pressed Ctrl-C: both are its proper end.
            }
        }
    }

    /// <summary>Null where the node was too busy to answer: the next question comes soon.</summary>
    private async Task<DemoFigures?> TryAskAsync(IHost host, NodeDefinition node, CancellationToken cancellation)
    {
        try
        {
            return await AskAsync(host, node, cancellation);
        }
        catch (AskTimeoutException)
        {
            return null;
        }
    }

    /// <summary>Null while the node is in no cluster.</summary>
    private async Task<DemoFigures?> AskAsync(IHost host, NodeDefinition node, CancellationToken cancellation)
    {
        var systems = host.Services.GetRequiredService<NodeSystems>();
        var site = node.Sites[0].Site;
        if (systems.ClusterRegistry is not { } registry) return null;
        var region = await registry.GetAsync<ApproachRegion>(cancellation);
        var cameras = await systems.RoadsideRegistry.Get<CamerasActor>().Ask<CameraStatuses>(GetCameras.Instance, AnswerWithin, cancellation);
        var approaches = await Task.WhenAll(site.Approaches.Select(a =>
            region.Ask<ApproachStatus>(new GetApproachStatus(site.Id, a.Id), AnswerWithin, cancellation)));
        var watermarks = approaches.SelectMany(a => a.Cameras).Select(c => c.Watermark - node.JunctionStart).DefaultIfEmpty(TimeSpan.Zero);
        var reached = watermarks.Max();
        if (reached > _junction.Now) _junction.AdvanceTo(reached);
        var queues = await Task.WhenAll(site.Approaches.Select(a => QueueAsync(region, site, a.Id, node.JunctionStart, cancellation)));
        return DemoFigures.Of(site, approaches, cameras.Cameras, _junction.Truth, node.JunctionStart) with { Queues = [.. queues.OfType<DemoQueue>()] };
    }

    /// <summary>Null where none was measured yet.</summary>
    private async Task<DemoQueue?> QueueAsync(IActorRef region, Site site, ApproachId approach, DateTimeOffset start, CancellationToken cancellation)
    {
        var now = _time.GetUtcNow();
        var bins = await region.Ask<FlowBins>(
            new GetFlowBins(site.Id, approach, BinDuration.OneMinute, start.AddHours(-1), now.AddHours(1)), AnswerWithin, cancellation);
        var measured = bins.Bins.Where(b => b.Queue is not null).ToList();
        if (measured.Count == 0) return null;
        var span = new Interval(start, now);
        var through = Movement.To(JunctionLayout.Approaches[JunctionLayout.ExitOf(JunctionLayout.IndexOf(approach), Turn.Through)]);
        var green = new SimulatedSignals(_junction.Settings.Signals, start).Green(approach, through, span) ?? TimeSpan.Zero;
        return new DemoQueue(approach, measured.Select(b => b.Queue!.Value).Aggregate((a, b) => a + b), span.IsEmpty ? 0 : green / span.Length);
    }

    private void Summarise(DemoFigures figures)
    {
        if (!options.AsJson)
        {
            AnsiConsole.Write(DemoTable.Of(figures, TimeSpan.FromSeconds(figures.Cameras.Select(c => c.ObservedSeconds).DefaultIfEmpty().Max()), "summary"));
            AnsiConsole.WriteLine();
            return;
        }

        Console.WriteLine(JsonSerializer.Serialize(
            new
            {
                figures.Counted,
                figures.True,
                Queues = figures.Queues.Select(q => new
                {
                    Approach = q.Approach.Value,
                    MeanMetres = Math.Round(q.Queue.MeanMetres ?? 0, 1),
                    MaxMetres = Math.Round(q.Queue.MaxMetres, 1),
                    MeanVehicles = Math.Round(q.Queue.MeanVehicles ?? 0, 1),
                    q.Queue.MaxVehicles,
                    GreenShare = Math.Round(q.GreenShare, 2),
                }),
                Streams = figures.Lines.Select(l => new { Approach = l.Approach.Value, l.Stream, l.Counted, l.True }),
                Cameras = figures.Cameras.Select(c => new
                {
                    Camera = c.Camera.Value,
                    State = c.State.ToString(),
                    c.Frames,
                    c.Dropped,
                    ObservedSeconds = Math.Round(c.ObservedSeconds, 1),
                }),
            },
            Layout));
    }
}
