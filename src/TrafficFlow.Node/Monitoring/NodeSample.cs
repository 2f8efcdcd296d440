using TrafficFlow.Core.Sites;
using TrafficFlow.Wire.Cameras;
using TrafficFlow.Wire.Health;

namespace TrafficFlow.Node.Monitoring;

/// <summary>The cameras of a node as they were asked last, for everybody who wants to tell of them.</summary>
/// <param name="TakenAt">A timestamp of the node's TimeProvider.</param>
internal sealed record NodeSample(IReadOnlyList<CameraSample> Cameras, long TakenAt)
{
    /// <summary>With what was known before, which tells since when a camera brings nothing.</summary>
    public static NodeSample Take(NodeSample? before, IEnumerable<CameraReport> reports, long now)
    {
        var known = before?.Cameras.ToDictionary(c => (c.Report.Status.Site, c.Report.Status.Camera)) ?? [];
        return new NodeSample([.. reports.Select(r => new CameraSample(r, MovedAt(r.Status)))], now);

        long MovedAt(CameraStatus status) =>
            known.GetValueOrDefault((status.Site, status.Camera)) is { } was && was.Report.Status.Frames == status.Frames ? was.FramesMovedAt : now;
    }

    public IEnumerable<CameraSample> Real => Cameras.Where(c => c.Report.Status.Junction is null);

    public IEnumerable<(SiteId Site, JunctionHealth Health)> Junctions =>
        Cameras.Where(c => c.Report.Status.Junction is not null).Select(c => (c.Report.Status.Site, c.Report.Status.Junction!));
}

/// <param name="FramesMovedAt">A timestamp: the sample in which the number of its frames was last another one, or it was first seen.</param>
internal sealed record CameraSample(CameraReport Report, long FramesMovedAt);
