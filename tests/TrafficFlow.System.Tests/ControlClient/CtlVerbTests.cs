using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using System.Text.Json;
using TrafficFlow.Node;
using TrafficFlow.SystemTests.Processes;
using TrafficFlow.Wire.Operations;
using Xunit;

namespace TrafficFlow.SystemTests.ControlClient;

/// <summary>`trafficflow ctl` against a real node.</summary>
[Collection(ProcessesCollection.Name)]
[UnsupportedOSPlatform("windows")]
public sealed partial class CtlVerbTests(TwoCameraNode node) : IClassFixture<TwoCameraNode>
{
    [Theory]
    [InlineData("actor hierarchy", "outbox", "OperatorActor")]
    [InlineData("actor hierarchy --system", "/system", "sharding")]
    [InlineData("actor children /user/cameras", "cam1", "cam2")]
    [InlineData("actor show /user/cameras/cam1", "synthetic:north", "streaming", "its own state")]
    [InlineData("actor show akka://trafficflow/user/flow-tables", "FlowTableWriter", "rows that wait")]
    [InlineData("actor mailboxes 5", "/user", "messages wait before")]
    [InlineData("dispatcher list", "trafficflow.vision-dispatcher", "thread pool of the process")]
    [InlineData("cluster shards", "live/north", "the coordinator is on")]
    [InlineData("cluster show", "roadside server", "up")]
    [InlineData("camera list", "streaming", "cam2")]
    [InlineData("camera show cam1", "not yet stored", "live")]
    [InlineData("outbox show", "cam1", "cam2")]
    [InlineData("outbox show cam2", "cam2", "accepted")]
    [InlineData("approach show", "live/north", "live/south")]
    [InlineData("approach show live/north", "cameras of live/north", "cam1")]
    [InlineData("health show", "reports", "cam2", "watching")]
    [InlineData("health show live", "roadside server", "cam1")]
    [InlineData("audit show", "commands that only look are not kept")]
    [InlineData("config show", "trafficflow.node.roles", "node.conf:3")]
    [InlineData("config show outbox", "trafficflow.actors.outbox.retry-min", "default")]
    public async Task A_question_is_answered_with_a_table_for_people_and_an_object_for_programs(string words, params string[] told)
    {
        var people = await node.CtlAsync(words.Split(' '));
        Assert.Equal((ExitCodes.Done, ""), (people.Code, people.Error));
        Assert.All(told, t => Assert.Contains(t, people.Output));

        var programs = await node.CtlAsync(["--json", .. words.Split(' ')]);
        Assert.Equal(ExitCodes.Done, programs.Code);
        using var json = JsonDocument.Parse(programs.Output);
        Assert.True(json.RootElement.GetProperty("ok").GetBoolean());
        foreach (var table in json.RootElement.GetProperty("tables").EnumerateArray())
        {
            var keys = table.GetProperty("columns").EnumerateArray().Select(c => c.GetProperty("key").GetString()).ToList();
            Assert.All(table.GetProperty("rows").EnumerateArray(), r => Assert.Equal(keys, r.EnumerateObject().Select(p => p.Name)));
        }
    }

    [Fact]
    public async Task The_node_is_found_by_its_settings_file_too_and_rows_in_a_pipe_stay_whole()
    {
        var ended = await TrafficflowProcess.RunAsync("ctl", "--config", node.Folder.Config, "config", "show");

        Assert.Equal(ExitCodes.Done, ended.Code);
        // Each setting is one line with its origin.
        var lines = ended.Output.Split('\n').Where(l => l.Contains("trafficflow.", StringComparison.Ordinal));
        Assert.All(lines, l => Assert.Matches(@"\S+\s+\S.*\s(default|\S+\.conf:\d+)\s*$", l));
    }

    [Theory]
    [InlineData("there is no camera cam9: this node has cam1, cam2", "camera", "show", "cam9")]
    [InlineData("has no actor /user/nobody", "actor", "children", "/user/nobody")]
    [InlineData("has no actor /user/nobody", "actor", "show", "/user/nobody")]
    [InlineData("is an actor of another system", "actor", "show", "akka://elsewhere/user/cameras")]
    [InlineData("is no member of the cluster", "cluster", "down", "127.0.0.1:1")]
    [InlineData("there is no approach live/x", "approach", "show", "live/x")]
    [InlineData("no setting has nonsense", "config", "show", "nonsense")]
    public async Task What_the_node_refuses_is_told_with_what_to_do(string told, params string[] words)
    {
        var people = await node.CtlAsync(words);
        Assert.Equal((ExitCodes.Failed, ""), (people.Code, people.Output));
        Assert.Contains(told, people.Error);
        Assert.Single(people.Error.Trim().Split('\n'));

        var programs = await node.CtlAsync(["--json", .. words]);
        Assert.Equal(ExitCodes.Failed, programs.Code);
        using var json = JsonDocument.Parse(programs.Output);
        Assert.False(json.RootElement.GetProperty("ok").GetBoolean());
        Assert.NotEmpty(json.RootElement.GetProperty("remedy").GetString()!);
    }

    [Fact]
    public async Task Restarting_one_camera_leaves_the_frames_of_the_other_flowing()
    {
        await node.StreamingAsync();
        var cam2 = await FramesAsync(1);

        var ended = await node.CtlAsync("camera", "restart", "cam1");

        Assert.Equal(ExitCodes.Done, ended.Code);
        Assert.Contains("stopped and started again", ended.Output);
        await node.StreamingAsync();
        // The restarted one counts its frames anew, the other goes on.
        using var patience = new CancellationTokenSource(TwoCameraNode.Patience);
        while (await FramesAsync(1) <= cam2 + 5) await Task.Delay(100, patience.Token);
        var told = node.Process.Error.Split('\n').Where(line => line.Contains("cam2")).ToList();
        Assert.DoesNotContain(told, line => line.Contains(" WRN ") || line.Contains(" ERR "));
        Assert.InRange(told.Count(line => line.Contains("cam2 streams")), 0, 1);
    }

    [Fact]
    public async Task Cameras_of_a_site_are_listed_and_steered_by_way_of_the_server_and_the_node_remembers_who_did_it()
    {
        await node.StreamingAsync();
        var list = await node.CtlAsync("--site", "live", "camera", "list", "--json");
        Assert.Equal((ExitCodes.Done, ""), (list.Code, list.Error));
        using var json = JsonDocument.Parse(list.Output);
        var rows = json.RootElement.GetProperty("tables")[0].GetProperty("rows").EnumerateArray().ToList();
        Assert.Equal(["cam1", "cam2"], rows.Select(r => r.GetProperty("camera").GetString()));
        Assert.All(rows, r => Assert.Contains(':', r.GetProperty("node").GetString()!));

        Assert.Equal(ExitCodes.Done, (await node.CtlAsync("--site", "live", "--by", "anna", "camera", "restart", "cam1")).Code);

        var audit = await node.CtlAsync("audit", "show");
        Assert.Matches($@"anna \(unix:{Environment.UserName}\) +camera restart cam1 +site live +done", audit.Output);
        Assert.Contains("only camera, outbox and vehicle commands can", (await node.CtlAsync("--site", "live", "cluster", "leave")).Error);
        Assert.Contains("the nodes have live", (await node.CtlAsync("--site", "elsewhere", "camera", "list")).Error);
    }

    [Fact]
    public async Task Only_the_nodes_own_account_gets_in()
    {
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(node.Socket));
        var (code, _, missing) = await Tools.TryAsync("setpriv", "--reuid", "65534", "/usr/bin/python3", "--version");
        Assert.SkipUnless(code == 0, $"needs root, setpriv and python3: {missing}");
        // Others may walk through the folders of this test, so that it is the socket that stops them.
        for (var folder = node.Folder.Data; folder.Length > 4; folder = Path.GetDirectoryName(folder)!) await Tools.RunAsync("chmod", "a+rx", folder);

        var (_, _, error) = await Tools.TryAsync(
            "setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups", "/usr/bin/python3", "-c",
            $"import socket; socket.socket(socket.AF_UNIX).connect('{node.Socket}')");

        Assert.Contains("PermissionError", error);
    }

    [Fact]
    public async Task Clients_that_hang_do_not_keep_another_from_its_answer()
    {
        var hanging = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => node.ConnectAsync()));

        Assert.Equal(2, (await node.RowsAsync("camera", "list")).Count);

        foreach (var client in hanging) client.Dispose();
    }

    [Theory]
    [InlineData("", HttpStatusCode.BadRequest)]
    [InlineData("garbage", HttpStatusCode.BadRequest)]
    [InlineData("{}", HttpStatusCode.BadRequest)]
    [InlineData("[[[[[[[[[[", HttpStatusCode.BadRequest)]
    [InlineData("{\"words\":[1,2]}", HttpStatusCode.BadRequest)]
    [InlineData("{\"words\":\"camera list\"}", HttpStatusCode.BadRequest)]
    [InlineData("\0\u0001\u0002", HttpStatusCode.BadRequest)]
    [InlineData("{\"words\":[\"camera\",\"explode\"]}", HttpStatusCode.OK)]
    [InlineData("{\"words\":[null]}", HttpStatusCode.OK)]
    public async Task What_is_no_request_is_answered_and_the_node_goes_on(string request, HttpStatusCode status)
    {
        var answer = await node.PostAsync(request);

        Assert.Equal(status, answer.Status);
        using var json = JsonDocument.Parse(answer.Body);
        Assert.False(json.RootElement.GetProperty("ok").GetBoolean());
        Assert.NotEmpty(json.RootElement.GetProperty("remedy").GetString()!);
        Assert.Equal(2, (await node.RowsAsync("camera", "list")).Count);
    }

    // More than the socket's buffers hold: a client that is still sending gets its answer too.
    [Theory]
    [InlineData("commands", 64 * 1024, HttpStatusCode.RequestEntityTooLarge)]
    [InlineData("commands", 8 * 1024 * 1024, HttpStatusCode.RequestEntityTooLarge)]
    [InlineData("elsewhere", 8 * 1024 * 1024, HttpStatusCode.NotFound)]
    public async Task A_request_that_is_too_long_is_refused_and_the_node_goes_on(string path, int length, HttpStatusCode status)
    {
        using var http = new ControlHttp(node.Socket);

        var answer = await http.PostAsync(new string('x', length), path);

        Assert.Equal(status, answer.Status);
        Assert.Equal(2, (await node.RowsAsync("camera", "list")).Count);
        Assert.DoesNotContain("unexpected", node.Process.Error);
    }

    [Fact]
    public async Task What_is_no_HTTP_or_has_no_end_is_broken_off_and_the_node_goes_on()
    {
        using var client = await node.ConnectAsync();
        var piece = new byte[64 * 1024];
        Array.Fill(piece, (byte)'x');

        await Assert.ThrowsAsync<SocketException>(async () =>
        {
            for (var i = 0; i < 1_000; i++) await client.SendAsync(piece);
        });

        Assert.Equal(2, (await node.RowsAsync("camera", "list")).Count);
        Assert.DoesNotContain("unexpected", node.Process.Error);
    }

    [Fact]
    public async Task Another_address_or_method_is_answered_with_what_to_use()
    {
        using var http = new ControlHttp(node.Socket);

        Assert.Equal(HttpStatusCode.NotFound, (await http.PostAsync("{}", "nonsense")).Status);
        var (status, body) = await http.GetAsync("commands");
        Assert.Equal(HttpStatusCode.MethodNotAllowed, status);
        Assert.Contains("use POST", body);
    }

    [Fact]
    public async Task The_health_checks_of_both_roles_are_answered()
    {
        await node.StreamingAsync();
        using var http = new ControlHttp(node.Socket);

        var (status, body) = await http.GetAsync("health");

        Assert.Equal(HttpStatusCode.OK, status);
        using var json = JsonDocument.Parse(body);
        Assert.Equal("healthy", json.RootElement.GetProperty("status").GetString());
        Assert.Equal(
            ["cameras", "cluster", "custody", "evidence", "journal", "outbox-journal", "tables"],
            json.RootElement.GetProperty("checks").EnumerateObject().Select(c => c.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Several_requests_of_one_connection_are_answered_in_turn()
    {
        using var http = new ControlHttp(node.Socket);

        Assert.Contains("\"cameras\"", (await http.PostAsync("{\"words\":[\"camera\",\"list\"]}")).Body);
        Assert.Contains("\"members\"", (await http.PostAsync("{\"words\":[\"cluster\",\"show\"]}")).Body);
    }

    [Fact]
    public async Task The_help_lists_every_command_of_the_palette()
    {
        var help = await TrafficflowProcess.RunAsync("ctl", "--help");

        Assert.Equal(ExitCodes.Done, help.Code);
        Assert.All(CommandCatalog.Commands, c => Assert.Contains($"{c.Usage} ", help.Output));
        Assert.All(CommandCatalog.Commands, c => Assert.Contains(c.Help, help.Output));
    }

    private async Task<long> FramesAsync(int camera) => (await node.RowsAsync("camera", "list"))[camera].GetProperty("processed_frames").GetInt64();
}
