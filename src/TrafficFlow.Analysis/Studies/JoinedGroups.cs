using System.Collections.Immutable;
using TrafficFlow.Analysis.Records;
using TrafficFlow.Analysis.Signals;
using TrafficFlow.Core.Flow;

namespace TrafficFlow.Analysis.Studies;

/// <summary>
/// Movements with too few queues to tell a green of their own, but whose vehicles all pass in the green of another one of their approach, have that one. A turn with an arrow of its own that has few
/// vehicles passes outside of it, and stays by itself. So have those whose green begins together with another one's of their approach and whose end too few vehicles tell.
/// </summary>
internal static class JoinedGroups
{
    /// <summary>In the green of others; the rest are times that were measured wrong, and drivers on red.</summary>
    private const double LeastInside = 0.9;

    /// <summary>Around a green: drivers and clocks are not exact, and amber is used.</summary>
    private const double Before = 1;
    private const double After = 3;

    public static InferredPlan Of(InferredPlan plan, JunctionRecord record, JunctionTraffic traffic)
    {
        var into = Enumerable.Range(0, plan.Groups.Length).ToDictionary(g => g, g => HostOf(plan, g, record, traffic));
        if (into.Values.All(h => h is null)) return plan;
        var kept = into.Where(i => i.Value is null).Select(i => i.Key).Order().ToList();
        return plan with
        {
            Groups =
            [
                .. kept.Select(g => (Host: plan.Groups[g], Guests: into.Where(i => i.Value == g).Select(i => plan.Groups[i.Key]).ToList())).Select(g => g.Guests.Count == 0 ? g.Host : g.Host with
                {
                    Movements = [.. g.Host.Movements.Concat(g.Guests.SelectMany(o => o.Movements)).Distinct().Order()],
                    Crossings = g.Host.Crossings + g.Guests.Sum(o => o.Crossings),
                }),
            ],
            Stages = [.. plan.Stages.Select(s => s with { Groups = [.. s.Groups.Where(kept.Contains).Select(g => kept.IndexOf(g))] })],
        };
    }

    private static int? HostOf(InferredPlan plan, int group, JunctionRecord record, JunctionTraffic traffic)
    {
        var (own, cycle) = (plan.Groups[group], plan.CycleSeconds.Value);
        if (record.Find(own.Approach) is not { } approach || own.GreenSeconds is not null) return null;
        if (plan.Stages.FirstOrDefault(s => s.Groups.Contains(group)) is { } stage)
            return stage.Groups.Where(h => plan.Groups[h] is { GreenSeconds: not null } beside && beside.Approach == own.Approach).Select(h => (int?)h).FirstOrDefault();
        if (own.BeginSeconds is not null) return null;
        var phases = traffic.Entered(approach, [plan.Span]).Where(j => own.Movements.Contains(JunctionTraffic.MovementOf(j))).Select(j => (j.EnteredAt!.Value - plan.Reference).TotalSeconds).ToList();
        if (phases.Count == 0) return null;
        var hosts = Enumerable.Range(0, plan.Groups.Length).Where(h => plan.Groups[h] is { BeginSeconds: not null, GreenSeconds: not null } other && other.Approach == own.Approach && other.Movements.Any(m => m != Movement.Entering));
        return hosts.Where(h => Inside(plan.Groups[h]) >= LeastInside).OrderByDescending(h => Inside(plan.Groups[h])).Select(h => (int?)h).FirstOrDefault();

        double Inside(InferredGroup host)
        {
            var (begin, length) = (host.BeginSeconds!.Value.Value - Before, Before + host.GreenSeconds!.Value.Value + After);
            return phases.Count(p => p - begin - (Math.Floor((p - begin) / cycle) * cycle) <= length) / (double)phases.Count;
        }
    }
}
