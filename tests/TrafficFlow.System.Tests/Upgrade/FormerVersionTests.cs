using System.IO.Compression;
using TrafficFlow.Core.Flow;
using TrafficFlow.Node;
using TrafficFlow.Simulation.Replay;
using TrafficFlow.SystemTests.Processes;
using TrafficFlow.SystemTests.Run;
using Xunit;

namespace TrafficFlow.SystemTests.Upgrade;

/// <summary>
/// Data that a former version wrote: commit dad6b6a, killed with SIGKILL half way through an hour of replay. node-dad6b6a.zip holds its
/// journal with snapshots, its outboxes, its read tables and its site file.
/// </summary>
[Collection(ProcessesCollection.Name)]
public sealed class FormerVersionTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    [Fact]
    public async Task Journal_outboxes_and_tables_are_read_and_carried_on_to_the_exact_truth()
    {
        using var archive = new ZipArchive(
            typeof(FormerVersionTests).Assembly.GetManifestResourceStream("node-dad6b6a.zip") ?? throw new InvalidOperationException("the data of dad6b6a are no resource"));
        using var node = new NodeFolder(await new StreamReader(archive.GetEntry("site.conf")!.Open()).ReadToEndAsync(TestContext.Current.CancellationToken));
        foreach (var entry in archive.Entries.Where(e => e.FullName.StartsWith("data/", StringComparison.Ordinal)))
            entry.ExtractToFile(Path.Combine(node.Data, entry.Name));
        var written = node.Events("batch-counted");
        Assert.True(written > 1_000, $"{written} batches of the former version");

        await using (var running = node.Run())
        {
            await running.UntilAsync(() => node.Events("lateness-passed") == 5, Patience, "the last bins of four approaches and of no approach were closed");
            running.Terminate();
            Assert.Equal(ExitCodes.Done, (await running.WaitAsync(Patience)).Code);
        }

        await ReplayComparison.AssertTrueAsync(node, new Interval(ReplaySource.Default.Start, ReplaySource.Default.Start.AddHours(1)));
    }
}
