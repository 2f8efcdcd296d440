using System.Collections.Immutable;
using TrafficFlow.Analysis.Capacity;
using TrafficFlow.Core.Signals;

namespace TrafficFlow.Analysis.Proposals.Corridors;

/// <summary>
/// Cyclic flows of a line as TRANSYT has them: what leaves a stop line goes, spread on its way, to the next, where it waits in a cyclic queue. The cycle is cut into steps of about a second.
/// </summary>
/// <param name="corridor">Valid.</param>
internal sealed class CorridorFlows(Corridor corridor)
{
    private readonly int _steps = (int)Math.Max(1, Math.Round(corridor.CycleSeconds));

    public int Steps => _steps;

    private double StepSeconds => corridor.CycleSeconds / _steps;

    /// <summary>From the first link on in each direction, so that what feeds a link is known before it.</summary>
    private readonly ImmutableArray<int> _order =
    [
        .. Enumerable.Range(0, corridor.Links.Length).Where(i => corridor.Links[i].IsOutbound).OrderBy(i => corridor.Links[i].From),
        .. Enumerable.Range(0, corridor.Links.Length).Where(i => !corridor.Links[i].IsOutbound).OrderByDescending(i => corridor.Links[i].From),
    ];

    public Corridor Corridor => corridor;

    /// <summary>The whole line: platoons are followed from end to end.</summary>
    public CorridorEffect Of(ImmutableArray<TimingPlan> plans)
    {
        var passed = new Dictionary<(int Junction, string Group), double[]>();
        var effects = new List<StopLineEffect>();
        for (var j = 0; j < corridor.Junctions.Length; j++)
        {
            foreach (var demand in corridor.Junctions[j].Demand.Where(d => corridor.LinkInto(j, d.Group) is null)) Add(j, demand, null, null);
        }

        foreach (var link in _order)
        {
            var shape = Shape(corridor.Links[link], feed => passed[(corridor.Links[link].From, feed)]);
            foreach (var demand in Served(corridor.Links[link])) Add(corridor.Links[link].To, demand, link, shape);
        }

        var vehicles = effects.Sum(e => e.VehiclesPerHour);
        return new CorridorEffect(
            plans, [.. effects.OrderBy(e => e.Junction)], Lost(effects) / 3600, vehicles > 0 ? effects.Where(e => e.VehiclesPerHour > 0).Sum(e => e.VehiclesPerHour * e.Stops) / vehicles : 0,
            Bandwidth.Of(corridor, plans));

        void Add(int junction, GroupDemand demand, int? link, double[]? shape)
        {
            var (effect, departures) = Effect(junction, plans[junction], demand, link, shape);
            effects.Add(effect);
            passed[(junction, demand.Group)] = departures;
        }
    }

    /// <summary>
    /// Vehicle-seconds an hour on one link where its first junction is reached evenly: what hangs on two plans alone, so that pairs of junctions can be added up (the combination method of Hillier,
    /// Traffic Engineering and Control 7, 1965).
    /// </summary>
    public double PairCost(CorridorLink link, TimingPlan from, TimingPlan to)
    {
        var feeders = corridor.Junctions[link.From].Demand;
        var shape = Shape(link, feed => Effect(link.From, from, feeders.First(d => d.Group == feed), null, null).Departures);
        return Lost(Served(link).Select(d => Effect(link.To, to, d, null, shape).Effect));
    }

    /// <summary>Vehicle-seconds an hour of those who come on no link.</summary>
    public double OwnCost(int junction, TimingPlan plan) =>
        Lost(corridor.Junctions[junction].Demand.Where(d => corridor.LinkInto(junction, d.Group) is null).Select(d => Effect(junction, plan, d, null, null).Effect));

    /// <summary>The first junction alone, its cycle the line's.</summary>
    /// <param name="shapes">How the arrivals of a group are spread over the steps of a cycle that begins with the plan's first stage; evenly for a group without.</param>
    public ImmutableArray<StopLineEffect> OfJunction(TimingPlan plan, IReadOnlyDictionary<string, double[]> shapes) =>
        [.. corridor.Junctions[0].Demand.Select(d => Effect(0, plan with { OffsetSeconds = 0 }, d, null, shapes.GetValueOrDefault(d.Group)).Effect)];

    private static double Lost(IEnumerable<StopLineEffect> effects) => effects.Where(e => e.VehiclesPerHour > 0).Sum(e => e.VehiclesPerHour * e.DelaySeconds);

    private IEnumerable<GroupDemand> Served(CorridorLink link) => corridor.Junctions[link.To].Demand.Where(d => link.Groups.Contains(d.Group));

    /// <summary>How what comes on a link is spread over the cycle; the sum is 1.</summary>
    private double[] Shape(CorridorLink link, Func<string, double[]> departuresOf)
    {
        var wanted = Served(link).Sum(d => d.VehiclesPerHour);
        var begin = new double[_steps];
        var fed = 0.0;
        foreach (var feed in link.Feeds.Where(f => f.VehiclesPerHour > 0))
        {
            var departures = departuresOf(feed.Group);
            var sum = departures.Sum();
            if (sum <= 0) continue;
            fed += feed.VehiclesPerHour;
            for (var i = 0; i < _steps; i++) begin[i] += departures[i] / sum * feed.VehiclesPerHour;
        }

        var evenly = Math.Max(0, wanted - fed) / _steps;
        var arrivals = fed > 0 ? link.Dispersion.Arrivals(begin, link.TravelSeconds, StepSeconds) : begin;
        var all = fed + (evenly * _steps);
        for (var i = 0; i < _steps; i++) arrivals[i] = all > 0 ? (arrivals[i] + evenly) / all : 1.0 / _steps;
        return arrivals;
    }

    private (StopLineEffect Effect, double[] Departures) Effect(int junction, TimingPlan plan, GroupDemand demand, int? link, double[]? shape)
    {
        var rules = corridor.Junctions[junction].Rules;
        var greens = GroupGreens.Of(plan, demand.Group, rules);
        var green = Math.Min(plan.CycleSeconds, greens.Sum(g => g.Length));
        var shown = Shown(plan, greens);
        var departures = new double[_steps];
        var (vehicles, delay, stops, onGreen, fullest, queued) = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0);
        foreach (var lane in demand.Lanes.Where(l => l.VehiclesPerHour > 0))
        {
            vehicles += lane.VehiclesPerHour;
            var capacity = SaturationFlow.Capacity(lane.SaturationFlow, green, plan.CycleSeconds);
            if (capacity <= 0)
            {
                delay = stops = fullest = double.PositiveInfinity;
                continue;
            }

            var x = lane.VehiclesPerHour / capacity;
            fullest = Math.Max(fullest, x);
            var ofCycle = lane.VehiclesPerHour * corridor.CycleSeconds / 3600;
            var (arrivals, service) = (new double[_steps], new double[_steps]);
            for (var i = 0; i < _steps; i++)
            {
                arrivals[i] = ofCycle * (shape?[i] ?? 1.0 / _steps);
                service[i] = lane.SaturationFlow / 3600 * StepSeconds * shown[i];
            }

            var queue = StopLineQueue.Of(arrivals, service, StepSeconds);
            var come = Math.Min(1, 1 / x) * ofCycle;
            var overflow = green >= plan.CycleSeconds ? 0 : HcmDelay.IncrementalSeconds(x, capacity, rules.PeriodHours);
            delay += lane.VehiclesPerHour * ((queue.VehicleSeconds / come) + overflow);
            stops += lane.VehiclesPerHour * (green >= plan.CycleSeconds ? 0 : 0.9 * ((queue.Stopped / come) + (overflow / plan.CycleSeconds)));
            onGreen += lane.VehiclesPerHour * queue.OnGreen / come;
            queued = Math.Max(queued, queue.MostQueued);
            for (var i = 0; i < _steps; i++) departures[i] += queue.Departures[i];
        }

        return (
            new StopLineEffect(
                junction, demand.Group, link, vehicles, fullest, vehicles > 0 ? delay / vehicles : 0, vehicles > 0 ? stops / vehicles : 0, vehicles > 0 ? onGreen / vehicles : 0, queued),
            departures);
    }

    /// <summary>The part of each step with effective green.</summary>
    private double[] Shown(TimingPlan plan, ImmutableArray<(double Begin, double Length)> greens)
    {
        var shown = new double[_steps];
        var cycles = (int)Math.Round(corridor.CycleSeconds / plan.CycleSeconds);
        // A half cycle that is a hair off is stretched to fit.
        var scale = corridor.CycleSeconds / (cycles * plan.CycleSeconds);
        for (var cycle = 0; cycle < cycles; cycle++)
        {
            foreach (var (begin, length) in greens)
            {
                var from = ((plan.OffsetSeconds + begin + (cycle * plan.CycleSeconds)) * scale / StepSeconds % _steps + _steps) % _steps;
                var to = from + Math.Min(length * scale / StepSeconds, _steps);
                for (var i = (int)Math.Floor(from); i < to; i++) shown[i % _steps] += Math.Min(to, i + 1) - Math.Max(from, i);
            }
        }

        for (var i = 0; i < _steps; i++) shown[i] = Math.Min(1, shown[i]);
        return shown;
    }
}
