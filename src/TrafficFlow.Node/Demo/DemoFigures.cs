using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;
using TrafficFlow.Simulation;
using TrafficFlow.Wire.Aggregation;
using TrafficFlow.Wire.Cameras;

namespace TrafficFlow.Node.Demo;

/// <summary>One line of the demo's table: a stream of one approach, counted and true over the same watched time.</summary>
public sealed record DemoLine(ApproachId Approach, string Stream, long Counted, long True);

/// <summary>The queue before one approach since the demo began, and how much green its signals gave to traffic straight on.</summary>
public sealed record DemoQueue(ApproachId Approach, QueueSums Queue, double GreenShare);

/// <summary>How one camera fares.</summary>
public sealed record DemoCamera(CameraId Camera, CameraState State, string Reason, double FramesPerSecond, long Frames, long Dropped, double ObservedSeconds);

/// <summary>What the demo shows at one moment. Pure: made of the nodes' answers and the simulation's truth.</summary>
public sealed record DemoFigures(IReadOnlyList<DemoLine> Lines, IReadOnlyList<DemoCamera> Cameras)
{
    // A vehicle is counted once it has left, some seconds after it entered.
    private static readonly TimeSpan CountedWithin = TimeSpan.FromSeconds(15);

    public IReadOnlyList<DemoQueue> Queues { get; init; } = [];

    public long Counted => Entering.Sum(l => l.Counted);

    public long True => Entering.Sum(l => l.True);

    private IEnumerable<DemoLine> Entering => Lines.Where(l => l.Stream == Movement.Entering.Name);

    /// <param name="truth">Advanced at least to every camera's watermark.</param>
    /// <param name="start">Event time of the simulation's zero.</param>
    public static DemoFigures Of(
        Site site, IReadOnlyList<ApproachStatus> approaches, IReadOnlyList<CameraStatus> cameras, JunctionTruth truth, DateTimeOffset start)
    {
        var lines = new List<DemoLine>();
        var watched = new Dictionary<CameraId, double>();
        var latest = approaches.SelectMany(a => a.Cameras).Select(c => c.Watermark).DefaultIfEmpty(start).Max() - start - CountedWithin;
        foreach (var approach in approaches)
        {
            foreach (var camera in approach.Cameras) watched[camera.Camera] = camera.ObservedSeconds;
            var counter = approach.Cameras.FirstOrDefault(c => site.Junction is { } junction ? c.Camera == junction.Id : EntersBy(site, c.Camera, approach.Approach));
            var (from, to) = counter is null
                ? (TimeSpan.Zero, TimeSpan.Zero)
                : (counter.Watermark - start - TimeSpan.FromSeconds(counter.ObservedSeconds), Later(counter.Watermark - start, latest));
            var happened = site.Junction is null ? truth.Counts(from, to) : truth.CountsByEntry(from, to);
            foreach (var movement in Movements(site, approach.Approach))
            {
                lines.Add(new DemoLine(
                    approach.Approach,
                    movement.Name,
                    approach.Total(movement),
                    happened.Where(t => t.Key.Approach == approach.Approach && t.Key.Movement == movement).Sum(t => t.Value)));
            }
        }

        return new DemoFigures(
            lines,
            [.. cameras.Select(c => new DemoCamera(
                c.Camera, c.State, c.Reason, c.FramesPerSecond, c.Frames, c.Dropped, watched.GetValueOrDefault(c.Camera)))]);
    }

    /// <summary>A junction's watermark waits for the oldest vehicle that is on it; those that came later are counted meanwhile.</summary>
    private static TimeSpan Later(TimeSpan watermark, TimeSpan latest) => watermark > latest ? watermark : latest;

    /// <summary>The approach's total, then its movements in the order of the site's arms.</summary>
    private static IEnumerable<Movement> Movements(Site site, ApproachId approach) =>
        [Movement.Entering, .. site.Approaches.Where(a => a.Id != approach).Select(a => Movement.To(a.Id))];

    private static bool EntersBy(Site site, CameraId camera, ApproachId approach) =>
        site.FindCamera(camera)?.Gates.Any(g => g.Forward is { Role: GateRole.Enters } meaning && meaning.Approach == approach) ?? false;
}
