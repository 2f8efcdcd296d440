using System.Collections.Immutable;
using TrafficFlow.Analysis.Congestion;
using TrafficFlow.Analysis.Records;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Flow;

namespace TrafficFlow.Analysis.Studies;

/// <summary>Levels, events and recurrence of one approach after the other.</summary>
internal sealed class ApproachCongestion(JunctionRecord record, JunctionTraffic traffic, StudySettings settings)
{
    /// <summary>Begins and ends of events are told to this; cells of the heat map are longer.</summary>
    private static readonly BinDuration EventStep = BinDuration.FiveMinutes;

    /// <summary>Slower than this at the gate its speed tells nothing of for how long it covered it.</summary>
    private const double SlowestAtGateKmh = 3;

    /// <summary>Who sees less than some three cars before the gate, and measures no queue, cannot tell a road that is free from one that is full.</summary>
    public const double LeastSeenMetres = 25;

    private readonly CongestionSettings _judging = new(settings.Profile);

    public ApproachStudy Of(ApproachRecord approach)
    {
        var timeline = CongestionTimeline.Of(approach.Approach, [.. Steps(EventStep).Select(span => IntervalOf(approach, span))], _judging);
        var cells = CongestionTimeline.Of(approach.Approach, [.. Steps(new BinDuration((int)settings.Cell.TotalMinutes)).Select(span => IntervalOf(approach, span))], _judging);
        var isSeen = IsSeen(approach);
        return new ApproachStudy(
            approach.Approach, approach.Name, approach.Watched.Within(record.Span).Total,
            [.. cells.Intervals.Select(CellOf).Select(c => isSeen ? c : c with { Level = CongestionLevel.Unknown, SpeedKmh = null, DensityPerKm = null })],
            isSeen ? timeline.Events : [], isSeen ? Recurrence.Of([timeline], record.TimeZone) : [], [])
        {
            SeenMetres = approach.SeenMetres,
        };
    }

    public static bool IsSeen(ApproachRecord approach) => !approach.Queues.IsEmpty || approach.SeenMetres is not < LeastSeenMetres;

    /// <summary>Of the gate, one lane with another: the time that vehicles need to pass over it, by their speed and the usual length of their class.</summary>
    public ImmutableArray<LevelCell> WithOccupancy(ApproachStudy study, JourneyLanes lanes)
    {
        if (lanes.Of(study.Approach) is not { IsMeasured: true, Count: var count } || record.Find(study.Approach) is not { } approach) return study.Levels;
        return [.. study.Levels.Select(cell => cell with { Occupancy = OccupancyOf(approach, cell.Span, count) })];
    }

    private IEnumerable<Interval> Steps(BinDuration length) => new BinAlignment(record.TimeZone).Touching(record.Span, length).Select(bin => bin.Clip(record.Span)).Where(bin => !bin.IsEmpty);

    private ApproachInterval IntervalOf(ApproachRecord approach, Interval span)
    {
        var journeys = traffic.Ended(approach.Approach, span).ToArray();
        return ApproachInterval.Of(span, journeys, approach.Watched.Within(span).Total) with { Queue = QueueOf(approach, span), SeenMetres = approach.SeenMetres };
    }

    private static QueueSums? QueueOf(ApproachRecord approach, Interval span)
    {
        var i = approach.Queues.AsSpan().BinarySearch(new ByTime(span.From));
        if (i < 0) i = ~i;
        QueueSums? sums = null;
        for (; i < approach.Queues.Length && approach.Queues[i].From < span.To; i++) sums = (sums ?? default) + approach.Queues[i].Sums;
        return sums;
    }

    private readonly record struct ByTime(DateTimeOffset From) : IComparable<QueueReading>
    {
        // Never equal: the place before the first that is not earlier.
        public int CompareTo(QueueReading other) => From > other.From ? 1 : -1;
    }

    private static LevelCell CellOf(JudgedInterval judged)
    {
        var interval = judged.Interval;
        // Edie's: the time that vehicles spent there over the length and the time.
        double? density = interval is { Vehicles: > 0, Metres: > 0, Observed.Ticks: > 0 }
            ? interval.Seconds / (interval.Metres / interval.Vehicles / 1000) / interval.Observed.TotalSeconds
            : interval is { Vehicles: 0, Queue: { MaxVehicles: 0 } } && interval.Observed > TimeSpan.Zero ? 0 : null;
        return new LevelCell(
            interval.Span, judged.Level, judged.Speed.HighKmh, interval.Vehicles, interval.DelaySeconds, interval.Stops, Math.Min(1, interval.ObservedShare),
            interval.Queue?.MeanMetres, interval.Queue is { Seconds: > 0 } queue ? queue.MaxMetres : null, density, null)
        {
            IsBeyondSight = interval.IsBeyondSight,
        };
    }

    private double? OccupancyOf(ApproachRecord approach, Interval span, int lanes)
    {
        var watched = approach.Watched.Within(span).Total.TotalSeconds;
        if (watched <= 0) return null;
        var (seconds, known, all) = (0.0, 0, 0);
        foreach (var journey in traffic.Entered(approach.Approach, span))
        {
            all++;
            if (journey.EnterSpeedKmh is not > SlowestAtGateKmh) continue;
            known++;
            seconds += LengthOf(journey.Class) / (journey.EnterSpeedKmh.Value / 3.6);
        }

        if (all == 0) return 0;
        // Those without a speed are taken to be like the others, as long as most have one.
        return 2 * known >= all ? Math.Min(1, seconds / known * all / watched / lanes) : null;
    }

    /// <summary>Usual lengths, metres: design vehicles are longer than what drives mostly.</summary>
    private static double LengthOf(VehicleClass vehicleClass) => vehicleClass switch
    {
        VehicleClass.LightGoods => 5.2,
        VehicleClass.HeavyGoods => 9.5,
        VehicleClass.Bus => 11,
        VehicleClass.Motorcycle => 2.2,
        _ => 4.5,
    };
}
