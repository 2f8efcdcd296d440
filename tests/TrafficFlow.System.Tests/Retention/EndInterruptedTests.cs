using System.Globalization;
using System.Security.Cryptography;
using TrafficFlow.Core.Segments;
using TrafficFlow.Core.Sites;
using TrafficFlow.Node;
using TrafficFlow.SystemTests.Lab;
using TrafficFlow.SystemTests.Processes;
using TrafficFlow.SystemTests.Run;
using TrafficFlow.Vault.Audit;
using TrafficFlow.Vault.Endings;
using TrafficFlow.Vault.Erasure;
using TrafficFlow.Vault.Keys;
using TrafficFlow.Vault.Recordings;
using TrafficFlow.Vault.Segments;
using Xunit;

namespace TrafficFlow.SystemTests.Retention;

/// <summary>`trafficflow custody end` of a node that does not run, by real processes: killed, on a full disk, twice at once. It is done once, and nothing of it is lost or doubled.</summary>
[Collection(ProcessesCollection.Name)]
public sealed class EndInterruptedTests : IAsyncLifetime
{
    // Two PDFs take half a minute of one core, and each end that is killed would begin them.
    private readonly NodeFolder _node = Node("html");

    private bool _isMounted;

    private string[] End => ["custody", "end", "--everything", "--reason", "over", "--yes", "--config", _node.Config];

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task An_end_that_is_killed_again_and_again_goes_on_where_it_was()
    {
        Record(_node);
        var killed = 0;
        for (var after = 300; ; after = after * 4 / 3)
        {
            await using var process = TrafficflowProcess.Start(End);
            try
            {
                var ended = await process.WaitAsync(TimeSpan.FromMilliseconds(after));
                Assert.True(ended.Code == ExitCodes.Done, ended.Error);
                break;
            }
            catch (TimeoutException)
            {
                await process.KillAsync();
                killed++;
            }
        }

        Assert.InRange(killed, 1, 100);
        await AssertEndedOnceAsync();
    }

    [Fact]
    public async Task A_full_disk_is_told_and_the_end_goes_on_when_there_is_room()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess && (await Shell.TryAsync("mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", _node.Data)).Code == 0, "a file system is mounted by root");
        _isMounted = true;
        Record(_node);
        var failed = 0;
        for (var left = 0; ; left += left < 15 ? 5 : 100)
        {
            var filled = Fill(left);
            var ended = await TrafficflowProcess.RunAsync(End);
            File.Delete(filled);
            if (ended.Code == ExitCodes.Done) break;
            failed++;
            Assert.Equal(ExitCodes.Failed, ended.Code);
            Assert.Matches("disk|space|audit cannot be written", ended.Error);
            Assert.DoesNotContain("   at ", ended.Error, StringComparison.Ordinal);
        }

        Assert.InRange(failed, 2, 100);
        await AssertEndedOnceAsync();
    }

    [Fact]
    public async Task Of_two_ends_at_once_one_ends_it_and_the_other_is_told_so()
    {
        Record(_node);
        var all = await Task.WhenAll(TrafficflowProcess.RunAsync(End), TrafficflowProcess.RunAsync(End), TrafficflowProcess.RunAsync(End));
        Assert.Contains(all, e => e.Code == ExitCodes.Done);
        Assert.All(all.Where(e => e.Code != ExitCodes.Done), e => Assert.Contains("another verb of trafficflow is at work", e.Error, StringComparison.Ordinal));
        Assert.All(all.Where(e => e.Code == ExitCodes.Done), e => Assert.Matches("is ended|was ended on", e.Output));
        await AssertEndedOnceAsync();
    }

    [Fact]
    public async Task Whoever_prints_the_report_dies_with_an_end_that_is_killed()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/setpriv"), "util-linux");
        using var node = Node("html, pdf");
        Record(node);
        var (tools, pid) = (Directory.CreateDirectory(Path.Combine(node.Path, "tools")).FullName, Path.Combine(node.Path, "pid"));
        foreach (var (name, script) in new[] { ("weasyprint", $"echo $$ > '{pid}.part'\nmv '{pid}.part' '{pid}'\nexec sleep 300"), ("fc-list", "echo Noto") })
        {
            File.WriteAllText(Path.Combine(tools, name), $"#!/bin/sh\n{script}\n");
            File.SetUnixFileMode(Path.Combine(tools, name), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

        var command = TrafficflowProcess.Command("custody", "end", "--everything", "--reason", "over", "--yes", "--config", node.Config);
        command.Environment["PATH"] = $"{tools}:{Environment.GetEnvironmentVariable("PATH")}";
        await using var process = TrafficflowProcess.Start(command);
        await process.UntilAsync(() => File.Exists(pid), TimeSpan.FromMinutes(2), "it prints");
        var printer = File.ReadAllText(pid).Trim();
        Assert.True(IsAlive(printer));

        await process.KillAsync();

        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (IsAlive(printer)) await Task.Delay(20, limit.Token);
    }

    public async ValueTask DisposeAsync()
    {
        if (_isMounted) await Shell.TryAsync("umount", _node.Data);
        _node.Dispose();
    }

    private async Task AssertEndedOnceAsync()
    {
        var register = new EndRegister(_node.Data, Path.Combine(_node.Data, "vault"), TimeProvider.System);
        var end = Assert.Single(register.All);
        Assert.NotNull(end.Ended);
        Assert.Equal(Enum.GetValues<EndStep>(), end.Steps.Select(s => s.Step));
        var receipt = ReceiptFile.Verify(File.ReadAllBytes(Assert.Single(Directory.GetFiles(Path.Combine(_node.Data, "vault", "receipts")))), new AuditPlace(_node.Data).PublicKeys());
        Assert.Equal(3, receipt.Days.Sum(d => d.Count) + receipt.Segments.Count);
        var report = EndReportFile.Verify(File.ReadAllBytes(Assert.Single(Directory.GetFiles(register.Reports, "*.report", SearchOption.AllDirectories))), new AuditPlace(_node.Data).PublicKeys());
        Assert.Equal(receipt.Id, Assert.Single(report.Receipts).Id);
        Assert.DoesNotContain(Directory.EnumerateFiles(Path.Combine(_node.Data, "vault"), "*", SearchOption.AllDirectories), f => f.EndsWith(".tfs", StringComparison.Ordinal) || f.EndsWith(".key", StringComparison.Ordinal) || f.EndsWith(".dying", StringComparison.Ordinal) || f.Contains("/erasures/", StringComparison.Ordinal));
        var verified = await TrafficflowProcess.RunAsync("audit", "verify", "--config", _node.Config);
        Assert.True(verified.Code == ExitCodes.Done, verified.Output + verified.Error);
        var again = await TrafficflowProcess.RunAsync(End);
        Assert.True(again.Code == ExitCodes.Done, again.Error);
        Assert.Contains("was ended on", again.Output, StringComparison.Ordinal);
    }

    private static NodeFolder Node(string formats) => new(
        NodeFolder.Live.Replace("id = live,", "id = live, custody { operator { name = X, web = \"https://example.org\" }, purposes = [ counts ], retention { pictures { max-age = 14d } } },", StringComparison.Ordinal),
        akka: $"trafficflow {{ vault {{ credential = \"vault.key\", min-free-gigabytes = 1 }}, reports {{ formats = [{formats}] }} }}");

    /// <summary>One that has ended and that nobody has asked for is not.</summary>
    private static bool IsAlive(string process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/stat").Split(") ") is [.., var state] && state[0] != 'Z';
        }
        catch (IOException)
        {
            return false;
        }
    }

    private string Fill(int pagesLeft)
    {
        var path = Path.Combine(_node.Data, "filled");
        using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);
        try
        {
            while (true) file.Write(new byte[4096]);
        }
        catch (IOException)
        {
            file.SetLength(Math.Max(0, file.Length - (4096L * pagesLeft)));
            return path;
        }
    }

    private static void Record(NodeFolder node)
    {
        var credential = RandomNumberGenerator.GetBytes(32);
        var key = Path.Combine(node.Path, "vault.key");
        File.WriteAllBytes(key, credential);
        File.SetUnixFileMode(key, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        using var vault = new RecordingVault(node.Data, "test", new SegmentStoreOptions { MinFreeBytes = 0 }, () => new MediumFacts("", null, null, ""), TimeProvider.System);
        using var secret = new CredentialSecret(credential);
        vault.Keys.Create([SlotRequest.Of("unit", secret)]);
        for (var day = 1; day < 4; day++)
        {
            var from = TimeProvider.System.GetUtcNow().AddDays(-day);
            using var writer = vault.Store.Begin(new SegmentStart(new SiteId("live"), new CameraId(string.Create(CultureInfo.InvariantCulture, $"cam{day}")), from, new FrameFormat(320, 180, 5), "0123456789abcdef", "test"));
            writer.Write(new byte[2000]);
            writer.Close(new SegmentEnd(from.AddSeconds(60), 300, 0));
        }
    }
}
