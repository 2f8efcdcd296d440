using TrafficFlow.Core.Counting;
using TrafficFlow.Core.Tests.Support;
using Xunit;

namespace TrafficFlow.Core.Tests.Geometry;

public sealed class GateLineTests
{
    /// <summary>How the gate is drawn, a point in pixels, its distance and its place along the gate.</summary>
    public static TheoryData<string, double[], double[], double, double> Points => new()
    {
        { "left to right, below is forward", [100, 200, 300, 200], [150, 230], 30, 50 },
        { "left to right, above is backward", [100, 200, 300, 200], [150, 180], -20, 50 },
        { "right to left, above is forward", [300, 200, 100, 200], [150, 180], 20, 150 },
        { "downward, left is forward", [320, 100, 320, 300], [300, 150], 20, 50 },
        { "upward, right is forward", [320, 300, 320, 100], [350, 150], 30, 150 },
        { "on the line", [100, 200, 300, 200], [200, 200], 0, 100 },
        { "beyond the start", [100, 200, 300, 200], [60, 210], 10, -40 },
        { "beyond the end", [100, 200, 300, 200], [340, 190], -10, 240 },
        { "sloping, lengths stay pixels", [100, 100, 130, 140], [100 + 15 - 8, 100 + 20 + 6], 10, 25 },
    };

    [Theory]
    [MemberData(nameof(Points))]
    public void A_gate_knows_the_side_and_the_place_of_a_point(string what, double[] gate, double[] point, double side, double along)
    {
        var line = new GateLine(Film.Gate("g", gate[0], gate[1], gate[2], gate[3]), Film.Width, Film.Height);

        Assert.Equal(side, line.Side(point[0], point[1]), 1e-9);
        Assert.Equal(along, line.Along(point[0], point[1]), 1e-9);
        Assert.NotEmpty(what);
    }

    [Fact]
    public void A_side_is_the_sign_of_the_cross_product_of_the_design()
    {
        var gate = Film.Gate("g", 120, 80, 410, 260);
        var line = new GateLine(gate, Film.Width, Film.Height);
        for (var x = 0; x < Film.Width; x += 37)
        {
            for (var y = 0; y < Film.Height; y += 29)
            {
                var cross = ((410 - 120) * (y - 80.0)) - ((260 - 80) * (x - 120.0));
                Assert.Equal(Math.Sign(cross), Math.Sign(line.Side(x, y)));
            }
        }
    }

    [Fact]
    public void A_length_is_in_pixels_of_the_frame() =>
        Assert.Equal(50, new GateLine(Film.Gate("g", 100, 100, 130, 140), Film.Width, Film.Height).Length, 1e-9);
}
