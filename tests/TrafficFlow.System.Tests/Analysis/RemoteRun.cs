using TrafficFlow.Analysis.Optimisation;
using TrafficFlow.Analysis.Optimisation.Remote;
using Xunit;

namespace TrafficFlow.SystemTests.Analysis;

/// <summary>A model whose names must not leave, a service to ask, and the audit.</summary>
internal sealed class RemoteRun(ContractServer server) : IDepartureLog
{
    public const string Token = "DEV-0123456789abcdef";

    public List<DepartureRecord> Departures { get; } = [];

    /// <summary>Of the next record; for an audit that is out of order.</summary>
    public Exception? AuditFailure { get; init; }

    public RemoteSettings Settings { get; init; } = new(server.Address, new SolverCredential(Token), "planner@city") { TotalTimeout = TimeSpan.FromSeconds(20) };

    /// <summary>Least at (0, 1), with -3.5; variables are named after places.</summary>
    public static BinaryQuadraticModel Model { get; } = Built(new QuadraticModelBuilder(Vartype.Binary)
        .AddLinear(VariableLabel.Of("産業道路 北"), 1)
        .AddLinear(VariableLabel.Of("2026-11-30T08:00 Suzuki"), -4)
        .AddQuadratic(0, 1, 2.5)
        .AddOffset(0.5));

    /// <summary>As a problem of the program would: only what one has built leaves.</summary>
    public static AggregateModel Built(QuadraticModelBuilder builder) => new TestProblem(builder).Model;

    private sealed class TestProblem(QuadraticModelBuilder builder) : AggregateProblem
    {
        public override AggregateModel Model { get; } = ModelOf(builder);
    }

    public Task RecordAsync(DepartureRecord record, CancellationToken cancellation)
    {
        if (AuditFailure is not null) throw AuditFailure;
        Departures.Add(record);
        return Task.CompletedTask;
    }

    public DepartureGate Gate => new(this);

    public RemoteSolver DWave(string solver = "Advantage_test1") => RemoteSolver.DWave(Gate, Settings, solver);

    public RemoteSolver Amplify() => RemoteSolver.Amplify(Gate, Settings);

    public RemoteSolver Generic() => RemoteSolver.Generic(Gate, Settings);

    public static Task<SolverResult> SolveAsync(ISolver solver, BinaryQuadraticModel? model = null, SolverSettings? settings = null, IProgress<SolverProgress>? progress = null) =>
        solver.SolveAsync(model ?? Model, settings ?? new SolverSettings { Reads = 5 }, progress, TestContext.Current.CancellationToken);

    /// <returns>The failure, after looking that it holds no credential.</returns>
    public static async Task<RemoteSolverException> FailAsync(ISolver solver, SolverSettings? settings = null)
    {
        var error = await Assert.ThrowsAsync<RemoteSolverException>(() => SolveAsync(solver, null, settings));
        // Not even its beginning, as a text that is cut would leave it.
        Assert.DoesNotContain(Token[..8], error.ToString(), StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(@"\u0044\u0045\u0056", error.ToString(), StringComparison.Ordinal);
        return error;
    }
}
