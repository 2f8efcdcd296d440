using System.Security.Cryptography;
using TrafficFlow.Core.Segments;
using TrafficFlow.Core.Sites;
using TrafficFlow.Node;
using TrafficFlow.SystemTests.Processes;
using TrafficFlow.SystemTests.Run;
using TrafficFlow.Vault.Audit;
using TrafficFlow.Vault.Erasure;
using TrafficFlow.Vault.Keys;
using TrafficFlow.Vault.Recordings;
using TrafficFlow.Vault.Segments;
using Xunit;

namespace TrafficFlow.SystemTests.Retention;

/// <summary>`trafficflow custody end`, `clock confirm`, `retention` and `verify-report`, by a running node and without one.</summary>
[Collection(ProcessesCollection.Name)]
public sealed class EndVerbTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task An_experiment_is_ended_by_its_node_and_told_again_without_it()
    {
        using var node = new NodeFolder(NodeFolder.Live.Replace("id = live,", "id = live, custody { operator { name = X, web = \"https://example.org\" }, purposes = [ counts ], retention { pictures { max-age = 14d }, journeys { max-age = 30d }, audit { max-age = 400d } } },", StringComparison.Ordinal), akka: "trafficflow.vault { credential = \"vault.key\", min-free-gigabytes = 1 }");
        Record(node);
        await using (var running = node.Run())
        {
            await running.UntilAsync(() => Answers(Path.Combine(node.Data, "ctl.sock")), s_patience, "it takes commands");
            var told = await RunAsync("retention", "--config", node.Config);
            Assert.True(told.Code == ExitCodes.Done, told.Error);
            Assert.Contains("live: journeys: 30 days; gone is what was before", told.Output, StringComparison.Ordinal);
            Assert.Contains("live: counts: no limit", told.Output, StringComparison.Ordinal);

            var confirmed = await RunAsync("clock", "confirm", "--reason", "compared with the radio clock", "--config", node.Config);
            Assert.True(confirmed.Code == ExitCodes.Done, confirmed.Error);
            Assert.Contains("is taken to be right", confirmed.Output, StringComparison.Ordinal);

            Assert.Equal(ExitCodes.BadUsage, (await RunAsync("end", "--reason", "over", "--yes", "--config", node.Config)).Code);
            var ended = await RunAsync("end", "--site", "live", "--reason", "the experiment is over", "--yes", "--config", node.Config);
            Assert.True(ended.Code == ExitCodes.Done, ended.Error);
            Assert.Contains("2 segments were erased with their keys", ended.Output, StringComparison.Ordinal);
            Assert.Contains("LEFT: counts of live stay", ended.Output, StringComparison.Ordinal);
            running.Terminate();
            await running.WaitAsync(s_patience);
        }

        var again = await RunAsync("end", "--site", "live", "--reason", "once more", "--yes", "--config", node.Config);
        Assert.True(again.Code == ExitCodes.Done, again.Error);
        Assert.Contains("was ended on", again.Output, StringComparison.Ordinal);
        var report = Assert.Single(Directory.GetFiles(Path.Combine(node.Data, "vault", "ends"), "*.report", SearchOption.AllDirectories));
        var verified = await TrafficflowProcess.RunAsync("custody", "verify-report", report, "--key", Path.Combine(node.Data, "audit.pub"));
        Assert.Contains("Genuine: end", verified.Output, StringComparison.Ordinal);
        Assert.Single(Directory.GetFiles(Path.GetDirectoryName(report)!, "*.ja.html"));
        var actions = AuditReader.Read(new AuditPlace(node.Data), new AuditFilter()).Select(r => r.Event.Action).ToList();
        Assert.Contains("custody clock confirm", actions);
        Assert.Equal(15, actions.Count(a => a == "custody end"));
        File.AppendAllText(report, " ");
        Assert.Equal(ExitCodes.Failed, (await TrafficflowProcess.RunAsync("custody", "verify-report", report, "--key", Path.Combine(node.Data, "audit.pub"))).Code);
    }

    [Fact]
    public async Task A_vault_that_a_passphrase_alone_opens_is_opened_for_the_end_of_a_node_that_does_not_run()
    {
        const string Passphrase = "brückenpfeiler 琥珀 ocarina sieben";
        using var node = new NodeFolder(NodeFolder.Live.Replace("id = live,", "id = live, custody { operator { name = X, web = \"https://example.org\" }, purposes = [ counts ], retention { pictures { max-age = 14d } } },", StringComparison.Ordinal), akka: "trafficflow { vault { min-free-gigabytes = 1 }, reports { formats = [html] } }");
        using (var secret = new PassphraseSecret(Passphrase)) Record(node, SlotRequest.Of("custodians", secret));
        string[] end = ["custody", "end", "--everything", "--reason", "over", "--yes", "--config", node.Config];

        var without = await TrafficflowProcess.RunAsync(end);
        Assert.Equal(ExitCodes.BadUsage, without.Code);
        Assert.Contains("--passphrase", without.Error, StringComparison.Ordinal);
        var wrong = await TrafficflowProcess.RunWithInputAsync("something else entirely\n", [.. end, "--passphrase"]);
        Assert.Equal(ExitCodes.BadUsage, wrong.Code);
        Assert.False(Directory.Exists(Path.Combine(node.Data, "vault", "ends")));

        var ended = await TrafficflowProcess.RunWithInputAsync(Passphrase + "\n", [.. end, "--passphrase"]);
        Assert.True(ended.Code == ExitCodes.Done, ended.Error);
        Assert.Contains("2 segments were erased with their keys", ended.Output, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(node.Data, "*.pdf", SearchOption.AllDirectories));
        var events = AuditReader.Read(new AuditPlace(node.Data), new AuditFilter()).Select(r => r.Event).ToList();
        Assert.Equal(["begun", "refused", "begun", "done"], events.Where(e => e.Action == "vault unlock").Select(e => e.Outcome.Split(':')[0]));
        Assert.True(events.FindLastIndex(e => e.Action == "vault unlock") < events.FindIndex(e => e.Action == "custody end"));

        // There is no key any more that it could be opened with.
        var again = await TrafficflowProcess.RunWithInputAsync(Passphrase + "\n", [.. end, "--passphrase"]);
        Assert.True(again.Code == ExitCodes.Done, again.Error);
        Assert.Contains("was ended on", again.Output, StringComparison.Ordinal);
    }

    private static bool Answers(string path)
    {
        if (!File.Exists(path)) return false;
        using var socket = new System.Net.Sockets.Socket(System.Net.Sockets.AddressFamily.Unix, System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Unspecified);
        try
        {
            socket.Connect(new System.Net.Sockets.UnixDomainSocketEndPoint(path));
            return true;
        }
        catch (System.Net.Sockets.SocketException)
        {
            return false;
        }
    }

    private static Task<Ended> RunAsync(params string[] words) => TrafficflowProcess.RunAsync(["custody", .. words]);

    private static void Record(NodeFolder node)
    {
        var credential = RandomNumberGenerator.GetBytes(32);
        var key = Path.Combine(node.Path, "vault.key");
        File.WriteAllBytes(key, credential);
        File.SetUnixFileMode(key, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        using var secret = new CredentialSecret(credential);
        Record(node, SlotRequest.Of("unit", secret));
    }

    private static void Record(NodeFolder node, SlotRequest way)
    {
        using var vault = new RecordingVault(node.Data, "test", new SegmentStoreOptions { MinFreeBytes = 0 }, () => new MediumFacts("", null, null, ""), TimeProvider.System);
        vault.Keys.Create([way]);
        for (var minute = 0; minute < 2; minute++)
        {
            var from = TimeProvider.System.GetUtcNow().AddDays(-2).AddMinutes(minute);
            using var writer = vault.Store.Begin(new SegmentStart(new SiteId("live"), new CameraId("cam1"), from, new FrameFormat(320, 180, 5), "0123456789abcdef", "test"));
            writer.Write(new byte[2000]);
            writer.Close(new SegmentEnd(from.AddSeconds(60), 300, 0));
        }
    }
}
