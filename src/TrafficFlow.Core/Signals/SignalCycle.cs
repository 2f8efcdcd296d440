using System.Collections.Immutable;

namespace TrafficFlow.Core.Signals;

/// <summary>One cycle of a plan as it ran: the greens of its stages may have been longer or shorter than planned. Seconds since some zero.</summary>
public sealed record SignalCycle(double BeginsAt, TimingPlan Plan, ImmutableArray<double> GreenSeconds)
{
    public double EndsAt => BeginsAt + GreenSeconds.Sum() + Plan.Stages.Sum(s => s.AmberSeconds + s.AllRedSeconds);

    public static SignalCycle AsPlanned(TimingPlan plan, double beginsAt) => new(beginsAt, plan, [.. plan.Stages.Select(s => s.GreenSeconds)]);
}

/// <summary>What one group shows from one change to the next, in seconds since some zero.</summary>
public readonly record struct GroupChange(SignalColour Colour, double From, double To);

public static class SignalCycles
{
    /// <summary>What a group showed during cycles that follow each other, whole: from the first one's begin to the last one's end.</summary>
    public static IEnumerable<GroupChange> Changes(IReadOnlyList<SignalCycle> cycles, string group)
    {
        if (cycles.Count == 0) yield break;
        var shown = cycles[0].BeginsAt;
        foreach (var (green, amber, red) in Greens(cycles, group))
        {
            if (green > shown) yield return new GroupChange(SignalColour.Red, shown, green);
            yield return new GroupChange(SignalColour.Green, green, amber);
            if (red > amber) yield return new GroupChange(SignalColour.Amber, amber, red);
            shown = red;
        }

        if (cycles[^1].EndsAt > shown) yield return new GroupChange(SignalColour.Red, shown, cycles[^1].EndsAt);
    }

    private static IEnumerable<(double Green, double Amber, double Red)> Greens(IReadOnlyList<SignalCycle> cycles, string group)
    {
        double? green = null;
        for (var c = 0; c < cycles.Count; c++)
        {
            var (cycle, begin) = (cycles[c], cycles[c].BeginsAt);
            var isForPedestrians = cycle.Plan.Groups.FirstOrDefault(g => g.Name == group)?.IsForPedestrians ?? false;
            for (var i = 0; i < cycle.Plan.Stages.Length; i++)
            {
                var stage = cycle.Plan.Stages[i];
                var next = i + 1 < cycle.Plan.Stages.Length ? cycle.Plan.Stages[i + 1] : c + 1 < cycles.Count ? cycles[c + 1].Plan.Stages[0] : null;
                var (ends, split) = (begin + cycle.GreenSeconds[i], cycle.GreenSeconds[i] + stage.AmberSeconds + stage.AllRedSeconds);
                if (stage.Groups.Contains(group))
                {
                    green ??= begin;
                    // At the end of what is known, a group that would go on is shown as long as it is known.
                    if (next is null && cycle.Plan.Stages[0].Groups.Contains(group)) yield return (green.Value, begin + split, begin + split);
                    else if (next is null || !next.Groups.Contains(group))
                    {
                        yield return isForPedestrians
                            ? (green.Value, ends - stage.PedestrianClearanceSeconds, ends - stage.PedestrianClearanceSeconds)
                            : (green.Value, ends, ends + stage.AmberSeconds);
                        green = null;
                    }
                }

                begin += split;
            }
        }
    }
}
