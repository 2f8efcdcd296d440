using TrafficFlow.Analysis.Records;
using TrafficFlow.Analysis.Studies;
using TrafficFlow.Core;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Junctions;
using TrafficFlow.Core.Sites;
using TrafficFlow.Simulation;
using TrafficFlow.Synthetic;

namespace TrafficFlow.Benchmarks.Queues;

/// <summary>A simulated junction as its four cameras measure it: true boxes with a detector's errors, the trackers, the fusion, and times in whole seconds as the tables keep them.</summary>
internal static class SeenJunction
{
    public static readonly DateTimeOffset Start = new(2026, 6, 1, 7, 0, 0, TimeSpan.FromHours(9));

    /// <summary>
    /// How far before the entering gate the cameras see the whole of a vehicle: the upper edge of the picture meets the road 57 m from the middle of the junction, the gate lies 8.8 m from it.
    /// </summary>
    public static double SeenMetres { get; } = Sight();

    private static double Sight()
    {
        var view = JunctionCameras.Of(0, (double)SyntheticJunction.Frame.Width / SyntheticJunction.Frame.Height);
        for (var b = 20.0; b < 200; b += 0.25)
        {
            // Of the far end of a car in the kerb lane, as high as it is.
            if (view.Project(JunctionCameras.At(0, JunctionLayout.KerbLane, b, 1.5)).Y < 0) return b - 8.8;
        }

        return 200;
    }

    public static (JunctionRecord Record, IReadOnlyList<TrueCycle> Cycles) Run(JunctionSettings settings, double seconds, CancellationToken cancellation)
    {
        var site = SyntheticJunction.Site;
        var junction = new JunctionSimulation(settings);
        var truth = new TrueQueues(junction, Start);
        var cameras = site.Cameras.Select((c, arm) => (Seen: new SeenBoxes(arm, c, (settings.Seed * 31) + arm), Pipeline: new CameraPipeline(c, new ScoreBands(0.1f, 0.5f, 0.5f), site: site))).ToList();
        var fusion = new JunctionPipeline(site);
        var (journeys, output) = (new List<Journey>(), new PipelineOutput());
        var next = 0.0;
        for (var frame = 0; frame < seconds * SyntheticJunction.Frame.FramesPerSecond; frame++)
        {
            cancellation.ThrowIfCancellationRequested();
            var now = frame / SyntheticJunction.Frame.FramesPerSecond;
            junction.AdvanceTo(TimeSpan.FromSeconds(now));
            if (now >= next)
            {
                truth.Look();
                next += 0.25;
            }

            foreach (var (seen, pipeline) in cameras)
            {
                pipeline.Process(Start.AddSeconds(now), seen.Look(junction.Vehicles), output);
                fusion.Process(CameraObservation.Of(pipeline.Camera.Id, Start.AddSeconds(now), output), journeys);
            }
        }

        fusion.Finish(journeys);
        return (Record(seconds, [.. journeys.Where(j => j.Part != JourneyPart.EntryAhead).Select(AsKept)], fusion.TakeQueues(DateTimeOffset.MaxValue)), [.. truth.Cycles(new SimulatedSignals(settings, Start), seconds)]);
    }

    public static JunctionRecord Record(double seconds, IReadOnlyList<Journey> journeys, IReadOnlyList<QueueReading> queues)
    {
        var site = SyntheticJunction.Site;
        var span = new Interval(Start, Start.AddSeconds(seconds));
        var watched = IntervalSet.Of(span);
        return new JunctionRecord(
            site.Id, site.Name, site.TimeZone, span,
            [.. site.Approaches.Select(a => new ApproachRecord(a.Id, a.Name, watched, [.. queues.Where(q => q.Approach == a.Id)], SeenMetres))],
            [.. site.Cameras.Select((c, arm) => new CameraRecord(c.Id, watched, IntervalSet.Empty, [site.Approaches[arm].Id]))],
            [.. journeys.OrderBy(j => j.LastSeenAt)]);
    }

    /// <summary>As the tables keep it.</summary>
    private static Journey AsKept(Journey j) => j with
    {
        EnteredAt = Second(j.EnteredAt),
        LeftAt = Second(j.LeftAt),
        FirstSeenAt = Second(j.FirstSeenAt)!.Value,
        LastSeenAt = Second(j.LastSeenAt)!.Value,
        QueuedAt = Second(j.QueuedAt),
        LateralMetres = j.LateralMetres is { } lateral ? Math.Round(lateral, 1) : null,
        QueuedMetres = j.QueuedMetres is { } back ? Math.Round(back, 1) : null,
    };

    private static DateTimeOffset? Second(DateTimeOffset? time) => time is { } t ? t.AddTicks(-(t.UtcTicks % TimeSpan.TicksPerSecond)) : null;
}
