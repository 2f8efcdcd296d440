using System.Collections.Immutable;

namespace TrafficFlow.Analysis.Optimisation.Remote;

/// <summary>
/// All of a model that may leave: biases and couplings of variables that are numbered and not named. Labels stay; so do groups, of which nothing but their penalties is known outside.
/// </summary>
internal sealed record NumericModel(Vartype Vartype, double Offset, ImmutableArray<double> Linear, ImmutableArray<Coupling> Couplings)
{
    public static NumericModel Of(BinaryQuadraticModel model) => new(model.Vartype, model.Offset, [.. model.Linear], [.. model.Couplings()]);
}
