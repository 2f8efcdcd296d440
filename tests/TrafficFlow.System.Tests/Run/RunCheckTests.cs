using System.Net;
using System.Net.Sockets;
using Microsoft.Data.Sqlite;
using TrafficFlow.Node;
using TrafficFlow.SystemTests.Faults;
using TrafficFlow.SystemTests.Lab;
using TrafficFlow.SystemTests.Processes;
using TrafficFlow.SystemTests.Security;
using TrafficFlow.SystemTests.Settings;
using Xunit;

namespace TrafficFlow.SystemTests.Run;

/// <summary>What `run` finds wrong before anything starts.</summary>
[Collection(ProcessesCollection.Name)]
public sealed class RunCheckTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData("single", "roles roadside, server")]
    [InlineData("roadside", "roles roadside")]
    [InlineData("server", "roles server")]
    public async Task A_shipped_node_file_can_be_used(string name, string roles)
    {
        using var shipped = await ShippedNodes.CreateAsync();

        var ended = await TrafficflowProcess.RunAsync("run", "--check", "--config", shipped.File(name));

        Assert.Equal(ExitCodes.Done, ended.Code);
        Assert.Contains("can be used: site kokandori, 4 cameras", ended.Output);
        Assert.EndsWith(roles, ended.Output.Trim());
    }

    [Fact]
    public async Task A_node_that_only_subscribes_is_sent_to_watch()
    {
        using var shipped = await ShippedNodes.CreateAsync();

        var ended = await TrafficflowProcess.RunAsync("run", "--check", "--config", shipped.File("subscriber"));

        Assert.Equal(ExitCodes.BadUsage, ended.Code);
        Assert.Contains("trafficflow watch TOPIC --config", ended.Error);
    }

    [Fact]
    public async Task A_file_that_is_no_node_is_refused_with_every_problem()
    {
        var ended = await TrafficflowProcess.RunAsync("run", "--check", "--config", Path.Combine(SharedFiles.Repository, "hocon", "common.conf"));

        Assert.Equal(ExitCodes.BadUsage, ended.Code);
        Assert.Contains("roles: is missing", ended.Error);
        Assert.Contains("data-directory: is missing", ended.Error);
    }

    [Fact]
    public async Task A_port_that_something_else_has_is_told()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;
        using var certificates = new TestCertificates();
        var tls = certificates.Node("server");
        using var node = new NodeFolder(NodeFolder.Live, remoting: $$"""
            remoting { port = {{port}}, tls { ca = "{{tls.Ca}}", certificate = "{{tls.Certificate}}", key = "{{tls.Key}}", pins = "{{tls.Pins}}" } }
            """);

        await FailsAsync(node, $"port {port} of 127.0.0.1 cannot be used", "remoting.port");
    }

    [Fact]
    public async Task A_journal_that_is_another_file_is_told()
    {
        using var node = new NodeFolder(NodeFolder.Live);
        await File.WriteAllTextAsync(node.Journal, string.Concat(Enumerable.Repeat("These are the minutes of a meeting. ", 200)));

        await FailsAsync(node, node.Journal, "is not a SQLite database");
    }

    [Fact]
    public async Task A_journal_with_overwritten_pages_is_told()
    {
        using var node = new NodeFolder(NodeFolder.Live);
        Fill(node.Journal);
        using (var file = new FileStream(node.Journal, FileMode.Open))
        {
            var junk = new byte[4096 * 6];
            new Random(5).NextBytes(junk);
            file.Position = file.Length / 2 / 4096 * 4096;
            file.Write(junk);
        }

        await FailsAsync(node, node.Journal, "is damaged", ".recover");
    }

    [Fact]
    public async Task A_journal_that_another_program_has_locked_is_told()
    {
        using var node = new NodeFolder(NodeFolder.Live);
        Fill(node.Journal);
        using var other = new SqliteConnection($"Data Source={node.Journal};Pooling=False");
        other.Open();
        using var command = other.CreateCommand();
        command.CommandText = "PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE";
        command.ExecuteNonQuery();

        await FailsAsync(node, node.Journal, "is locked");
    }

    [Fact]
    public async Task A_data_folder_on_a_disk_that_takes_no_writes_is_told_as_that()
    {
        using var node = new NodeFolder(NodeFolder.Live);
        await using var disk = await LabSkips.OrSkipAsync(SmallDisk.MountAsync(node.Data, "1m", readOnly: true));

        var error = await FailsAsync(node, node.Data, "cannot be written");
        Assert.DoesNotContain("runs already", error);
    }

    private static async Task<string> FailsAsync(NodeFolder node, params string[] told)
    {
        await using var process = node.Run();
        var ended = await process.WaitAsync(Patience);

        Assert.Equal(ExitCodes.Failed, ended.Code);
        foreach (var text in told) Assert.Contains(text, ended.Error);
        Assert.DoesNotContain("   at ", ended.Error);
        Assert.Single(ended.Error.Trim().Split('\n'));
        return ended.Error;
    }

    private static void Fill(string file)
    {
        using var database = new SqliteConnection($"Data Source={file};Pooling=False");
        database.Open();
        using var command = database.CreateCommand();
        command.CommandText = """
            create table t (a integer primary key, b text);
            create index i on t (b);
            with recursive n(x) as (select 1 union all select x + 1 from n where x < 20000)
            insert into t select x, hex(randomblob(20)) from n;
            """;
        command.ExecuteNonQuery();
    }
}
