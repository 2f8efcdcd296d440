using System.Security.Cryptography;
using System.Text.Json;
using TrafficFlow.Core.Segments;
using TrafficFlow.Core.Sites;
using TrafficFlow.Node;
using TrafficFlow.SystemTests.Processes;
using TrafficFlow.SystemTests.Settings;
using TrafficFlow.SystemTests.Vault.Segments;
using TrafficFlow.Vault.Accounts;
using TrafficFlow.Vault.Erasure;
using TrafficFlow.Vault.Keys;
using TrafficFlow.Vault.Recordings;
using TrafficFlow.Vault.Segments;
using Xunit;

namespace TrafficFlow.SystemTests.Vault.Custody;

/// <summary>The rule of two persons at a roadside without pages: all of it at terminals.</summary>
[Collection(ProcessesCollection.Name)]
public sealed class TwoPersonVerbTests : IDisposable
{
    private const string Site = "  custody { operator { name = Council, telephone = \"1\" }, purposes = [ counting ], two-person-rule = RULE }\n  approaches {";

    private readonly SettingsFolder _folder = new();

    private string Data => Path.Combine(_folder.Path, "data");

    private string Key => Path.Combine(_folder.Path, "vault.key");

    [Fact]
    public async Task Two_persons_erase_at_terminals_and_a_rule_that_is_loosened_is_told()
    {
        var config = Config("both");
        Record();
        var accounts = AccountStore.Open(Data, TimeProvider.System);
        foreach (var (name, duty) in new[] { ("anna", "custodian"), ("carl", "operator") })
        {
            await accounts.AcceptAsync((await accounts.CreateAsync(name, [duty == "custodian" ? Role.Custodian : Role.Operator], "test")).Text, VaultFolder.GoodPassword);
            Assert.Equal(ExitCodes.Done, (await RunAsync(null, "custody", "person", "appoint", $"Person {name}", "--duty", duty, "--account", name, "--config", config)).Code);
        }

        string[] erase = ["vault", "erase", "--everything", "--reason", "end", "--yes", "--credential", Key, "--config", config];
        Assert.Contains("is an account of the machine and no person", (await RunAsync(null, erase)).Error, StringComparison.Ordinal);
        Assert.Contains("name, password or code is wrong", (await RunAsync("guess", [.. erase, "--as", "carl"])).Error, StringComparison.Ordinal);
        Assert.Contains("custody approval approve r1", (await RunAsync(VaultFolder.GoodPassword, [.. erase, "--as", "carl"])).Error, StringComparison.Ordinal);

        using var list = JsonDocument.Parse((await RunAsync(null, "custody", "approvals", "list", "--json", "--config", config)).Output);
        var asked = Assert.Single(list.RootElement.GetProperty("approvals").EnumerateArray());
        Assert.Equal(("r1", "requested", "Person carl"), (asked.GetProperty("id").GetString(), asked.GetProperty("state").GetString(), asked.GetProperty("person").GetString()));
        var hash = asked.GetProperty("sha256").GetString()!;
        string[] approve = ["custody", "approval", "approve", "r1", "--config", config];
        Assert.Contains("--as ACCOUNT", (await RunAsync("", [.. approve, "--sha256", hash])).Error, StringComparison.Ordinal);
        Assert.Contains($"--sha256 {hash}", (await RunAsync(VaultFolder.GoodPassword, [.. approve, "--as", "anna"])).Error, StringComparison.Ordinal);
        Assert.Contains("what was shown is not", (await RunAsync(VaultFolder.GoodPassword, [.. approve, "--as", "anna", "--sha256", new string('0', 64)])).Error, StringComparison.Ordinal);
        Assert.Contains("another person has to approve it", (await RunAsync(VaultFolder.GoodPassword, [.. approve, "--as", "carl", "--sha256", hash])).Error, StringComparison.Ordinal);
        Assert.Contains("r1 is approved by Person anna", (await RunAsync(VaultFolder.GoodPassword, [.. approve, "--as", "anna", "--sha256", hash])).Output, StringComparison.Ordinal);

        var erased = await RunAsync(VaultFolder.GoodPassword, [.. erase, "--as", "carl"]);
        Assert.True(erased.Code == ExitCodes.Done, erased.Error);

        Config("off");
        Assert.Contains("the policy of custody was LOOSENED in the file of site a: two-person-rule: both, now off", (await RunAsync(null, "custody", "policies", "list", "--config", config)).Error, StringComparison.Ordinal);
        var audit = (await RunAsync(null, "audit", "show", "--data", Data)).Output;
        foreach (var action in new[] { "custody policy loosened", "custody approval give", "log-in at a terminal", "account[operator]:carl" }) Assert.Contains(action, audit, StringComparison.Ordinal);
        Assert.DoesNotContain(VaultFolder.GoodPassword, audit, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private string Config(string rule)
    {
        _folder.Write("site.conf", SettingsFolder.GoodSite.Replace("  approaches {", Site.Replace("RULE", rule, StringComparison.Ordinal), StringComparison.Ordinal));
        return _folder.Write("node.conf", "trafficflow.node { roles = [server], sites = [\"site.conf\"], data-directory = data }");
    }

    private void Record()
    {
        Directory.CreateDirectory(Data, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        using var vault = new RecordingVault(Data, "test", new SegmentStoreOptions { MinFreeBytes = 0 }, () => new MediumFacts("", null, null, ""), TimeProvider.System);
        File.WriteAllBytes(Key, RandomNumberGenerator.GetBytes(32));
        using var secret = new CredentialSecret(File.ReadAllBytes(Key));
        vault.Keys.Create([SlotRequest.Of("unit", secret)]);
        using var writer = (SegmentWriter)vault.Store.Begin(new SegmentStart(RecordedVault.Site, RecordedVault.Camera, RecordedVault.Noon, new FrameFormat(640, 360, 10), "0123456789abcdef", "test"));
        writer.Write(RecordedVault.Content(5_000));
        writer.Close(new SegmentEnd(RecordedVault.Noon.AddSeconds(60), 600, 0));
    }

    private static async Task<(int Code, string Output, string Error)> RunAsync(string? input, params string[] words)
    {
        var command = TrafficflowProcess.Command(words);
        (command.RedirectStandardInput, command.RedirectStandardOutput, command.RedirectStandardError) = (true, true, true);
        using var process = System.Diagnostics.Process.Start(command)!;
        await process.StandardInput.WriteAsync(input is null ? "" : input + "\n");
        process.StandardInput.Close();
        var (output, error) = (process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken), process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output, await error);
    }
}
