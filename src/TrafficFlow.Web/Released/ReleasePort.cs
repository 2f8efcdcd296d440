using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Release;
using TrafficFlow.Core.Sites;
using TrafficFlow.Server.Queries;
using TrafficFlow.Vault.Audit;
using TrafficFlow.Web.Formats.Tables;

namespace TrafficFlow.Web.Released;

/// <summary>
/// All that leaves for the city and the public comes from here, and is made of released tables: whatever answers them may take this and nothing else of the node, which
/// tests hold. No counts as they are, no journeys, no live state. Thread-safe.
/// </summary>
public sealed class ReleasePort(WebPorts ports)
{
    private const int MostMonthsKept = 240;

    /// <summary>A late vehicle changes the totals of a month that has settled: it is made anew now and then.</summary>
    private static readonly TimeSpan MonthIsGoodFor = TimeSpan.FromHours(1);

    /// <summary>One that has not settled says of more and more that it is pending no longer.</summary>
    private static readonly TimeSpan UnsettledIsGoodFor = TimeSpan.FromMinutes(2);

    private readonly FlowRelease _release = new();

    // A month takes a second of a core: one at a time, and each once.
    private readonly SemaphoreSlim _monthly = new(1);
    private readonly ConcurrentDictionary<(SiteId Site, ApproachId Approach, string SiteHash, DateTimeOffset Month), (ReleasedTable Table, DateTimeOffset MadeAt)> _months = new();

    public DateTimeOffset Now => ports.Time.GetUtcNow();

    public IReadOnlyList<Site> Sites => ports.Sites();

    /// <summary>What began before is not told any more: some of it may be deleted, and what is left would tell something else.</summary>
    public DateTimeOffset KeptSince => Now - ports.KeptFor + TimeSpan.FromDays(2);

    public Task RecordAsync(AuditEvent e) => ports.Record(e);

    /// <summary>The rows of some periods of one length, in their order: of each movement its total, and its classes where they are released.</summary>
    /// <exception cref="QueryException">The tables do not answer.</exception>
    public async IAsyncEnumerable<FlowTableRow> RowsAsync(
        Site site, ReleasedPeriod period, IReadOnlyList<(ApproachId Approach, Interval Bin)> bins, [EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach (var of in bins.GroupBy(b => b.Approach, b => b.Bin))
        {
            var approach = new ReleasedApproach(site.Id, of.Key, site.TimeZone, FlowTable.Movements(site, of.Key, []));
            await foreach (var (bin, table) in TablesAsync(site, approach, period, [.. of], cancellation))
            {
                foreach (var row in ReleasedRows.Of(site, approach, period, bin, table)) yield return row;
            }
        }
    }

    /// <summary>What may be told of a bin as it closes: its totals. What else is told of it is decided by its whole day, and asked for then.</summary>
    /// <param name="bin">Closed, of one of the site's approaches.</param>
    public IEnumerable<FlowTableRow> RowsOf(Site site, FlowBin bin)
    {
        var approach = new ReleasedApproach(site.Id, bin.Key.Approach, site.TimeZone, FlowTable.Movements(site, bin.Key.Approach, []));
        var interval = new Interval(TimeZoneInfo.ConvertTime(bin.Key.Start, site.TimeZone), TimeZoneInfo.ConvertTime(bin.End, site.TimeZone));
        return ReleasedRows.Of(site, approach, PeriodOf(bin.Key.Duration), interval, _release.Totals(approach, bin));
    }

    private static ReleasedPeriod PeriodOf(BinDuration duration) => duration.Minutes switch
    {
        1 => ReleasedPeriod.Minute,
        5 => ReleasedPeriod.FiveMinutes,
        15 => ReleasedPeriod.QuarterHour,
        _ => ReleasedPeriod.Hour,
    };

    private IAsyncEnumerable<(Interval Bin, ReleasedTable? Table)> TablesAsync(Site site, ReleasedApproach approach, ReleasedPeriod period, IReadOnlyList<Interval> bins, CancellationToken cancellation) => period switch
    {
        ReleasedPeriod.Minute => TotalsAsync(approach, BinDuration.OneMinute, bins, cancellation),
        ReleasedPeriod.FiveMinutes => TotalsAsync(approach, BinDuration.FiveMinutes, bins, cancellation),
        ReleasedPeriod.Month => MonthsAsync(site, approach, bins, cancellation),
        _ => OfDaysAsync(approach, period, bins, cancellation),
    };

    private async IAsyncEnumerable<(Interval Bin, ReleasedTable? Table)> TotalsAsync(
        ReleasedApproach approach, BinDuration duration, IReadOnlyList<Interval> bins, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var filter = new FlowFilter(approach.Site, duration, new Interval(bins[0].From, bins[^1].To)) { Approach = approach.Approach };
        await foreach (var (interval, bin) in FlowTable.BinsAsync(bins, ports.Flows().ReadAllAsync(filter, cancellation), cancellation))
            yield return (interval, bin is null ? null : _release.Totals(approach, bin));
    }

    /// <summary>Whole days are read for them: what is told of an hour is decided by all of it.</summary>
    private async IAsyncEnumerable<(Interval Bin, ReleasedTable? Table)> OfDaysAsync(
        ReleasedApproach approach, ReleasedPeriod period, IReadOnlyList<Interval> bins, [EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach (var day in bins.GroupBy(b => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(b.From, approach.Zone).DateTime)))
        {
            var tables = new Dictionary<DateTimeOffset, ReleasedTable>();
            // What has not begun is pending, and there is nothing to read.
            if (ReleasedCalendar.Day(day.Key, approach.Zone) is var whole && whole.From < Now)
            {
                var released = _release.Day(approach, day.Key, await QuartersAsync(approach, whole, cancellation), Now);
                foreach (var table in period switch { ReleasedPeriod.QuarterHour => released.Quarters, ReleasedPeriod.Hour => released.Hours, _ => [released.Day] }) tables[table.Span.From] = table;
            }

            foreach (var bin in day) yield return (bin, tables.GetValueOrDefault(bin.From));
        }
    }

    private async IAsyncEnumerable<(Interval Bin, ReleasedTable? Table)> MonthsAsync(Site site, ReleasedApproach approach, IReadOnlyList<Interval> bins, [EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach (var month in bins) yield return (month, month.From < Now ? await MonthAsync(site, approach, month, cancellation) : null);
    }

    private async Task<ReleasedTable> MonthAsync(Site site, ReleasedApproach approach, Interval month, CancellationToken cancellation)
    {
        var key = (site.Id, approach.Approach, site.Hash, month.From);
        if (Known() is { } known) return known;
        await _monthly.WaitAsync(cancellation);
        try
        {
            if (Known() is { } made) return made;
            var (quarters, now) = (await QuartersAsync(approach, month, cancellation), Now);
            var first = TimeZoneInfo.ConvertTime(month.From, approach.Zone);
            var table = (await Task.Run(() => _release.Month(approach, first.Year, first.Month, quarters, now), cancellation)).Month;
            if (_months.Count >= MostMonthsKept) _months.Clear();
            _months[key] = (table, now);
            return table;
        }
        finally
        {
            _monthly.Release();
        }

        ReleasedTable? Known() => _months.TryGetValue(key, out var kept) && Now - kept.MadeAt < (kept.Table.DetailAsOf is null ? UnsettledIsGoodFor : MonthIsGoodFor) ? kept.Table : null;
    }

    private async Task<List<BinRevision>> QuartersAsync(ReleasedApproach approach, Interval span, CancellationToken cancellation)
    {
        var filter = new FlowFilter(approach.Site, BinDuration.QuarterHour, span) { Approach = approach.Approach, Revisions = RevisionFilter.All };
        var quarters = new List<BinRevision>();
        await foreach (var stored in ports.Flows().ReadAllAsync(filter, cancellation)) quarters.Add(new BinRevision(stored.Bin, stored.ClosedAt));
        return quarters;
    }
}
