using TrafficFlow.Node.Run.Preflight;
using TrafficFlow.Wire.Journals;

namespace TrafficFlow.Node.MoveDatabase;

/// <summary>`move-database --check`: looks at all that a move needs while the node runs on. Changes nothing.</summary>
internal sealed class MoveCheck(MoveOptions options, TextWriter output, TextWriter error, TimeProvider time)
{
    public async Task<int> RunAsync(CancellationToken cancellation)
    {
        var job = new MoveJob(options, output, error, time);
        var findings = new List<Finding> { Node() };
        await TryAsync("files", async () =>
        {
            job.RefuseUnfit();
            using var source = job.OpenSource();
            findings.Add(Finding.Good("files", $"{source.Bytes / 1e6:0.0} MB in {options.Data}, version {source.Version}: {string.Join(", ", source.Tables.Where(t => t.Rows > 0).Select(t => $"{t.Name} {t.Rows}"))}"));
            await TryAsync("target", async () =>
            {
                await job.BeforeAsync(() => job.LookAsync(source, job.FindMark(), cancellation));
                findings.Add(Finding.Good("target", $"{options.To.Name} answers, lets this node in, takes tables, and {(job.FindMark() is null ? "holds no counts" : "was begun to be filled: the move carries that to its end")}"));
            });
        });
        foreach (var line in PreflightReport.Lines(findings)) output.WriteLine(line);
        var good = PreflightReport.IsGood(findings);
        output.WriteLine(good ? $"{options.Data} can be moved to {options.To.Name}" : $"{options.Data} cannot be moved to {options.To.Name} as it is");
        return good ? ExitCodes.Done : ExitCodes.Failed;

        async Task TryAsync(string what, Func<Task> look)
        {
            try
            {
                await look();
            }
            catch (Exception e) when (e is UsageException or JobFailedException)
            {
                findings.Add(Finding.Bad(what, e.Message));
            }
        }
    }

    private Finding Node() => NodeLock.HolderOf(options.Data) is { } process
        ? Finding.Doubtful("node", $"it runs, process {process}: stop it before the move")
        : Finding.Good("node", "it does not run");
}
