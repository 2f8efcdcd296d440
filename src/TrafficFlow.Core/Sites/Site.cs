using TrafficFlow.Core.Calibration;
using TrafficFlow.Core.Custody;
using TrafficFlow.Core.Geometry;

namespace TrafficFlow.Core.Sites;

/// <summary>One intersection, as its site file describes it. Two sites with the same content have the same <see cref="Hash"/>.</summary>
/// <param name="Hash">Hex SHA-256 (first 16 digits) of the site's canonical content; every flow bin carries it.</param>
public sealed record Site(
    SiteId Id,
    string Name,
    TimeZoneInfo TimeZone,
    IReadOnlyList<Approach> Approaches,
    IReadOnlyList<CameraSetup> Cameras,
    string Hash)
{
    /// <summary>False where the site file says that each camera is to be counted by itself.</summary>
    public bool FusesTracks { get; init; } = true;

    /// <summary>Where the surveyed points lie on the earth; null where the site file does not say it: then nothing can be put on a map.</summary>
    public GeoAnchor? Geo { get; init; }

    /// <summary>How its pictures and counts are kept; null where the site file does not say it. Nothing is counted by it, and it is no part of <see cref="Hash"/>.</summary>
    public CustodyPolicy? Custody { get; init; }

    /// <summary>
    /// What counts the journeys over the whole junction, in the form of one more camera that has every approach of the others and no
    /// picture; null where each camera is counted by itself: the site file says so, or not every camera that enters or exits an approach
    /// is calibrated, or there is only one.
    /// </summary>
    public CameraSetup? Junction => JunctionSetup.Of(this);

    /// <summary>All that counts: the cameras, and the junction where there is one.</summary>
    public IEnumerable<CameraSetup> Feeders => Junction is { } junction ? Cameras.Prepend(junction) : Cameras;

    /// <summary>Cameras and gates lie on the ground as they do there: vehicles on the junction can be followed on.</summary>
    public bool SeesGroundAs(Site other) =>
        Cameras.Select(c => (c.Id, c.Plane?.Version)).SequenceEqual(other.Cameras.Select(c => (c.Id, c.Plane?.Version)))
        && Junction is { } mine && other.Junction is { } theirs && mine.IsSameAs(theirs);

    public CameraSetup? FindCamera(CameraId id) => Cameras.FirstOrDefault(c => c.Id == id);
}

/// <summary>An arm on which vehicles arrive and leave.</summary>
public sealed record Approach(ApproachId Id, string Name);

/// <summary>One camera of a site: where its picture comes from, what is blackened in it, and where vehicles are counted.</summary>
/// <param name="Source">rtsp://, http(s)://, a file, a V4L2 device, synthetic:NAME or replay:NAME; relative files are already resolved.</param>
/// <param name="Detector">"default", or a name from trafficflow.detectors.</param>
/// <param name="Masks">Polygons in fractions of the picture, blackened before anything reads the frame.</param>
/// <param name="Ground">Surveyed points: at least four, or none.</param>
public sealed record CameraSetup(
    CameraId Id,
    string Source,
    FrameFormat Frame,
    string Detector,
    IReadOnlyList<Polygon> Masks,
    IReadOnlyList<Gate> Gates,
    IReadOnlyList<GroundReference> Ground)
{
    /// <summary>Distortion of the lens, where it is known; null lets the calibration find it, or do without.</summary>
    public LensDistortion? Lens { get; init; }

    /// <summary>Error of <see cref="Ground"/> in metres, where it is known better than the points themselves tell: for points that nobody surveyed.</summary>
    public double? GroundErrorMetres { get; init; }

    /// <summary>The calibration that <see cref="Ground"/> gives; null where nothing was surveyed.</summary>
    public GroundPlane? Plane { get; init; }

    /// <summary>Whether the other says the same, value by value.</summary>
    public bool IsSameAs(CameraSetup other) =>
        Id == other.Id && Source == other.Source && Frame == other.Frame && Detector == other.Detector
        && Masks.Count == other.Masks.Count && Masks.Zip(other.Masks).All(m => m.First.Points.SequenceEqual(m.Second.Points))
        && Gates.SequenceEqual(other.Gates) && Ground.SequenceEqual(other.Ground) && Lens == other.Lens && GroundErrorMetres == other.GroundErrorMetres;
}

/// <summary>Size in pixels and rate in frames per second at which a camera's picture is processed.</summary>
public readonly record struct FrameFormat(int Width, int Height, double FramesPerSecond)
{
    /// <summary>Bytes of one BGR frame.</summary>
    public int ByteCount => Width * Height * 3;
}

/// <summary>A closed polygon of at least three points, in fractions of the picture.</summary>
public sealed record Polygon(IReadOnlyList<PicturePoint> Points);

/// <summary>
/// A directed line from <see cref="From"/> to <see cref="To"/>. A crossing from the negative to the positive side of
/// cross(to - from, p - from) is forward: a gate drawn left to right counts downward motion as forward.
/// </summary>
public sealed record Gate(GateId Id, PicturePoint From, PicturePoint To, GateMeaning? Forward = null, GateMeaning? Backward = null);

public enum GateRole
{
    Enters,
    Exits,
}

/// <summary>What crossing a gate in one direction means: the vehicle enters the junction from an approach, or exits on one.</summary>
public sealed record GateMeaning(GateRole Role, ApproachId Approach);
