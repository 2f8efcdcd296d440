namespace TrafficFlow.Analysis.Optimisation.Remote;

/// <summary>What a service says that it found; nothing of it is believed yet.</summary>
/// <param name="Energies">As told, with the model's offset; one for each sample, or none at all.</param>
internal sealed record JobAnswer(IReadOnlyList<sbyte[]> Samples, IReadOnlyList<double> Energies, TimeSpan? Charged)
{
    /// <summary>How many reads ended in each sample, at least 1; null where the service does not tell.</summary>
    public IReadOnlyList<int>? Occurrences { get; init; }
}
