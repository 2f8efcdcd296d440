using System.Text.RegularExpressions;
using TrafficFlow.Simulation.Replay;
using TrafficFlow.SystemTests.Faults;
using TrafficFlow.SystemTests.Lab;
using TrafficFlow.SystemTests.Processes;
using Xunit;

namespace TrafficFlow.SystemTests.Runbooks;

/// <summary>The blocks of deploy/RUNBOOKS.md for a node of both roles, as they stand.</summary>
[Collection(ProcessesCollection.Other)]
public sealed class RunbookTests
{
    private const string Camera = "synthetic:view?view=42&seconds=3600";
    private const string OtherCamera = "synthetic:north";

    [Fact]
    public async Task A_first_camera_is_set_up_another_one_added_the_PC_replaced_and_a_backup_restored()
    {
        await using var machine = new OperatedMachine();

        var first = Runbook.Blocks("First camera");
        foreach (var block in first.SkipLast(1)) await machine.RunAsync(block, ("CAMERA", Camera));
        Assert.Contains("cam1", await machine.RunAsync(first[^1]));
        Assert.NotEmpty(Directory.GetFiles(Path.Combine(machine.Settings, "street", "pictures"), "cam1.png"));

        var another = Runbook.Blocks("Another camera");
        foreach (var block in another.SkipLast(1)) await machine.RunAsync(block, ("CAMERA", OtherCamera));
        var cameras = await machine.RunAsync(another[^1]);
        Assert.Contains("cam1", cameras);
        Assert.Contains("cam2", cameras);

        foreach (var block in Runbook.Blocks("Replace a PC")) await machine.RunAsync(block);
        Assert.Equal(["last", "running"], Directory.GetDirectories(machine.Backup).Select(Path.GetFileName).Order());
        var stored = new FileInfo(Path.Combine(machine.Data, "outbox.db")).Length;
        machine.BecomeAnotherPc();
        var moved = Runbook.Blocks("Replace a PC", "new-pc");
        foreach (var block in moved.SkipLast(1)) await machine.RunAsync(block);
        Assert.InRange(new FileInfo(Path.Combine(machine.Data, "outbox.db")).Length, stored / 2, 2 * stored);
        cameras = await machine.RunAsync(moved[^1]);
        Assert.Contains("cam1", cameras);
        Assert.Contains("cam2", cameras);

        await machine.RunAsync("trafficflow backup $BACKUP/newest --config $CONF/single.conf");
        var restored = Runbook.Blocks("Restore from backup");
        foreach (var block in restored.SkipLast(1)) await machine.RunAsync(block);
        Assert.Contains("cam2", await machine.RunAsync(restored[^1]));
    }

    [Fact]
    public async Task A_disk_that_is_full_is_named_freed_and_no_count_is_lost()
    {
        await using var machine = new OperatedMachine();
        await using var disk = await LabSkips.OrSkipAsync(SmallDisk.MountAsync(machine.Data, "640m"));
        await machine.RunAsync("sed -i 's|speed=10|speed=60|' $CONF/sites/replay.conf && sed -i 's|^  sites = .*|  sites = [\"sites/replay.conf\"]|' $CONF/single.conf && systemctl start trafficflow-single");
        var stored = new StoredFlows(machine.Data, Path.Combine(machine.Settings, "sites", "replay.conf"));
        await GoesOnAsync(machine, stored);
        disk.Fill();

        var full = Runbook.Blocks("The disk is full");
        Assert.Contains("100%", await machine.RunAsync(full[0]));
        await machine.UntilAsync(full[0], o => Regex.IsMatch(o, $"doubtful .*the disk of {Regex.Escape(machine.Data)} is full"), "the health board names the disk");

        disk.Free();
        var freed = Assert.Single(Runbook.Blocks("The disk is full", "freed"));
        var well = await machine.UntilAsync(freed, o => Regex.IsMatch(o, @"(?m)^ *\S+:\d+ .* reports "), "the health board has nothing against the node any more");
        Assert.Contains("cam-north", well);
        Assert.DoesNotContain("is full", well);
        await GoesOnAsync(machine, stored);
        await machine.RunAsync("systemctl stop trafficflow-single");
        var compared = await stored.CompareAsync();
        Assert.True(compared.IsEqual, $"{compared.Lost} lost, {compared.Doubled} doubled\n{string.Join('\n', compared.Differences)}");
        Assert.True(compared.Vehicles > 0);
    }

    /// <summary>Every approach closes more bins than it had.</summary>
    private static async Task GoesOnAsync(OperatedMachine machine, StoredFlows stored)
    {
        var before = await stored.ClosedThroughAsync() ?? ReplaySource.Default.Start;
        await machine.UntilAsync("true", async _ => await stored.ClosedThroughAsync() > before, "counts go on");
    }
}
