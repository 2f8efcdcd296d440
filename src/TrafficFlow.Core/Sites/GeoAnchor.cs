using TrafficFlow.Core.Geometry;

namespace TrafficFlow.Core.Sites;

/// <summary>A place on the earth, WGS 84, degrees.</summary>
public readonly record struct GeoPosition(double Latitude, double Longitude);

/// <summary>Where the site's ground plane lies on the earth. Right to a centimetre or so within a kilometre of the anchor.</summary>
/// <param name="Latitude">Of <paramref name="At"/>, degrees north, WGS 84.</param>
/// <param name="Longitude">Of <paramref name="At"/>, degrees east, WGS 84.</param>
/// <param name="BearingDegrees">Where the north axis of the surveyed points really points: degrees clockwise from true north.</param>
/// <param name="At">The anchor in the metres of the surveyed points.</param>
public sealed record GeoAnchor(double Latitude, double Longitude, double BearingDegrees = 0, GroundPoint At = default)
{
    /// <summary>Nearer to a pole a degree of longitude is too short for the plane.</summary>
    public const double MaxLatitude = 85;

    // WGS 84.
    private const double EquatorMetres = 6_378_137;
    private const double EccentricitySquared = 0.00669437999014;

    public GeoPosition ToEarth(GroundPoint ground)
    {
        var (sin, cos) = Math.SinCos(BearingDegrees * Math.PI / 180);
        var (x, y) = (ground.X - At.X, ground.Y - At.Y);
        var (east, north) = ((x * cos) + (y * sin), (y * cos) - (x * sin));
        var sinLatitude = Math.Sin(Latitude * Math.PI / 180);
        var curved = 1 - (EccentricitySquared * sinLatitude * sinLatitude);
        var meridian = EquatorMetres * (1 - EccentricitySquared) / (curved * Math.Sqrt(curved));
        var parallel = EquatorMetres / Math.Sqrt(curved) * Math.Cos(Latitude * Math.PI / 180);
        return new GeoPosition(Latitude + (north / meridian * 180 / Math.PI), Longitude + (east / parallel * 180 / Math.PI));
    }

    /// <summary>Degrees clockwise from true north, 0 to below 360, of a direction in the metres of the surveyed points.</summary>
    public double BearingOf(double east, double north)
    {
        var degrees = ((Math.Atan2(east, north) * 180 / Math.PI) + BearingDegrees) % 360;
        return degrees < 0 ? degrees + 360 : degrees;
    }
}
