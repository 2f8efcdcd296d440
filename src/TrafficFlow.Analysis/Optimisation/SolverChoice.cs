using TrafficFlow.Analysis.Optimisation.Exact;
using TrafficFlow.Analysis.Optimisation.Remote;
using TrafficFlow.Analysis.Optimisation.Search;

namespace TrafficFlow.Analysis.Optimisation;

public enum SolverKind
{
    Enumeration = 0,
    CpSat = 1,
    TreeElimination = 2,
    Annealing = 3,
    Tempering = 4,
    Tabu = 5,

    /// <summary>A structured solver of D-Wave's, such as a quantum annealer.</summary>
    DWave = 6,

    /// <summary>Fixstars Amplify, or a service with its interface.</summary>
    Amplify = 7,

    /// <summary>Any that speaks the program's own small protocol.</summary>
    Generic = 8,

    /// <summary>A hybrid solver of D-Wave's, which takes any couplings.</summary>
    DWaveHybrid = 9,
}

public static class SolverKinds
{
    private static readonly (SolverKind Kind, string Name)[] s_names =
    [
        (SolverKind.Enumeration, "enumeration"), (SolverKind.CpSat, "cp-sat"), (SolverKind.TreeElimination, "elimination"), (SolverKind.Annealing, "annealing"), (SolverKind.Tempering, "tempering"),
        (SolverKind.Tabu, "tabu"), (SolverKind.DWave, "dwave"), (SolverKind.Amplify, "amplify"), (SolverKind.DWaveHybrid, "dwave-hybrid"),
        (SolverKind.Generic, "generic"),
    ];

    /// <summary>As settings and command lines name them.</summary>
    public static IReadOnlyList<string> All { get; } = [.. s_names.Select(n => n.Name)];

    public static string NameOf(this SolverKind kind) => s_names.First(n => n.Kind == kind).Name;

    /// <returns>Null for a name that is none.</returns>
    public static SolverKind? Parse(string name) => s_names.Where(n => n.Name == name).Select(n => (SolverKind?)n.Kind).FirstOrDefault();

    /// <summary>Whether models leave this machine for it.</summary>
    public static bool IsRemote(this SolverKind kind) => kind is SolverKind.DWave or SolverKind.DWaveHybrid or SolverKind.Amplify or SolverKind.Generic;
}

/// <summary>A solver that is asked by name.</summary>
/// <param name="Name">As somebody chose it; one of our own needs no other than its kind's.</param>
/// <param name="Remote">Where it is; null for one of our own.</param>
/// <param name="Solver">Which of a service's solvers; D-Wave's need it.</param>
public sealed record SolverChoice(string Name, SolverKind Kind, RemoteSettings? Remote = null, string? Solver = null)
{
    /// <param name="gate">Asked for one that is elsewhere alone.</param>
    /// <returns>Its holder disposes of it where it can be disposed of.</returns>
    /// <exception cref="SolverException">What it needs is not set.</exception>
    public ISolver Open(Func<DepartureGate> gate, TimeProvider? time = null) => Kind switch
    {
        SolverKind.Enumeration => new Enumeration(time: time),
        SolverKind.CpSat => new CpSat(time),
        SolverKind.TreeElimination => new TreeElimination(time),
        SolverKind.Annealing => new SimulatedAnnealing(time),
        SolverKind.Tempering => new ParallelTempering(time),
        SolverKind.Tabu => new TabuSearch(time),
        _ when Remote is null => throw new SolverException($"solver {Name} is a service: set its address in trafficflow.analysis.solvers.{Name}"),
        SolverKind.DWave => RemoteSolver.DWave(gate(), Remote, Solver ?? throw Unnamed, time),
        SolverKind.DWaveHybrid => RemoteSolver.DWaveHybrid(gate(), Remote, Solver ?? throw Unnamed, time),
        SolverKind.Amplify => RemoteSolver.Amplify(gate(), Remote, time),
        _ => RemoteSolver.Generic(gate(), Remote, time),
    };

    private SolverException Unnamed => new($"solver {Name}: set which of D-Wave's solvers it is");
}
