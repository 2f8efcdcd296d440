using System.Runtime.CompilerServices;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;
using TrafficFlow.Web.Formats.Tables;
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
    /// <param name="expected">All bins of the interval, sorted.</param>
    /// <param name="stored">Those that there are, sorted.</param>
    public static async IAsyncEnumerable<FlowExportRow> RowsAsync(
        FlowExportKey key, IEnumerable<Interval> expected, IAsyncEnumerable<ClosedBin> stored, IReadOnlyList<Movement> movements,
        FlowExportSummary summary, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        await foreach (var (interval, bin) in FlowTable.BinsAsync(expected, stored, cancellation))
        {
            summary.Add(bin);
            foreach (var movement in movements)
            {
                foreach (var vehicleClass in FlowTable.Classes) yield return FlowExportRow.Of(key, interval, bin, new FlowStream(movement, vehicleClass));
            }
        }
    }
}
