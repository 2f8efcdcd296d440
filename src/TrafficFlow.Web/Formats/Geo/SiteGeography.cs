using TrafficFlow.Core.Geometry;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Web.Formats.Geo;

/// <summary>A gate on the earth.</summary>
/// <param name="Camera">Who sees it.</param>
/// <param name="From">In the order of the site file.</param>
/// <param name="BearingDegrees">Of who crosses it forward, clockwise from true north.</param>
/// <param name="ErrorMetres">Of its place on the ground plane.</param>
public sealed record GateOnEarth(CameraId Camera, Gate Gate, GeoPosition From, GeoPosition To, double BearingDegrees, double LengthMetres, double ErrorMetres)
{
    public GeoPosition Middle => new((From.Latitude + To.Latitude) / 2, (From.Longitude + To.Longitude) / 2);
}

/// <summary>Where an approach meets the junction.</summary>
/// <param name="Position">The middle of its gates: of those that enter, else of those that exit.</param>
/// <param name="BearingDegrees">Of who enters by it (who exits on it, where no gate enters), clockwise from true north.</param>
public sealed record ApproachOnEarth(Approach Approach, GeoPosition Position, double BearingDegrees);

/// <summary>What is known of a site's place on the earth: its anchor, and those gates that calibrated cameras see.</summary>
public sealed class SiteGeography
{
    private SiteGeography(Site site, GeoAnchor anchor)
    {
        Site = site;
        Gates = [.. site.Cameras.SelectMany(camera => camera.Gates.Select(gate => Lay(camera, gate, anchor)).OfType<GateOnEarth>())];
        Position = Gates.Count == 0 ? anchor.ToEarth(anchor.At) : Mean([.. Gates.Select(g => g.Middle)]);
        Approaches = [.. site.Approaches.Select(Find).OfType<ApproachOnEarth>()];
        Unplaced =
        [
            .. from camera in site.Cameras
               from gate in camera.Gates
               where !Gates.Any(g => g.Camera == camera.Id && g.Gate.Id == gate.Id)
               select (camera.Id, gate.Id, camera.Plane is null ? "its camera is not calibrated" : "it lies above the horizon"),
        ];
    }

    public Site Site { get; }

    /// <summary>The middle of all gates, or of the anchor where there is none on the ground.</summary>
    public GeoPosition Position { get; }

    public IReadOnlyList<GateOnEarth> Gates { get; }

    public IReadOnlyList<ApproachOnEarth> Approaches { get; }

    /// <summary>Gates whose place is not known, and why.</summary>
    public IReadOnlyList<(CameraId Camera, GateId Gate, string Why)> Unplaced { get; }

    /// <summary>Null where the site file does not say where it lies.</summary>
    public static SiteGeography? Find(Site site) => site.Geo is { } anchor ? new SiteGeography(site, anchor) : null;

    /// <exception cref="FormatRefusedException">The site file does not say where the site lies.</exception>
    public static SiteGeography Of(Site site, string format) => Find(site)
        ?? throw new FormatRefusedException($"{format} needs the place of site {site.Id} on the earth: add geo {{ latitude = …, longitude = … }} to its site file (hocon/sites/kokandori.conf explains it) and reload it");

    /// <summary>Where an approach meets the junction; the site's own position where that is not known.</summary>
    public GeoPosition PositionOf(ApproachId approach) => Approaches.FirstOrDefault(a => a.Approach.Id == approach)?.Position ?? Position;

    private ApproachOnEarth? Find(Approach approach)
    {
        foreach (var role in new[] { GateRole.Enters, GateRole.Exits })
        {
            var gates = (
                from gate in Gates
                let forward = gate.Gate.Forward == new GateMeaning(role, approach.Id)
                where forward || gate.Gate.Backward == new GateMeaning(role, approach.Id)
                select (gate.Middle, Bearing: forward ? gate.BearingDegrees : (gate.BearingDegrees + 180) % 360)).ToList();
            if (gates.Count > 0) return new ApproachOnEarth(approach, Mean([.. gates.Select(g => g.Middle)]), MeanBearing(gates.Select(g => g.Bearing)));
        }

        return null;
    }

    private static GateOnEarth? Lay(CameraSetup camera, Gate gate, GeoAnchor anchor)
    {
        if (camera.Plane is not { } plane || plane.ToGround(gate.From) is not { } from || plane.ToGround(gate.To) is not { } to) return null;
        if (plane.ToGround(PointBeyond(camera, gate)) is not { } beyond) return null;
        var (dx, dy) = (to.X - from.X, to.Y - from.Y);
        // Square to the gate, to the side that is forward in the picture: a picture's own right angle is none on the ground.
        var side = Math.Sign((dx * (beyond.Y - from.Y)) - (dy * (beyond.X - from.X)));
        return new GateOnEarth(
            camera.Id, gate, anchor.ToEarth(from), anchor.ToEarth(to), anchor.BearingOf(-dy * side, dx * side), from.DistanceTo(to), plane.ErrorMetres);
    }

    /// <summary>A little forward of the middle of the gate, in the picture.</summary>
    private static PicturePoint PointBeyond(CameraSetup camera, Gate gate)
    {
        const double Step = 0.01;
        var (w, h) = (camera.Frame.Width, camera.Frame.Height);
        var (dx, dy) = ((gate.To.X - gate.From.X) * w, (gate.To.Y - gate.From.Y) * h);
        return new PicturePoint(((gate.From.X + gate.To.X) / 2) - (Step * dy / w), ((gate.From.Y + gate.To.Y) / 2) + (Step * dx / h));
    }

    private static GeoPosition Mean(IReadOnlyList<GeoPosition> places) => new(places.Average(p => p.Latitude), places.Average(p => p.Longitude));

    private static double MeanBearing(IEnumerable<double> bearings)
    {
        var (east, north) = (0.0, 0.0);
        foreach (var (sin, cos) in bearings.Select(b => Math.SinCos(b * Math.PI / 180))) (east, north) = (east + sin, north + cos);
        var degrees = Math.Atan2(east, north) * 180 / Math.PI;
        return degrees < 0 ? degrees + 360 : degrees;
    }
}
