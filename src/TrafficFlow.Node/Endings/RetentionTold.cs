using TrafficFlow.Core.Custody;
using TrafficFlow.Core.Sites;
using TrafficFlow.Node.Recordings;
using TrafficFlow.Server.Queries;

namespace TrafficFlow.Node.Endings;

/// <summary>How long each kind is kept, what was removed, and why nothing is now: for `trafficflow custody retention`.</summary>
/// <param name="tables">Null where the node keeps no counts.</param>
/// <param name="problem">Why what has reached its age is still there; null where it is not.</param>
internal sealed class RetentionTold(Func<IReadOnlyList<Site>> sites, Func<IFlowQuery>? tables, Func<string?> problem, TimeProvider time)
{
    public async Task<VaultAnswer> RunAsync(CancellationToken cancellation)
    {
        var removed = new List<(Site, RemovedSpan)>();
        try
        {
            if (tables is not null)
            {
                foreach (var site in sites()) removed.AddRange((await tables().RemovedAsync(site.Id, cancellation)).Select(r => (site, r)));
            }
        }
        catch (QueryException e)
        {
            return Lines(removed) is var lines ? lines with { Lines = [.. lines.Lines, $"what was removed from the tables cannot be read now: {e.Message}"] } : lines;
        }

        return Lines(removed);
    }

    public VaultAnswer Lines(IReadOnlyList<(Site Site, RemovedSpan Removed)> removed)
    {
        var lines = new List<string>();
        foreach (var site in sites())
        {
            if (site.Custody is not { } custody)
            {
                lines.Add($"{site.Id}: its file says nothing of custody");
                continue;
            }

            foreach (var kind in Enum.GetValues<KeptKind>())
            {
                var before = kind is KeptKind.Audit or KeptKind.Accounts ? custody.Retention.Of(kind).SharedOverBefore(time.GetUtcNow(), site.TimeZone) : custody.Retention.Of(kind).OverBefore(time.GetUtcNow(), site.TimeZone);
                lines.Add($"{site.Id}: {kind.ToString().ToLowerInvariant()}: {custody.Retention.Of(kind)}{(before is { } b ? $"; gone is what was before {TimeZoneInfo.ConvertTime(b, site.TimeZone):yyyy-MM-dd HH:mm zzz}" : "")}");
            }

            foreach (var (_, r) in removed.Where(r => r.Site.Id == site.Id).TakeLast(20)) lines.Add($"{site.Id}: {r.Rows} {(r.Kind == KeptKind.Journeys ? "journeys" : "bins")} from before {r.Before:yyyy-MM-dd HH:mm}Z were removed by retention on {r.At:yyyy-MM-dd HH:mm}Z ({r.Reason})");
        }

        if (lines.Count == 0) lines.Add("no site is known: name the settings with --config FILE");
        if (problem() is { } why) lines.Add($"NOT WELL: {why}");
        lines.Add("each removal stands in the audit: trafficflow audit show --action retention");
        return VaultAnswer.Done(lines);
    }
}
