using System.Runtime.CompilerServices;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Junctions;
using TrafficFlow.Core.Sites;
using TrafficFlow.Wire.Aggregation;

namespace TrafficFlow.Node.Export;

/// <summary>What all rows of one approach share.</summary>
/// <param name="TimeZone">IANA name.</param>
internal sealed record FlowExportKey(SiteId Site, ApproachId Approach, BinDuration Duration, string TimeZone);

/// <summary>How many bins of an export had which quality.</summary>
internal sealed class FlowExportSummary
{
    public int Bins { get; private set; }

    public int Missing { get; private set; }

    public int Unsure { get; private set; }

    public void Add(FlowBin? bin)
    {
        Bins++;
        if (bin is null || bin.Quality == BinQuality.Blind) Missing++;
        else if (bin.Quality != BinQuality.Complete) Unsure++;
    }
}

/// <summary>Stored bins to rows without gaps: each bin of the interval has a row for each movement and class.</summary>
internal static class FlowExport
{
    /// <summary>In the order of tables, those that nobody could tell last.</summary>
    private static readonly IReadOnlyList<VehicleClass> Classes = [.. VehicleClassNames.All.OrderBy(c => c == VehicleClass.Unclassified).ThenBy(c => c)];

    /// <summary>What the site's gates can tell of an approach, and what was counted beside it: by an earlier site file, or vehicles that nobody saw leave.</summary>
    public static IReadOnlyList<Movement> Movements(Site site, ApproachId approach, IEnumerable<Movement> counted)
    {
        var junction = site.Junction;
        var told = site.Feeders.SelectMany(feeder => new MovementMapper(feeder, site).Streams.Where(s =>
            s.Approach == approach && (junction is null || feeder.Id == junction.Id || approach == ApproachId.Gates)));
        var unknown = junction is not null && told.Any(s => s.Movement == Movement.Entering) ? [Movement.To(JourneyMapper.UnknownExit)] : Array.Empty<Movement>();
        return [.. told.Select(s => s.Movement).Concat(unknown).Concat(counted).Distinct().Order()];
    }

    /// <param name="expected">All bins of the interval, sorted.</param>
    /// <param name="stored">Those that there are, sorted.</param>
    public static async IAsyncEnumerable<FlowExportRow> RowsAsync(
        FlowExportKey key, IEnumerable<Interval> expected, IAsyncEnumerable<ClosedBin> stored, IReadOnlyList<Movement> movements,
        FlowExportSummary summary, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        await using var bins = stored.GetAsyncEnumerator(cancellation);
        var hasBin = await bins.MoveNextAsync();
        foreach (var interval in expected)
        {
            // A stored bin that begins between two expected ones is skipped: the site had another time zone when it was made.
            while (hasBin && bins.Current.Bin.Key.Start < interval.From) hasBin = await bins.MoveNextAsync();
            var bin = hasBin && bins.Current.Bin.Key.Start == interval.From ? bins.Current.Bin : null;
            summary.Add(bin);
            foreach (var movement in movements)
            {
                foreach (var vehicleClass in Classes) yield return FlowExportRow.Of(key, interval, bin, new FlowStream(movement, vehicleClass));
            }
        }
    }
}
