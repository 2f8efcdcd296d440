namespace TrafficFlow.Analysis.Optimisation;

/// <summary>How long and from where a solver searches. What a solver has no use for, it passes over.</summary>
public sealed record SolverSettings
{
    /// <summary>Of all random numbers.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Independent searches, each from its own random sample; the best is the answer, the first of them where several are.</summary>
    public int Reads { get; init; } = 100;

    /// <summary>Of one read; in a sweep each variable is looked at once. dwave-samplers' default.</summary>
    public int Sweeps { get; init; } = 1000;

    /// <summary>Searching at once. The answer does not depend on it.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>The search ends then with the best so far, which then depends on the machine's speed. Null: it ends when its reads are done.</summary>
    public TimeSpan? TimeLimit { get; init; }

    /// <summary>The search ends with the first read that reaches this energy or less.</summary>
    public double? TargetEnergy { get; init; }

    /// <summary>An energy below which no sample lies, known from elsewhere such as an exact solver: for the gap.</summary>
    public double? LowerBound { get; init; }

    /// <summary>Inverse temperatures of the annealers; null: from the model, see <see cref="Search.InverseTemperatures"/>.</summary>
    public InverseTemperatureRange? Betas { get; init; }

    internal void Check()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Reads, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Sweeps, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Threads, 1);
        if (TimeLimit is { } limit) ArgumentOutOfRangeException.ThrowIfLessThan(limit, TimeSpan.Zero);
        if (Betas is { } betas && !(betas.Hot > 0 && betas.Cold >= betas.Hot && double.IsFinite(betas.Cold)))
        {
            throw new ArgumentException($"inverse temperatures go from a hot one above 0 up to a cold one, not from {betas.Hot} to {betas.Cold}");
        }
    }
}

/// <summary>From hot (small) to cold (large), in one over the unit of energy.</summary>
public readonly record struct InverseTemperatureRange(double Hot, double Cold);
