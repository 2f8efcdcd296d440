using System.Collections.Immutable;
using TrafficFlow.Analysis.Capacity;

namespace TrafficFlow.Analysis.Causes;

/// <summary>When the cycle is far longer than what passes needs, and all wait for it.</summary>
internal static class LongCycles
{
    /// <summary>Webster's delay is flat: up to one and a half of the optimum it costs little (Webster 1958: within 10 to 20 % from 3/4 to 3/2 of it). Twice it is too long.</summary>
    private const double TimesOptimum = 2;

    /// <summary>Shorter ones are never called too long.</summary>
    private const double LeastCycleSeconds = 140;

    /// <summary>What all lose on the mean, seconds: half a level of service.</summary>
    private const double LeastExcess = 10;

    /// <summary>People on foot and minimum greens need about so much.</summary>
    private const double LeastUsual = 60;

    private const double LeastSeconds = 900;

    public static ImmutableArray<CauseFinding> Of(ObservedTraffic traffic)
    {
        var findings = ImmutableArray.CreateBuilder<CauseFinding>();
        foreach (var stretch in Stretches(traffic))
        {
            var y = CauseFigures.FlowRatiosOf(traffic, stretch, out var stages, out _);
            if (stages == 0 || y >= 0.9) continue;
            var optimum = Webster.OptimumCycleSeconds(5 * stages, y);
            var groups = traffic.Groups.Where(g => g.Cycles.Count > 0).Select(g => (Group: g, Cost: TroubledStretches.MustCost(g, stretch, Math.Max(LeastUsual, 1.5 * optimum)), Figures: GroupFigures.Of(g, [stretch], null))).ToList();
            var vehicles = groups.SelectMany(g => g.Group.Vehicles.Where(v => stretch.Contains(v.Entered)).Select(v => TroubledStretches.Excess(g.Group, v, g.Cost))).ToList();
            if (vehicles.Count < 20) continue;
            var failures = GroupFigures.Mean(groups.Select(g => g.Figures.Failures));
            var cycle = GroupFigures.Mean(groups.Select(g => g.Figures.CycleSeconds));
            if (!(cycle > TimesOptimum * optimum) || vehicles.Average() < LeastExcess || failures > 0.15) continue;
            var span = traffic.IntervalOf(stretch);
            findings.Add(new CauseFinding(
                CauseKind.CycleTooLong, null, null, span, Math.Round(0.6 + (0.35 * CauseScores.Rise(cycle / optimum, TimesOptimum, 3)), 2), vehicles.Sum() / 3600,
                [
                    new EvidenceFigure(EvidenceName.CycleSeconds, cycle, optimum, span), new EvidenceFigure(EvidenceName.SplitFailures, failures, null, span),
                    new EvidenceFigure(EvidenceName.DelaySeconds, groups.Where(g => double.IsFinite(g.Figures.DelaySeconds)).Sum(g => g.Figures.DelaySeconds * g.Figures.Vehicles) / groups.Where(g => double.IsFinite(g.Figures.DelaySeconds)).Sum(g => g.Figures.Vehicles), groups.Average(g => g.Cost), span),
                ],
                []));
        }

        return findings.ToImmutable();
    }

    /// <summary>Where the cycles of the busiest group are that long.</summary>
    private static IEnumerable<Stretch> Stretches(ObservedTraffic traffic)
    {
        var cycles = traffic.Groups.MaxBy(g => g.Vehicles.Count)?.Cycles.Where(c => c.Seconds >= LeastCycleSeconds).ToList() ?? [];
        for (var i = 0; i < cycles.Count; i++)
        {
            var to = i;
            while (to + 1 < cycles.Count && cycles[to + 1].Red - cycles[to].End < 300) to++;
            var stretch = new Stretch(Math.Max(0, cycles[i].Red), Math.Min(traffic.Seconds, cycles[to].End));
            if (stretch.Seconds >= LeastSeconds) yield return stretch;
            i = to;
        }
    }
}
