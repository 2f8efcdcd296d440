using CsCheck;
using TrafficFlow.Core.Scoring;
using Xunit;

namespace TrafficFlow.Core.Tests.Scoring;

public class CrossingMatcherTests
{
    private const double Tolerance = 0.8;

    /// <summary>Times in seconds; a true one with "?" is optional. The last column is the counted row of each true one.</summary>
    public static TheoryData<string, string, string, string> Cases => new()
    {
        { "nothing at all", "", "", "" },
        { "nothing counted", "1 2", "", "- -" },
        { "no truth", "", "1 2", "" },
        { "exact", "1 2 3", "1 2 3", "0 1 2" },
        { "earlier and later", "1 5", "0.3 5.7", "0 1" },
        { "the edge of the tolerance belongs to it", "0.5 5", "1.3 4.2", "0 1" },
        { "just outside", "1", "1.81", "-" },
        { "one counted row serves one vehicle", "1 1.25", "1.1", "0 -" },
        { "two counted rows of one vehicle", "1", "0.9 1.3", "0" },
        { "the greedy nearest pair would lose one", "1.0 1.7", "1.6 2.4", "0 1" },
        { "a chain is shifted as a whole", "1 1.7 2.4", "1.6 2.3 3.0", "0 1 2" },
        { "of two vehicles the nearer one wins", "1 1.4", "1.5", "- 0" },
        { "required before optional, though farther", "1? 1.6", "0.9", "- 0" },
        { "optional takes what no required one reaches", "1? 1.8", "0.9", "0 -" },
        { "required takes a row that both reach", "1? 1.5", "1.0", "- 0" },
        { "optional takes what is left", "1? 1.5", "0.9 1.2", "0 1" },
        { "optional gives way along a chain", "1? 1.7 2.4", "1.7 2.4", "- 0 1" },
        { "equal times", "2 2", "2 2", "0 1" },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_matcher_pairs_rows_as_a_careful_person_would(string what, string truth, string counted, string expected)
    {
        var matches = CrossingMatcher.Match(Truth(truth), Times(counted), Tolerance);

        Assert.Equal(expected, string.Join(' ', matches.Select(m => m < 0 ? "-" : $"{m}")));
        Assert.NotEmpty(what);
    }

    [Fact]
    public void The_matcher_is_as_good_as_trying_every_pairing()
    {
        var time = Gen.Int[0, 40].Select(t => t / 10.0);
        var cases = Gen.Select(Gen.Select(time, Gen.Bool).Array[0, 5], time.Array[0, 5]);

        cases.Sample((truth, counted) =>
        {
            truth = [.. truth.OrderBy(t => t.Item1)];
            counted = [.. counted.Order()];
            var matches = CrossingMatcher.Match(truth, counted, Tolerance);

            Assert.Equal(matches.Count(m => m >= 0), matches.Where(m => m >= 0).Distinct().Count());
            var (required, optional, error) = Gain(truth, counted, matches);
            var best = EveryPairing(truth, counted).Select(p => Gain(truth, counted, p)).Max();
            Assert.Equal((best.Required, best.Optional), (required, optional));
            Assert.Equal(best.NegativeError, error, 9);
        });
    }

    [Fact]
    public void The_matcher_takes_a_busy_day_in_its_stride()
    {
        var truth = Enumerable.Range(0, 50_000).Select(i => (i * 1.7, false)).ToArray();
        var counted = truth.Select(t => t.Item1 + 0.7).ToArray();

        var matches = CrossingMatcher.Match(truth, counted, Tolerance);

        Assert.All(matches, (m, i) => Assert.Equal(i, m));
    }

    private static (int Required, int Optional, double NegativeError) Gain(
        (double Time, bool IsOptional)[] truth, double[] counted, int[] matches)
    {
        var pairs = matches.Select((m, i) => (m, i)).Where(p => p.m >= 0).ToList();
        return (
            pairs.Count(p => !truth[p.i].IsOptional),
            pairs.Count(p => truth[p.i].IsOptional),
            -pairs.Sum(p => Math.Abs(truth[p.i].Time - counted[p.m])));
    }

    private static IEnumerable<int[]> EveryPairing((double Time, bool IsOptional)[] truth, double[] counted, int from = 0, int used = 0)
    {
        if (from == truth.Length)
        {
            yield return [];
            yield break;
        }

        for (var j = -1; j < counted.Length; j++)
        {
            if (j >= 0 && ((used >> j & 1) == 1 || Math.Abs(truth[from].Time - counted[j]) > Tolerance + 1e-9)) continue;
            foreach (var rest in EveryPairing(truth, counted, from + 1, j < 0 ? used : used | (1 << j))) yield return [j, .. rest];
        }
    }

    private static (double, bool)[] Truth(string rows) =>
        [.. rows.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(r => (double.Parse(r.TrimEnd('?')), r.EndsWith('?')))];

    private static double[] Times(string rows) => [.. rows.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(double.Parse)];
}
