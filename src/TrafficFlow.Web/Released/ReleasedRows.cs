using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Release;
using TrafficFlow.Core.Sites;
using TrafficFlow.Web.Formats.Tables;

namespace TrafficFlow.Web.Released;

/// <summary>Released tables as rows of every format: a cell a row, and why there is no number where there is none. Pure.</summary>
internal static class ReleasedRows
{
    /// <param name="table">Null where nothing has closed: a row without a number for each total.</param>
    public static IEnumerable<FlowTableRow> Of(Site site, ReleasedApproach approach, ReleasedPeriod period, Interval bin, ReleasedTable? table)
    {
        var duration = new BinDuration(MinutesOf(period));
        if (table is null) return approach.Movements.Select(m => new FlowTableRow(site.Id, approach.Approach, m.Name, FlowTableRow.AllClasses, bin, duration, site.TimeZone.Id));
        // Sorted as every table is: the total before its classes.
        return table.Cells.OrderBy(c => c.Movement).ThenBy(c => c.Class is { } known ? 1 + (int)known : 0)
            .Select(c => new FlowTableRow(site.Id, approach.Approach, c.Movement.Name, c.Class?.Name() ?? FlowTableRow.AllClasses, table.Span, duration, site.TimeZone.Id)
            {
                Withheld = StateOf(c.Withheld),
                Count = c.Count,
                SpaceMeanSpeedKmh = c.SpaceMeanSpeedKmh,
                TimeMeanSpeedKmh = c.MeanSpeedKmh,
                Quality = table.Revision > 0 ? table.Quality : null,
                ObservedSeconds = table.Observed.TotalSeconds,
                Revision = table.Revision > 0 ? table.Revision : null,
            });
    }

    /// <summary>Nominal length of a period; of a month, 30 days.</summary>
    public static int MinutesOf(ReleasedPeriod period) => period switch
    {
        ReleasedPeriod.Minute => 1,
        ReleasedPeriod.FiveMinutes => 5,
        ReleasedPeriod.QuarterHour => 15,
        ReleasedPeriod.Hour => 60,
        ReleasedPeriod.Day => 24 * 60,
        _ => 30 * 24 * 60,
    };

    private static CellState? StateOf(Withheld? withheld) => withheld switch
    {
        Withheld.Suppressed => CellState.Suppressed,
        Withheld.Coarsened => CellState.Coarsened,
        Withheld.Pending => CellState.Pending,
        // Missing has no number to be withheld.
        _ => null,
    };
}
