using System.Collections.Immutable;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;
using TrafficFlow.Node.Export;
using TrafficFlow.SystemTests.Tables;
using TrafficFlow.Wire.Aggregation;
using Xunit;

namespace TrafficFlow.SystemTests.Export;

/// <summary>Stored bins to rows without gaps.</summary>
public sealed class FlowExportTests
{
    private static readonly ApproachId North = StoredBins.North;

    [Theory]
    [InlineData("2026-03-29", 23)]
    [InlineData("2026-10-25", 25)]
    public async Task On_the_days_on_which_the_clock_is_set_every_hour_is_there_once(string day, int hours)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");
        var rows = await RowsAsync(zone, DateOnly.Parse(day), bin => bin);

        Assert.Equal(hours, rows.Count);
        Assert.Equal(hours, rows.Select(r => r.Start).Distinct().Count());
        Assert.All(rows, r => Assert.Equal("complete", r.Quality));
        Assert.Equal(rows.Skip(1).Select(r => r.Start), rows.SkipLast(1).Select(r => r.End));
        Assert.Equal(day == "2026-10-25" ? ["+02:00", "+01:00"] : [], rows.Where(r => r.Time == "02:00").Select(r => r.UtcOffset));
    }

    [Fact]
    public async Task Zero_missing_and_a_lower_bound_are_told_apart()
    {
        var rows = await RowsAsync(TimeZoneInfo.Utc, new DateOnly(2026, 4, 1), bin => bin.Bin.Key.Start.Hour switch
        {
            1 => null,
            2 => With(bin, BinQuality.Blind, TimeSpan.Zero, []),
            3 => With(bin, BinQuality.Partial, TimeSpan.FromMinutes(30), bin.Bin.Rows),
            4 => With(bin, BinQuality.Complete, TimeSpan.FromHours(1), []),
            _ => bin,
        });

        Assert.Equal(
            ["7 complete 3600 1", " missing 0 0", " blind 0 0", "7 partial 1800 0.5", "0 complete 3600 1", "7 complete 3600 1"],
            rows.Take(6).Select(r => FormattableString.Invariant($"{r.Count} {r.Quality} {r.ObservedSeconds} {r.Coverage}")));
        Assert.Equal([null, null, 0], new[] { rows[1], rows[2], rows[4] }.Select(r => r.Small));
    }

    private static ClosedBin With(ClosedBin closed, BinQuality quality, TimeSpan observed, ImmutableArray<FlowRow> rows) =>
        closed with { Bin = closed.Bin with { Quality = quality, Observed = observed, Rows = rows } };

    // System.Linq.Async, which Akka brings, and .NET's own both have a ToAsyncEnumerable.
    private static async IAsyncEnumerable<ClosedBin> EachAsync(IEnumerable<ClosedBin> bins)
    {
        await Task.CompletedTask;
        foreach (var bin in bins) yield return bin;
    }

    /// <summary>The rows of buses that enter, with seven in each bin that is stored.</summary>
    private static async Task<List<FlowExportRow>> RowsAsync(TimeZoneInfo zone, DateOnly day, Func<ClosedBin, ClosedBin?> store)
    {
        var span = new Interval(ExportInterval.StartOf(day, zone), ExportInterval.StartOf(day.AddDays(1), zone));
        var expected = new BinAlignment(zone).Touching(span, BinDuration.Hour).ToList();
        var stored = expected.Select((bin, i) => store(StoredBins.Closed(i + 1, bin, 1, 7, 60, North))).OfType<ClosedBin>();
        var key = new FlowExportKey(StoredBins.Kokandori, North, BinDuration.Hour, zone.Id);
        var rows = new List<FlowExportRow>();
        await foreach (var row in FlowExport.RowsAsync(key, expected, EachAsync(stored), [Movement.Entering], new FlowExportSummary()))
        {
            if (row.Class == "bus") rows.Add(row);
        }

        return rows;
    }
}
