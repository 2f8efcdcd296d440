using System.Collections.Immutable;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Signals;

namespace TrafficFlow.Analysis.Simulators;

/// <summary>A timing plan as a simulator runs it: what every turn is shown in each step of the cycle.</summary>
public static class PlanSteps
{
    private const string To = "to ";

    /// <summary>
    /// Groups that go on into the next stage keep their green between the two. Who turns across while opposite traffic has green, too, gives way to it: the plan has no arrow for it then.
    /// </summary>
    /// <exception cref="SimulatorException">A movement of the plan is none of the junction's.</exception>
    public static SignalSteps Of(TimingPlan plan, JunctionModel junction)
    {
        var turns = plan.Groups.ToDictionary(g => g.Name, g => TurnsOf(g, junction), StringComparer.Ordinal);
        var steps = ImmutableArray.CreateBuilder<SignalStep>();
        for (var i = 0; i < plan.Stages.Length; i++)
        {
            var (stage, next) = (plan.Stages[i], plan.Stages[(i + 1) % plan.Stages.Length]);
            var ending = stage.Groups.Where(g => plan.Stages.Length > 1 && !next.Groups.Contains(g)).SelectMany(g => turns[g]).ToHashSet();
            var green = stage.Groups.SelectMany(g => turns[g]).ToHashSet();
            Add(stage.GreenSeconds, t => green.Contains(t) ? MovementLight.Green : MovementLight.Red);
            Add(stage.AmberSeconds, t => ending.Contains(t) ? MovementLight.Amber : green.Contains(t) ? MovementLight.Green : MovementLight.Red);
            Add(stage.AllRedSeconds, t => green.Contains(t) && !ending.Contains(t) ? MovementLight.Green : MovementLight.Red);
        }

        return new SignalSteps(steps.ToImmutable(), plan.OffsetSeconds);

        void Add(double seconds, Func<TurnId, MovementLight> light)
        {
            if (seconds <= 0) return;
            var lights = junction.Turns.Select(t => (Turn: t, Light: light(t))).Where(l => l.Light != MovementLight.Red).ToDictionary(l => l.Turn, l => l.Light);
            foreach (var turn in lights.Keys.Where(t => junction.SideOf(t) == TurnSide.Across).ToList())
            {
                var mustWait = lights.Any(o => o.Value != MovementLight.Amber && junction.AreOpposite(o.Key.Approach, turn.Approach) && junction.SideOf(o.Key) != TurnSide.Across);
                if (mustWait && lights[turn] == MovementLight.Green) lights[turn] = MovementLight.GreenGivingWay;
            }

            steps.Add(new SignalStep(seconds, lights.ToImmutableDictionary()));
        }
    }

    private static ImmutableArray<TurnId> TurnsOf(SignalGroup group, JunctionModel junction)
    {
        if (group.IsForPedestrians) return [];
        var known = junction.Turns.Where(t => t.Approach == group.Approach).ToList();
        return
        [
            .. group.Movements.SelectMany(m =>
                m == Movement.Entering ? known
                : m.Name.StartsWith(To, StringComparison.Ordinal) && known.Where(t => t.Exit.Value == m.Name[To.Length..]).ToList() is { Count: > 0 } there ? there
                : throw new SimulatorException($"signal group {group.Name} controls {group.Approach} {m}, for which the junction has no lane")).Distinct(),
        ];
    }
}
