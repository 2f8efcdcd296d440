using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Junctions;
using TrafficFlow.Core.Sites;
using TrafficFlow.Wire.OutboxEntries;

namespace TrafficFlow.Server.Queries;

/// <summary>Asks for journeys over a junction, as far back as they are kept.</summary>
public interface IJourneyQuery
{
    /// <summary>One page of journeys, in the order in which they ended.</summary>
    /// <param name="cursor"><see cref="JourneyPage.Next"/> of the page before; null for the first page.</param>
    /// <param name="limit">Most journeys of the page, 1 to 10,000.</param>
    /// <exception cref="QueryException">The database cannot be read, or the cursor is none of this query's.</exception>
    Task<JourneyPage> ReadAsync(JourneyFilter filter, string? cursor, int limit, CancellationToken cancellation);
}

/// <param name="Span">Journeys that ended (were last seen) in [From, To).</param>
public sealed record JourneyFilter(SiteId Site, Interval Span)
{
    /// <summary>On which they arrived; null for every one, those that nobody saw enter included.</summary>
    public ApproachId? Approach { get; init; }

    /// <summary>On which they left; null for every one, those that nobody saw leave included.</summary>
    public ApproachId? Exit { get; init; }

    /// <summary>Null for every class.</summary>
    public VehicleClass? Class { get; init; }
}

/// <summary>A journey as it is kept.</summary>
/// <param name="Junction">In whose log it stands.</param>
/// <param name="Position">Where; with <paramref name="Junction"/> its idempotency key.</param>
/// <param name="Provenance">Configuration, detectors and calibrations that it was measured with.</param>
public sealed record StoredJourney(CameraId Junction, LogPosition Position, Journey Journey, Provenance Provenance);

/// <param name="Next">Asks for what follows; null where nothing does.</param>
public sealed record JourneyPage(ImmutableArray<StoredJourney> Journeys, string? Next);

public static class JourneyQueryExtensions
{
    private const int PageSize = 2000;

    /// <summary>All pages, one after the other.</summary>
    public static async IAsyncEnumerable<StoredJourney> ReadAllAsync(
        this IJourneyQuery query, JourneyFilter filter, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        string? cursor = null;
        do
        {
            var page = await query.ReadAsync(filter, cursor, PageSize, cancellation).ConfigureAwait(false);
            foreach (var journey in page.Journeys) yield return journey;
            cursor = page.Next;
        }
        while (cursor is not null);
    }
}
