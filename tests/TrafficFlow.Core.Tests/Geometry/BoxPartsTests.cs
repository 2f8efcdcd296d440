using TrafficFlow.Core.Geometry;
using Xunit;

namespace TrafficFlow.Core.Tests.Geometry;

public sealed class BoxPartsTests
{
    public static TheoryData<string, Box[], float> Cases => new()
    {
        { "nothing cut", [], 100 },
        { "another place", [new(20, 0, 10, 10)], 100 },
        { "touching", [new(10, 0, 10, 10)], 100 },
        { "all", [new(-1, -1, 20, 20)], 0 },
        { "the left half", [new(-5, -5, 10, 20)], 50 },
        { "a hole", [new(4, 4, 2, 2)], 96 },
        { "two halves", [new(0, 0, 5, 10), new(5, 0, 5, 10)], 0 },
        { "two that overlap", [new(0, 0, 6, 10), new(4, 0, 4, 10)], 20 },
        { "a cross", [new(4, -1, 2, 12), new(-1, 4, 12, 2)], 64 },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void What_is_left_is_what_no_other_box_covers(string what, Box[] others, float left)
    {
        var parts = new BoxParts(new Box(0, 0, 10, 10));
        foreach (var other in others) parts.Remove(other);

        Assert.Equal(left, parts.Area, 0.001f);
        Assert.NotEmpty(what);
    }
}
