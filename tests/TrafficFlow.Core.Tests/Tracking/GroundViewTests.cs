using TrafficFlow.Core.Geometry;
using TrafficFlow.Core.Sites;
using TrafficFlow.Core.Tests.Support;
using TrafficFlow.Core.Tracking;
using TrafficFlow.Core.Tracking.Ground;
using Xunit;

namespace TrafficFlow.Core.Tests.Tracking;

public sealed class GroundViewTests
{
    private static readonly FrameFormat s_frame = new(Film.Width, Film.Height, 10);

    [Theory]
    [InlineData(0, 20, 0)]
    [InlineData(-6, 35, 1.6)]
    [InlineData(9, 18, 3.2)]
    [InlineData(2, 60, 1)]
    public void A_point_above_the_ground_is_seen_where_the_camera_sees_it(double x, double y, double up)
    {
        var camera = new StreetCamera(height: 9, downDegrees: 22, focalPixels: 520);

        Assert.True(new GroundView(camera.Plane(), s_frame, 0).TryProject(x, y, up, out var seen));

        var expected = camera.Project(x, y, up);
        Assert.Equal(expected.X, seen.U, 1e-4);
        Assert.Equal(expected.Y, seen.V, 1e-4);
    }

    [Fact]
    public void Slopes_are_what_a_small_step_changes()
    {
        const double Step = 1e-4;
        var view = new GroundView(new StreetCamera().Plane(), s_frame, 0);
        view.TryProject(3, 28, 1.2, out var at);
        view.TryProject(3 + Step, 28, 1.2, out var east);
        view.TryProject(3, 28 + Step, 1.2, out var north);
        view.TryProject(3, 28, 1.2 + Step, out var up);

        Assert.Equal((east.U - at.U) / Step, at.Ux, 1e-2);
        Assert.Equal((east.V - at.V) / Step, at.Vx, 1e-2);
        Assert.Equal((north.U - at.U) / Step, at.Uy, 1e-2);
        Assert.Equal((north.V - at.V) / Step, at.Vy, 1e-2);
        Assert.Equal((up.U - at.U) / Step, at.Uz, 1e-2);
        Assert.Equal((up.V - at.V) / Step, at.Vz, 1e-2);
    }

    [Fact]
    public void What_lies_behind_the_camera_is_not_seen() => Assert.False(new GroundView(new StreetCamera().Plane(), s_frame, 0).TryProject(0, -30, 1, out _));

    [Fact]
    public void The_sides_of_an_outline_change_with_place_heading_and_size_as_told()
    {
        const double Step = 1e-5;
        var view = new GroundView(new StreetCamera().Plane(), s_frame, 0);
        double[] vehicle = [4, 26, 0.7, 4.5, 1.8, 1.5];
        var at = Sides(view, vehicle);
        for (var p = 0; p < vehicle.Length; p++)
        {
            double[] moved = [.. vehicle];
            moved[p] += Step;
            var after = Sides(view, moved);
            for (var side = 0; side < 4; side++)
            {
                double[] slopes = [at[side].X, at[side].Y, at[side].Heading, at[side].Length, at[side].Width, at[side].Height];
                Assert.Equal((after[side].At - at[side].At) / Step, slopes[p], 1e-2);
            }
        }
    }

    [Theory]
    [InlineData(0, 0, 640, 360, 0b0000)]
    [InlineData(100, 100, 50, 40, 0b1111)]
    [InlineData(0.5, 100, 50, 40, 0b1110)]
    [InlineData(100, 100, 539.5, 40, 0b1011)]
    [InlineData(100, 1, 50, 40, 0b1101)]
    [InlineData(100, 330, 50, 29, 0b0111)]
    public void A_side_at_the_pictures_border_is_none_of_the_vehicles(double x, double y, double width, double height, int sides)
    {
        var box = ObservedBox.Of(0, new Box((float)x, (float)y, (float)width, (float)height), sure: true, new GroundView(new StreetCamera().Plane(), s_frame, 0));

        Assert.Equal(sides, (int)box.Sides);
    }

    private static PredictedSide[] Sides(GroundView view, double[] v)
    {
        var sides = new PredictedSide[4];
        Assert.True(GroundOutline.TryProject(view, v[0], v[1], v[2], v[3], v[4], v[5], sides));
        return sides;
    }
}
