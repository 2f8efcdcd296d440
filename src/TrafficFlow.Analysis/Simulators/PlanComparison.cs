using System.Collections.Immutable;
using MathNet.Numerics.Distributions;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Analysis.Simulators;

/// <summary>A mean over seeds before and after, and what changed: the mean of the differences seed by seed, since both plans are tried on the same vehicles.</summary>
/// <param name="Low">Lower end of the confidence interval of <paramref name="Change"/>.</param>
/// <param name="Vehicles">Mean number of vehicles behind it in one run.</param>
/// <param name="PValue">Of no change at all, two-sided; Student's t.</param>
public readonly record struct ComparedFigure(double Before, double After, double Change, double Low, double High, double Vehicles, double PValue)
{
    /// <summary>
    /// It has changed beyond what chance explains, though as many figures were looked at as its list holds: Holm's correction over the approaches, the movements or the classes. The interval
    /// is that of this figure alone.
    /// </summary>
    public bool IsBeyondNoise { get; init; }
}

/// <summary>Figures of one group of vehicles.</summary>
/// <param name="DelaySeconds">Mean for each vehicle.</param>
/// <param name="Stops">Mean for each vehicle.</param>
/// <param name="FuelGrams">Mean for each vehicle that came onto its arm with both plans.</param>
/// <param name="Co2Grams">As above.</param>
public sealed record ComparedGroup(string Name, ComparedFigure DelaySeconds, ComparedFigure Stops, ComparedFigure FuelGrams, ComparedFigure Co2Grams);

/// <summary>Two plans on the same traffic, seed by seed.</summary>
public sealed record PlanComparison(int Seeds, double Confidence, ComparedGroup All, ImmutableArray<ComparedGroup> Approaches, ImmutableArray<ComparedGroup> Turns, ImmutableArray<ComparedGroup> Classes)
{
    public const int FewestSeeds = 2;

    /// <summary>As many as a statement is made on.</summary>
    public const int UsualSeeds = 20;

    /// <param name="before">Journeys of each seed.</param>
    /// <param name="after">Those of the same seeds with the other plan.</param>
    /// <param name="fromSeconds">Vehicles that want to arrive earlier are warm-up.</param>
    /// <param name="confidence">Of the intervals, 0 to 1: Student's t on the differences.</param>
    /// <exception cref="SimulatorException">Too few seeds, or not the same vehicles.</exception>
    public static PlanComparison Of(
        IReadOnlyList<ImmutableArray<SimulatedJourney>> before, IReadOnlyList<ImmutableArray<SimulatedJourney>> after, double fromSeconds, double confidence = 0.95)
    {
        if (before.Count < FewestSeeds || before.Count != after.Count) throw new SimulatorException($"plans are compared on at least {FewestSeeds} seeds, the same for both: there are {before.Count} and {after.Count}");
        for (var i = 0; i < before.Count; i++)
        {
            if (before[i].Length != after[i].Length || before[i].Zip(after[i]).Any(p => p.First.WantsToArriveAt != p.Second.WantsToArriveAt || p.First.Turn != p.Second.Turn || p.First.Class != p.Second.Class))
                throw new SimulatorException($"the plans were not tried on the same vehicles (seed {i + 1})");
        }

        var counted = before[0].Concat(after[0]).Where(j => j.WantsToArriveAt >= fromSeconds).ToList();
        if (counted.Count == 0) throw new SimulatorException("there is no vehicle to compare plans on: the demand is zero, or ends before the warm-up does");
        return new PlanComparison(
            before.Count,
            confidence,
            Judged([Group("all", _ => true)], confidence)[0],
            Judged([.. Keys(j => j.Turn.Approach).Select(a => Group(a.Value, j => j.Turn.Approach == a))], confidence),
            Judged([.. Keys(j => j.Turn).Select(t => Group(t.ToString(), j => j.Turn == t))], confidence),
            Judged([.. Keys(j => j.Class).Select(c => Group(c.Name(), j => j.Class == c))], confidence));

        IEnumerable<T> Keys<T>(Func<SimulatedJourney, T> key) => before.SelectMany(b => b).Where(j => j.WantsToArriveAt >= fromSeconds).Select(key).Distinct().OrderBy(k => k!.ToString(), StringComparer.Ordinal);

        ComparedGroup Group(string name, Func<SimulatedJourney, bool> isIn)
        {
            return new ComparedGroup(name, Figure(j => j.DelaySeconds), Figure(j => j.Stops), Figure(j => j.FuelGrams), Figure(j => j.Co2Grams));

            ComparedFigure Figure(Func<SimulatedJourney, double?> figure)
            {
                // Of the same vehicles: those that were never let in with one plan would make the other one look thirsty.
                var pairs = before.Zip(after).Select(p => PairOf(p.First, p.Second)).Where(p => p.Vehicles > 0).ToList();
                if (pairs.Count == 0) return new ComparedFigure(double.NaN, double.NaN, double.NaN, double.NaN, double.NaN, 0, 1);
                var changes = pairs.Select(p => p.After - p.Before).ToList();
                var (change, half) = (changes.Average(), HalfWidth(changes, confidence));
                return new ComparedFigure(pairs.Average(p => p.Before), pairs.Average(p => p.After), change, change - half, change + half, pairs.Average(p => p.Vehicles), PValueOf(changes));

                (double Before, double After, int Vehicles) PairOf(ImmutableArray<SimulatedJourney> one, ImmutableArray<SimulatedJourney> other)
                {
                    var (sumBefore, sumAfter, vehicles) = (0.0, 0.0, 0);
                    for (var i = 0; i < one.Length; i++)
                    {
                        if (!IsCounted(one[i]) || figure(one[i]) is not { } b || figure(other[i]) is not { } a) continue;
                        (sumBefore, sumAfter, vehicles) = (sumBefore + b, sumAfter + a, vehicles + 1);
                    }

                    return vehicles > 0 ? (sumBefore / vehicles, sumAfter / vehicles, vehicles) : default;
                }
            }

            bool IsCounted(SimulatedJourney journey) => journey.WantsToArriveAt >= fromSeconds && isIn(journey);
        }
    }

    /// <summary>Holm's step-down over one figure of the groups: the least p-value is held against the limit over all, the next against that over one fewer.</summary>
    private static ImmutableArray<ComparedGroup> Judged(ImmutableArray<ComparedGroup> groups, double confidence)
    {
        var (delay, stops, fuel, co2) = (Of(g => g.DelaySeconds), Of(g => g.Stops), Of(g => g.FuelGrams), Of(g => g.Co2Grams));
        return [.. groups.Select((g, i) => g with { DelaySeconds = delay[i], Stops = stops[i], FuelGrams = fuel[i], Co2Grams = co2[i] })];

        ComparedFigure[] Of(Func<ComparedGroup, ComparedFigure> figure)
        {
            var all = groups.Select(figure).ToArray();
            var order = Enumerable.Range(0, all.Length).OrderBy(i => all[i].PValue).ToList();
            for (var k = 0; k < order.Count && all[order[k]].PValue <= (1 - confidence) / (order.Count - k); k++) all[order[k]] = all[order[k]] with { IsBeyondNoise = true };
            return all;
        }
    }

    private static double PValueOf(IReadOnlyCollection<double> changes)
    {
        if (changes.Count < FewestSeeds) return 1;
        var mean = changes.Average();
        var error = Math.Sqrt(changes.Sum(v => (v - mean) * (v - mean)) / (changes.Count - 1) / changes.Count);
        // The same difference in every run: none, or one that is certain.
        if (error == 0) return mean == 0 ? 1 : 0;
        return 2 * StudentT.CDF(0, 1, changes.Count - 1, -Math.Abs(mean / error));
    }

    /// <summary>Half of the confidence interval of a mean; infinite for a single value.</summary>
    internal static double HalfWidth(IReadOnlyCollection<double> values, double confidence)
    {
        if (values.Count < 2) return double.PositiveInfinity;
        var mean = values.Average();
        var deviation = Math.Sqrt(values.Sum(v => (v - mean) * (v - mean)) / (values.Count - 1));
        return StudentT.InvCDF(0, 1, values.Count - 1, 0.5 + (confidence / 2)) * deviation / Math.Sqrt(values.Count);
    }
}
