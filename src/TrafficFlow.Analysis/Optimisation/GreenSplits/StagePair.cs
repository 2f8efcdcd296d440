using System.Collections.Immutable;

namespace TrafficFlow.Analysis.Optimisation.GreenSplits;

/// <summary>What traffic with green in two stages loses, by the greens of both.</summary>
/// <param name="First">Place of the stage.</param>
/// <param name="Costs">By steps above the least green of the first, then of the second.</param>
public sealed record StagePair(int First, int Second, ImmutableArray<ImmutableArray<double>> Costs)
{
    internal double Least => Costs.Min(row => row.Min());

    internal double Range => Costs.Max(row => row.Max()) - Least;
}
