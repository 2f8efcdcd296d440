using TrafficFlow.SystemTests.Faults;
using TrafficFlow.SystemTests.Lab;
using TrafficFlow.SystemTests.Processes;
using Xunit;

namespace TrafficFlow.SystemTests.Runbooks;

/// <summary>The blocks of deploy/RUNBOOKS.md, as they stand.</summary>
[Collection(ProcessesCollection.Other)]
public sealed class RunbookTests
{
    private const string Camera = "synthetic:view?view=42&seconds=3600";
    private const string OtherCamera = "synthetic:north";

    [Fact]
    public async Task A_first_camera_is_set_up_another_one_added_and_the_PC_replaced()
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
    }

    [Fact]
    public async Task A_disk_that_is_full_is_seen_freed_and_counting_goes_on()
    {
        await using var machine = new OperatedMachine();
        await using var disk = await LabSkips.OrSkipAsync(SmallDisk.MountAsync(machine.Data, "400m"));
        await machine.RunAsync("sed -i 's|^  sites = .*|  sites = [\"sites/replay.conf\"]|' $CONF/single.conf && systemctl start trafficflow-single");
        disk.Fill();

        var full = Runbook.Blocks("The disk is full");
        Assert.Contains("100%", string.Join('\n', await RunAsync(machine, full)));

        disk.Free();
        var freed = Runbook.Blocks("The disk is full", "freed");
        Assert.Contains("cam-north", string.Join('\n', await RunAsync(machine, freed)));
        await machine.RunAsync("systemctl stop trafficflow-single");
    }

    private static async Task<IReadOnlyList<string>> RunAsync(OperatedMachine machine, IReadOnlyList<string> blocks)
    {
        var output = new List<string>();
        foreach (var block in blocks) output.Add(await machine.RunAsync(block));
        return output;
    }
}
