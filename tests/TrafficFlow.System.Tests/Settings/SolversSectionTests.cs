using TrafficFlow.Analysis.Optimisation;
using TrafficFlow.Node.Settings;
using Xunit;

namespace TrafficFlow.SystemTests.Settings;

public sealed class SolversSectionTests : IDisposable
{
    private const string DWave = "kind = dwave, url = \"https://annealer.example/sapi/v2/\", solver = Advantage_system4.1";

    private readonly SettingsFolder _folder = new();

    [Fact]
    public void What_is_written_is_in_force()
    {
        var solvers = NodeSettings.Load(Write($$"""
            leap { {{DWave}}, token-file = secret, time-out = 2m, search-time = 500ms, jobs-per-day = 7, price-per-second = 0.25 }
            near { kind = generic, url = "http://127.0.0.1:8080/api" }
            city { kind = amplify, url = "https://amplify.example/", token-file = secret }
            """)).Solvers.ToDictionary(s => s.Name);

        Assert.Equal(
            new ConfiguredSolver("leap", SolverKind.DWave, new Uri("https://annealer.example/sapi/v2/"), "Advantage_system4.1", In("secret"), TimeSpan.FromMinutes(2), TimeSpan.FromMilliseconds(500), 7, 0.25m), solvers["leap"]);
        Assert.Equal(
            new ConfiguredSolver("near", SolverKind.Generic, new Uri("http://127.0.0.1:8080/api"), null, null, TimeSpan.FromMinutes(10), TimeSpan.FromSeconds(1), 100, null), solvers["near"]);
        Assert.Equal((SolverKind.Amplify, In("secret")), (solvers["city"].Kind, solvers["city"].TokenFile));
        Assert.Empty(NodeSettings.Load(Write("")).Solvers);
    }

    [Theory]
    [InlineData("x { kind = quantum, url = \"https://b\" }", "there is no service of kind \"quantum\"")]
    [InlineData("x { kind = tabu, url = \"https://b\" }", "there is no service of kind \"tabu\"")]
    [InlineData("x { url = \"https://b\" }", "solvers.x.kind: is missing")]
    [InlineData("annealing { kind = generic, url = \"https://b\" }", "is the name of one of the program's own solvers")]
    [InlineData("X { kind = generic, url = \"https://b\" }", "is no name of a solver")]
    [InlineData("x { kind = generic }", "solvers.x.url: is missing")]
    [InlineData("x { kind = generic, url = \"solver.example\" }", "is no web address")]
    [InlineData("x { kind = generic, url = \"http://solver.example/\" }", "goes over a network in the clear")]
    [InlineData("x { kind = generic, url = \"https://anna:pw@solver.example/\" }", "holds a name or a password")]
    [InlineData("x { kind = generic, url = \"https://solver.example/?site=a\" }", "has a ? or a # in it")]
    [InlineData("x { kind = generic, url = \"https://169.254.169.254/\" }", "is a link-local address")]
    [InlineData("x { kind = dwave, url = \"https://b\" }", "solvers.x.solver: is missing")]
    [InlineData("x { kind = amplify, url = \"https://b\", solver = s }", "is for D-Wave's alone")]
    [InlineData($"x {{ {DWave}, token = DEV-1 }}", "would stand in a file that many read")]
    [InlineData($"x {{ {DWave}, token-file = none }}", "there is no file")]
    [InlineData($"x {{ {DWave}, time-out = 0s }}", "0s is out of range")]
    [InlineData($"x {{ {DWave}, jobs-per-day = -1 }}", "-1 is out of range")]
    [InlineData($"x {{ {DWave}, quota = 3 }}", "solvers.x.quota: is not a known key")]
    public void A_slip_is_told_with_the_remedy(string solvers, string told)
    {
        var problem = Assert.Single(Assert.Throws<SettingsException>(() => NodeSettings.Load(Write(solvers))).Problems).ToString();

        Assert.Contains(told, problem, StringComparison.Ordinal);
        Assert.DoesNotContain("anna:pw", problem, StringComparison.Ordinal);
        Assert.DoesNotContain("DEV-1", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_beside_it_that_is_none_is_told()
    {
        var file = Write("");
        File.WriteAllText(file, File.ReadAllText(file).Replace("analysis.solvers {", "analysis.solver {", StringComparison.Ordinal));
        Assert.Contains("trafficflow.analysis.solver: is not a known key", Assert.Single(Assert.Throws<SettingsException>(() => NodeSettings.Load(file)).Problems).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_token_that_everybody_can_read_is_refused()
    {
        var file = Write($"x {{ {DWave}, token-file = secret }}");
        File.SetUnixFileMode(In("secret"), UnixFileMode.UserRead | UnixFileMode.OtherRead);
        Assert.Contains("every account of this machine can read", Assert.Single(Assert.Throws<SettingsException>(() => NodeSettings.Load(file)).Problems).ToString());
    }

    public void Dispose() => _folder.Dispose();

    private string In(string name) => Path.Combine(_folder.Path, name);

    private string Write(string solvers)
    {
        _folder.Write("site.conf", SettingsFolder.GoodSite);
        File.SetUnixFileMode(_folder.Write("secret", "DEV-0123456789abcdef\n"), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return _folder.Write("node.conf", $$"""
            trafficflow {
              node { roles = [roadside, server], sites = ["site.conf"], data-directory = "data" }
              analysis.solvers { {{solvers}} }
            }
            """);
    }
}
