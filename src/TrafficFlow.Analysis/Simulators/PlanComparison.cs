using System.Collections.Immutable;
using MathNet.Numerics.Distributions;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Analysis.Simulators;

/// <summary>A mean over seeds before and after, and what changed: the mean of the differences seed by seed, since both plans are tried on the same vehicles.</summary>
/// <param name="Low">Lower end of the confidence interval of <paramref name="Change"/>.</param>
/// <param name="Vehicles">Mean number of vehicles behind it in one run.</param>
public readonly record struct ComparedFigure(double Before, double After, double Change, double Low, double High, double Vehicles)
{
    /// <summary>It has changed beyond what chance explains.</summary>
    public bool IsBeyondNoise => Low > 0 || High < 0;
}

/// <summary>Figures of one group of vehicles.</summary>
/// <param name="DelaySeconds">Mean for each vehicle.</param>
/// <param name="Stops">Mean for each vehicle.</param>
/// <param name="FuelGrams">Mean for each vehicle that came onto its arm.</param>
/// <param name="Co2Grams">As above.</param>
public sealed record ComparedGroup(string Name, ComparedFigure DelaySeconds, ComparedFigure Stops, ComparedFigure FuelGrams, ComparedFigure Co2Grams);

/// <summary>Two plans on the same traffic, seed by seed.</summary>
public sealed record PlanComparison(int Seeds, double Confidence, ComparedGroup All, ImmutableArray<ComparedGroup> Approaches, ImmutableArray<ComparedGroup> Turns, ImmutableArray<ComparedGroup> Classes)
{
    public const int FewestSeeds = 2;

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
            Group("all", _ => true),
            [.. Keys(j => j.Turn.Approach).Select(a => Group(a.Value, j => j.Turn.Approach == a))],
            [.. Keys(j => j.Turn).Select(t => Group(t.ToString(), j => j.Turn == t))],
            [.. Keys(j => j.Class).Select(c => Group(c.Name(), j => j.Class == c))]);

        IEnumerable<T> Keys<T>(Func<SimulatedJourney, T> key) => before.SelectMany(b => b).Where(j => j.WantsToArriveAt >= fromSeconds).Select(key).Distinct().OrderBy(k => k!.ToString(), StringComparer.Ordinal);

        ComparedGroup Group(string name, Func<SimulatedJourney, bool> isIn)
        {
            return new ComparedGroup(name, Figure(j => j.DelaySeconds), Figure(j => j.Stops), Figure(j => j.FuelGrams), Figure(j => j.Co2Grams));

            ComparedFigure Figure(Func<SimulatedJourney, double?> figure)
            {
                var pairs = before.Zip(after).Select(p => (Before: Mean(p.First), After: Mean(p.Second), N: p.First.Count(IsCounted))).Where(p => p is { Before: not null, After: not null }).ToList();
                if (pairs.Count == 0) return new ComparedFigure(double.NaN, double.NaN, double.NaN, double.NaN, double.NaN, 0);
                var changes = pairs.Select(p => p.After!.Value - p.Before!.Value).ToList();
                var (change, half) = (changes.Average(), HalfWidth(changes, confidence));
                return new ComparedFigure(pairs.Average(p => p.Before!.Value), pairs.Average(p => p.After!.Value), change, change - half, change + half, pairs.Average(p => p.N));

                double? Mean(ImmutableArray<SimulatedJourney> journeys) => journeys.Where(IsCounted).Select(figure).OfType<double>().Select(f => (double?)f).Average();
            }

            bool IsCounted(SimulatedJourney journey) => journey.WantsToArriveAt >= fromSeconds && isIn(journey);
        }
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
