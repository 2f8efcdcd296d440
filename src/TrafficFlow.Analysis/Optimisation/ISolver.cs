namespace TrafficFlow.Analysis.Optimisation;

/// <summary>
/// Looks for a sample of low energy. Implementations in <see cref="Search"/> and <see cref="Exact"/> are seeded: the same model, seed and settings give the same answer on any number of
/// threads, unless a time limit ended the search (<see cref="StopReason.TimeLimit"/>). Those in <see cref="Remote"/> ask services, which promise no such thing.
/// </summary>
public interface ISolver
{
    /// <summary>As in reports and results.</summary>
    string Name { get; }

    /// <param name="progress">Told now and then, from any thread.</param>
    /// <exception cref="SolverException">The model is not for this solver, or has no sample that fulfils its groups.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled: what was found is dropped; a time limit keeps it.</exception>
    Task<SolverResult> SolveAsync(BinaryQuadraticModel model, SolverSettings settings, IProgress<SolverProgress>? progress = null, CancellationToken cancellation = default);
}

/// <summary>A solver cannot answer; the message says why and what to do.</summary>
public class SolverException(string message, Exception? cause = null) : Exception(message, cause);
