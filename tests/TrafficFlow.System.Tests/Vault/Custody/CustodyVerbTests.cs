using System.Text.Json;
using TrafficFlow.Core.Custody;
using TrafficFlow.Node;
using TrafficFlow.SystemTests.Processes;
using TrafficFlow.Vault.Accounts;
using TrafficFlow.Vault.Persons;
using Xunit;

namespace TrafficFlow.SystemTests.Vault.Custody;

[Collection(ProcessesCollection.Name)]
public sealed class CustodyVerbTests : IAsyncLifetime
{
    private readonly VaultFolder _vault = new();

    public async ValueTask InitializeAsync()
    {
        await _vault.AddAsync("anna", Role.Custodian);
        await _vault.AddAsync("carl", Role.Operator);
    }

    [Fact]
    public async Task Persons_are_appointed_and_dismissed_and_all_of_it_stands_in_the_audit()
    {
        Assert.Equal("a1: 管理 花子 is custodian from", (await RunAsync("person", "appoint", "管理 花子", "--duty", "custodian", "--account", "anna")).Output[.."a1: 管理 花子 is custodian from".Length]);
        Assert.Equal(ExitCodes.Done, (await RunAsync("person", "appoint", "操作 太郎", "--duty", "operator", "--account", "carl")).Code);
        var last = await RunAsync("person", "dismiss", "anna", "--reason", "x");
        Assert.Equal(ExitCodes.BadUsage, last.Code);
        Assert.Contains("would be the last custodian", last.Error, StringComparison.Ordinal);

        var dismissed = await RunAsync("person", "dismiss", "carl", "--reason", "left");

        Assert.Contains("a2 is dismissed (entry 3): account disabled; its sessions and tokens have ended.", dismissed.Output, StringComparison.Ordinal);
        Assert.True(_vault.Accounts.List().Get("carl").IsDismissed);
        using var list = JsonDocument.Parse((await RunAsync("persons", "list", "--json")).Output);
        Assert.Equal(["in-force", "dismissed"], list.RootElement.GetProperty("appointments").EnumerateArray().Select(a => a.GetProperty("state").GetString()));
        Assert.Contains("操作 太郎", (await RunAsync("persons", "list")).Output, StringComparison.Ordinal);
        var audit = await TrafficflowProcess.RunAsync("audit", "show", "--data", _vault.Path);
        Assert.Contains("custody person dismiss", audit.Output, StringComparison.Ordinal);
        Assert.Contains("refused: 管理 花子 would be the last custodian", audit.Output, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Done, (await TrafficflowProcess.RunAsync("audit", "verify", "--data", _vault.Path)).Code);
    }

    [Fact]
    public async Task A_day_that_comes_is_entered_and_what_is_wrong_is_told()
    {
        await RunAsync("person", "appoint", "A", "--duty", "operator", "--account", "carl");
        Assert.Contains("a running node does it then by itself", (await RunAsync("person", "dismiss", "a1", "--reason", "x", "--on", "2100-01-01")).Output, StringComparison.Ordinal);
        Assert.Equal(AppointmentState.Leaving, new PersonStore(_vault.Path, _vault.Accounts, TimeProvider.System).Read().Get("a1").State(TimeProvider.System.GetUtcNow()));
        (string[] Args, string Told)[] wrong =
        [
            (["person", "dismiss", "a1", "--reason", "x", "--on", "2020-01-01"], "--on 2020-01-01 is over"),
            (["person", "dismiss", "a9", "--reason", "x"], "there is no appointment a9: there are a1 (A)"),
            (["person", "appoint", "B", "--duty", "operator", "--account", "nobody"], "there is no account nobody: make it first"),
            (["person", "appoint", "B", "--duty", "emperor"], "emperor"),
        ];
        foreach (var (args, told) in wrong)
        {
            var ended = await RunAsync(args);
            Assert.Equal(ExitCodes.BadUsage, ended.Code);
            Assert.Contains(told, ended.Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Empty_registers_say_what_to_do_and_a_damaged_one_fails()
    {
        Assert.Contains("nobody is appointed", (await RunAsync("persons", "list")).Output, StringComparison.Ordinal);
        Assert.Contains("no inspections are planned", (await RunAsync("inspections", "list")).Output, StringComparison.Ordinal);
        Assert.Contains("no requests", (await RunAsync("requests", "list")).Output, StringComparison.Ordinal);
        await RunAsync("person", "appoint", "A", "--duty", "operator");
        var file = Path.Combine(_vault.Path, "custody", "persons.jsonl");
        await File.WriteAllTextAsync(file, "{}\n", TestContext.Current.CancellationToken);

        var failed = await RunAsync("persons", "list");

        Assert.Equal(ExitCodes.Failed, failed.Code);
        Assert.Contains("is not as trafficflow wrote it", failed.Error, StringComparison.Ordinal);
    }

    public ValueTask DisposeAsync()
    {
        _vault.Dispose();
        return ValueTask.CompletedTask;
    }

    private Task<Ended> RunAsync(params string[] args) => TrafficflowProcess.RunAsync(["custody", .. args, "--data", _vault.Path]);
}
