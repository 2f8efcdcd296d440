using LinqToDB.Async;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Flow;
using TrafficFlow.Server.Queries;
using TrafficFlow.Server.Tables.Databases;

namespace TrafficFlow.Server.Tables.Flows;

/// <summary>Counts of bins as the database adds them up: of a year it hands over what a chart shows, and not each class of each movement.</summary>
internal static class FlowTotals
{
    private sealed record Bin(DateTimeOffset Start, long Revision, double ObservedSeconds, string Quality);

    /// <param name="Movement">Empty where movements are added up.</param>
    /// <param name="Class">Empty where classes are added up.</param>
    private sealed record Sum(DateTimeOffset Start, long Revision, string Movement, string Class, long Count);

    /// <param name="filter">With its approach.</param>
    public static async Task<IEnumerable<BinTotals>> ReadAsync(TablesConnection connection, FlowFilter filter, TotalsBy by, CancellationToken cancellation)
    {
        var bins = await Bins(connection, filter).ToListAsync(cancellation).ConfigureAwait(false);
        var sums = (await Sums(connection, filter, by).ToListAsync(cancellation).ConfigureAwait(false)).ToLookup(s => (s.Start, s.Revision));
        var approach = filter.Approach!.Value;
        return bins.GroupBy(b => b.Start).Select(revisions => revisions.MaxBy(b => b.Revision)!).Select(bin => new BinTotals(
            approach, bin.Start, TimeSpan.FromTicks((long)Math.Round(bin.ObservedSeconds * TimeSpan.TicksPerSecond)), BinNames.Quality(bin.Quality),
            [.. sums[(bin.Start, bin.Revision)].Select(s => new TotalCount(s.Movement.Length > 0 ? new Movement(s.Movement) : null, s.Class.Length > 0 ? FlowRows.Class(s.Class) : null, (int)s.Count))]));
    }

    private static IQueryable<Bin> Bins(TablesConnection connection, FlowFilter filter)
    {
        var (site, approach, minutes, from, to) = KeyOf(filter);
        return connection.Bins.Where(b => b.Site == site && b.Approach == approach && b.Minutes == minutes && b.Start >= from && b.Start < to)
            .OrderBy(b => b.Start).ThenBy(b => b.Revision).Select(b => new Bin(b.Start, b.Revision, b.ObservedSeconds, b.Quality));
    }

    private static IQueryable<Sum> Sums(TablesConnection connection, FlowFilter filter, TotalsBy by)
    {
        var (site, approach, minutes, from, to) = KeyOf(filter);
        var counts = connection.Counts.Where(c => c.Site == site && c.Approach == approach && c.Minutes == minutes && c.Start >= from && c.Start < to);
        if (filter.Movement is { Name: var movement }) counts = counts.Where(c => c.Movement == movement);
        if (filter.Class?.Name() is { } vehicleClass) counts = counts.Where(c => c.Class == vehicleClass);
        return by switch
        {
            TotalsBy.Movement => counts.GroupBy(c => new { c.Start, c.Revision, c.Movement }).Select(g => new Sum(g.Key.Start, g.Key.Revision, g.Key.Movement, "", g.Sum(c => c.Count))),
            TotalsBy.Class => counts.GroupBy(c => new { c.Start, c.Revision, c.Class }).Select(g => new Sum(g.Key.Start, g.Key.Revision, "", g.Key.Class, g.Sum(c => c.Count))),
            _ => counts.GroupBy(c => new { c.Start, c.Revision }).Select(g => new Sum(g.Key.Start, g.Key.Revision, "", "", g.Sum(c => c.Count))),
        };
    }

    private static (string Site, string Approach, long Minutes, DateTimeOffset From, DateTimeOffset To) KeyOf(FlowFilter filter) =>
        (filter.Site.Value, filter.Approach!.Value.Value, filter.Duration.Minutes, filter.Span.From, filter.Span.To);
}
