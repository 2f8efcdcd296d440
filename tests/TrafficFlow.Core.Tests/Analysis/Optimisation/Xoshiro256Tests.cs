using TrafficFlow.Analysis.Optimisation.Search;
using Xunit;

namespace TrafficFlow.Core.Tests.Analysis.Optimisation;

public sealed class Xoshiro256Tests
{
    /// <summary>The reference implementation's first numbers from state 1, 2, 3, 4; a seed means the same answer in every version of the program.</summary>
    [Fact]
    public void Numbers_are_those_of_the_reference()
    {
        var random = new Xoshiro256(1, 2, 3, 4);

        Assert.Equal([11520UL, 0UL, 1509978240UL, 1215971899390074240UL], new[] { random.Next(), random.Next(), random.Next(), random.Next() });
    }

    [Fact]
    public void Numbers_below_a_bound_are_as_likely_each()
    {
        var random = new Xoshiro256(7, 3);
        var seen = new int[6];
        for (var i = 0; i < 60_000; i++) seen[random.Next(6)]++;

        Assert.All(seen, s => Assert.InRange(s, 9_500, 10_500));
    }

    [Fact]
    public void Streams_of_one_seed_differ()
    {
        var firsts = Enumerable.Range(0, 1000).Select(stream => new Xoshiro256(1, (ulong)stream).Next()).ToHashSet();

        Assert.Equal(1000, firsts.Count);
    }
}
