using System.Collections.Immutable;
using TrafficFlow.Analysis.Capacity;
using TrafficFlow.Analysis.Causes;
using TrafficFlow.Analysis.Congestion;
using TrafficFlow.Analysis.Proposals;
using TrafficFlow.Analysis.Queues;
using TrafficFlow.Analysis.Signals;
using TrafficFlow.Analysis.Signals.Performance;
using TrafficFlow.Analysis.Studies;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Junctions;
using TrafficFlow.Core.Sites;
using Logs = TrafficFlow.Analysis.Signals.ControllerLogs;

namespace TrafficFlow.SystemTests.Web.Analysis;

/// <summary>A morning of a textbook junction, studied by the real functions: main street overloaded from 8 to 9, the plan changes at 8:10, one approach is blind for half an hour.</summary>
internal static class StudySample
{
    public static readonly ApproachId North = new("n-in");
    public static readonly ApproachId East = new("e-in");
    public static readonly ApproachId South = new("s-in");
    public static readonly ApproachId West = new("w-in");

    private const double Seconds = 3 * 3600;
    private const double ChangesAt = 4_200;
    private const double SeenMetres = 90;

    private static readonly TimeZoneInfo s_zone = TimeZoneInfo.FindSystemTimeZoneById("Asia/Tokyo");
    private static readonly DateTimeOffset s_begin = new(2026, 5, 11, 7, 0, 0, TimeSpan.FromHours(9));

    public static readonly Interval Span = new(s_begin, s_begin.AddSeconds(Seconds));

    private static readonly (double, double)[] s_main = [(0, 36), (0, 42)];
    private static readonly (double, double)[] s_side = [(42, 42), (48, 66)];
    private static readonly Lazy<JunctionStudy> s_study = new(() => Make("demo", "本町通り・駅前通り交差点"));

    /// <summary>Made once: it takes some seconds.</summary>
    public static JunctionStudy Study => s_study.Value;

    public static JunctionStudy Of(Site site) => Study with
    {
        Subject = Study.Subject with { Site = site.Id, SiteName = site.Name },
        Approaches = [.. Study.Approaches.Select((a, i) => a with { Name = site.Approaches[i].Name })],
    };

    /// <summary>The same morning on each working day of a week, and nothing but free flow at its end.</summary>
    public static JunctionStudy Week => Study with
    {
        Subject = Study.Subject with { Span = new Interval(s_begin.AddHours(-7), s_begin.AddHours(-7).AddDays(7)) },
        Approaches = [.. Study.Approaches.Select(WeekOf)],
    };

    private static ApproachStudy WeekOf(ApproachStudy day)
    {
        var days = Enumerable.Range(0, 7).Select(i => TimeSpan.FromDays(i)).ToList();
        ImmutableArray<LevelCell> levels = [.. days.SelectMany(d => day.Levels.Select(l => l with { Span = Later(l.Span, d), Level = d.Days < 5 ? l.Level : CongestionLevel.Free, IsBeyondSight = d.Days < 5 && l.IsBeyondSight }))];
        ImmutableArray<CongestionEvent> events = [.. days.Take(5).SelectMany(d => day.Events.Select(e => e with { Span = Later(e.Span, d), LongestAt = e.LongestAt + d }))];
        var judged = levels.Select(l => new JudgedInterval(new ApproachInterval(l.Span, l.Vehicles, 0, 0, l.DelaySeconds, l.Stops, l.Span.Length * l.ObservedShare), default, l.Level == CongestionLevel.Unknown ? CongestionLevel.Free : l.Level));
        return day with { Observed = day.Observed * 7, Levels = levels, Events = events, Recurrent = Recurrence.Of([new CongestionTimeline(day.Approach, [.. judged], events)], s_zone) };

        static Interval Later(Interval span, TimeSpan by) => new(span.From + by, span.To + by);
    }

    private static JunctionStudy Make(string site, string name)
    {
        var junction = new QueueingJunction(s_begin, Seconds, ChangesAt, (90, 120), 15);
        QueueingLane[] lanes =
        [
            new(North, 1, South, t => 400 + (330 * Peak(t)), s_main), new(North, 2, East, t => 130 + (60 * Peak(t)), s_main),
            new(South, 1, North, t => 380 + (190 * Peak(t)), s_main), new(South, 2, West, _ => 110, s_main),
            new(East, 1, West, _ => 340, s_side), new(West, 1, East, t => 360 + (60 * Peak(t)), s_side),
        ];
        var runs = lanes.Select(l => (Lane: l, Vehicles: junction.Run(l))).ToList();
        var blind = new Interval(s_begin.AddMinutes(135), s_begin.AddMinutes(165));
        var watched = IntervalSet.Of(Span);
        var watchedEast = IntervalSet.Of(new Interval(Span.From, blind.From), new Interval(blind.To, Span.To));
        IntervalSet WatchedOf(ApproachId approach) => approach == East ? watchedEast : watched;
        ImmutableArray<Journey> journeys = [.. runs.SelectMany(r => r.Vehicles.Select(v => (r.Lane, v))).Where(p => WatchedOf(p.Lane.Approach).Contains(junction.At(p.v.Passes))).OrderBy(p => p.v.Passes).Select((p, i) => junction.JourneyOf(p.Lane, p.v, i + 1))];
        var inferred = SignalInference.Infer(Discharge.Of(journeys, watched.Intersect(watchedEast)));
        var phases = new InferredPhases(inferred);
        ImmutableArray<ApproachStudy> approaches = [.. new[] { (North, "本町通り 北"), (East, "駅前通り 東"), (South, "本町通り 南"), (West, "駅前通り 西") }.Select(a =>
            ApproachOf(a.Item1, a.Item2, WatchedOf(a.Item1), [.. journeys.Where(j => j.Approach == a.Item1)], runs, junction))];
        var proposals = ProposalSample.Of(Span);
        return new JunctionStudy(
            new StudySubject(new SiteId(site), name, s_zone.Id, Span, CongestionProfile.JarticOrdinary.Name, journeys.Length, Span.To.AddHours(2), "0.15.0")
            {
                Provenance = [new("0123456789abcdef", "built-in", "2026.2", "survey 2026-04-02"), new("0123456789abcdef", "built-in", "2026.2", Provenance.NoCalibration)],
            },
            approaches,
            new SignalStudy(SignalSource.Inferred, inferred, Comparison(inferred), new Estimate(1.42, 1.2, 1.64))
            {
                Profiles = [.. inferred.Plans.SelectMany((p, i) => p.Groups.Select((g, k) => ProfileOf(p, i, k, journeys)))],
                Coordination = [.. CoordinationOf(inferred, phases, journeys, watched)],
            },
            [.. MovementsOf(inferred, phases, journeys, WatchedOf)])
        {
            Causes = CauseSample.Of(Span, approaches.First(a => a.Approach == North).VehicleHoursLost),
            Proposals = proposals,
            Unsaid =
            [
                new(UnsaidKind.NotWatched, East, blind), new(UnsaidKind.QueueBeyondSight, North, new Interval(s_begin.AddMinutes(62), s_begin.AddMinutes(120)), $"{SeenMetres:0} m"),
                new(UnsaidKind.PlanChanged, null, new Interval(s_begin.AddSeconds(ChangesAt - 60), s_begin.AddSeconds(ChangesAt + 90))),
                new(UnsaidKind.SaturationNotMeasured, South, null, "右折"), new(UnsaidKind.ClocksDiffer, null, null, "1.4 s"),
            ],
        };
    }

    private static double Peak(double second) => Math.Exp(-Math.Pow((second - 5_400) / 1_500, 2));

    private static ApproachStudy ApproachOf(
        ApproachId approach, string name, IntervalSet watched, IReadOnlyList<Journey> journeys, IReadOnlyList<(QueueingLane Lane, IReadOnlyList<QueueingVehicle> Vehicles)> runs, QueueingJunction junction)
    {
        var own = runs.Where(r => r.Lane.Approach == approach).ToList();
        var settings = new CongestionSettings(CongestionProfile.JarticOrdinary);
        var fine = CongestionTimeline.Of(approach, Intervals(5), settings);
        var coarse = CongestionTimeline.Of(approach, Intervals(15), settings);
        return new ApproachStudy(
            approach, name, watched.Within(Span).Total,
            [.. coarse.Intervals.Select(i => new LevelCell(
                i.Interval.Span, i.Level, i.Speed.HighKmh, i.Interval.Vehicles, i.Interval.DelaySeconds, i.Interval.Stops, i.Interval.ObservedShare, i.Interval.Queue?.MeanMetres, i.Interval.Queue?.MaxMetres,
                i.Interval.Queue?.MeanVehicles / SeenMetres * 1000, i.Interval.Observed > TimeSpan.Zero ? i.Interval.Vehicles * 0.9 / own.Count / i.Interval.Observed.TotalSeconds : null) { IsBeyondSight = i.Interval.IsBeyondSight })],
            fine.Events, Recurrence.Of([fine], s_zone),
            [.. own.SelectMany(r => QueuesOf(r.Lane, r.Vehicles, watched, junction))]);

        List<ApproachInterval> Intervals(int minutes) =>
        [
            .. Enumerable.Range(0, (int)(Seconds / 60 / minutes)).Select(i => new Interval(s_begin.AddMinutes(i * minutes), s_begin.AddMinutes((i + 1) * minutes)))
                .Select(span => ApproachInterval.Of(span, journeys, watched.Within(span).Total) with { SeenMetres = SeenMetres, Queue = QueueOf(span) }),
        ];

        QueueSums? QueueOf(Interval span)
        {
            if (watched.Within(span).Total < span.Length / 2) return null;
            var sums = default(QueueSums);
            for (var at = span.From; at < span.To; at = at.AddSeconds(5))
            {
                var waiting = own.Select(r => r.Vehicles.Count(v => junction.At(v.Arrives) <= at && junction.At(v.Passes) > at)).ToList();
                var metres = Math.Min(SeenMetres, waiting.Max() * QueueingJunction.CarMetres);
                sums += new QueueSums(5, metres * 5, metres, waiting.Sum(w => Math.Min(w, SeenMetres / QueueingJunction.CarMetres)) * 5, waiting.Max());
            }

            return sums;
        }
    }

    private static IEnumerable<LaneCycleQueue> QueuesOf(QueueingLane lane, IReadOnlyList<QueueingVehicle> vehicles, IntervalSet watched, QueueingJunction junction)
    {
        var greens = junction.GreensOf(lane).ToList();
        for (var i = 1; i < greens.Count; i++)
        {
            var cycle = new Interval(junction.At(greens[i - 1].To), junction.At(greens[i].To));
            var own = vehicles.Where(v => junction.At(v.Passes) >= cycle.From && v.Arrives < greens[i].To && v.Passes - v.Arrives > 2).ToList();
            var back = own.Count == 0 ? 0 : (own.Max(v => v.Ahead) + 1) * QueueingJunction.CarMetres;
            var beyond = back > SeenMetres;
            var isSeen = watched.Covers(cycle);
            yield return new LaneCycleQueue(
                lane.Approach, lane.Number, cycle, junction.At(greens[i].From), !isSeen ? null : beyond ? new Estimate(back, Math.Max(SeenMetres, back - 14), back + 14) : new Estimate(back, back, back), own.Count, isSeen && beyond);
        }
    }

    private static CycleProfile ProfileOf(InferredPlan plan, int number, int group, IReadOnlyList<Journey> journeys)
    {
        var (cycle, counts) = (plan.CycleSeconds.Value, new int[(int)Math.Ceiling(plan.CycleSeconds.Value)]);
        var of = plan.Groups[group];
        foreach (var journey in journeys.Where(j => j.Approach == of.Approach && of.Movements.Contains(Movement.To(j.Exit!.Value)) && j.EnteredAt >= plan.Span.From && j.EnteredAt < plan.Span.To))
        {
            var second = (journey.EnteredAt!.Value - plan.Reference).TotalSeconds;
            counts[(int)(second - (Math.Floor(second / cycle) * cycle)) % counts.Length]++;
        }

        return new CycleProfile(number, group, [.. counts]);
    }

    private static IEnumerable<CoordinationPlot> CoordinationOf(InferredSignals inferred, InferredPhases phases, IReadOnlyList<Journey> journeys, IntervalSet watched)
    {
        foreach (var (approach, exit) in new[] { (North, South), (South, North) })
        {
            var movement = Movement.To(exit);
            foreach (var plan in inferred.Plans)
            {
                var cycles = MovementCycles.Of(phases, approach, movement, plan.Span);
                var diagram = CoordinationDiagram.Of(cycles, journeys.Where(j => j.Approach == approach && j.Exit == exit).Select(CoordinationDiagram.Arrival).OfType<DateTimeOffset>(), watched);
                if (diagram.OnGreen.Value is not { } share || cycles.Count == 0) continue;
                yield return new CoordinationPlot(
                    approach, movement, plan.Span, plan.CycleSeconds.Value, cycles.Average(c => (c.Green - c.Red).TotalSeconds), cycles.Average(c => (c.Amber - c.Red).TotalSeconds),
                    [.. diagram.Points.Select(p => (p.Arrival, p.SecondsInCycle))], new Estimate(share, diagram.OnGreen.Low, diagram.OnGreen.High));
            }
        }
    }

    private static IEnumerable<MovementStudy> MovementsOf(InferredSignals inferred, InferredPhases phases, IReadOnlyList<Journey> journeys, Func<ApproachId, IntervalSet> watchedOf)
    {
        for (var p = 0; p < inferred.Plans.Length; p++)
        {
            var span = inferred.Plans[p].Span;
            foreach (var of in journeys.Where(j => j.EnteredAt >= span.From && j.EnteredAt < span.To).GroupBy(j => (Approach: j.Approach!.Value, Exit: j.Exit!.Value)).OrderBy(g => g.Key.Approach.Value, StringComparer.Ordinal))
            {
                var (movement, watched) = (Movement.To(of.Key.Exit), watchedOf(of.Key.Approach));
                var cycles = MovementCycles.Of(phases, of.Key.Approach, movement, span);
                var crossings = of.Select(j => j.EnteredAt!.Value).ToList();
                var headways = SaturationHeadways.Of(cycles, crossings, watched);
                var heavy = of.Count(j => j.Size == VehicleSize.Large) / (double)of.Count();
                var worksheet = SaturationFlow.Of(new LaneConditions(LaneUse.Through, heavy * 100));
                var flow = headways.PerHourOfGreen ?? new Estimate(worksheet, worksheet * 0.9, worksheet * 1.1);
                var performance = MovementPerformance.Of(cycles, crossings, watched, flow);
                var arrivals = CoordinationDiagram.Of(cycles, of.Select(CoordinationDiagram.Arrival).OfType<DateTimeOffset>(), watched).OnGreen;
                var failed = new Share(cycles.Count(c => of.Any(j => j.EnteredAt > c.EndOfAmber && CoordinationDiagram.Arrival(j) < c.Green)), cycles.Count);
                yield return new MovementStudy(
                    of.Key.Approach, movement, p, span, performance.PerHour ?? default, heavy, of.Average(j => j.DelaySeconds), of.Average(j => j.Stops), flow, headways.PerHourOfGreen is not null, headways.StartUpLostSeconds,
                    performance.PerHour is { } perHour ? perHour.Value / flow.Value : null, performance.DegreeOfSaturation, arrivals.Value is { } a ? new Estimate(a, arrivals.Low, arrivals.High) : null,
                    failed.Value is { } f ? new Estimate(f, failed.Low, failed.High) : null);
            }
        }
    }

    private static ImmutableArray<Logs.ComparedGroup> Comparison(InferredSignals inferred) =>
        inferred.Plans.IsEmpty ? [] : [.. inferred.Plans[0].Groups.Where(g => g.BeginSeconds is not null).Take(2).Select(g => new Logs.ComparedGroup(
            g.Approach, g.Movements[0], 46, new Logs.ComparedFigure(inferred.Plans[0].CycleSeconds, 90, 0), new Logs.ComparedFigure(g.BeginSeconds!.Value, g.BeginSeconds.Value.Value + 0.3, 0.1), g.GreenSeconds is { } green ? new Logs.ComparedFigure(green, green.Value - 3.1, 0) : null))];
}
