using System.Collections.Immutable;
using TrafficFlow.Core.Signals;

namespace TrafficFlow.Analysis.Proposals.Corridors;

/// <summary>
/// For how long of each cycle a vehicle can enter the line and pass all its greens without a stop, at the links' speeds: the bandwidth of Little, Kelson and Gartner (MAXBAND, Transportation
/// Research Record 795, 1981). A second figure beside delay: it knows neither flows nor queues.
/// </summary>
/// <param name="OutboundSeconds">The widest band; null where the line has no such way through.</param>
public sealed record Bandwidth(double? OutboundSeconds, double? InboundSeconds, double CycleSeconds)
{
    /// <summary>Mean over the directions, as a share of the cycle: the guide of PASSER II calls 0.13 to 0.24 fair and 0.25 to 0.36 good.</summary>
    public double? Efficiency => (OutboundSeconds, InboundSeconds) switch
    {
        ({ } o, { } i) => (o + i) / 2 / CycleSeconds,
        (null, null) => null,
        var (o, i) => (o ?? i) / CycleSeconds,
    };

    internal static Bandwidth Of(Corridor corridor, ImmutableArray<TimingPlan> plans) =>
        new(Band(corridor, plans, [.. corridor.Links.Where(l => l.IsOutbound).OrderBy(l => l.From)]), Band(corridor, plans, [.. corridor.Links.Where(l => !l.IsOutbound).OrderByDescending(l => l.From)]), corridor.CycleSeconds);

    private static double? Band(Corridor corridor, ImmutableArray<TimingPlan> plans, ImmutableArray<CorridorLink> links)
    {
        if (links.Length != corridor.Junctions.Length - 1 || links[0].Feeds.IsEmpty) return null;
        var open = Windows(corridor, links[0].From, plans, links[0].Feeds.MaxBy(f => f.VehiclesPerHour)!.Group, 0);
        var travelled = 0.0;
        for (var i = 0; i < links.Length; i++)
        {
            travelled += links[i].TravelSeconds;
            var next = i + 1 < links.Length ? links[i + 1].Feeds : [];
            var through = links[i].Groups.Where(g => i + 1 == links.Length || next.Any(f => f.Group == g)).ToList();
            if (through.Count == 0) return null;
            double Flow(string group) => next.FirstOrDefault(f => f.Group == group)?.VehiclesPerHour ?? corridor.Junctions[links[i].To].Demand.First(d => d.Group == group).VehiclesPerHour;
            open = Both(open, Windows(corridor, links[i].To, plans, through.MaxBy(Flow)!, travelled));
        }

        return Longest(open, corridor.CycleSeconds);
    }

    /// <summary>Within [0, cycle), in order: when a vehicle must pass the first stop line to find this one green.</summary>
    private static List<(double From, double To)> Windows(Corridor corridor, int junction, ImmutableArray<TimingPlan> plans, string group, double travelled)
    {
        var (plan, cycle) = (plans[junction], corridor.CycleSeconds);
        var windows = new List<(double, double)>();
        for (var k = 0; k < (int)Math.Round(cycle / plan.CycleSeconds); k++)
        {
            foreach (var (begin, length) in GroupGreens.Of(plan, group, corridor.Junctions[junction].Rules))
            {
                if (length >= cycle) return [(0, cycle)];
                var from = (((plan.OffsetSeconds + begin + (k * plan.CycleSeconds) - travelled) % cycle) + cycle) % cycle;
                windows.Add((from, Math.Min(cycle, from + length)));
                if (from + length > cycle) windows.Add((0, from + length - cycle));
            }
        }

        windows.Sort();
        return windows;
    }

    private static List<(double From, double To)> Both(List<(double From, double To)> one, List<(double From, double To)> other) =>
    [
        .. (from a in one
            from b in other
            let span = (From: Math.Max(a.From, b.From), To: Math.Min(a.To, b.To))
            where span.To > span.From + 1e-9
            select span).Order(),
    ];

    private static double Longest(List<(double From, double To)> spans, double cycle)
    {
        if (spans.Count == 0) return 0;
        var longest = spans.Max(s => s.To - s.From);
        // What goes on over the cycle's end.
        return spans.Count > 1 && spans[0].From <= 1e-9 && spans[^1].To >= cycle - 1e-9 ? Math.Max(longest, spans[0].To + cycle - spans[^1].From) : longest;
    }
}
