using CsCheck;
using TrafficFlow.Core.Geometry;
using Xunit;

namespace TrafficFlow.Core.Tests.Geometry;

public sealed class BoxTests
{
    private static readonly Gen<Box> Boxes = Gen.Select(
        Gen.Float[-50, 150], Gen.Float[-50, 150], Gen.Float[0, 80], Gen.Float[0, 80], (x, y, w, h) => new Box(x, y, w, h));

    public static TheoryData<string, Box, Box, float> Overlaps => new()
    {
        { "the same box", new(0, 0, 10, 10), new(0, 0, 10, 10), 1 },
        { "half of each", new(0, 0, 10, 10), new(5, 0, 10, 10), 50 / 150f },
        { "one inside the other", new(0, 0, 10, 10), new(2, 2, 5, 5), 0.25f },
        { "a shared edge", new(0, 0, 10, 10), new(10, 0, 10, 10), 0 },
        { "a shared corner", new(0, 0, 10, 10), new(10, 10, 10, 10), 0 },
        { "apart in both directions", new(0, 0, 10, 10), new(20, 20, 10, 10), 0 },
        { "an empty box inside", new(0, 0, 10, 10), new(5, 5, 0, 0), 0 },
        { "two empty boxes", new(5, 5, 0, 0), new(5, 5, 0, 0), 0 },
        { "a cross", new(0, 4, 10, 2), new(4, 0, 2, 10), 4 / 36f },
    };

    public static TheoryData<string, Box, Box> Clips => new()
    {
        { "inside stays", new(10, 10, 20, 20), new(10, 10, 20, 20) },
        { "over the left top", new(-5, -8, 20, 20), new(0, 0, 15, 12) },
        { "over the right bottom", new(90, 40, 20, 20), new(90, 40, 10, 10) },
        { "larger than the picture", new(-10, -10, 200, 200), new(0, 0, 100, 50) },
        { "left of the picture", new(-30, 10, 20, 20), new(0, 10, 0, 20) },
        { "right of the picture", new(120, 10, 20, 20), new(100, 10, 0, 20) },
        { "below the picture", new(10, 60, 20, 20), new(10, 50, 20, 0) },
    };

    [Theory]
    [MemberData(nameof(Overlaps))]
    public void Overlap_is_intersection_over_union(string what, Box a, Box b, float expected)
    {
        Assert.Equal(expected, a.IntersectionOverUnion(b), 1e-6f);
        Assert.Equal(expected, b.IntersectionOverUnion(a), 1e-6f);
        Assert.NotEmpty(what);
    }

    [Theory]
    [MemberData(nameof(Clips))]
    public void A_clipped_box_is_the_part_inside_the_picture(string what, Box box, Box expected)
    {
        Assert.Equal(expected, box.ClipTo(100, 50));
        Assert.NotEmpty(what);
    }

    [Fact]
    public void Overlap_lies_between_none_and_all_and_clipping_never_adds() =>
        Gen.Select(Boxes, Boxes).Sample((a, b) =>
        {
            Assert.InRange(a.IntersectionOverUnion(b), 0, 1.0001f);
            var clipped = a.ClipTo(100, 50);
            Assert.True(clipped.Area <= a.Area + 0.01f);
            Assert.True(clipped is { X: >= 0, Y: >= 0, Right: <= 100.001f, Bottom: <= 50.001f });
            Assert.Equal(a.IntersectionWith(new Box(0, 0, 100, 50)), clipped.Area, 0.05f);
        });
}
