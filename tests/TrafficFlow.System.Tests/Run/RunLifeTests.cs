using System.Diagnostics;
using TrafficFlow.Core.Sites;
using TrafficFlow.Node;
using TrafficFlow.SystemTests.Processes;
using TrafficFlow.SystemTests.Settings;
using Xunit;

namespace TrafficFlow.SystemTests.Run;

/// <summary>A node that is started, stopped and killed.</summary>
[Collection(ProcessesCollection.Name)]
public sealed class RunLifeTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    [Fact]
    public async Task A_node_that_runs_already_is_not_started_again_and_ends_within_15_s_with_its_last_coverage_stored()
    {
        // No coverage is due by itself within the test: what is stored at the end was stored because the node stopped.
        using var node = new NodeFolder(NodeFolder.Live, "camera { coverage-interval = 30m, open-timeout = 120s }");
        await using var first = node.Run();
        await first.UntilAsync(() => node.Events("entries-stored") > 0, Patience, "a vehicle was stored");

        await using (var second = node.Run())
        {
            var refused = await second.WaitAsync(Patience);
            Assert.Equal(ExitCodes.Failed, refused.Code);
            Assert.Contains($"this node runs already: process {first.Id} holds", refused.Error);
        }

        var told = DateTimeOffset.UtcNow;
        first.Terminate();
        var clock = Stopwatch.StartNew();
        var ended = await first.WaitAsync(Patience);

        Assert.Equal(ExitCodes.Done, ended.Code);
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(15), $"it took {clock.Elapsed.TotalSeconds:0.0} s to end");
        await using var stored = await StoredCounts.OpenAsync(node);
        var camera = Assert.Single((await stored.StatusAsync(new ApproachId("north"))).Cameras);
        Assert.InRange(camera.Watermark, told.AddSeconds(-10), told.AddSeconds(15));
        Assert.True(camera.ObservedSeconds > 0);
    }

    [Fact]
    [Trait("Run", "Long")]
    public async Task A_file_whose_node_is_killed_twice_is_counted_as_if_nothing_had_happened()
    {
        var site = (await File.ReadAllTextAsync(SharedFiles.Shared("data/sites/stuttgart.conf")))
            .Replace("../clips/stuttgart.mp4", SharedFiles.Shared("data/clips/stuttgart.mp4"));
        using var calm = new NodeFolder(site, "camera.coverage-interval = 1s");
        using var killed = new NodeFolder(site, "camera.coverage-interval = 1s");

        await FinishAsync(calm);
        long counted = 0;
        for (var i = 0; i < 2; i++)
        {
            await using var victim = killed.Run();
            var before = counted;
            await victim.UntilAsync(() => killed.Events("batch-counted", "approach-%/main") > before, Patience, "a batch was counted");
            await victim.KillAsync();
            counted = killed.Events("batch-counted", "approach-%/main");
            Assert.Equal(0, killed.Events("lateness-passed"));
        }

        await FinishAsync(killed);

        await using var expected = await StoredCounts.OpenAsync(calm);
        await using var found = await StoredCounts.OpenAsync(killed);
        var totals = await expected.TotalsAsync();
        Assert.NotEmpty(totals);
        Assert.Equal(totals, await found.TotalsAsync());
    }

    /// <summary>Runs a node until its file has ended and its bins are closed.</summary>
    private static async Task FinishAsync(NodeFolder folder)
    {
        await using var node = folder.Run();
        await node.UntilAsync(() => folder.Events("lateness-passed", "approach-%/main") > 0, Patience, "the last bins were closed");
        node.Terminate();
        Assert.Equal(ExitCodes.Done, (await node.WaitAsync(Patience)).Code);
    }
}
