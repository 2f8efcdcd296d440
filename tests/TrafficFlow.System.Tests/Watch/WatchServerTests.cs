using System.Text.Json;
using TrafficFlow.Node;
using TrafficFlow.SystemTests.Lab;
using TrafficFlow.SystemTests.Processes;
using TrafficFlow.SystemTests.Run;
using Xunit;

namespace TrafficFlow.SystemTests.Watch;

/// <summary>`watch --server` of a real node, whose certificate deploy/ca.sh made.</summary>
[Collection(ProcessesCollection.Other)]
public sealed class WatchServerTests : IAsyncLifetime
{
    private const string Topic = "flow.replay.north";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly int _port = Tools.FreePort();
    private NodeFolder _node = null!;

    private string Server => $"https://127.0.0.1:{_port}";

    private string Ca => Path.Combine(_node.Path, "ca", "ca.crt");

    public async ValueTask InitializeAsync()
    {
        _node = new NodeFolder(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "hocon", "sites", "replay.conf")).Replace("speed=10", "speed=100", StringComparison.Ordinal));
        await Certificates.MakeAsync(Path.Combine(_node.Path, "ca"), ("server", "127.0.0.1", ["--role", "server"]), ("other", "other.example", ["--role", "server"]));
        await Certificates.MakeAsync(Path.Combine(_node.Path, "foreign"));
        File.AppendAllText(_node.Config, $$"""
            trafficflow.subscriptions {
              listen = "127.0.0.1:{{_port}}", certificate = "ca/nodes/server/node.crt", private-key = "ca/nodes/server/node.key"
              limits { streams-of-a-token = 4 }
            }

            """);
    }

    [Fact]
    public async Task A_reader_with_a_token_gets_bins_over_one_connection_until_that_is_revoked_and_is_no_member()
    {
        var anna = await TokenAsync("anna", $"flow.replay.*,flow.replay.*.live");
        await CheckAsync();
        await using var node = _node.Run();
        await node.SayAsync($"Subscribers with a token: https://127.0.0.1:{_port}; good tokens in {Path.Combine(_node.Data, "tokens.json")}: 1", Patience);
        await node.UntilAsync(() => _node.Events("batch-counted", "approach-%/north") > 0, Patience, "something was counted");

        // From the first bin on, each once; several topics over one connection.
        var ended = await WatchAsync(anna, Topic, "--json", "--from", "0", "--messages", "5");
        Assert.True(ended.Code == ExitCodes.Done, ended.Error);
        Assert.Equal([1, 2, 3, 4, 5], ended.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonDocument.Parse(l).RootElement.GetProperty("cursor").GetInt32()));
        await using var watcher = TrafficflowProcess.Start(["watch", Topic, "flow.replay.south", "flow.replay.east.live", "--server", Server, "--token-file", anna, "--ca", Ca]);
        await watcher.UntilAsync(() => watcher.Output.Contains("north", StringComparison.Ordinal) && watcher.Output.Contains("south", StringComparison.Ordinal) && watcher.Output.Contains(", open", StringComparison.Ordinal), Patience, "all topics were read");
        Assert.Empty(ListeningPorts.Of(watcher.Id));
        Assert.Contains("+09:00", watcher.Output, StringComparison.Ordinal);
        using var members = JsonDocument.Parse((await TrafficflowProcess.RunAsync("ctl", "--data", _node.Data, "cluster", "show", "--json")).Output);
        Assert.Equal(1, members.RootElement.GetProperty("tables")[0].GetProperty("rows").GetArrayLength());

        await RefusalsAsync(anna);

        Assert.Equal(ExitCodes.Done, (await TrafficflowProcess.RunAsync("token", "revoke", "anna", "--config", _node.Config)).Code);
        ended = await watcher.WaitAsync(Patience);
        Assert.Equal(ExitCodes.Failed, ended.Code);
        Assert.Contains("the token anna was revoked on", ended.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", ended.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", node.Error, StringComparison.Ordinal);

        // One that waits while the server is away goes on by itself, and says what it may have missed.
        var bert = await TokenAsync("bert", "flow.replay.*,health.replay.*");
        await using var patient = TrafficflowProcess.Start(["watch", Topic, "health.replay.cam-north", "--server", Server, "--token-file", bert, "--ca", Ca, "--json"]);
        await patient.UntilAsync(() => patient.Output.Contains("\"cursor\"", StringComparison.Ordinal) && patient.Output.Contains("\"camera\"", StringComparison.Ordinal), Patience, "both topics were read");
        await node.KillAsync();
        await patient.SayAsync("Watching goes on when the server is back", Patience);
        await using var again = _node.Run();
        await patient.SayAsync($"nothing of {Topic} is missed; what was published of health.replay.cam-north meanwhile is not shown", Patience);
        Assert.Single(patient.Error.Split('\n'), l => l.Contains("Watching goes on", StringComparison.Ordinal));
    }

    /// <summary>What a preflight finds before the node runs.</summary>
    private async Task CheckAsync()
    {
        using var check = JsonDocument.Parse((await TrafficflowProcess.RunAsync("run", "--config", _node.Config, "--check", "--json")).Output);
        var found = check.RootElement.GetProperty("checks").EnumerateArray().ToDictionary(c => c.GetProperty("what").GetString()!, c => $"{c.GetProperty("state").GetString()} {c.GetProperty("text").GetString()}");
        Assert.Equal($"ok 127.0.0.1:{_port} can be listened on", found["subscribers"]);
        Assert.StartsWith("ok for 127.0.0.1, until 20", found["their certificate"], StringComparison.Ordinal);
        Assert.StartsWith("ok 1 good ones in ", found["their tokens"], StringComparison.Ordinal);
    }

    private async Task RefusalsAsync(string token)
    {
        var narrow = await TokenAsync("narrow", "flow.replay.south");
        await Told(ExitCodes.Failed, "ask who runs the server for a token with the scope flow.replay.north", "watch", Topic, "--server", Server, "--token-file", narrow, "--ca", Ca);
        await Told(ExitCodes.Failed, "did you mean flow.replay.north?", "watch", "flow.replay.nort", "--server", Server, "--token-file", token, "--ca", Ca);
        await Told(ExitCodes.Failed, "give that CA's certificate with --ca ca.crt", "watch", Topic, "--server", Server, "--token-file", token);
        await Told(ExitCodes.Failed, "and not from the CA of --ca", "watch", Topic, "--server", Server, "--token-file", token, "--ca", Path.Combine(_node.Path, "foreign", "ca.crt"));
        await Told(ExitCodes.Failed, "its certificate is for 127.0.0.1, and not for localhost", "watch", Topic, "--server", $"https://localhost:{_port}", "--token-file", token, "--ca", Ca);
        await Told(ExitCodes.Failed, "not the one of --pin", "watch", Topic, "--server", Server, "--token-file", token, "--pin", new string('A', 64));
        var pin = (await Tools.RunAsync("openssl", "x509", "-in", Path.Combine(_node.Path, "ca", "nodes", "server", "node.crt"), "-noout", "-fingerprint", "-sha256")).Trim().Split('=')[1];
        await Told(ExitCodes.Done, "", "watch", Topic, "--server", Server, "--token-file", token, "--pin", pin, "--messages", "1");
    }

    [Theory]
    [InlineData("write https://HOST:PORT", "--server", "http://server.example:8443")]
    [InlineData("is no address of a server", "--server", "server.example:8443")]
    [InlineData("nothing but host and port", "--server", "https://server.example:8443/topics")]
    [InlineData("needs a token", "--server", "https://server.example:8443")]
    [InlineData("there is no file nowhere.token", "--server", "https://server.example:8443", "--token-file", "nowhere.token")]
    [InlineData("belong to --server", "--token-file", "anna.token")]
    [InlineData("give one of them", "--server", "https://server.example:8443", "--data", "x")]
    public Task What_cannot_be_asked_is_refused(string told, params string[] args) => Told(ExitCodes.BadUsage, told, ["watch", Topic, .. args]);

    [Fact]
    public async Task A_token_that_others_can_read_or_is_none_is_refused_and_where_nothing_answers_that_is_told()
    {
        var file = await TokenAsync("anna", "flow.replay.*");
        await Told(ExitCodes.Failed, "does not answer (Connection refused)", "watch", Topic, "--server", Server, "--token-file", file, "--ca", Ca);
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);
        await Told(ExitCodes.BadUsage, $"chmod 600 {file}", "watch", Topic, "--server", Server, "--token-file", file, "--ca", Ca);
        var none = _node.Write("none", "secret");
        File.SetUnixFileMode(none, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        await Told(ExitCodes.BadUsage, "holds no token of trafficflow", "watch", Topic, "--server", Server, "--token-file", none, "--ca", Ca);
    }

    public ValueTask DisposeAsync()
    {
        _node.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<string> TokenAsync(string name, string scope)
    {
        var file = Path.Combine(_node.Path, $"{name}.token");
        var made = await TrafficflowProcess.RunAsync("token", "create", "--name", name, "--scope", scope, "--until", "2099-12-31", "--config", _node.Config, "--out", file);
        Assert.True(made.Code == ExitCodes.Done, made.Error);
        return file;
    }

    private Task<Ended> WatchAsync(string token, params string[] words) => TrafficflowProcess.RunAsync(["watch", .. words, "--server", Server, "--token-file", token, "--ca", Ca]);

    private static async Task Told(int code, string told, params string[] words)
    {
        var ended = await TrafficflowProcess.RunAsync(words);
        Assert.True(code == ended.Code, $"{ended.Code}: {ended.Error}");
        Assert.Contains(told, ended.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", ended.Error, StringComparison.Ordinal);
    }
}
