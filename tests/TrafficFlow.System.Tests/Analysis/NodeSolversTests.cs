using System.Text.Json;
using TrafficFlow.Analysis.Optimisation;
using TrafficFlow.Analysis.Optimisation.Remote;
using TrafficFlow.Analysis.Studies;
using TrafficFlow.Node.Settings;
using TrafficFlow.Node.Solvers;
using TrafficFlow.SystemTests.Settings;
using TrafficFlow.SystemTests.Vault;
using TrafficFlow.Vault.Audit;
using Xunit;

namespace TrafficFlow.SystemTests.Analysis;

/// <summary>Solvers as a node has them: by name, with a token from a file, and each departure in the audit that nobody changes unseen.</summary>
public sealed class NodeSolversTests : IAsyncLifetime
{
    private const string Good = """{"samples":[[0,1]],"energies":[-3.5],"time_ms":200}""";

    private readonly SettingsFolder _folder = new();
    private readonly VaultClock _clock = new();
    private ContractServer.Reply _reply = new(200, Good);
    private ContractServer _server = null!;
    private AuditLog? _audit;

    private AuditPlace Place => new(_folder.Path);

    public async ValueTask InitializeAsync()
    {
        _server = new ContractServer(_ => _reply);
        _folder.Write("token", $"{RemoteRun.Token}\nsecond line\n");
        _audit = await AuditLog.OpenAsync(_folder.Path, new AuditOptions(), _clock);
    }

    public async ValueTask DisposeAsync()
    {
        if (_audit is { } audit) await audit.DisposeAsync();
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_job_is_in_the_audit_with_its_fields_and_bytes_before_it_leaves()
    {
        var result = await AskAsync();

        var request = Assert.Single(_server.Requests);
        Assert.Contains($"Authorization: Bearer {RemoteRun.Token}\r\n", request.Head, StringComparison.Ordinal);
        Assert.Equal(-3.5, result.Energy);
        var e = Assert.Single(Departures()).Event;
        Assert.Equal(
            (AuditKind.Export, "anna", "unix:anna", $"http://{_server.Host}", "done"), (e.Kind, e.By, e.Account, e.Target, e.Outcome));
        Assert.Equal(
            $"bqm-1, 2 variables, 1 couplings, {request.Body.Length} bytes, sha256 {Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(request.Body))}, fields couplings[][] format linear[] offset reads time_ms vartype",
            e.Details);
        var all = await File.ReadAllTextAsync(Place.Log, TestContext.Current.CancellationToken);
        Assert.DoesNotContain(RemoteRun.Token, all, StringComparison.Ordinal);
        Assert.DoesNotContain("Suzuki", all, StringComparison.Ordinal);
    }

    [Fact]
    public async Task While_the_audit_cannot_be_written_nothing_leaves()
    {
        await AskAsync();
        File.Move(Place.Log, $"{Place.Log}.away");
        Directory.CreateDirectory(Place.Log);
        Assert.Contains("audit is out of order", (await Assert.ThrowsAsync<DepartureRefusedException>(AskAsync)).Message, StringComparison.Ordinal);
        Directory.Delete(Place.Log);
        File.Move($"{Place.Log}.away", Place.Log);
        await _audit!.DisposeAsync();
        _audit = null;
        Assert.Contains("cannot be opened", (await Assert.ThrowsAsync<DepartureRefusedException>(AskAsync)).Message, StringComparison.Ordinal);

        Assert.Single(_server.Requests);
    }

    [Fact]
    public async Task The_jobs_of_a_day_are_counted_in_the_audit_over_restarts_and_begin_anew_at_midnight()
    {
        await AskAsync();
        await _audit!.DisposeAsync();
        _audit = await AuditLog.OpenAsync(_folder.Path, new AuditOptions(), _clock);
        await AskAsync();
        var error = await Assert.ThrowsAsync<DepartureRefusedException>(AskAsync);
        Assert.Contains("2 models have left for solver near since midnight", error.Message, StringComparison.Ordinal);
        Assert.Equal(2, _server.Requests.Count);
        Assert.Equal(["done", "done", $"refused: {error.Message}"], Departures().Select(d => d.Event.Outcome));
        // Another solver's jobs are its own.
        await AskAsync("near2");
        _clock.Move(TimeSpan.FromHours(12));
        await AskAsync();
        Assert.Equal(4, _server.Requests.Count);
    }

    [Fact]
    public async Task What_no_problem_has_built_is_refused_and_the_refusal_recorded()
    {
        using var held = Solvers().Open("near", "anna", "unix:anna");
        var model = new QuadraticModelBuilder(Vartype.Binary).AddLinear(VariableLabel.Of("Suzuki"), 1).Build();
        await Assert.ThrowsAsync<DepartureRefusedException>(() => held.Solver.SolveAsync(model, new SolverSettings(), null, TestContext.Current.CancellationToken));

        Assert.Empty(_server.Requests);
        var e = Assert.Single(Departures()).Event;
        Assert.StartsWith("refused: BinaryQuadraticModel does not leave", e.Outcome, StringComparison.Ordinal);
        Assert.Equal("bqm-1, BinaryQuadraticModel", e.Details);
    }

    /// <summary>Each kind of bad answer: the run tells, and the classical answer stands.</summary>
    [Theory]
    [InlineData("""{"samples":[[0,1,1]],"energies":[1]}""", 200, "3 values")]
    [InlineData("""{"samples":[[7,7]],"energies":[1]}""", 200, "a sample has a ")]
    [InlineData("""{"samples":[]""", 200, "JSON")]
    [InlineData("busy", 500, "500")]
    [InlineData("""{"job":"j1"}""", 202, "a job has a state that the protocol does not have")]
    public async Task A_bad_answer_is_told_in_the_run_and_costs_nothing(string body, int status, string expected)
    {
        _reply = new ContractServer.Reply(status, body);
        using var held = Solvers().Open("near", "anna", "unix:anna");
        var (run, answers) = await SolverRuns.RunAsync((AggregateModel)RemoteRun.Model, held.Solver, new SolverSettings { Reads = 5 }, TimeSpan.FromSeconds(5), null, TestContext.Current.CancellationToken);

        Assert.Contains(expected, run!.Problem, StringComparison.Ordinal);
        Assert.Equal((null, -3.5, true, null), (run.Energy, run.BestKnown, run.IsExact, run.Cost));
        Assert.Equal("enumeration", Assert.Single(answers).Solver);
    }

    [Fact]
    public async Task A_service_that_never_answers_is_late()
    {
        _reply = new ContractServer.Reply(200, Good) { IsSilent = true };
        using var held = Solvers(TimeSpan.FromSeconds(1)).Open("near", "anna", "unix:anna");
        var (run, _) = await SolverRuns.RunAsync((AggregateModel)RemoteRun.Model, held.Solver, new SolverSettings(), TimeSpan.FromSeconds(5), null, TestContext.Current.CancellationToken);

        Assert.Null(run!.Energy);
        Assert.NotNull(run.Problem);
        Assert.Equal(-3.5, run.BestKnown);
    }

    [Fact]
    public async Task A_good_answer_has_its_time_and_cost_beside_the_exact_one()
    {
        using var held = Solvers().Open("near", "anna", "unix:anna");
        var (run, _) = await SolverRuns.RunAsync((AggregateModel)RemoteRun.Model, held.Solver, new SolverSettings { Reads = 1 }, TimeSpan.FromSeconds(5), null, TestContext.Current.CancellationToken);

        Assert.Equal(($"HTTP solver at http://{_server.Host}", -3.5, -3.5, true, "0.1", null), (run!.Solver, run.Energy!.Value, run.BestKnown, run.IsExact, run.Cost, run.Problem));
        Assert.Equal(0.2, run.TimeToTargetSeconds!.Value, 9);
        // As a study keeps it.
        Assert.Contains("\"Cost\":\"0.1\"", JsonSerializer.Serialize(run), StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_that_is_none_or_a_token_that_cannot_be_read_is_told()
    {
        Assert.Contains("there is no solver nears", Assert.Throws<SolverException>(() => Solvers().Open("nears", "a", "b")).Message, StringComparison.Ordinal);
        _folder.Write("token", "two words\n");
        var error = Assert.Throws<SolverException>(() => Solvers().Open("near", "a", "b"));
        Assert.Contains("printable ASCII", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("two words", error.ToString(), StringComparison.Ordinal);
        File.Delete(Path.Combine(_folder.Path, "token"));
        Assert.Contains("cannot be read", Assert.Throws<SolverException>(() => Solvers().Open("near", "a", "b")).Message, StringComparison.Ordinal);
        foreach (var own in (string[])["enumeration", "cp-sat", "elimination", "annealing", "tempering", "tabu"]) Solvers().Open(own, "a", "b").Dispose();
    }

    private NodeSolvers Solvers(TimeSpan? timeOut = null)
    {
        ConfiguredSolver Near(string name) => new(name, SolverKind.Generic, _server.Address, null, Path.Combine(_folder.Path, "token"), timeOut ?? TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(1), 2, 0.5m);
        return new NodeSolvers([Near("near"), Near("near2")], () => _audit, Place, _clock);
    }

    private Task<SolverResult> AskAsync() => AskAsync("near");

    private async Task<SolverResult> AskAsync(string name)
    {
        using var held = Solvers().Open(name, "anna", "unix:anna");
        return await RemoteRun.SolveAsync(held.Solver);
    }

    private List<AuditRecord> Departures() => [.. AuditReader.Read(Place, new AuditFilter(Kind: AuditKind.Export)).Where(r => r.Event.Action == "send a model to solver near")];
}
