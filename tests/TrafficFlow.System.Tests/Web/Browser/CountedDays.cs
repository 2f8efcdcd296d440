using System.Collections.Immutable;
using Akka.Actor;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Junctions;
using TrafficFlow.Core.Sites;
using TrafficFlow.Server.Tables;
using TrafficFlow.Server.Tables.Journeys;
using TrafficFlow.Web.Live;
using TrafficFlow.Wire.Aggregation;
using TrafficFlow.Wire.Delivery;
using TrafficFlow.Wire.OutboxEntries;

namespace TrafficFlow.SystemTests.Web.Browser;

/// <summary>Writes days of a busy junction into real tables: bins of every length that agree, one approach blind at noon, and journeys of one hour.</summary>
internal static class CountedDays
{
    private static readonly CameraId Junction = new("junction");
    private static readonly Provenance Made = new("0123456789abcdef", "vehicles", "2", "abc");
    private static readonly VehicleClass[] Classes = [VehicleClass.PassengerCar, VehicleClass.LightGoods, VehicleClass.HeavyGoods, VehicleClass.Bus, VehicleClass.Motorcycle];

    /// <summary>Vehicles of a class from one approach to one exit in five minutes: few at night, two peaks.</summary>
    public static int Vehicles(Site site, ApproachId from, ApproachId to, VehicleClass vehicleClass, DateTimeOffset start)
    {
        var hour = TimeZoneInfo.ConvertTime(start, site.TimeZone).TimeOfDay.TotalHours;
        var demand = 1 + (8 * Math.Exp(-Math.Pow(hour - 8, 2) / 4)) + (9 * Math.Exp(-Math.Pow(hour - 17.5, 2) / 5));
        var arms = site.Approaches.Select(a => a.Id).ToList();
        var share = (1 + arms.IndexOf(from) + (2 * arms.IndexOf(to))) / 12.0;
        return (int)(demand * share * (vehicleClass == VehicleClass.PassengerCar ? 3 : 0.7));
    }

    public static bool IsBlind(Site site, ApproachId approach, DateTimeOffset start) =>
        approach == site.Approaches[^1].Id && TimeZoneInfo.ConvertTime(start, site.TimeZone).TimeOfDay is { TotalHours: >= 11 and < 13 };

    /// <summary>What enters by all approaches in a span, by the same rule.</summary>
    public static int Entering(Site site, Interval span) => new BinAlignment(site.TimeZone).Touching(span, BinDuration.FiveMinutes)
        .Sum(b => site.Approaches.Where(a => !IsBlind(site, a.Id, b.From)).Sum(a => Rows(site, a.Id, b.From).Where(r => r.Movement == Movement.Entering).Sum(r => r.Sums.Count)));

    /// <param name="watch">How an approach was watched in the five minutes from a time on; as <see cref="IsBlind"/> says where it is null.</param>
    public static async Task WriteAsync(FlowTables tables, Site site, Interval span, Func<ApproachId, DateTimeOffset, BinQuality>? watch = null)
    {
        watch ??= (approach, start) => IsBlind(site, approach, start) ? BinQuality.Blind : BinQuality.Complete;
        var alignment = new BinAlignment(site.TimeZone);
        var cursor = 0L;
        foreach (var duration in BinDuration.All.Where(d => d.Minutes >= 5))
        {
            foreach (var approach in site.Approaches)
            {
                var bins = alignment.Touching(span, duration).Select(b => new ClosedBin(++cursor, Bin(site, approach.Id, b, duration, watch), b.To.AddSeconds(2))).ToList();
                foreach (var chunk in bins.Chunk(500)) await tables.WriteAsync(chunk, CancellationToken.None);
            }
        }
    }

    /// <summary>One journey each ten seconds of an hour, from each approach in turn.</summary>
    public static Task WriteJourneysAsync(FlowTables tables, Site site, DateTimeOffset from)
    {
        var arms = site.Approaches.Select(a => a.Id).ToList();
        var entries = Enumerable.Range(0, 360).Select(i =>
        {
            var entered = from.AddSeconds(10 * i);
            var journey = new Journey(i + 1, arms[i % arms.Count], arms[(i + 1 + (i / arms.Count % (arms.Count - 1))) % arms.Count], entered, entered.AddSeconds(6 + (i % 20)), VehicleClass.PassengerCar, 0.9)
            {
                FirstSeenAt = entered.AddSeconds(-2),
                LastSeenAt = entered.AddSeconds(6 + (i % 20)),
                DistanceMetres = 60 + (i % 7),
                DelaySeconds = i % 20,
                Stops = i % 3 == 0 ? 1 : 0,
                StoppedSeconds = i % 9,
                EnterSpeedKmh = 30,
                Cameras = 2,
            };
            return (OutboxEntry)new JourneyEntry(i + 1, Junction, journey);
        });
        return tables.WriteAsync([], [new WriteJourneys(new DeliveryBatch(site.Id, Junction, ApproachId.Journeys, 1, 360, Made, [.. entries]), ActorRefs.Nobody, null)], CancellationToken.None);
    }

    /// <summary>One minute of a day that is written in five.</summary>
    public static FlowBin Minute(Site site, ApproachId approach, DateTimeOffset start, TimeSpan observed, bool isDegraded = false)
    {
        var bin = new Interval(start, start.AddMinutes(1));
        var five = new BinAlignment(site.TimeZone).Touching(bin, BinDuration.FiveMinutes).First().From;
        var part = (int)(start - five).TotalMinutes;
        var rows = observed <= TimeSpan.Zero ? [] : Rows(site, approach, five).Select(r => (r, Count: (r.Sums.Count * (part + 1) / 5) - (r.Sums.Count * part / 5))).Where(r => r.Count > 0)
            .Select(r => new FlowRow(r.r.Movement, r.r.Class, Sums(r.Count, r.r.Class, five))).ToImmutableArray();
        return new FlowBin(
            new BinKey(site.Id, approach, BinDuration.OneMinute, start), bin.To, observed, FlowBin.Judge(bin, observed, isDegraded), 1, rows, [new BinSource(new CameraId("cam1"), Made)])
        {
            Queue = observed > TimeSpan.Zero ? new QueueSums(observed.TotalSeconds, observed.TotalSeconds * (8 + (6 * site.Approaches.ToList().FindIndex(a => a.Id == approach))), 38, observed.TotalSeconds * 2, 6) : null,
        };
    }

    private static FlowBin Bin(Site site, ApproachId approach, Interval bin, BinDuration duration, Func<ApproachId, DateTimeOffset, BinQuality> watch)
    {
        var watched = new BinAlignment(site.TimeZone).Touching(bin, BinDuration.FiveMinutes).Select(f => (Span: f, Quality: watch(approach, f.From))).Where(f => f.Quality != BinQuality.Blind).ToList();
        var fives = watched.Select(f => f.Span).ToList();
        var observed = TimeSpan.FromTicks(fives.Sum(f => f.Length.Ticks));
        var rows = fives.SelectMany(f => Rows(site, approach, f.From)).GroupBy(r => (r.Movement, r.Class))
            .Select(g => new FlowRow(g.Key.Movement, g.Key.Class, g.Aggregate(default(FlowSums), (sum, r) => sum + r.Sums))).ToImmutableArray();
        return new FlowBin(
            new BinKey(site.Id, approach, duration, bin.From), bin.To, observed, FlowBin.Judge(bin, observed, watched.Any(f => f.Quality == BinQuality.Degraded)), 1, rows, [new BinSource(new CameraId("cam1"), Made)])
        {
            Queue = observed > TimeSpan.Zero ? new QueueSums(observed.TotalSeconds, observed.TotalSeconds * QueueMetres(site, approach, rows, observed), 38, observed.TotalSeconds * 2, 6) : null,
        };
    }

    /// <summary>Longer, the more come.</summary>
    private static double QueueMetres(Site site, ApproachId approach, IEnumerable<FlowRow> rows, TimeSpan observed) =>
        2 + site.Approaches.ToList().FindIndex(a => a.Id == approach) + (rows.Where(r => r.Movement == Movement.Entering).Sum(r => r.Sums.Count) / observed.TotalHours / 50);

    private static IEnumerable<FlowRow> Rows(Site site, ApproachId approach, DateTimeOffset start)
    {
        foreach (var movement in SiteMovements.Of(site, approach))
        {
            foreach (var vehicleClass in Classes)
            {
                var count = movement == Movement.Entering ? Exits(site, approach).Sum(to => Vehicles(site, approach, to, vehicleClass, start))
                    : movement == Movement.Exiting ? Exits(site, approach).Sum(from => Vehicles(site, from, approach, vehicleClass, start))
                    : Vehicles(site, approach, new ApproachId(movement.Name[3..]), vehicleClass, start);
                if (count > 0) yield return new FlowRow(movement, vehicleClass, Sums(count, vehicleClass, start));
            }
        }
    }

    private static IEnumerable<ApproachId> Exits(Site site, ApproachId approach) => site.Approaches.Select(a => a.Id).Where(a => a != approach);

    private static FlowSums Sums(int count, VehicleClass vehicleClass, DateTimeOffset start)
    {
        var speed = 22.0 + (start.Hour % 8 * 3);
        var isLarge = vehicleClass.Size() == VehicleSize.Large;
        return new FlowSums(count, isLarge ? 0 : count, isLarge ? count : 0, count, count * speed, count / speed);
    }
}
