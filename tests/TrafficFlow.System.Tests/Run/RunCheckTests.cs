using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using TrafficFlow.Node;
using TrafficFlow.Node.Run.Preflight;
using TrafficFlow.SystemTests.Faults;
using TrafficFlow.SystemTests.Lab;
using TrafficFlow.SystemTests.Processes;
using TrafficFlow.SystemTests.Security;
using TrafficFlow.SystemTests.Settings;
using TrafficFlow.Wire.Journals;
using Xunit;

namespace TrafficFlow.SystemTests.Run;

/// <summary>What `run` finds wrong before anything starts.</summary>
[Collection(ProcessesCollection.Name)]
public sealed class RunCheckTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task The_shipped_single_node_can_be_used_as_it_is()
    {
        using var shipped = await ShippedNodes.CreateAsync();

        var ended = await TrafficflowProcess.RunAsync("run", "--check", "--config", shipped.File("single"));

        Assert.True(ended.Code == ExitCodes.Done, ended.Output + ended.Error);
        Assert.Contains("can be used: site demo, 4 cameras, roles roadside, server", ended.Output);
        Assert.Contains("vehicles: loaded and tried", ended.Output);
    }

    [Theory]
    [InlineData("roadside", "camera cam4", "host name is unknown")]
    [InlineData("server", "port", "set trafficflow.node.remoting")]
    public async Task A_shipped_node_file_with_made_up_addresses_is_told_which(string name, string what, string told)
    {
        using var shipped = await ShippedNodes.CreateAsync();

        var ended = await TrafficflowProcess.RunAsync("run", "--check", "--json", "--config", shipped.File(name));

        Assert.Equal(ExitCodes.Failed, ended.Code);
        var report = JsonDocument.Parse(ended.Output).RootElement;
        Assert.False(report.GetProperty("can_run").GetBoolean());
        var checks = report.GetProperty("checks").EnumerateArray().ToDictionary(c => c.GetProperty("what").GetString()!, c => (State: c.GetProperty("state").GetString(), Text: c.GetProperty("text").GetString()));
        Assert.Equal("BAD", checks[what].State);
        Assert.Contains(told, checks[what].Text, StringComparison.OrdinalIgnoreCase);
        Assert.Equal("ok", checks["certificate"].State);
    }

    [Fact]
    public async Task A_check_tells_a_damaged_journal_a_silent_camera_and_a_missing_model_at_once_and_makes_nothing()
    {
        using var node = new NodeFolder(NodeFolder.Live
            .Replace("synthetic:north", "rtsp://viewer:s3cret@127.0.0.1:9/live", StringComparison.Ordinal).Replace("detector = motion", "detector = own", StringComparison.Ordinal)
            .Replace("trafficflow.site {", "trafficflow.detectors.own { type = onnx, model = \"no.onnx\" }\ntrafficflow.site {", StringComparison.Ordinal));
        await File.WriteAllTextAsync(node.Journal, string.Concat(Enumerable.Repeat("These are the minutes of a meeting. ", 200)));

        var ended = await TrafficflowProcess.RunAsync("run", "--check", "--config", node.Config);

        Assert.Equal(ExitCodes.Failed, ended.Code);
        Assert.Contains("nothing listens there", ended.Output);
        Assert.Contains("no.onnx", ended.Output);
        Assert.Contains("is not a SQLite database", ended.Output);
        Assert.Contains("3 of ", ended.Output);
        Assert.DoesNotContain("s3cret", ended.Output + ended.Error);
        Assert.Equal(["journal.db"], Directory.GetFileSystemEntries(node.Data).Select(f => Path.GetFileName(f)!));
    }

    [Fact]
    public async Task A_check_tells_databases_that_cannot_be_written_and_a_folder_whose_name_is_too_long_for_a_socket()
    {
        using var node = new NodeFolder(NodeFolder.Live);
        var folder = new string('d', 108);
        var data = Directory.CreateDirectory(Path.Combine(node.Path, folder), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute).FullName;
        var config = node.Write("long.conf", (await File.ReadAllTextAsync(node.Config)).Replace("\"data\"", $"\"{folder}\"", StringComparison.Ordinal));
        JournalCheck.Prepare(new SqliteJournal(Path.Combine(data, "journal.db")));
        Fill(Path.Combine(data, "outbox.db"));
        using (var outbox = new FileStream(Path.Combine(data, "outbox.db"), FileMode.Open))
        {
            // Of a format that only a newer SQLite may write: root, too, can only read it.
            outbox.Position = 18;
            outbox.WriteByte(3);
        }

        using var other = new SqliteConnection($"Data Source={Path.Combine(data, "journal.db")};Pooling=False");
        other.Open();
        using var command = other.CreateCommand();
        command.CommandText = "BEGIN IMMEDIATE";
        command.ExecuteNonQuery();

        var ended = await TrafficflowProcess.RunAsync("run", "--check", "--json", "--config", config);

        Assert.Equal(ExitCodes.Failed, ended.Code);
        var bad = JsonDocument.Parse(ended.Output).RootElement.GetProperty("checks").EnumerateArray()
            .Where(c => c.GetProperty("state").GetString() == "BAD").ToDictionary(c => c.GetProperty("what").GetString()!, c => c.GetProperty("text").GetString());
        Assert.Equal(["control socket", "journal", "outbox"], bad.Keys.Order());
        Assert.Contains("is too long for a socket", bad["control socket"]);
        Assert.Contains("set a shorter trafficflow.node.data-directory", bad["control socket"]);
        Assert.Contains("is locked: does another node, a backup or a database tool have it open?", bad["journal"]);
        Assert.Contains("cannot be opened for writing", bad["outbox"]);
    }

    [Fact]
    public async Task A_data_folder_of_a_newer_version_is_refused_before_anything_is_opened()
    {
        using var node = new NodeFolder(NodeFolder.Live);
        await File.WriteAllTextAsync(Path.Combine(node.Data, "format"), "2 9.8.7\n");

        await FailsAsync(node, "was written by a newer trafficflow (9.8.7)", "install the newer version");

        Assert.False(File.Exists(node.Outbox));
        var check = await TrafficflowProcess.RunAsync("run", "--check", "--config", node.Config);
        Assert.Equal(ExitCodes.Failed, check.Code);
        Assert.Contains("was written by a newer trafficflow", check.Output);
    }

    [Theory]
    [InlineData(31, "Good")]
    [InlineData(20, "Doubtful")]
    [InlineData(-1, "Bad")]
    public void A_certificate_is_judged_by_the_days_that_it_has_left(int days, string state)
    {
        using var certificates = new TestCertificates();
        var file = certificates.Node("server").Certificate;
        using var certificate = System.Security.Cryptography.X509Certificates.X509Certificate2.CreateFromPem(File.ReadAllText(file));
        var end = new DateTimeOffset(certificate.NotAfter.ToUniversalTime(), TimeSpan.Zero);

        Assert.Equal(state, PeerChecks.Certificate(file, end.AddDays(-days)).State.ToString());
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
