using System.Text.Json;
using Microsoft.Data.Sqlite;
using TrafficFlow.Node;
using TrafficFlow.SystemTests.Processes;
using TrafficFlow.SystemTests.Run;
using TrafficFlow.SystemTests.Settings;
using TrafficFlow.Wire.Delivery;
using TrafficFlow.Wire.OutboxEntries;
using Xunit;

namespace TrafficFlow.SystemTests.Watch;

/// <summary>What a watcher gets of a real node on replay cameras.</summary>
[Collection(ProcessesCollection.Other)]
public sealed class WatchStreamTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    [Fact]
    public async Task A_watcher_that_goes_on_from_its_last_cursor_misses_nothing_although_the_node_was_killed()
    {
        using var node = new NodeFolder(SiteText("speed=100"));
        await using (var victim = node.Run())
        {
            await victim.UntilAsync(() => node.Events("batch-counted", "approach-%/north") > 0, Patience, "something was counted");
            Assert.Equal(Enumerable.Range(1, 15), await WatchAsync(node, 0, 15));
            await victim.KillAsync();
        }

        var before = node.Events("batch-counted");
        await using var again = node.Run();
        await again.UntilAsync(() => node.Events("batch-counted") > before, Patience, "counting went on");
        Assert.Equal(Enumerable.Range(16, 15), await WatchAsync(node, 15, 15));
    }

    [Fact]
    public async Task A_watcher_waits_for_its_node_that_was_killed_and_goes_on_by_itself()
    {
        using var node = new NodeFolder(SiteText("speed=100"));
        await using var victim = node.Run();
        await victim.UntilAsync(() => node.Events("batch-counted", "approach-%/north") > 0, Patience, "something was counted");
        await using var watcher = TrafficflowProcess.Start("watch", "flow.replay.north", "--config", node.Config, "--json", "--from", "0", "--messages", "30");
        await watcher.UntilAsync(() => watcher.OutputLines.Count >= 15, Patience, "bins were seen");
        await victim.KillAsync();
        await watcher.SayAsync("Watching goes on when the node is back", Patience);

        await using var again = node.Run();
        var ended = await watcher.WaitAsync(Patience);

        Assert.True(ended.Code == ExitCodes.Done, ended.Error);
        Assert.Equal(Enumerable.Range(1, 30), Cursors(ended.Output));
    }

    [Fact]
    public async Task A_closed_five_minute_bin_is_seen_within_two_seconds_of_its_watermark()
    {
        using var node = new NodeFolder(SiteText("speed=60"), "outbox { trim-after-entries = 1000000, trim-interval = 1h }");
        await using var running = node.Run();
        await running.UntilAsync(() => node.Events("batch-counted", "approach-%/north") > 0, Patience, "something was counted");
        await using var watcher = TrafficflowProcess.Start("watch", "flow.replay.north", "--data", node.Data, "--json");
        var seen = new List<(DateTimeOffset End, DateTime At)>();
        var lines = 0;
        await watcher.UntilAsync(
            () =>
            {
                foreach (var line in watcher.OutputLines.Skip(lines))
                {
                    lines++;
                    var bin = JsonDocument.Parse(line).RootElement;
                    if (bin.GetProperty("minutes").GetInt32() == 5) seen.Add((bin.GetProperty("end").GetDateTimeOffset(), DateTime.UtcNow));
                }

                return seen.Count > 7;
            },
            Patience,
            "eight bins of five minutes were seen");
        running.Terminate();
        await running.WaitAsync(Patience);

        var reached = await WatermarksAsync(node);
        // The first ones were there before the watcher was.
        var late = seen.Skip(2).Select(s => (s.At - reached.First(r => r.Watermark >= s.End).StoredAt).TotalSeconds).Order().ToList();
        TestContext.Current.TestOutputHelper?.WriteLine($"seconds after the watermark: {string.Join(", ", late.Select(l => l.ToString("0.00")))}");
        Assert.True(late[^2] < 2, $"seen {late[^2]:0.0} s after the watermark");
    }

    private static async Task<IEnumerable<int>> WatchAsync(NodeFolder node, int from, int count)
    {
        var watched = await TrafficflowProcess.RunAsync("watch", "flow.replay.north", "--data", node.Data, "--json", "--from", $"{from}", "--messages", $"{count}");
        Assert.True(watched.Code == ExitCodes.Done, watched.Error);
        return Cursors(watched.Output);
    }

    private static IEnumerable<int> Cursors(string output) =>
        output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonDocument.Parse(l).RootElement.GetProperty("cursor").GetInt32()).ToList();

    /// <summary>When the last of the cameras that feed the approach had stored that it had come so far.</summary>
    private static async Task<IReadOnlyList<(DateTimeOffset Watermark, DateTime StoredAt)>> WatermarksAsync(NodeFolder node)
    {
        await using var stored = await StoredCounts.OpenAsync(node);
        await using var database = new SqliteConnection($"Data Source={node.Outbox};Pooling=False;Mode=ReadOnly");
        await database.OpenAsync();
        await using var command = database.CreateCommand();
        command.CommandText = "SELECT persistence_id, sequence_number, manifest, message, created FROM journal WHERE manifest LIKE 'entries-stored-%' ORDER BY ordering";
        await using var rows = await command.ExecuteReaderAsync();
        var reached = new Dictionary<string, DateTimeOffset>();
        var watermarks = new List<(DateTimeOffset, DateTime)>();
        while (await rows.ReadAsync())
        {
            var row = new JournalRow(rows.GetString(0), rows.GetInt64(1), rows.GetString(2), rows.GetFieldValue<byte[]>(3));
            foreach (var entry in ((EntriesStored)stored.Read(row)).Entries.OfType<CoverageEntry>()) reached[row.PersistenceId] = entry.Coverage.To;
            if (reached.Count == 4) watermarks.Add((reached.Values.Min(), new DateTime(rows.GetInt64(4), DateTimeKind.Utc)));
        }

        return watermarks;
    }

    private static string SiteText(string speed)
    {
        var text = File.ReadAllText(Path.Combine(SharedFiles.Repository, "hocon", "sites", "replay.conf"));
        Assert.Contains("speed=10", text);
        return text.Replace("speed=10", speed);
    }
}
