using System.Collections.Immutable;
using TrafficFlow.Core.Counting;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Geometry;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Core.Recounting;

/// <summary>What counted the movements of a recount.</summary>
public enum RecountedBy
{
    /// <summary>Each camera by itself, as the site has it.</summary>
    Cameras = 0,

    /// <summary>The junction, from the tracks of all its cameras.</summary>
    Junction = 1,

    /// <summary>The junction, from the tracks of some of its cameras: of the others nothing was seen here.</summary>
    PartOfJunction = 2,
}

public sealed record GateRecount(CameraId Camera, GateId Gate, int Forward, int Backward);

public sealed record MovementRecount(ApproachId Approach, Movement Movement, int Count);

/// <summary>The way of one vehicle in a camera's picture.</summary>
/// <param name="Points">Where it stood on the ground, in fractions of the picture.</param>
/// <param name="Gates">That it was counted at.</param>
public sealed record SeenWay(CameraId Camera, ImmutableArray<PicturePoint> Points, ImmutableArray<GateId> Gates);

/// <summary>
/// What a site would have counted of what its cameras' detectors found: by the very pipelines that count. At the first picture nothing is known of what came before, so that a
/// vehicle that is just crossing then is not counted.
/// </summary>
/// <param name="Span">From the first picture to the last; empty where nothing was found.</param>
/// <param name="Ways">Of the vehicles that were followed for a while.</param>
public sealed record SiteRecount(
    Interval Span, ImmutableArray<GateRecount> Gates, ImmutableArray<MovementRecount> Movements, RecountedBy MovementsBy, ImmutableArray<SeenWay> Ways)
{
    /// <summary>Without a picture for longer, tracks begin anew, as they do in a camera.</summary>
    private static readonly TimeSpan s_gap = TimeSpan.FromSeconds(2);

    /// <param name="seen">Of the site's cameras, those of which it is known.</param>
    /// <exception cref="OperationCanceledException">Nobody waits for it any more.</exception>
    public static SiteRecount Of(Site site, IReadOnlyList<SeenFrames> seen, CancellationToken cancellation)
    {
        var known = seen.Where(s => s.Frames.Count > 0 && site.FindCamera(s.Camera) is not null).ToList();
        if (known.Count == 0) return new SiteRecount(default, [], [], RecountedBy.Cameras, []);
        var counted = new List<CountedVehicle>();
        var cameras = known.Select(s => new CameraRecount(site, site.FindCamera(s.Camera)!, s.Scores)).ToList();
        foreach (var (camera, frames) in cameras.Zip(known)) camera.Run(frames.Frames, s_gap, cancellation);
        counted.AddRange(cameras.SelectMany(c => c.Counted));
        var by = site.Junction is null ? RecountedBy.Cameras : CountingCameras(site).All(c => known.Exists(k => k.Camera == c)) ? RecountedBy.Junction : RecountedBy.PartOfJunction;
        if (by != RecountedBy.Cameras) counted.AddRange(JunctionRecount.Count(site, cameras.SelectMany(c => c.Observations), s_gap, cancellation));
        return new SiteRecount(
            new Interval(known.Min(s => s.Frames[0].Time), known.Max(s => s.Frames[^1].Time)),
            [.. cameras.SelectMany(c => c.Gates)],
            [.. counted.GroupBy(v => (v.Approach, v.Movement)).Select(g => new MovementRecount(g.Key.Approach, g.Key.Movement, g.Count())).OrderBy(m => m.Approach.Value, StringComparer.Ordinal).ThenBy(m => m.Movement)],
            by,
            [.. cameras.SelectMany(c => c.Ways)]);
    }

    private static IEnumerable<CameraId> CountingCameras(Site site) => site.Cameras.Where(c => c.Gates.Any(g => g.Forward is not null || g.Backward is not null)).Select(c => c.Id);
}
