using System.Collections.Immutable;
using MathNet.Numerics.Random;
using TrafficFlow.Core.Signals;

namespace TrafficFlow.Analysis.Proposals.Corridors;

/// <summary>When the vehicles of one signal group come to its stop line, or would if nothing held them up: second of the cycle, from the begin of the plan's first stage, as a coordination diagram has them.</summary>
public sealed record GroupArrivals(string Group, ImmutableArray<double> SecondsInCycle);

/// <summary>
/// Whether another order of stages would suit the platoons that come to one junction, such as its turning arrow before the through green (lead) instead of after it (lag). Greens, cycle and offset stay;
/// neighbours too, so that platoons come when they come today. Groups whose arrivals nobody measured are taken as reached evenly.
/// </summary>
/// <param name="Proposed">Today's itself where no other order is surely better: where the lower end of the gain's interval is above 0.</param>
/// <param name="Gain">In vehicle-hours an hour; its interval by drawing as many arrivals again from those that were measured (bootstrap, Efron 1979).</param>
public sealed record StageOrderProposal(
    TimingPlan Today, TimingPlan Proposed, ImmutableArray<StopLineEffect> Before, ImmutableArray<StopLineEffect> After, ImmutableArray<WorseStopLine> Worse, GainEstimate Gain)
{
    private const int Draws = 200;

    public bool IsChange => Proposed != Today;

    /// <exception cref="ArgumentException">The plan, the demand or the rules make no sense.</exception>
    public static StageOrderProposal Of(CorridorJunction junction, IReadOnlyList<GroupArrivals> arrivals, CorridorRules rules, int seed = 1)
    {
        rules.Validated();
        junction.Plan.Validated();
        if (string.Join("; ", Corridor.DemandErrors(junction)) is { Length: > 0 } errors) throw new ArgumentException(errors);
        if (arrivals.FirstOrDefault(a => !a.SecondsInCycle.All(double.IsFinite)) is { } bad) throw new ArgumentException($"an arrival of {bad.Group} has no time");
        var flows = new CorridorFlows(new Corridor([junction], []));
        var measured = Shapes(arrivals, flows.Steps, junction.Plan.CycleSeconds, null);
        var orders = StageOrders.Of(junction.Plan, rules.IntergreenSeconds);
        var effects = orders.Select(o => flows.OfJunction(o, measured)).ToList();
        var best = Enumerable.Range(0, orders.Length).MinBy(i => Lost(effects[i]));
        if (best == 0) return new StageOrderProposal(junction.Plan, junction.Plan, effects[0], effects[0], [], new GainEstimate(0, 0, 0, 0));
        var random = new MersenneTwister(seed, threadSafe: false);
        var drawn = new double[Draws];
        for (var i = 0; i < Draws; i++)
        {
            var shapes = Shapes(arrivals, flows.Steps, junction.Plan.CycleSeconds, random);
            drawn[i] = (Lost(flows.OfJunction(junction.Plan, shapes)) - Lost(flows.OfJunction(orders[best], shapes))) / 3600;
        }

        Array.Sort(drawn);
        var gain = new GainEstimate((Lost(effects[0]) - Lost(effects[best])) / 3600, drawn[(int)(0.025 * Draws)], drawn[(int)(0.975 * Draws) - 1], drawn.Count(g => g > 0) / (double)Draws);
        // The best of several by chance looks better than it is: an interval that touches 0 is no reason to touch a controller.
        return gain.Low > 1e-6
            ? new StageOrderProposal(junction.Plan, orders[best], effects[0], effects[best], [.. CorridorProposal.WorseThan(effects[0], effects[best], rules)], gain)
            : new StageOrderProposal(junction.Plan, junction.Plan, effects[0], effects[0], [], gain);
    }

    private static double Lost(ImmutableArray<StopLineEffect> effects) => effects.Where(e => e.VehiclesPerHour > 0).Sum(e => e.VehiclesPerHour * e.DelaySeconds);

    /// <summary>Shares of the cycle's steps.</summary>
    private static Dictionary<string, double[]> Shapes(IReadOnlyList<GroupArrivals> arrivals, int steps, double cycle, Random? random)
    {
        var shapes = new Dictionary<string, double[]>(StringComparer.Ordinal);
        foreach (var group in arrivals.Where(a => !a.SecondsInCycle.IsEmpty))
        {
            var shape = new double[steps];
            var count = group.SecondsInCycle.Length;
            for (var i = 0; i < count; i++)
            {
                var second = group.SecondsInCycle[random?.Next(count) ?? i];
                shape[(int)Math.Min(steps - 1, ((second % cycle) + cycle) % cycle / cycle * steps)] += 1.0 / count;
            }

            shapes[group.Group] = shape;
        }

        return shapes;
    }
}
