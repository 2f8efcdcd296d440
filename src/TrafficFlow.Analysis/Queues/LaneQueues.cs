using System.Collections.Immutable;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Junctions;
using TrafficFlow.Core.Signals;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Analysis.Queues;

/// <summary>
/// The queue of each lane and cycle, told from journeys and signals, also where it reached beyond what cameras see. There its length is an estimate: of vehicles that leave one after the other at
/// saturation nobody saw which had stood and which had only slowed down; the nearer demand is to capacity, the more of them there are. The interval says how much that leaves open
/// (benchmark `queues`: in sight 95 % of the cycles within 7 m, beyond it half of them).
/// </summary>
public static class LaneQueues
{
    // A lane's movements are those of more than so much of its traffic: a few are placed in the wrong lane.
    private const double LeastMovementShare = 0.08;

    // Two greens that part for no longer are one.
    private const double LeastRedSeconds = 4;

    // Signals of a little before and after tell of the first and last vehicles.
    private static readonly TimeSpan s_margin = TimeSpan.FromMinutes(10);

    /// <summary>
    /// Of one approach, in order of lane and time. Where its lanes cannot be told, or nobody knows its signals, there is none; of a cycle that was not watched whole the back is null.
    /// </summary>
    /// <param name="journeys">Of any approach, within the span.</param>
    /// <param name="watched">When every camera that sees vehicles enter from the approach watched.</param>
    /// <param name="seenMetres">How far back from the entering gate cameras see; null where that is not known.</param>
    /// <param name="signals">The controller's, or inferred.</param>
    /// <param name="drivesOnLeft">As in Japan: the kerb is on the left.</param>
    public static ImmutableArray<LaneCycleQueue> Of(
        ApproachId approach, Interval span, IEnumerable<Journey> journeys, IntervalSet watched, double? seenMetres, ISignalPhases signals, CancellationToken cancellation = default, bool drivesOnLeft = true)
    {
        var entered = journeys.Where(j => j.Approach == approach && j.EnteredAt is not null).ToList();
        if (ApproachLanes.Of([.. entered.Select(j => j.LateralMetres).OfType<double>()]) is not { } lanes) return [];
        var byLane = ByLane(entered, lanes);
        var queues = ImmutableArray.CreateBuilder<LaneCycleQueue>();
        for (var number = 1; number <= lanes.Middles.Length; number++)
        {
            cancellation.ThrowIfCancellationRequested();
            // From the kerb.
            var lane = drivesOnLeft ? number : lanes.Middles.Length + 1 - number;
            queues.AddRange(Of(new Seen(approach, span, watched, seenMetres), number, [.. byLane[lane].OrderBy(j => j.EnteredAt).ThenBy(j => j.Number)], signals));
        }

        return queues.ToImmutable();
    }

    private readonly record struct Seen(ApproachId Approach, Interval Span, IntervalSet Watched, double? Metres);

    /// <summary>Who was not seen across the gate goes where all others of its movement go, if they go one way.</summary>
    private static ILookup<int, Journey> ByLane(List<Journey> journeys, ApproachLanes lanes)
    {
        var known = journeys.Select(j => (Journey: j, Lane: j.LateralMetres is { } lateral ? lanes.Of(lateral) : null)).ToList();
        var usual = known.Where(k => k.Lane is not null && k.Journey.Exit is not null).GroupBy(k => k.Journey.Exit!.Value)
            .ToDictionary(g => g.Key, g => g.GroupBy(k => k.Lane!.Value).Select(l => (Lane: l.Key, Share: (double)l.Count() / g.Count())).MaxBy(l => l.Share));
        return known.Select(k => (k.Journey, Lane: k.Lane ?? (k.Journey.Exit is { } exit && usual.GetValueOrDefault(exit) is { Share: > 0.9 } most ? most.Lane : 0)))
            .Where(k => k.Lane > 0).ToLookup(k => k.Lane, k => k.Journey);
    }

    private static IEnumerable<LaneCycleQueue> Of(Seen seen, int lane, List<Journey> journeys, ISignalPhases signals)
    {
        var span = seen.Span;
        var greens = Greens(seen.Approach, journeys, signals, new Interval(span.From - s_margin, span.To + s_margin));
        if (greens.Count < 2) return [];
        var vehicles = Vehicles(journeys, span.From);
        return LaneCycles.Of(vehicles, greens, seen.Metres ?? Sight(vehicles), time => seen.Watched.Contains(span.From.AddSeconds(time)))
            .Where(c => Time(c.Cycle.From) >= span.From && Time(c.Cycle.To) <= span.To).Select(c =>
            {
                var cycle = new Interval(Time(c.Cycle.From), Time(c.Cycle.To));
                return seen.Watched.Covers(cycle)
                    ? new LaneCycleQueue(seen.Approach, lane, cycle, Time(c.GreenBegin), c.Back, c.Vehicles, c.IsBeyondSight)
                    : new LaneCycleQueue(seen.Approach, lane, cycle, Time(c.GreenBegin), null, 0, false);
            });

        DateTimeOffset Time(double seconds) => span.From.AddTicks((long)Math.Round(seconds * TimeSpan.TicksPerSecond));
    }

    /// <summary>When any movement of the lane had green.</summary>
    private static List<LaneGreen> Greens(ApproachId approach, List<Journey> journeys, ISignalPhases signals, Interval span)
    {
        var zero = span.From + s_margin;
        var exits = journeys.Where(j => j.Exit is not null).ToList();
        var movements = exits.GroupBy(j => j.Exit!.Value).Where(g => g.Count() > LeastMovementShare * exits.Count).Select(g => Movement.To(g.Key)).Append(Movement.Entering).ToHashSet();
        var greens = new List<LaneGreen>();
        foreach (var phase in signals.Overlapping(approach, span).Where(p => p.Colour == SignalColour.Green && p.Movements.Any(movements.Contains)).OrderBy(p => p.Span.From))
        {
            var (from, to) = ((phase.Span.From - zero).TotalSeconds, (phase.Span.To - zero).TotalSeconds);
            if (greens.Count > 0 && from - greens[^1].End < LeastRedSeconds) greens[^1] = new LaneGreen(greens[^1].Begin, Math.Max(greens[^1].End, to));
            else greens.Add(new LaneGreen(from, to));
        }

        return greens;
    }

    private static List<LaneVehicle> Vehicles(List<Journey> journeys, DateTimeOffset zero)
    {
        // Tables keep whole seconds, cut down.
        var half = journeys.All(j => j.EnteredAt!.Value.UtcTicks % TimeSpan.TicksPerSecond == 0) ? 0.5 : 0;
        return
        [
            .. journeys.Select(j => new LaneVehicle(
                Seconds(j.EnteredAt!.Value), Seconds(j.FirstSeenAt), j.QueuedAt is { } joined ? Seconds(joined) : null, j.QueuedAt is not null && j.QueuedMetres is { } metres ? metres : null, j.Class)),
        ];

        double Seconds(DateTimeOffset time) => (time - zero).TotalSeconds + half;
    }

    /// <summary>Where the farthest were seen to join; a lane whose queues never were long has none that matters.</summary>
    private static double Sight(List<LaneVehicle> vehicles)
    {
        var places = vehicles.Select(v => v.JoinedMetres).OfType<double>().Order().ToList();
        return places.Count < 20 ? 40 : places[^(1 + (places.Count / 50))];
    }
}
