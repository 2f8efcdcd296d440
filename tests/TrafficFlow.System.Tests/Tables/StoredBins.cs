using System.Collections.Immutable;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;
using TrafficFlow.Wire.Aggregation;

namespace TrafficFlow.SystemTests.Tables;

/// <summary>Bins as aggregators close them, for tests of what stores and reads them.</summary>
internal static class StoredBins
{
    public static readonly SiteId Kokandori = new("kokandori");
    public static readonly ApproachId North = new("north");
    public static readonly DateTimeOffset Morning = new(2026, 4, 1, 8, 0, 0, TimeSpan.FromHours(9));

    /// <summary>So many buses enter, and one car goes south; nothing where the count is 0.</summary>
    public static ClosedBin Closed(long cursor, int minute, int revision, int count, int minutes = 1, ApproachId? approach = null)
    {
        var start = Morning.AddMinutes(minute);
        return Closed(cursor, new Interval(start, start.AddMinutes(minutes)), revision, count, minutes, approach ?? North);
    }

    public static ClosedBin Closed(
        long cursor, Interval bin, int revision, int count, int minutes, ApproachId approach, BinQuality quality = BinQuality.Complete, SiteId? site = null)
    {
        var rows = count == 0 ? ImmutableArray<FlowRow>.Empty :
        [
            new FlowRow(Movement.Entering, VehicleClass.Bus, new FlowSums(count, 0, count, count, count * 33.3, count / 33.3)),
            new FlowRow(Movement.To(new ApproachId("south")), VehicleClass.PassengerCar, new FlowSums(1, 1, 0, 0, 0, 0)),
        ];
        return new ClosedBin(
            cursor,
            new FlowBin(
                new BinKey(site ?? Kokandori, approach, new BinDuration(minutes), bin.From), bin.To,
                quality == BinQuality.Blind ? TimeSpan.Zero : TimeSpan.FromTicks((minutes * 600_000_000L) - 3), quality, revision,
                rows, [new BinSource(new CameraId("cam1"), new Provenance("0123456789abcdef", "motion", "1", "none"))])
            {
                Queue = quality == BinQuality.Blind ? null : new QueueSums((minutes * 60) - 0.5, cursor * 100.25, 40 + cursor, cursor * 33, (int)cursor),
            },
            bin.To.AddSeconds(1.5));
    }

    public static string Text(ClosedBin b) =>
        $"{b.Cursor} {b.Bin with { Rows = [], Sources = [] }} [{string.Join(", ", b.Bin.Rows)}] [{string.Join(", ", b.Bin.Sources)}] {b.ClosedAt.UtcTicks}";
}
