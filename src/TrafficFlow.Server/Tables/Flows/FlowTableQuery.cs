using System.Collections.Immutable;
using System.Globalization;
using LinqToDB;
using LinqToDB.Async;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;
using TrafficFlow.Server.Queries;
using TrafficFlow.Server.Tables.Databases;
using TrafficFlow.Wire.Aggregation;

namespace TrafficFlow.Server.Tables.Flows;

/// <summary>Flow bins from the read tables, page by page along their primary key.</summary>
internal sealed class FlowTableQuery(TableSession session) : IFlowQuery
{
    // That of the queues' columns.
    private const int FirstVersion = 3;
    private const int LargestPage = 10_000;

    /// <summary>Where a page ends: the approach, and the start and revision of its last bin.</summary>
    private sealed record Place(ApproachId Approach, DateTimeOffset After, long Revision)
    {
        public static Place Before(ApproachId approach) => new(approach, DateTimeOffset.MinValue, 0);

        public static Place? Parse(string cursor) =>
            cursor.Split(' ') is [var approach, var ticks, var revision]
            && long.TryParse(ticks, NumberStyles.None, CultureInfo.InvariantCulture, out var after) && after <= DateTimeOffset.MaxValue.Ticks
            && long.TryParse(revision, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                ? new Place(new ApproachId(approach), new DateTimeOffset(after, TimeSpan.Zero), number)
                : null;

        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Approach} {After.UtcTicks} {Revision}");
    }

    public Task<IReadOnlyList<(SiteId Site, ApproachId Approach)>> ApproachesAsync(CancellationToken cancellation) => session.ReadAsync(
        FirstVersion,
        async connection => (IReadOnlyList<(SiteId, ApproachId)>)[.. (await StoredStreams.AllAsync(connection, cancellation).ConfigureAwait(false))
            .Select(s => (new SiteId(s.Site), new ApproachId(s.Approach)))],
        cancellation);

    public Task<IReadOnlyList<Movement>> MovementsAsync(FlowFilter filter, CancellationToken cancellation) => session.ReadAsync(
        FirstVersion,
        async connection =>
        {
            var (site, minutes, from, to) = (filter.Site.Value, filter.Duration.Minutes, filter.Span.From, filter.Span.To);
            var found = new SortedSet<Movement>();
            foreach (var approach in await ApproachesAsync(connection, filter, cancellation).ConfigureAwait(false))
            {
                found.UnionWith((await connection.Counts
                    .Where(c => c.Site == site && c.Approach == approach.Value && c.Minutes == minutes && c.Start >= from && c.Start < to)
                    .Select(c => c.Movement).Distinct().ToListAsync(cancellation).ConfigureAwait(false)).Select(m => new Movement(m)));
            }

            return (IReadOnlyList<Movement>)[.. found];
        },
        cancellation);

    public Task<DateTimeOffset?> NewestAsync(SiteId site, BinDuration duration, CancellationToken cancellation) => session.ReadAsync(
        FirstVersion,
        async connection =>
        {
            DateTimeOffset? newest = null;
            foreach (var approach in await StoredStreams.ApproachesAsync(connection, site.Value, cancellation).ConfigureAwait(false))
            {
                // Along the primary key: one step an approach, however many bins there are.
                var last = await connection.Bins.Where(b => b.Site == site.Value && b.Approach == approach && b.Minutes == duration.Minutes)
                    .OrderByDescending(b => b.Start).Select(b => (DateTimeOffset?)b.Start).FirstOrDefaultAsync(cancellation).ConfigureAwait(false);
                if (newest is null || last > newest) newest = last;
            }

            return newest;
        },
        cancellation);

    public Task<FlowPage> ReadAsync(FlowFilter filter, string? cursor, int limit, CancellationToken cancellation) => session.ReadAsync(
        FirstVersion,
        async connection =>
        {
            ArgumentOutOfRangeException.ThrowIfNotEqual(Math.Clamp(limit, 1, LargestPage), limit, nameof(limit));
            var from = cursor is null ? null : Place.Parse(cursor) ?? throw new CursorException($"\"{cursor}\" is no cursor of a page of flow bins: begin without one");
            var approaches = await ApproachesAsync(connection, filter, cancellation).ConfigureAwait(false);
            for (var i = from is null ? 0 : approaches.IndexOf(from.Approach); i >= 0 && i < approaches.Count; i++)
            {
                var place = from is not null && from.Approach == approaches[i] ? from : Place.Before(approaches[i]);
                var bins = await BinsAsync(connection, filter, place, limit, cancellation).ConfigureAwait(false);
                var isOver = bins.Length < limit && i == approaches.Count - 1;
                if (bins.Length > 0) return new FlowPage(bins, isOver ? null : After(bins[^1]).ToString());
            }

            return new FlowPage([], null);
        },
        cancellation);

    public Task<IReadOnlyList<BinTotals>> TotalsAsync(FlowFilter filter, TotalsBy by, CancellationToken cancellation) => session.ReadAsync(
        FirstVersion,
        async connection =>
        {
            ArgumentOutOfRangeException.ThrowIfNotEqual(filter.Revisions, RevisionFilter.Newest, nameof(filter));
            var found = new List<BinTotals>();
            foreach (var approach in await ApproachesAsync(connection, filter, cancellation).ConfigureAwait(false))
                found.AddRange(await FlowTotals.ReadAsync(connection, filter with { Approach = approach }, by, cancellation).ConfigureAwait(false));
            return (IReadOnlyList<BinTotals>)found;
        },
        cancellation);

    public Task<BinsStamp> StampAsync(FlowFilter filter, CancellationToken cancellation) => session.ReadAsync(
        FirstVersion,
        async connection =>
        {
            var (site, minutes, from, to) = (filter.Site.Value, filter.Duration.Minutes, filter.Span.From, filter.Span.To);
            var (bins, cursor) = (0L, 0L);
            foreach (var approach in await ApproachesAsync(connection, filter, cancellation).ConfigureAwait(false))
            {
                var stamp = await connection.Bins.Where(b => b.Site == site && b.Approach == approach.Value && b.Minutes == minutes && b.Start >= from && b.Start < to)
                    .GroupBy(b => b.Approach).Select(g => new { Count = g.LongCount(), Last = g.Max(b => b.Cursor) }).FirstOrDefaultAsync(cancellation).ConfigureAwait(false);
                if (stamp is not null) (bins, cursor) = (bins + stamp.Count, cursor + stamp.Last);
            }

            return new BinsStamp(bins, cursor);
        },
        cancellation);

    public Task<IReadOnlyList<RemovedSpan>> RemovedAsync(SiteId site, CancellationToken cancellation) => session.ReadAsync(
        FirstVersion,
        // Made with the first removal.
        async connection => await session.HasAsync(connection, RemovedRows.Table, cancellation).ConfigureAwait(false) ? await RemovedRows.AllAsync(connection, site.Value, cancellation).ConfigureAwait(false) : [],
        cancellation);

    private static Place After(ClosedBin bin) => new(bin.Bin.Key.Approach, bin.Bin.Key.Start, bin.Bin.Revision);

    private static async Task<ImmutableArray<ClosedBin>> BinsAsync(TablesConnection connection, FlowFilter filter, Place place, int limit, CancellationToken cancellation)
    {
        var approach = place.Approach.Value;
        var (site, minutes, from, to) = (filter.Site.Value, filter.Duration.Minutes, filter.Span.From, filter.Span.To);
        var (after, revision) = (place.After, place.Revision);
        if (after > from) from = after;
        var bins = connection.Bins.Where(b => b.Site == site && b.Approach == approach && b.Minutes == minutes && b.Start >= from && b.Start < to
            && (b.Start > after || b.Revision > revision));
        if (filter.Revisions == RevisionFilter.Newest)
            bins = bins.Where(b => !connection.Bins.Any(n =>
                n.Site == site && n.Approach == approach && n.Minutes == minutes && n.Start == b.Start && n.Revision > b.Revision));
        else if (filter.Revisions != RevisionFilter.All)
            bins = bins.Where(b => b.Revision == filter.Revisions.Number);
        var rows = await bins.OrderBy(b => b.Start).ThenBy(b => b.Revision).Take(limit).ToListAsync(cancellation).ConfigureAwait(false);
        if (rows.Count == 0) return [];

        var (first, last) = (rows[0].Start, rows[^1].Start);
        var byBin = (await CountReader.ReadAsync(connection, filter with { Approach = place.Approach }, first, last, cancellation).ConfigureAwait(false)).ToLookup(c => (c.Start, c.Revision));
        return [.. rows.Select(r => FlowRows.Bin(r, byBin[(r.Start, r.Revision)]))];
    }

    private static async Task<List<ApproachId>> ApproachesAsync(TablesConnection connection, FlowFilter filter, CancellationToken cancellation) => filter.Approach is { } one
        ? [one]
        : [.. (await StoredStreams.ApproachesAsync(connection, filter.Site.Value, cancellation).ConfigureAwait(false)).Select(a => new ApproachId(a))];
}
