using System.Runtime.CompilerServices;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;
using TrafficFlow.Node.Settings;
using TrafficFlow.Server.Queries;
using TrafficFlow.Server.Tables;
using TrafficFlow.Web.Formats.Tables;

namespace TrafficFlow.Node.Export;

/// <summary>Reads the bins of an interval from the read tables and writes them as rows without gaps.</summary>
internal sealed class ExportJob(
    string config, string siteName, string? approachName, string? from, string? to, BinDuration duration, bool withGates, RowFile file, TimeProvider time)
{
    private readonly FlowExportSummary _summary = new();

    public async Task<int> RunAsync(CancellationToken cancellation)
    {
        file.CheckFree();
        var (settings, site) = ServerSite.Of(config, siteName);
        var alignment = new BinAlignment(site.TimeZone);
        var now = time.GetUtcNow();
        var asked = ExportInterval.Aligned(ExportInterval.Parse(from, to, site.TimeZone, now), duration, alignment);
        var span = Ended(asked, alignment.Containing(now, duration).From);
        try
        {
            var query = ReadTables.Flows(settings.Journal);
            var approaches = await ApproachesAsync(query, site, cancellation);
            var rows = await file.WriteAsync(RowsAsync(query, site, approaches, span, alignment, cancellation), cancellation);
            await Console.Error.WriteLineAsync(Told(site, span, rows, span.To < asked.To));
            return ExitCodes.Done;
        }
        catch (QueryException e)
        {
            throw new JobFailedException(e.Message, e);
        }
    }

    private static Interval Ended(Interval span, DateTimeOffset open)
    {
        var to = span.To < open ? span.To : open;
        return span.From < to ? new Interval(span.From, to) : throw new UsageException($"--from {span.From:yyyy-MM-dd'T'HH:mm} lies in the future: no bin has ended since");
    }

    private async Task<IReadOnlyList<ApproachId>> ApproachesAsync(IFlowQuery query, Site site, CancellationToken cancellation)
    {
        var stored = (await query.ApproachesAsync(cancellation)).Where(a => a.Site == site.Id).Select(a => a.Approach);
        var known = site.Approaches.Select(a => a.Id).Union(stored).OrderBy(a => a.Value, StringComparer.Ordinal).ToList();
        if (approachName is null) return [.. known.Where(a => withGates || a != ApproachId.Gates)];
        var approach = new ApproachId(approachName);
        return known.Contains(approach)
            ? [approach]
            : throw new UsageException($"--approach {approach}: site {site.Id} has no such approach; {Suggestion.For(approachName, [.. known.Where(a => a != ApproachId.Gates).Select(a => a.Value)], "it has")}");
    }

    private async IAsyncEnumerable<FlowExportRow> RowsAsync(
        IFlowQuery query, Site site, IReadOnlyList<ApproachId> approaches, Interval span, BinAlignment alignment, [EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach (var approach in approaches)
        {
            var filter = new FlowFilter(site.Id, duration, span) { Approach = approach };
            var movements = FlowTable.Movements(site, approach, await query.MovementsAsync(filter, cancellation));
            var key = new FlowExportKey(site.Id, approach, duration, site.TimeZone.Id);
            var rows = FlowExport.RowsAsync(key, alignment.Touching(span, duration), query.ReadAllAsync(filter, cancellation), movements, _summary, cancellation);
            await foreach (var row in rows) yield return row;
        }
    }

    private string Told(Site site, Interval span, long rows, bool isCut)
    {
        var text = $"{rows} rows of {site.Id}, {span.From:yyyy-MM-dd HH:mm zzz} to {span.To:yyyy-MM-dd HH:mm zzz}: {_summary.Bins} bins of {duration}, {_summary.Missing} of them missing, {_summary.Unsure} partial or degraded";
        return isCut ? $"{text}; later ones have not ended" : text;
    }
}
