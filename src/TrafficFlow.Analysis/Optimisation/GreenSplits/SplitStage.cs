using System.Collections.Immutable;

namespace TrafficFlow.Analysis.Optimisation.GreenSplits;

/// <summary>A stage of a signal cycle, and what its traffic loses with each green that it may get.</summary>
/// <param name="Name">Stays here: see <see cref="BinaryQuadraticModel.WithoutLabels"/>.</param>
/// <param name="LeastGreen">Of the first of <paramref name="Costs"/>: the legal or the pedestrians' minimum.</param>
/// <param name="Costs">Total delay in vehicle-seconds an hour, or any other cost that is the same for all stages, for greens of the least, one step more, two more, ...</param>
public sealed record SplitStage(string Name, TimeSpan LeastGreen, ImmutableArray<double> Costs);
