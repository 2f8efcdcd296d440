using System.Collections.Immutable;

namespace TrafficFlow.Analysis.Simulators.Sumo;

/// <summary>Many runs of one simulator, several at once.</summary>
/// <param name="parallel">Most runs at once; null for one for each processor.</param>
public sealed class SumoBatch(SumoSimulator simulator, int? parallel = null)
{
    /// <summary>The journeys of each run, in the order of the runs.</summary>
    /// <param name="progress">Told after each run: how many have ended.</param>
    /// <exception cref="SimulatorException">One of them failed: the others are ended.</exception>
    public async Task<ImmutableArray<ImmutableArray<SimulatedJourney>>> RunAsync(IReadOnlyList<SimulatorRun> runs, IProgress<int>? progress, CancellationToken cancellation)
    {
        var results = new ImmutableArray<SimulatedJourney>[runs.Count];
        var done = 0;
        await Parallel.ForAsync(
            0,
            runs.Count,
            new ParallelOptions { CancellationToken = cancellation, MaxDegreeOfParallelism = parallel ?? Environment.ProcessorCount },
            async (i, token) =>
            {
                results[i] = await simulator.RunAsync(runs[i], token).ConfigureAwait(false);
                progress?.Report(Interlocked.Increment(ref done));
            }).ConfigureAwait(false);
        return [.. results];
    }
}
