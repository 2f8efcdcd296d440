using System.Net.Sockets;
using TrafficFlow.Node;
using TrafficFlow.SystemTests.Processes;
using TrafficFlow.SystemTests.Run;
using TrafficFlow.SystemTests.Settings;
using TrafficFlow.SystemTests.Support;
using Xunit;

namespace TrafficFlow.SystemTests.ControlClient;

/// <summary>`trafficflow ctl` where no node answers, and what is left of a node that has ended.</summary>
[Collection(ProcessesCollection.Name)]
public sealed class CtlWithoutNodeTests : IDisposable
{
    private readonly SettingsFolder _folder = new();

    [Theory]
    [InlineData("which node?", "camera", "list")]
    [InlineData("give one of them", "--data", "x", "--config", "y", "camera", "list")]
    [InlineData("camera list, camera show ID, camera restart ID", "--data", "x", "camera")]
    [InlineData("\"cameras\" is nothing to inspect", "--data", "x", "cameras")]
    [InlineData("there is no such file", "--config", "/no/such/node.conf", "camera", "list")]
    public async Task What_cannot_be_asked_is_refused(string told, params string[] args)
    {
        var ended = await TrafficflowProcess.RunAsync(["ctl", .. args]);

        Assert.Equal((ExitCodes.BadUsage, ""), (ended.Code, ended.Output));
        Assert.Contains(told, ended.Error);
    }

    [Theory]
    [InlineData("", "say what to do: actor, cluster", ExitCodes.BadUsage)]
    [InlineData("# only a comment\n\n", "no command came on standard input", ExitCodes.BadUsage)]
    [InlineData("camera lst\n", "line 1: \"lst\" cannot be done with camera", ExitCodes.BadUsage)]
    [InlineData("\ncamera show 'cam1\n", "line 2: the quote ' is not closed", ExitCodes.BadUsage)]
    [InlineData("watch 2 camera list\n", "line 1: watch is for a terminal", ExitCodes.BadUsage)]
    [InlineData("camera list\n", "there is no node in", ExitCodes.Failed)]
    public async Task What_comes_on_standard_input_and_cannot_be_done_is_told_with_its_line(string input, string told, int code)
    {
        var ended = await TrafficflowProcess.RunWithInputAsync(input, "ctl", "--data", _folder.Path);

        Assert.Equal((code, ""), (ended.Code, ended.Output));
        Assert.Contains(told, ended.Error);
        Assert.Single(ended.Error.Trim().Split('\n'));
    }

    [Fact]
    public async Task Completion_without_a_node_has_words_and_no_names_and_says_nothing()
    {
        using var data = new PlainPath(_folder.Path);
        var line = $"trafficflow ctl --data {data.Path} camera ";
        var verbs = await TrafficflowProcess.RunAsync($"[suggest:{line.Length}]", line);
        Assert.Equal((ExitCodes.Done, ""), (verbs.Code, verbs.Error));
        Assert.Contains("restart", verbs.Output.Split('\n'));

        line += "show ";
        var names = await TrafficflowProcess.RunAsync($"[suggest:{line.Length}]", line);
        Assert.Equal((ExitCodes.Done, ""), (names.Code, names.Error));
        Assert.DoesNotContain(names.Output.Split('\n'), l => l.Length > 0 && l[0] is not ('-' or '/'));
    }

    [Fact]
    public async Task A_folder_without_a_node_is_told_as_that()
    {
        Assert.Contains($"there is no node in {_folder.Path}", await FailsAsync(_folder.Path));
        Assert.Contains("there is no folder", await FailsAsync(Path.Combine(_folder.Path, "none")));
        Assert.Contains("is too long for a socket", await FailsAsync(Path.Combine(_folder.Path, new string('d', 120))));
    }

    [Fact]
    public async Task A_node_that_was_killed_is_told_as_that()
    {
        using var left = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        left.Bind(new UnixDomainSocketEndPoint(Path.Combine(_folder.Path, "ctl.sock")));

        Assert.Contains("it was killed, or is just starting", await FailsAsync(_folder.Path));
    }

    [Fact]
    public async Task A_node_that_breaks_off_or_answers_nonsense_is_told_as_that()
    {
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(Path.Combine(_folder.Path, "ctl.sock")));
        listener.Listen();

        var asked = FailsAsync(_folder.Path);
        (await listener.AcceptAsync()).Dispose();
        Assert.Contains("broke off", await asked);

        asked = FailsAsync(_folder.Path);
        using var client = await listener.AcceptAsync();
        await client.SendAsync("{\"answer\":42}\n"u8.ToArray());
        Assert.Contains("answers in another form", await asked);
    }

    [Fact]
    public async Task The_socket_goes_with_SIGTERM_and_one_left_by_a_kill_is_replaced()
    {
        await using var node = new TwoCameraNode();
        await node.InitializeAsync();
        await node.Process.KillAsync();
        Assert.True(File.Exists(node.Socket));
        Assert.Equal(ExitCodes.Failed, (await node.CtlAsync("camera", "list")).Code);

        node.Restart();
        await node.StreamingAsync();
        node.Process.Terminate();

        Assert.Equal(ExitCodes.Done, (await node.Process.WaitAsync(TwoCameraNode.Patience)).Code);
        Assert.False(File.Exists(node.Socket));
        Assert.Contains("there is no node in", (await node.CtlAsync("camera", "list")).Error);
    }

    [Fact]
    public async Task Cameras_go_on_and_are_shown_while_the_node_has_left_its_cluster()
    {
        await using var node = new TwoCameraNode();
        await node.InitializeAsync();
        var before = (await node.RowsAsync("camera", "list"))[0].GetProperty("processed_frames").GetInt64();

        Assert.Equal(ExitCodes.Done, (await node.CtlAsync("cluster", "leave")).Code);

        var away = false;
        using var patience = new CancellationTokenSource(TwoCameraNode.Patience);
        while (true)
        {
            var cameras = await node.RowsAsync("camera", "list");
            Assert.All(cameras, c => Assert.Equal("streaming", c.GetProperty("state").GetString()));
            var cluster = await node.AskAsync("cluster", "show");
            away |= !cluster.Contains("\"status\":\"up\"", StringComparison.Ordinal);
            if (away && cluster.Contains("\"status\":\"up\"", StringComparison.Ordinal) && cameras[0].GetProperty("processed_frames").GetInt64() > before) break;
            await Task.Delay(100, patience.Token);
        }
    }

    [Fact]
    public async Task A_node_whose_data_directory_is_too_deep_for_a_socket_does_not_start()
    {
        using var node = new NodeFolder(NodeFolder.Live);
        var deep = node.Write("deep.conf", (await File.ReadAllTextAsync(node.Config)).Replace("\"data\"", $"\"{new string('d', 120)}\""));

        var ended = await TrafficflowProcess.RunAsync("run", "--config", deep);

        Assert.Equal(ExitCodes.Failed, ended.Code);
        Assert.Contains("set a shorter trafficflow.node.data-directory", ended.Error);
    }

    public void Dispose() => _folder.Dispose();

    private static async Task<string> FailsAsync(string data)
    {
        var ended = await TrafficflowProcess.RunAsync("ctl", "--data", data, "camera", "list");
        Assert.Equal((ExitCodes.Failed, ""), (ended.Code, ended.Output));
        Assert.Single(ended.Error.Trim().Split('\n'));
        return ended.Error;
    }
}
