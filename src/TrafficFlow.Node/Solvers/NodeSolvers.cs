using TrafficFlow.Analysis.Optimisation;
using TrafficFlow.Analysis.Optimisation.Remote;
using TrafficFlow.Node.Settings;
using TrafficFlow.Vault.Audit;

namespace TrafficFlow.Node.Solvers;

/// <summary>The solvers of a node by name: our own, and those of its settings, for which models leave through the gate and the node's audit.</summary>
/// <param name="audit">Null while it cannot be opened.</param>
internal sealed class NodeSolvers(IReadOnlyList<ConfiguredSolver> configured, Func<AuditLog?> audit, AuditPlace place, TimeProvider time)
{
    private const int LongestToken = 4096;

    /// <summary>All that can be asked.</summary>
    public IReadOnlyList<string> Names { get; } = [.. Enum.GetValues<SolverKind>().Where(k => !k.IsRemote()).Select(k => k.NameOf()), .. configured.Select(s => s.Name)];

    /// <param name="principal">Who asks.</param>
    /// <param name="account">How that was checked, as in all records of the audit.</param>
    /// <returns>Its holder disposes of it.</returns>
    /// <exception cref="SolverException">There is none of that name, or its token cannot be read.</exception>
    public OpenSolver Open(string name, string principal, string account)
    {
        if (SolverKinds.Parse(name) is { } kind && !kind.IsRemote()) return new OpenSolver(new SolverChoice(name, kind).Open(() => throw new InvalidOperationException("nothing leaves for it"), time), null);
        var solver = configured.FirstOrDefault(s => s.Name == name) ?? throw new SolverException($"there is no solver {Core.Texts.PlainText.Of(name, 40)}: {Suggestion.For(name, Names, "solvers")}");
        var remote = new RemoteSettings(solver.Url, Credential(solver), principal)
        {
            TotalTimeout = solver.TimeOut,
            SearchTime = solver.SearchTime,
            RequestTimeout = solver.TimeOut < TimeSpan.FromSeconds(30) ? solver.TimeOut : TimeSpan.FromSeconds(30),
            PricePerSecond = solver.PricePerSecond,
        };
        var departures = new AuditedDepartures(solver.Name, solver.JobsPerDay, account, audit, place, time);
        return new OpenSolver(new SolverChoice(solver.Name, solver.Kind, remote, solver.Solver).Open(() => new DepartureGate(departures, time), time), departures);
    }

    private static SolverCredential? Credential(ConfiguredSolver solver)
    {
        if (solver.TokenFile is not { } file) return null;
        try
        {
            using var reader = new StreamReader(file);
            var buffer = new char[LongestToken + 1];
            var line = new string(buffer, 0, reader.ReadBlock(buffer)).Split('\n')[0].Trim();
            return line.Length is > 0 and <= LongestToken ? new SolverCredential(line) : throw new SolverException($"{file} holds no token of solver {solver.Name}: write it into the first line");
        }
        catch (ArgumentException e)
        {
            throw new SolverException($"{file}: {e.Message}", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SolverException($"{file} cannot be read ({e.Message}): is it there, and may this account read it?", e);
        }
    }
}

/// <summary>A solver that somebody holds.</summary>
internal sealed class OpenSolver(ISolver solver, IDisposable? departures) : IDisposable
{
    public ISolver Solver => solver;

    public void Dispose()
    {
        (solver as IDisposable)?.Dispose();
        departures?.Dispose();
    }
}
