using System.Collections.Immutable;
using TrafficFlow.Analysis.Capacity;
using TrafficFlow.Analysis.Proposals;
using TrafficFlow.Analysis.Records;
using TrafficFlow.Analysis.Signals;
using TrafficFlow.Analysis.Signals.Performance;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Junctions;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Analysis.Studies;

/// <summary>Movements of one approach that have green together and share lanes, and what these can pass: what HCM calls a lane group. Their figures of capacity are the same.</summary>
/// <param name="Group">Its signal group's place in the plan; null where no plan is known.</param>
/// <param name="AreLanesMeasured">False where the number of lanes is told by the discharge alone: as many at the least.</param>
/// <param name="IsMeasured">False where the saturation flow is the worksheet's.</param>
/// <param name="GreenShare">Effective green of the cycle; null where the signals are not known.</param>
internal sealed record LaneGroupFigures(
    ApproachId Approach,
    ImmutableArray<Movement> Movements,
    int? Group,
    int Lanes,
    bool AreLanesMeasured,
    Estimate SaturationFlow,
    bool IsMeasured,
    Estimate? StartLostSeconds,
    double? GreenShare,
    ImmutableArray<MovementCycle> Cycles)
{
    /// <summary>Of a worksheet's saturation flow, standard error as a share of it: measured ones lie within some 10 % of it.</summary>
    private const double WorksheetError = 0.05;

    /// <summary>Of a lane's vehicles of a group; fewer have changed lanes late.</summary>
    private const double LeastOfLane = 0.1;

    // A lane lets go one vehicle every 2 s. The first seconds of green nobody crosses, and later the queue may be gone.
    private const double HeadwaySeconds = 2;
    private const double DischargeFrom = 4;
    private const double DischargeFor = 10;

    /// <summary>What one lane may discharge: outside of it, it is not one lane.</summary>
    private static readonly (double Low, double High) s_lane = (1_100, 2_400);

    /// <param name="journeys">Of this approach and the movements of one signal group, within what was watched.</param>
    /// <param name="isLargest">Whether a movement is the approach's largest: who goes straight on, where nothing else tells it.</param>
    public static IEnumerable<LaneGroupFigures> Of(
        ApproachRecord approach, int? group, ImmutableArray<Movement> movements, ImmutableArray<Journey> journeys, ImmutableArray<MovementCycle> cycles, LanesOfApproach? lanes, Func<Movement, bool> isLargest, TimingRules rules)
    {
        var parts = lanes is null ? [(Movements: movements, Lanes: (ImmutableArray<int>)[])] : SharedLanes(movements, journeys, lanes).ToList();
        foreach (var part in parts)
        {
            var own = part.Movements.Length == movements.Length ? journeys : [.. journeys.Where(j => part.Movements.Contains(JunctionTraffic.MovementOf(j)))];
            var count = part.Lanes.IsEmpty ? LanesByDischarge(cycles, own, approach.Watched) : part.Lanes.Length;
            var measured = Measured(part.Lanes, count, own, cycles, lanes, approach.Watched);
            var saturation = measured?.Flow ?? Worksheet(part.Movements, own, count, isLargest);
            var lost = measured?.Lost;
            yield return new LaneGroupFigures(
                approach.Approach, part.Movements, group, count, !part.Lanes.IsEmpty, saturation, measured is not null, lost, GreenShareOf(cycles, lost?.Value ?? rules.StartLostSeconds, rules), cycles);
        }
    }

    /// <summary>Of those whose size is known; 0 where none is.</summary>
    public static double HeavyShareOf(IEnumerable<Journey> journeys)
    {
        var (large, known) = (0, 0);
        foreach (var size in journeys.Select(j => j.Size).Where(s => s != VehicleSize.Unknown)) (large, known) = (large + (size == VehicleSize.Large ? 1 : 0), known + 1);
        return known > 0 ? (double)large / known : 0;
    }

    private static IEnumerable<(ImmutableArray<Movement> Movements, ImmutableArray<int> Lanes)> SharedLanes(ImmutableArray<Movement> movements, ImmutableArray<Journey> journeys, LanesOfApproach lanes)
    {
        var used = movements.ToDictionary(m => m, m =>
        {
            var counts = journeys.Where(j => JunctionTraffic.MovementOf(j) == m).Select(lanes.Of).OfType<int>().GroupBy(l => l).ToDictionary(g => g.Key, g => g.Count());
            var all = counts.Values.Sum();
            return counts.Where(c => c.Value >= LeastOfLane * all).Select(c => c.Key).ToHashSet();
        });
        var left = movements.ToList();
        while (left.Count > 0)
        {
            var (part, of) = (new List<Movement> { left[0] }, new HashSet<int>(used[left[0]]));
            left.RemoveAt(0);
            while (left.FindIndex(m => used[m].Overlaps(of) || used[m].Count == 0) is var next and >= 0)
            {
                part.Add(left[next]);
                of.UnionWith(used[left[next]]);
                left.RemoveAt(next);
            }

            yield return ([.. part.Order()], [.. of.Order()]);
        }
    }

    private static (Estimate Flow, Estimate? Lost)? Measured(
        ImmutableArray<int> lanes, int count, ImmutableArray<Journey> journeys, ImmutableArray<MovementCycle> cycles, LanesOfApproach? of, IntervalSet watched)
    {
        if (lanes.IsEmpty && count > 1) return null;
        var crossings = lanes.IsEmpty
            ? [[.. journeys.Select(j => j.EnteredAt!.Value)]]
            : lanes.Select(l => journeys.Where(j => of!.Of(j) == l).Select(j => j.EnteredAt!.Value).ToList()).ToList();
        var measured = crossings.Select(c => SaturationHeadways.Of(cycles, c, watched)).Where(h => h.PerHourOfGreen is { } flow && flow.Value > s_lane.Low && flow.Value < s_lane.High).ToList();
        if (measured.Count == 0) return null;
        // Lanes without a queue are as those with one.
        var (mean, margin) = (measured.Average(m => m.PerHourOfGreen!.Value.Value), Math.Sqrt(measured.Sum(m => Math.Pow(m.PerHourOfGreen!.Value.Margin, 2))) / measured.Count);
        var lost = measured.Select(m => m.StartUpLostSeconds).OfType<Estimate>().ToList();
        return (
            new Estimate(mean * count, (mean - margin) * count, (mean + margin) * count),
            lost.Count == 0 ? null : new Estimate(lost.Average(l => l.Value), lost.Average(l => l.Low), lost.Average(l => l.High)));
    }

    private static Estimate Worksheet(ImmutableArray<Movement> movements, ImmutableArray<Journey> journeys, int lanes, Func<Movement, bool> isLargest)
    {
        var use = movements is [var only] && only != Movement.Entering && !isLargest(only) ? LaneUse.Turn : LaneUse.Through;
        var flow = lanes * Capacity.SaturationFlow.Of(new LaneConditions(use, 100 * HeavyShareOf(journeys)));
        return Estimate.Of(flow, WorksheetError * flow);
    }

    /// <summary>By the discharge of the fullest greens: one vehicle each 2 s from each lane. Where no queue is long enough for that they are too few, and then nothing hangs on them.</summary>
    private static int LanesByDischarge(ImmutableArray<MovementCycle> cycles, ImmutableArray<Journey> journeys, IntervalSet watched)
    {
        var times = journeys.Select(j => j.EnteredAt!.Value).Order().ToArray();
        var rates = new List<double>();
        foreach (var cycle in cycles)
        {
            var window = new Interval(cycle.Green.AddSeconds(DischargeFrom), cycle.Green.AddSeconds(Math.Min(DischargeFrom + DischargeFor, cycle.GreenSeconds)));
            if (window.Length.TotalSeconds < DischargeFor / 2 || !watched.Covers(window)) continue;
            rates.Add((First(window.To) - First(window.From)) / window.Length.TotalSeconds);
        }

        if (rates.Count == 0) return 1;
        rates.Sort();
        return Math.Clamp((int)Math.Round(rates[(int)(0.9 * (rates.Count - 1))] * HeadwaySeconds), 1, 5);

        int First(DateTimeOffset time) => Array.BinarySearch(times, time) is var i && i < 0 ? ~i : i;
    }

    private static double? GreenShareOf(ImmutableArray<MovementCycle> cycles, double lostSeconds, TimingRules rules)
    {
        var all = cycles.Sum(c => c.CycleSeconds);
        return all > 0 ? cycles.Sum(c => Math.Max(0, c.GreenSeconds + Math.Min(rules.AmberUsedSeconds, (c.EndOfAmber - c.Amber).TotalSeconds) - lostSeconds)) / all : null;
    }
}
