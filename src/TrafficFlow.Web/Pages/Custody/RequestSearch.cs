using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;
using TrafficFlow.Server.Queries;
using TrafficFlow.Vault.Requests;
using TrafficFlow.Wire.Authorization;

namespace TrafficFlow.Web.Pages.Custody;

/// <summary>One approach in the time that is asked about.</summary>
/// <param name="Watched">Share of the time that was watched, 0 to 1.</param>
internal sealed record FoundCounts(string Approach, int Vehicles, double Watched);

/// <summary>What there is of a time, without anything that identifies anybody.</summary>
/// <param name="Recordings">Null where nothing is known of any.</param>
/// <param name="Cameras">Of the site that were asked about.</param>
internal sealed record FoundOfRequest(IReadOnlyList<FoundCounts> Counts, FoundRecordings? Recordings, IReadOnlyList<string> Cameras);

/// <summary>Looks what was counted and recorded in the time and place of a request: sums of bins, and which stretches there are; no picture, no single vehicle.</summary>
internal static class RequestSearch
{
    public static readonly TimeSpan Longest = TimeSpan.FromDays(31);

    private static readonly BinDuration s_bins = BinDuration.All.OrderBy(d => d.Minutes).First(d => d.Minutes >= 5);

    /// <param name="by">Who looks.</param>
    /// <exception cref="QueryException">The tables cannot be read.</exception>
    public static async Task<FoundOfRequest> FindAsync(WebPorts ports, RequestedSpan span, Principal by, CancellationToken cancellation)
    {
        var (from, to) = (span.From!.Value, span.To!.Value);
        // Bins that overlap the time: whole ones, since what is within a bin is not told apart.
        var step = TimeSpan.FromMinutes(s_bins.Minutes);
        var begin = from.ToUniversalTime();
        begin = new DateTimeOffset(begin.Ticks - (begin.Ticks % step.Ticks), TimeSpan.Zero);
        var bins = await ports.Flows().TotalsAsync(new FlowFilter(new SiteId(span.Site), s_bins, new Interval(begin, to)), TotalsBy.Bin, cancellation);
        var length = Math.Ceiling((to - begin) / step) * step;
        var counts = bins.GroupBy(b => b.Approach.Value).OrderBy(g => g.Key, StringComparer.Ordinal)
            .Select(g => new FoundCounts(g.Key, g.Sum(b => b.Counts.Sum(c => c.Count)), Math.Min(1, g.Sum(b => b.Observed.TotalSeconds) / length.TotalSeconds))).ToList();
        var recordings = ports.Custody?.Segments is { } port ? await port.OverlappingAsync(span.Site, span.Cameras, from, to, by, cancellation) : null;
        var cameras = ports.Sites().FirstOrDefault(s => s.Id.Value == span.Site)?.Cameras.Select(c => c.Id.Value).Where(c => span.Cameras.IsEmpty || span.Cameras.Contains(c)).ToList() ?? [.. span.Cameras];
        return new FoundOfRequest(counts, recordings, cameras);
    }
}
