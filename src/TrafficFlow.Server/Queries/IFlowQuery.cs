using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;
using TrafficFlow.Wire.Aggregation;

namespace TrafficFlow.Server.Queries;

/// <summary>
/// Asks for flow bins that have closed. It reads the tables, so it answers while aggregators are busy, move or are away, and as far back
/// as the tables are kept.
/// </summary>
public interface IFlowQuery
{
    /// <summary>The approaches that have bins, sorted by site and approach.</summary>
    /// <exception cref="QueryException">The database cannot be read; the message says why and what to do.</exception>
    Task<IReadOnlyList<(SiteId Site, ApproachId Approach)>> ApproachesAsync(CancellationToken cancellation);

    /// <summary>The movements that were counted in these bins at all, sorted.</summary>
    /// <exception cref="QueryException">The database cannot be read.</exception>
    Task<IReadOnlyList<Movement>> MovementsAsync(FlowFilter filter, CancellationToken cancellation);

    /// <summary>When the newest bin of a site begins, of any approach; null where it has none of that length.</summary>
    /// <exception cref="QueryException">The database cannot be read.</exception>
    Task<DateTimeOffset?> NewestAsync(SiteId site, BinDuration duration, CancellationToken cancellation);

    /// <summary>One page of bins, sorted by approach, start and revision. A page holds bins of one approach.</summary>
    /// <param name="cursor"><see cref="FlowPage.Next"/> of the page before; null for the first page.</param>
    /// <param name="limit">Most bins of the page, 1 to 10,000.</param>
    /// <exception cref="QueryException">The database cannot be read, or the cursor is none of this filter's.</exception>
    Task<FlowPage> ReadAsync(FlowFilter filter, string? cursor, int limit, CancellationToken cancellation);

    /// <summary>
    /// Vehicles of each bin, added up by the database: for charts of long times, which want neither speeds nor provenance. Of the newest revision, sorted by approach and start.
    /// </summary>
    /// <param name="filter">Its <see cref="FlowFilter.Revisions"/> are the newest.</param>
    /// <exception cref="QueryException">The database cannot be read.</exception>
    Task<IReadOnlyList<BinTotals>> TotalsAsync(FlowFilter filter, TotalsBy by, CancellationToken cancellation);

    /// <summary>Another one wherever any bin of these came, was revised or was removed: far cheaper than the bins.</summary>
    /// <param name="filter">Its site, duration, span and approach count; of all movements and classes.</param>
    /// <exception cref="QueryException">The database cannot be read.</exception>
    Task<BinsStamp> StampAsync(FlowFilter filter, CancellationToken cancellation);

    /// <summary>What of a site was removed because its file limits its age, journeys too; the oldest first.</summary>
    /// <exception cref="QueryException">The database cannot be read.</exception>
    Task<IReadOnlyList<RemovedSpan>> RemovedAsync(SiteId site, CancellationToken cancellation);
}

/// <param name="Bins">Every revision of each.</param>
/// <param name="LastCursor">Sum of the highest cursor of each approach; 0 without any.</param>
public readonly record struct BinsStamp(long Bins, long LastCursor);

/// <summary>What is kept apart where vehicles are added up.</summary>
public enum TotalsBy
{
    /// <summary>Nothing: all that the filter lets through are one number.</summary>
    Bin = 0,
    Movement = 1,
    Class = 2,
}

/// <summary>The counts of one bin without what else is known of it.</summary>
/// <param name="Start">In UTC.</param>
/// <param name="Observed">As <see cref="FlowBin.Observed"/>: a bin that nobody watched counted nobody, which is no zero.</param>
/// <param name="Counts">Only what has a count.</param>
public sealed record BinTotals(ApproachId Approach, DateTimeOffset Start, TimeSpan Observed, BinQuality Quality, ImmutableArray<TotalCount> Counts);

/// <param name="Movement">Null where movements are added up.</param>
/// <param name="Class">Null where classes are added up.</param>
public readonly record struct TotalCount(Movement? Movement, VehicleClass? Class, int Count);

/// <summary>Which bins, and which of their rows.</summary>
/// <param name="Span">Bins that start in [From, To).</param>
public sealed record FlowFilter(SiteId Site, BinDuration Duration, Interval Span)
{
    /// <summary>Null for every approach of the site.</summary>
    public ApproachId? Approach { get; init; }

    /// <summary>Null for every movement. A bin without such a row still comes, without rows: nobody was counted there.</summary>
    public Movement? Movement { get; init; }

    /// <summary>Null for every class.</summary>
    public VehicleClass? Class { get; init; }

    public RevisionFilter Revisions { get; init; } = RevisionFilter.Newest;
}

/// <summary>Which revisions of a bin.</summary>
/// <param name="Number">0 the newest, -1 all of them, else that one.</param>
public readonly record struct RevisionFilter(int Number)
{
    public static readonly RevisionFilter Newest = new(0);
    public static readonly RevisionFilter All = new(-1);

    public static RevisionFilter Exactly(int revision) => revision >= 1 ? new(revision) : throw new ArgumentOutOfRangeException(nameof(revision), revision, "revisions begin with 1");
}

/// <param name="Next">Asks for what follows; null where nothing does.</param>
public sealed record FlowPage(ImmutableArray<ClosedBin> Bins, string? Next);

public static class FlowQueryExtensions
{
    private const int PageSize = 2000;

    /// <summary>All pages, one after the other. Of the newest revisions each bin once: one that is revised between two pages comes as it was.</summary>
    public static async IAsyncEnumerable<ClosedBin> ReadAllAsync(
        this IFlowQuery query, FlowFilter filter, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        string? cursor = null;
        BinKey? last = null;
        do
        {
            var page = await query.ReadAsync(filter, cursor, PageSize, cancellation).ConfigureAwait(false);
            foreach (var bin in page.Bins)
            {
                if (filter.Revisions == RevisionFilter.Newest && bin.Bin.Key == last) continue;
                last = bin.Bin.Key;
                yield return bin;
            }

            cursor = page.Next;
        }
        while (cursor is not null);
    }
}
