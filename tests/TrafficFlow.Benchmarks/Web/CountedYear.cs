using System.Collections.Immutable;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;
using TrafficFlow.Server.Tables;
using TrafficFlow.Wire.Aggregation;

namespace TrafficFlow.Benchmarks.Web;

/// <summary>Bins of a junction in the read tables, before the time at which its replay begins: a year of hours, and the newest days of five minutes and quarters besides.</summary>
internal static class CountedYear
{
    private static readonly Provenance Made = new("0123456789abcdef", "vehicles", "2", "none");
    private static readonly VehicleClass[] Classes = [VehicleClass.PassengerCar, VehicleClass.LightGoods, VehicleClass.HeavyGoods, VehicleClass.Bus, VehicleClass.Motorcycle];

    /// <param name="days">Of five minutes.</param>
    /// <param name="hourDays">Of hours.</param>
    /// <returns>Bins that were written.</returns>
    public static async Task<int> WriteAsync(FlowTables tables, SiteId site, IReadOnlyList<ApproachId> arms, DateTimeOffset end, int days, int hourDays, CancellationToken cancellation)
    {
        await tables.MigrateAsync(cancellation);
        // Below those of the node, whose streams go on from theirs.
        var cursor = -10_000_000L;
        var written = 0;
        foreach (var (duration, length) in new[] { (BinDuration.FiveMinutes, days), (BinDuration.QuarterHour, days), (BinDuration.Hour, hourDays) })
        {
            foreach (var arm in arms)
            {
                var bins = Enumerable.Range(0, (int)(TimeSpan.FromDays(length) / duration.Length)).Select(i => end - TimeSpan.FromDays(length) + (i * duration.Length)).Select(start => Bin(++cursor, site, arm, arms, duration, start));
                foreach (var chunk in bins.Chunk(1_000))
                {
                    await tables.WriteAsync(chunk, cancellation);
                    written += chunk.Length;
                }
            }
        }

        return written;
    }

    private static ClosedBin Bin(long cursor, SiteId site, ApproachId arm, IReadOnlyList<ApproachId> arms, BinDuration duration, DateTimeOffset start)
    {
        var demand = duration.Minutes * (1 + (2 * Math.Abs(Math.Sin(start.TimeOfDay.TotalHours / 24 * Math.PI))));
        var movements = arms.Where(a => a != arm).Select(Movement.To).Prepend(Movement.Entering).Append(Movement.Exiting).ToList();
        var rows = from m in movements.Select((movement, i) => (movement, i))
                   from c in Classes.Select((kind, i) => (kind, i))
                   let count = (int)(demand / (1 + m.i + c.i)) + 1
                   select new FlowRow(m.movement, c.kind, new FlowSums(count, count, 0, count, count * 30.0, count / 30.0));
        return new ClosedBin(
            cursor, new FlowBin(new BinKey(site, arm, duration, start), start + duration.Length, duration.Length, BinQuality.Complete, 1, rows.ToImmutableArray(), [new BinSource(new CameraId("cam1"), Made)]), start + duration.Length);
    }
}
