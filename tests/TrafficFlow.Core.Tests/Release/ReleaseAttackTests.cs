using TrafficFlow.Core.Release;
using TrafficFlow.Core.Tests.Release.Attack;
using Xunit;

namespace TrafficFlow.Core.Tests.Release;

/// <summary>
/// Months that nobody has seen before, attacked: a sample of the cells of one stream. The seed is printed, and TRAFFICFLOW_RELEASE_SEED runs one
/// again; benchmark `release` attacks every cell.
/// </summary>
public sealed class ReleaseAttackTests(ITestOutputHelper output)
{
    private const int Threshold = 5;

    private readonly FlowRelease _release = new();

    [Theory]
    [InlineData("busy")]
    [InlineData("mixed")]
    [InlineData("quiet")]
    public void All_tables_of_a_month_do_not_tell_a_small_cell(string level)
    {
        var (facts, truth, random) = Stream(level, any: true);

        var attacked = ReleaseJudge.Attack(facts, truth, Threshold, 15, random);

        Assert.NotEmpty(attacked);
        Assert.All(attacked, a => Assert.True(a.IsProtected(Threshold), $"{a}"));
    }

    [Fact]
    public void The_attacker_finds_what_is_hidden_where_only_small_cells_are()
    {
        var (facts, truth, random) = Stream("mixed", any: false);

        var attacked = ReleaseJudge.Attack(truth.HideOnlySmall(facts, Threshold), truth, Threshold, 40, random);

        Assert.Contains(attacked, a => !a.IsProtected(Threshold));
        Assert.Contains(attacked, a => a.Count > 0 && a.High - a.Low < 0.5);
    }

    private (StreamFacts Facts, StreamTruth Truth, Random Random) Stream(string level, bool any)
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("TRAFFICFLOW_RELEASE_SEED"), out var given) ? given : Random.Shared.Next();
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var month = new RandomMonth(seed, TrafficLevel.All.Single(l => l.Name == level));
        var released = _release.Month(month.Approach, RandomMonth.Year, RandomMonth.Month, month.Revisions, month.End);
        var (facts, truth) = StreamTruth.Of(month, released, _release, any ? random.Next(month.Movements.Count) : 0, 8, random);
        return (facts, truth, random);
    }
}
