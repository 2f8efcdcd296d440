using System.Runtime.CompilerServices;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Junctions;
using TrafficFlow.Core.Sites;
using TrafficFlow.Wire.Aggregation;

namespace TrafficFlow.Web.Formats.Tables;

/// <summary>Stored bins to rows without gaps: each bin of the interval has a row for each movement and class.</summary>
public static class FlowTable
{
    /// <summary>In the order of tables, those that nobody could tell last.</summary>
    public static readonly IReadOnlyList<VehicleClass> Classes = [.. VehicleClassNames.All.OrderBy(c => c == VehicleClass.Unclassified).ThenBy(c => c)];

    /// <summary>What the site's gates can tell of an approach, and what was counted beside it: by an earlier site file, or vehicles that nobody saw leave.</summary>
    public static IReadOnlyList<Movement> Movements(Site site, ApproachId approach, IEnumerable<Movement> counted)
    {
        var junction = site.Junction;
        var told = site.Feeders.SelectMany(feeder => new MovementMapper(feeder, site).Streams.Where(s =>
            s.Approach == approach && (junction is null || feeder.Id == junction.Id || approach == ApproachId.Gates))).ToList();
        var unknown = junction is not null && told.Any(s => s.Movement == Movement.Entering) ? [Movement.To(JourneyMapper.UnknownExit)] : Array.Empty<Movement>();
        return [.. told.Select(s => s.Movement).Concat(unknown).Concat(counted).Distinct().Order()];
    }

    /// <summary>Each expected interval with the bin that is stored for it, or null.</summary>
    /// <param name="expected">All bins of the interval, sorted.</param>
    /// <param name="stored">Those that there are, of one approach, sorted.</param>
    public static async IAsyncEnumerable<(Interval Interval, FlowBin? Bin)> BinsAsync(
        IEnumerable<Interval> expected, IAsyncEnumerable<ClosedBin> stored, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        await using var bins = stored.GetAsyncEnumerator(cancellation);
        var hasBin = await bins.MoveNextAsync().ConfigureAwait(false);
        foreach (var interval in expected)
        {
            // A stored bin that begins between two expected ones is skipped: the site had another time zone when it was made.
            while (hasBin && bins.Current.Bin.Key.Start < interval.From) hasBin = await bins.MoveNextAsync().ConfigureAwait(false);
            yield return (interval, hasBin && bins.Current.Bin.Key.Start == interval.From ? bins.Current.Bin : null);
        }
    }

    /// <summary>The rows of one bin.</summary>
    /// <param name="bin">Null where none is stored.</param>
    public static IEnumerable<FlowTableRow> Rows(FlowTableKey key, Interval interval, FlowBin? bin, IReadOnlyList<Movement> movements)
    {
        var counted = bin?.Rows.ToDictionary(r => (r.Movement, r.Class), r => r.Sums) ?? [];
        return from movement in movements
               from vehicleClass in Classes
               select FlowTableRow.Of(key, interval, bin, new FlowStream(movement, vehicleClass), counted.TryGetValue((movement, vehicleClass), out var sums) ? sums : null);
    }

    /// <inheritdoc cref="BinsAsync"/>
    public static async IAsyncEnumerable<FlowTableRow> RowsAsync(
        FlowTableKey key, IEnumerable<Interval> expected, IAsyncEnumerable<ClosedBin> stored, IReadOnlyList<Movement> movements,
        [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        await foreach (var (interval, bin) in BinsAsync(expected, stored, cancellation).ConfigureAwait(false))
        {
            foreach (var row in Rows(key, interval, bin, movements)) yield return row;
        }
    }
}
