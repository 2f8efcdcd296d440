using System.Collections.Immutable;
using System.Text;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;
using TrafficFlow.Node.Settings;
using TrafficFlow.SystemTests.Settings;
using TrafficFlow.Web.Formats;
using TrafficFlow.Web.Formats.Tables;

namespace TrafficFlow.SystemTests.Web.Formats;

/// <summary>A site, and rows in every state that a cell can have.</summary>
internal static class FlowSamples
{
    public static readonly SiteId SiteId = new("a");
    public static readonly ApproachId North = new("north");
    public static readonly DateTimeOffset Morning = new(2026, 4, 1, 8, 0, 0, TimeSpan.FromHours(9));
    public static readonly DateTimeOffset AsOf = Morning.AddHours(1);
    public static readonly FlowTableKey Key = new(SiteId, North, BinDuration.FiveMinutes, "Asia/Tokyo");

    /// <summary>Its north arm enters and exits, its south arm exits; it lies near Kawasaki.</summary>
    public static readonly Site Site = Load(SettingsFolder.GoodSite
        .Replace("name = Crossing", "name = 交差点\n  geo { latitude = 35.52, longitude = 139.71, metres = [388123.5, -3.25], bearing = 90 }", StringComparison.Ordinal)
        .Replace("forward = { enters = north } }", "forward = { enters = north }, backward = { exits = north } }", StringComparison.Ordinal));

    public static Site WithoutPlace => Load(SettingsFolder.GoodSite);

    /// <param name="conf">Of a site file.</param>
    public static Site Load(string conf)
    {
        using var folder = new SettingsFolder();
        return SiteSettings.Load(folder.Write("site.conf", conf)).Site;
    }

    public static FlowBin Bin(int minute, BinQuality quality, TimeSpan observed, int revision, params FlowRow[] rows) => new(
        new BinKey(SiteId, North, BinDuration.FiveMinutes, Morning.AddMinutes(minute)), Morning.AddMinutes(minute + 5), observed, quality, revision,
        [.. rows], [new BinSource(new CameraId("cam1"), new Provenance("0123456789abcdef", "trafficflow", "7", "c0ffee"))])
    {
        Queue = new QueueSums(300, 3000, 41.25, 600, 6),
    };

    public static FlowBin Full(int minute, params FlowRow[] rows) => Bin(minute, BinQuality.Complete, TimeSpan.FromMinutes(5), 1, rows);

    public static FlowRow Cars(int count, Movement? movement = null) =>
        new(movement ?? Movement.Entering, VehicleClass.PassengerCar, new FlowSums(count, count, 0, count, count * 36.0, count / 36.0));

    /// <summary>One row of a bin.</summary>
    public static FlowTableRow Row(int minute, FlowBin? bin, Movement? movement = null, VehicleClass vehicleClass = VehicleClass.PassengerCar) => FlowTableRow.Of(
        Key, new Interval(Morning.AddMinutes(minute), Morning.AddMinutes(minute + 5)), bin, new FlowStream(movement ?? Movement.Entering, vehicleClass));

    /// <summary>Counted, zero, missing because nobody watched, missing because nothing is stored, suppressed, a lower bound, coarsened, pending.</summary>
    public static ImmutableArray<FlowTableRow> EveryState =>
    [
        Row(0, Full(0, Cars(7))),
        Row(5, Full(5)),
        Row(10, Bin(10, BinQuality.Blind, TimeSpan.Zero, 1)),
        Row(15, null),
        Row(20, Full(20, Cars(3))) with { Withheld = CellState.Suppressed },
        Row(25, Bin(25, BinQuality.Partial, TimeSpan.FromMinutes(2.5), 2, Cars(4))),
        Row(30, Full(30, Cars(3))) with { Withheld = CellState.Coarsened },
        Row(35, Full(35, Cars(3))) with { Withheld = CellState.Pending },
    ];

    public static FlowRows Rows(IEnumerable<FlowTableRow> rows) => new(EachAsync(rows), AsOf);

    public static async Task<byte[]> BytesAsync(IFlowFormat format, FlowRows rows)
    {
        await using var stream = new AsyncOnlyStream();
        await format.WriteAsync(rows, stream, CancellationToken.None);
        return stream.ToArray();
    }

    public static Task<byte[]> BytesAsync(IFlowFormat format, IEnumerable<FlowTableRow> rows) => BytesAsync(format, Rows(rows));

    public static async Task<string> TextAsync(IFlowFormat format, IEnumerable<FlowTableRow> rows) => Encoding.UTF8.GetString(await BytesAsync(format, rows));

    public static async IAsyncEnumerable<FlowTableRow> EachAsync(IEnumerable<FlowTableRow> rows)
    {
        await Task.CompletedTask;
        foreach (var row in rows) yield return row;
    }
}
