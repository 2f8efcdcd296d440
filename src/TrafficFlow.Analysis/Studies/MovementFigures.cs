using System.Collections.Immutable;
using TrafficFlow.Analysis.Capacity;
using TrafficFlow.Analysis.Records;
using TrafficFlow.Analysis.Signals;
using TrafficFlow.Analysis.Signals.Performance;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Junctions;

namespace TrafficFlow.Analysis.Studies;

/// <summary>A movement's figures with the lanes that they are of.</summary>
internal sealed record MovementFigure(MovementStudy Study, LaneGroupFigures Lanes, double UnknownExits);

/// <summary>What passed on each movement while each plan ran, and what could have.</summary>
internal sealed class MovementFigures(JunctionRecord record, JunctionTraffic traffic, JunctionSignals signals, JourneyLanes lanes, StudySettings settings)
{
    public ImmutableArray<MovementFigure> All(Action<double> progress, CancellationToken cancellation)
    {
        var figures = ImmutableArray.CreateBuilder<MovementFigure>();
        var periods = signals.Study.Periods;
        if (periods.IsEmpty) periods = [new PlanPeriod(-1, [])];
        for (var i = 0; i < periods.Length; i++)
        {
            progress((double)i / periods.Length);
            foreach (var approach in record.Approaches)
            {
                cancellation.ThrowIfCancellationRequested();
                figures.AddRange(Of(periods[i], approach));
            }
        }

        return figures.ToImmutable();
    }

    /// <summary>Volumes of an approach over some stretches, by its own watched time.</summary>
    public static MovementVolumes? VolumesOf(JunctionRecord record, JunctionTraffic traffic, ApproachRecord approach, IEnumerable<Interval> stretches)
    {
        var parts = new List<ApproachCounts>();
        foreach (var part in stretches.SelectMany(s => new BinAlignment(record.TimeZone).Touching(s, BinDuration.QuarterHour).Select(bin => bin.Clip(s))).Where(p => !p.IsEmpty))
        {
            var counts = traffic.Entered(approach, [part]).GroupBy(JunctionTraffic.MovementOf).ToImmutableDictionary(g => g.Key, g => (long)g.Count());
            parts.Add(new ApproachCounts(counts, approach.Watched.Within(part).Total, part.Length));
        }

        return MovementVolumes.Of(parts);
    }

    private IEnumerable<MovementFigure> Of(PlanPeriod period, ApproachRecord approach)
    {
        var plan = period.Plan < 0 ? null : signals.Plans[period.Plan];
        ImmutableArray<Interval> stretches = plan is null ? [record.Span] : [.. period.Plans.Select(p => signals.Plans[p].Span)];
        if (VolumesOf(record, traffic, approach, stretches) is not { Entering.Counted: > 0 } volumes) yield break;
        var journeys = traffic.Entered(approach, stretches);
        var movements = volumes.ByMovement.IsEmpty ? [Movement.Entering] : volumes.ByMovement.Keys.ToImmutableArray();
        var largest = volumes.ByMovement.IsEmpty ? Movement.Entering : volumes.ByMovement.MaxBy(v => v.Value.PerHour).Key;
        foreach (var (group, own) in GroupsOf(plan, approach, movements))
        {
            var cycles = CyclesOf(approach, own, stretches);
            ImmutableArray<Journey> those = [.. journeys.Where(j => own.Contains(JunctionTraffic.MovementOf(j)))];
            foreach (var figures in LaneGroupFigures.Of(approach, group, own, those, cycles, lanes.Of(approach.Approach), m => m == largest, settings.Rules))
            {
                foreach (var movement in figures.Movements) yield return Of(period, stretches, approach, movement, figures, volumes, [.. those.Where(j => JunctionTraffic.MovementOf(j) == movement)]);
            }
        }
    }

    private MovementFigure Of(PlanPeriod period, ImmutableArray<Interval> stretches, ApproachRecord approach, Movement movement, LaneGroupFigures figures, MovementVolumes volumes, ImmutableArray<Journey> journeys)
    {
        var volume = Volume(movement);
        double demand = figures.Movements.Sum(m => Volume(m).PerHour);
        var flowRatio = demand / figures.SaturationFlow.Value;
        var delayed = journeys.Where(j => j.DistanceMetres > 0).ToList();
        var study = new MovementStudy(
            approach.Approach,
            movement,
            period.Plan < 0 ? null : period.Plan,
            new Interval(stretches.Min(s => s.From), stretches.Max(s => s.To)),
            new Estimate(volume.PerHour, volume.PerHourLow, volume.PerHourHigh),
            LaneGroupFigures.HeavyShareOf(journeys),
            delayed.Count > 0 ? delayed.Average(j => j.DelaySeconds) : null,
            delayed.Count > 0 ? delayed.Average(j => j.Stops) : null,
            figures.SaturationFlow,
            figures.IsMeasured,
            figures.StartLostSeconds,
            flowRatio,
            DegreeOf(figures, volumes, demand),
            ArrivalsOf(figures.Cycles, journeys, approach.Watched)?.OnGreen is { Value: { } share } onGreen ? new Estimate(share, onGreen.Low, onGreen.High) : null,
            SplitFailuresOf(figures.Cycles, delayed, approach.Watched) is { Value: { } failed } failures ? new Estimate(failed, failures.Low, failures.High) : null)
        {
            Stretches = stretches.Length > 1 ? stretches : [],
            Lanes = figures.Lanes,
        };
        return new MovementFigure(study, figures, volumes.UnknownShare);

        HourlyVolume Volume(Movement of) => volumes.ByMovement.GetValueOrDefault(of) ?? volumes.Entering;
    }

    /// <summary>q C / (s g); demand, saturation flow and green err independently.</summary>
    private static Estimate? DegreeOf(LaneGroupFigures figures, MovementVolumes volumes, double demand)
    {
        if (figures.GreenShare is not (> 0 and var share)) return null;
        var degree = demand / (figures.SaturationFlow.Value * share);
        var entering = volumes.Entering;
        var relative = demand > 0 ? (entering.PerHourHigh - entering.PerHourLow) / 2 / Math.Max(entering.PerHour, 1e-9) * Math.Sqrt(Math.Max(1, entering.PerHour / demand)) : 0;
        var margin = degree * Math.Sqrt((relative * relative) + Math.Pow(figures.SaturationFlow.Margin / figures.SaturationFlow.Value, 2));
        return new Estimate(degree, Math.Max(0, degree - margin), degree + margin);
    }

    private static CoordinationDiagram? ArrivalsOf(ImmutableArray<MovementCycle> cycles, ImmutableArray<Journey> journeys, IntervalSet watched) =>
        cycles.IsEmpty ? null : CoordinationDiagram.Of(cycles, journeys.Select(CoordinationDiagram.Arrival).OfType<DateTimeOffset>(), watched);

    /// <summary>
    /// Cycles in which somebody who was there when green began had not passed when it ended, of those that were watched from red to the next end of green. When a vehicle came is its crossing less
    /// its delay, at the earliest when it was first seen: a queue beyond sight hides failures, and none is invented.
    /// </summary>
    private static Share? SplitFailuresOf(ImmutableArray<MovementCycle> cycles, List<Journey> journeys, IntervalSet watched)
    {
        if (cycles.Length < 2) return null;
        var failed = new HashSet<int>();
        var greens = cycles.Select(c => c.Green).ToArray();
        foreach (var journey in journeys)
        {
            if (CoordinationDiagram.Arrival(journey) is not { } came) continue;
            // The first green that began after it had come.
            var first = Array.BinarySearch(greens, came) is var i && i < 0 ? ~i : i;
            for (var c = first; c < cycles.Length && journey.EnteredAt > cycles[c].EndOfAmber; c++) failed.Add(c);
        }

        var seen = Enumerable.Range(0, cycles.Length).Where(c => watched.Covers(cycles[c].Span)).ToList();
        return new Share(seen.Count(failed.Contains), seen.Count);
    }

    /// <summary>Movements that have green together in a plan; those that the plan does not tell of are by themselves.</summary>
    private static IEnumerable<(int? Group, ImmutableArray<Movement> Movements)> GroupsOf(InferredPlan? plan, ApproachRecord approach, ImmutableArray<Movement> movements)
    {
        var left = movements.ToList();
        for (var g = 0; plan is not null && g < plan.Groups.Length; g++)
        {
            if (plan.Groups[g].Approach != approach.Approach) continue;
            ImmutableArray<Movement> own = [.. left.Where(plan.Groups[g].Movements.Contains)];
            if (own.IsEmpty) continue;
            left.RemoveAll(own.Contains);
            yield return (g, own);
        }

        if (left.Count > 0 && plan is null) yield return (null, [.. left]);
        if (plan is not null) foreach (var alone in left) yield return (null, [alone]);
    }

    private ImmutableArray<MovementCycle> CyclesOf(ApproachRecord approach, ImmutableArray<Movement> movements, ImmutableArray<Interval> stretches)
    {
        foreach (var movement in movements)
        {
            ImmutableArray<MovementCycle> cycles = [.. stretches.SelectMany(s => MovementCycles.Of(signals.Phases, approach.Approach, movement, s)).OrderBy(c => c.Green)];
            if (!cycles.IsEmpty) return cycles;
        }

        return [];
    }
}
