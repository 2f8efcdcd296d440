using TrafficFlow.Node;
using TrafficFlow.SystemTests.Faults;
using TrafficFlow.SystemTests.Lab;
using TrafficFlow.SystemTests.Processes;
using TrafficFlow.Wire.Aggregation;
using TrafficFlow.Wire.Delivery;
using TrafficFlow.Wire.OutboxEntries;
using Xunit;

namespace TrafficFlow.SystemTests.Run;

[Collection(ProcessesCollection.Name)]
public sealed class FullDiskTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    [Fact]
    public async Task A_live_node_outlives_a_full_disk_and_counts_every_vehicle_once()
    {
        // Nothing is trimmed: the journal then holds all that was ever stored.
        using var folder = new NodeFolder(
            NodeFolder.Live,
            "camera { coverage-interval = 1s, open-timeout = 120s, outbox-restart { max = 2s } }\noutbox { trim-interval = 1h, trim-after-entries = 1000000 }");
        await using var disk = await LabSkips.OrSkipAsync(SmallDisk.MountAsync(folder.Data, "280m"));
        await using var node = folder.Run();
        await node.UntilAsync(() => folder.Events("batch-counted", "%/north") > 2, Patience, "a batch was counted");

        disk.Fill();
        await node.SayAsync("Is the disk full?", Patience);
        Assert.True(node.IsRunning);
        disk.Free();
        var before = folder.Events("batch-counted", "%/north");
        await node.UntilAsync(() => folder.Events("batch-counted", "%/north") > before + 3, Patience, "counting went on");
        node.Terminate();
        var ended = await node.WaitAsync(Patience);

        Assert.Equal(ExitCodes.Done, ended.Code);
        var rows = folder.Rows();
        await using var stored = await StoredCounts.OpenAsync(folder);
        var events = rows.Select(r => (r.PersistenceId, Event: stored.Read(r))).ToList();
        var kept = events.Select(e => e.Event).OfType<EntriesStored>().SelectMany(e => e.Entries.Select(entry => (e.Epoch, Entry: entry))).ToList();
        foreach (var epoch in kept.GroupBy(k => k.Epoch))
        {
            var first = epoch.First().Entry.Sequence;
            Assert.Equal(Enumerable.Range(0, epoch.Count()).Select(i => first + i), epoch.Select(k => k.Entry.Sequence));
        }

        var vehicles = kept.Where(k => k.Entry is VehicleEntry).Select(k => (k.Epoch, k.Entry.Sequence)).ToHashSet();
        var counted = events.Select(e => e.Event).OfType<BatchCounted>()
            .SelectMany(e => e.Entries.OfType<VehicleEntry>().Select(entry => (e.HighWater.Epoch, entry.Sequence))).ToList();
        Assert.NotEmpty(counted);
        Assert.Equal(counted.Count, counted.Distinct().Count());
        Assert.Empty(vehicles.Except(counted));
    }
}
