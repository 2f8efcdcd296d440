using System.Diagnostics;
using System.Text.Json;
using OtpNet;
using TrafficFlow.Node;
using TrafficFlow.SystemTests.Processes;
using TrafficFlow.SystemTests.Settings;
using TrafficFlow.Vault.Accounts;
using Xunit;

namespace TrafficFlow.SystemTests.Vault;

[Collection(ProcessesCollection.Name)]
public sealed class VaultVerbTests : IDisposable
{
    private readonly SettingsFolder _folder = new();

    private string Data => Path.Combine(_folder.Path, "data");

    [Fact]
    public async Task Accounts_are_made_invited_and_given_tokens_and_all_of_it_stands_in_the_audit()
    {
        var added = await RunAsync("account", "add", "anna", "--role", "custodian,operator", "--data", Data);
        Assert.Equal(ExitCodes.Done, added.Code);
        var path = Assert.Single(added.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.StartsWith("/invitation#tfi_", path, StringComparison.Ordinal);
        Assert.Contains("Account anna (custodian, operator) is made. This link sets the password, once, until", added.Error, StringComparison.Ordinal);
        var store = AccountStore.Open(Data, TimeProvider.System);
        await store.AcceptAsync(path.Trim()["/invitation#".Length..], VaultFolder.GoodPassword);

        var token = await RunAsync("account", "token", "add", "board", "--account", "anna", "--site", "kokandori", "--use", "read,export", "--role", "operator", "--until", "2100-01-01", "--data", Data);
        Assert.Equal((ExitCodes.Done, CheckedBy.Token), (token.Code, new ApiTokens(store).Check(token.Output.Trim()).Principal!.How));
        var refused = await RunAsync("account", "disable", "anna", "--data", Data);
        Assert.Equal(ExitCodes.BadUsage, refused.Code);
        Assert.Contains("only custodian", refused.Error, StringComparison.Ordinal);

        using var list = JsonDocument.Parse((await RunAsync("account", "list", "--json", "--data", Data)).Output);
        Assert.Equal("active", list.RootElement.GetProperty("accounts")[0].GetProperty("state").GetString());
        var shown = await RunAsync("audit", "show", "--data", Data, "--kind", "change");
        Assert.Contains("account token add", shown.Output, StringComparison.Ordinal);
        Assert.Contains("refused: anna is the only custodian", shown.Output, StringComparison.Ordinal);

        var file = Path.Combine(_folder.Path, "audit.jsonl");
        Assert.Equal(ExitCodes.Done, (await RunAsync("audit", "export", file, "--data", Data)).Code);
        Assert.Equal(4, File.ReadLines(file).Count());
        var whole = await RunAsync("audit", "verify", "--data", Data);
        Assert.True(whole.Code == ExitCodes.Done, whole.Output);
        Assert.StartsWith("Whole: 5 records (1 to 5)", whole.Output, StringComparison.Ordinal);

        var log = Path.Combine(Data, "audit.log");
        await File.WriteAllTextAsync(log, (await File.ReadAllTextAsync(log, TestContext.Current.CancellationToken)).Replace("\"target\":\"board\"", "\"target\":\"b0ard\"", StringComparison.Ordinal), TestContext.Current.CancellationToken);
        var tampered = await RunAsync("audit", "verify", "--data", Data);
        Assert.Equal(ExitCodes.Failed, tampered.Code);
        Assert.Contains("record 3: altered: its content does not fit its hash (audit.log, line 3)", tampered.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_factor_is_added_with_the_code_of_an_authenticator_and_taken_away()
    {
        var store = AccountStore.Open(_folder.Path, TimeProvider.System);
        await store.AcceptAsync((await store.CreateAsync("anna", [Role.Operator], "test")).Text, VaultFolder.GoodPassword);
        var command = TrafficflowProcess.Command("account", "second-factor", "anna", "--data", _folder.Path);
        (command.RedirectStandardInput, command.RedirectStandardOutput, command.RedirectStandardError) = (true, true, true);
        using (var verb = Process.Start(command)!)
        {
            var told = await verb.StandardError.ReadLineAsync(TestContext.Current.CancellationToken);
            var secret = told!.Split(": ")[1].Trim();
            await verb.StandardInput.WriteLineAsync(new Totp(Base32Encoding.ToBytes(secret)).ComputeTotp());
            var codes = await verb.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            Assert.Equal(10, codes.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        }

        Assert.True(store.List().Get("anna").HasSecondFactor);
        Assert.Equal(ExitCodes.Done, (await RunAsync("account", "second-factor", "anna", "--remove", "--data", _folder.Path)).Code);
        Assert.False(store.List().Get("anna").HasSecondFactor);
    }

    [Fact]
    public async Task Bad_input_is_told_with_what_to_do_and_nothing_is_made()
    {
        (string[] Args, string Told)[] wrong =
        [
            (["account", "add", "Anna", "--role", "operator", "--data", Data], "\"Anna\" cannot be a name"),
            (["account", "add", "anna", "--role", "oprator", "--data", Data], "did you mean operator"),
            (["account", "invite", "anna", "--data", Data], "there is no account anna"),
            (["account", "token", "add", "x", "--account", "anna", "--site", "a", "--use", "read", "--until", "tomorrow", "--data", Data], "--until tomorrow: write a day"),
            (["audit", "verify", "--data", Path.Combine(_folder.Path, "nowhere")], "there is no data folder"),
            (["audit", "show", "--data", _folder.Path], "holds no audit"),
            (["audit", "show", "--data", _folder.Path, "--kind", "login"], "--kind login"),
            (["audit", "verify", "--data", _folder.Path, "--config", "x.conf"], "name a node twice"),
        ];
        foreach (var (args, told) in wrong)
        {
            var ended = await RunAsync(args);
            Assert.Equal(ExitCodes.BadUsage, ended.Code);
            Assert.Contains(told, ended.Error, StringComparison.Ordinal);
        }

        Assert.False(File.Exists(Path.Combine(Data, AccountStore.FileName)));
    }

    public void Dispose() => _folder.Dispose();

    private static Task<Ended> RunAsync(params string[] args) => TrafficflowProcess.RunAsync(args);
}
