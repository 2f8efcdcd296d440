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
        var (facts, truth, random) = Stream("busy", any: false);
        var naive = truth.HideOnlySmall(facts, Threshold);

        var attacked = ReleaseJudge.Attack(naive, truth, Threshold, 15, random);

        Assert.Contains(attacked, a => !a.IsProtected(Threshold));
        // Alone in its hour it is what is left of the total.
        var (day, hour) = (from d in Enumerable.Range(0, naive.Days.Count)
                           from h in Enumerable.Range(0, naive.Days[d].Hours.Count)
                           where naive.Days[d].Hours[h].Told.Count(t => t is null) == 1
                           select (d, h)).First();
        var category = naive.Days[day].Hours[hour].Told.ToList().FindIndex(t => t is null);
        using var attack = new StreamAttack(naive);
        var (low, high) = attack.Hour(day, hour, category);
        Assert.Equal(truth.Hours[day][hour][category], low, 4);
        Assert.Equal(truth.Hours[day][hour][category], high, 4);
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
