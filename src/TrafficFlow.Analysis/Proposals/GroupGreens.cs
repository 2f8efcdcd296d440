using System.Collections.Immutable;
using TrafficFlow.Core.Signals;

namespace TrafficFlow.Analysis.Proposals;

/// <summary>The effective greens of one signal group in a cycle: stages that follow each other with the group's green are one green, the time between them included.</summary>
internal static class GroupGreens
{
    /// <returns>Begin and length in seconds of the cycle; a begin may lie before its start and an end after it where green goes on over the cycle's end. One of the whole cycle where it never ends.</returns>
    public static ImmutableArray<(double Begin, double Length)> Of(TimingPlan plan, string group, TimingRules rules)
    {
        var stages = plan.Stages;
        var has = stages.Select(s => s.Groups.Contains(group)).ToArray();
        if (Array.TrueForAll(has, h => h)) return [(0, plan.CycleSeconds)];
        var begins = plan.StageBegins().ToArray();
        var greens = ImmutableArray.CreateBuilder<(double, double)>();
        for (var first = 0; first < stages.Length; first++)
        {
            if (!has[first] || has[(first + stages.Length - 1) % stages.Length]) continue;
            var (length, i) = (0.0, first);
            for (; has[(i + 1) % stages.Length]; i++) length += stages[i % stages.Length].SplitSeconds;
            var last = stages[i % stages.Length];
            length += last.GreenSeconds + Math.Min(rules.AmberUsedSeconds, last.AmberSeconds) - rules.StartLostSeconds;
            if (length > 0) greens.Add((begins[first] + rules.StartLostSeconds, length));
        }

        return greens.ToImmutable();
    }
}
