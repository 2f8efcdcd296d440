using System.Collections.Immutable;
using LinqToDB.Async;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;
using TrafficFlow.Server.Tables.Databases;
using TrafficFlow.Wire.Aggregation;

namespace TrafficFlow.Server.Tables.Flows;

/// <summary>Reads the stream of an approach's closed and revised bins back from the tables, in the order in which they closed.</summary>
internal sealed class FlowTableReader(TableDatabase database)
{
    public async Task<BinsAfter> ReadAfterAsync(SiteId site, ApproachId approach, long? after, int limit, CancellationToken cancellation)
    {
        await using var connection = await database.OpenAsync(cancellation).ConfigureAwait(false);
        await using var frozen = await database.FreezeAsync(connection, cancellation).ConfigureAwait(false);
        var ofApproach = connection.Bins.Where(b => b.Site == site.Value && b.Approach == approach.Value);
        // First the end, so that what is added meanwhile counts as more.
        var last = await ofApproach.MaxAsync(b => (long?)b.Cursor, cancellation).ConfigureAwait(false) ?? 0;
        IQueryable<BinRow> wanted;
        if (after is { } cursor)
        {
            wanted = ofApproach.Where(b => b.Cursor > cursor && b.Cursor <= last);
        }
        else
        {
            var newest = await NewestAsync(ofApproach, cancellation).ConfigureAwait(false);
            wanted = ofApproach.Where(b => newest.Contains(b.Cursor) && b.Cursor <= last);
        }

        var rows = await wanted.OrderBy(b => b.Cursor).Take(limit).ToListAsync(cancellation).ConfigureAwait(false);
        var bins = rows.Count == 0 ? [] : await WithCountsAsync(connection, ofApproach, rows, cancellation).ConfigureAwait(false);
        var reached = after is null || bins.Length < limit ? Math.Max(last, after ?? 0) : bins[^1].Cursor;
        return new BinsAfter(site, approach, bins, reached, reached < last, last);
    }

    /// <summary>Cursors of the newest closed bin of each duration; all of it was there when the stream had come to its last cursor.</summary>
    private static async Task<List<long>> NewestAsync(IQueryable<BinRow> ofApproach, CancellationToken cancellation)
    {
        var newest = new List<long>();
        foreach (var duration in BinDuration.All)
        {
            newest.AddRange(await ofApproach.Where(b => b.Minutes == duration.Minutes)
                .OrderByDescending(b => b.Start).ThenByDescending(b => b.Revision).Select(b => b.Cursor).Take(1)
                .ToListAsync(cancellation).ConfigureAwait(false));
        }

        return newest;
    }

    private static async Task<ImmutableArray<ClosedBin>> WithCountsAsync(
        TablesConnection connection, IQueryable<BinRow> ofApproach, List<BinRow> rows, CancellationToken cancellation)
    {
        var (first, last) = (rows[0].Cursor, rows[^1].Cursor);
        var counts = await (
            from b in ofApproach
            where b.Cursor >= first && b.Cursor <= last
            from c in connection.Counts
            where c.Site == b.Site && c.Approach == b.Approach && c.Minutes == b.Minutes && c.Start == b.Start && c.Revision == b.Revision
            select new { b.Cursor, Count = c }).ToListAsync(cancellation).ConfigureAwait(false);
        var byCursor = counts.ToLookup(c => c.Cursor, c => c.Count);
        return [.. rows.Select(r => FlowRows.Bin(r, byCursor[r.Cursor]))];
    }
}
