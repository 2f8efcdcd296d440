using TrafficFlow.Core.Geometry;
using TrafficFlow.Core.Sites;
using Xunit;

namespace TrafficFlow.Core.Tests.Sites;

/// <summary>From the metres of the surveyed points to the earth.</summary>
public sealed class GeoAnchorTests
{
    /// <summary>Lengths of a degree of the WGS 84 ellipsoid, as geodesy's tables have them.</summary>
    [Theory]
    [InlineData(0, 110_574, 111_320)]
    [InlineData(15, 110_649, 107_550)]
    [InlineData(30, 110_852, 96_486)]
    [InlineData(45, 111_132, 78_847)]
    [InlineData(60, 111_412, 55_800)]
    public void A_degree_is_as_long_as_on_the_ellipsoid(double latitude, double northMetres, double eastMetres)
    {
        var anchor = new GeoAnchor(latitude, 139);

        var place = anchor.ToEarth(new GroundPoint(eastMetres / 100, northMetres / 100));

        Assert.Equal(latitude + 0.01, place.Latitude, 1e-6);
        Assert.Equal(139.01, place.Longitude, 1e-6);
    }

    [Theory]
    [InlineData(0, 0, 1, 0)]
    [InlineData(90, 0, 1, 90)]
    [InlineData(90, 1, 0, 180)]
    [InlineData(-30, 0, 1, 330)]
    [InlineData(350, 0.1736, 0.9848, 0)]
    public void The_bearing_turns_the_plane_clockwise(double bearing, double x, double y, double expected)
    {
        var anchor = new GeoAnchor(35, 139, bearing, new GroundPoint(500, -20));

        var there = anchor.ToEarth(new GroundPoint(500 + (100 * x), -20 + (100 * y)));
        var (north, east) = ((there.Latitude - 35) * 110_941, (there.Longitude - 139) * 91_288);

        Assert.Equal(0, Math.IEEERemainder(anchor.BearingOf(x, y) - expected, 360), 0.01);
        Assert.Equal(0, Math.IEEERemainder((Math.Atan2(east, north) * 180 / Math.PI) - expected, 360), 0.05);
        Assert.Equal(100, Math.Sqrt((north * north) + (east * east)), 0.05);
    }

    [Fact]
    public void The_anchor_is_where_it_is_said_to_be() =>
        Assert.Equal(new GeoPosition(-33.9, 151.2), new GeoAnchor(-33.9, 151.2, 77, new GroundPoint(388123.5, -3.25)).ToEarth(new GroundPoint(388123.5, -3.25)));
}
