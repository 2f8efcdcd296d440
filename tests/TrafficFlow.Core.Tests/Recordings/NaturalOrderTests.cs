using TrafficFlow.Core.Recordings;
using Xunit;

namespace TrafficFlow.Core.Tests.Recordings;

public sealed class NaturalOrderTests
{
    [Theory]
    [InlineData("part 9.mp4", "part 10.mp4")]
    [InlineData("a2b10", "a10b2")]
    [InlineData("A1", "b1")]
    [InlineData("a", "a1")]
    [InlineData("20261128_070000", "20261128_071500")]
    [InlineData("v99999999999999999999999", "v100000000000000000000000")]
    public void Numbers_are_compared_by_value(string first, string second)
    {
        Assert.True(NaturalOrder.Instance.Compare(first, second) < 0);
        Assert.True(NaturalOrder.Instance.Compare(second, first) > 0);
    }

    [Fact]
    public void Only_the_same_name_is_equal()
    {
        Assert.Equal(0, NaturalOrder.Instance.Compare("a1", "a1"));
        Assert.NotEqual(0, NaturalOrder.Instance.Compare("a1", "a01"));
        Assert.NotEqual(0, NaturalOrder.Instance.Compare("a1", "A1"));
    }
}
