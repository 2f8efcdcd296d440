namespace TrafficFlow.Analysis.Optimisation;

/// <summary>
/// A question that is put to solvers, made of aggregates: flows, plans, travel times. What it is built of is in the signature of its constructor and nowhere else, and a test holds what may stand
/// there. Its model alone may leave for a solver of others: where a model comes from is in its type, not in a promise.
/// </summary>
public abstract class AggregateProblem
{
    private protected AggregateProblem()
    {
    }

    public abstract AggregateModel Model { get; }

    /// <summary>For the problems' own constructors.</summary>
    private protected static AggregateModel ModelOf(QuadraticModelBuilder builder) => new Made(builder.Build());

    private sealed class Made(BinaryQuadraticModel model) : AggregateModel(model)
    {
        private protected override BinaryQuadraticModel OfSameSource(BinaryQuadraticModel model) => new Made(model);
    }
}

/// <summary>A model that an <see cref="AggregateProblem"/> has made. Nobody else has a type of it.</summary>
public abstract class AggregateModel : BinaryQuadraticModel
{
    private protected AggregateModel(BinaryQuadraticModel model)
        : base(model)
    {
    }
}
