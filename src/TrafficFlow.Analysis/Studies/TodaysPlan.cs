using System.Collections.Immutable;
using System.Globalization;
using TrafficFlow.Analysis.Signals;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Signals;

namespace TrafficFlow.Analysis.Studies;

/// <summary>
/// An inferred plan as a timing plan, so that a better one can be looked for. Only where every stage was seen: one that lets nobody go (for people on foot alone) or too few would be taken from
/// those who need it.
/// </summary>
/// <param name="Groups">For each inferred group its name in the plan; null for those that are not in it.</param>
internal sealed record TodaysPlan(TimingPlan Plan, ImmutableArray<string?> Groups)
{
    /// <summary>Amber and all-red between two stages; where more of the cycle is explained by nobody's green, there is a stage that nobody saw.</summary>
    private const double LongestIntergreen = 9;

    private const double ShortestAllRed = 1;
    private const double LongestAllRed = 4;

    /// <summary>Taken where no green tells it.</summary>
    private const double UsualAllRed = 2;

    /// <summary>A movement of fewer vehicles of an approach, whose own green was not told, has that of the others.</summary>
    private const double SmallShare = 0.05;

    /// <param name="problem">Why there is none: which stage was not seen.</param>
    public static TodaysPlan? Of(InferredPlan plan, string name, double amber, DateTimeOffset midnight, out string problem)
    {
        problem = "";
        if (plan.Stages.Length < 2)
        {
            problem = plan.Stages.IsEmpty ? "no stage was told" : "one stage alone was seen";
            return null;
        }

        var staged = plan.Stages.SelectMany(s => s.Groups).ToHashSet();
        for (var g = 0; g < plan.Groups.Length; g++)
        {
            var group = plan.Groups[g];
            var ofApproach = plan.Groups.Where(o => o.Approach == group.Approach).Sum(o => o.Crossings);
            var isUnknownExit = group.Movements.All(m => m == Movement.Entering) && ofApproach > group.Crossings;
            if (!staged.Contains(g) && !isUnknownExit && group.Crossings > SmallShare * ofApproach)
            {
                problem = $"the green of {NameOf(plan, g)} was not told";
                return null;
            }
        }

        var has = StagesOf(plan);
        var stages = ImmutableArray.CreateBuilder<SignalStage>();
        var names = Enumerable.Range(0, plan.Groups.Length).Select(g => staged.Contains(g) ? NameOf(plan, g) : null).ToImmutableArray();
        for (var i = 0; i < plan.Stages.Length; i++)
        {
            var (next, split) = ((i + 1) % plan.Stages.Length, plan.Stages[i].SplitSeconds);
            // The longest green that ends with this stage tells what lies between it and the next one.
            var ends = has[i].Where(g => !has[next].Contains(g)).Select(g => (plan.Groups[g].GreenSeconds, Since: Since(plan, g, i))).Where(g => g.GreenSeconds is not null).ToList();
            var between = ends.Count == 0 ? (double?)null : split.Value - ends.Max(g => g.GreenSeconds!.Value.Value - g.Since);
            var unsure = split.Margin + ends.Select(g => g.GreenSeconds!.Value.Margin).DefaultIfEmpty(0).Min();
            if (between is { } empty && empty - unsure > LongestIntergreen)
            {
                problem = string.Create(CultureInfo.InvariantCulture, $"between {Told(plan, has[i])} and {Told(plan, has[next])} {empty:0} s pass in which nobody goes: a stage that was not seen");
                return null;
            }

            var allRed = Math.Clamp(Math.Round(between is { } known ? known - amber : UsualAllRed), ShortestAllRed, LongestAllRed);
            var green = split.Value - amber - allRed;
            if (green < 3)
            {
                problem = string.Create(CultureInfo.InvariantCulture, $"the stage of {Told(plan, has[i])} lasts {split.Value:0.0} s, which holds no green");
                return null;
            }

            stages.Add(new SignalStage($"{i + 1}", [.. has[i].Order().Select(g => names[g]!)], green, amber, allRed));
        }

        ImmutableArray<SignalGroup> groups = [.. staged.Order().Select(g => new SignalGroup(names[g]!, plan.Groups[g].Approach, MovementsOf(plan, g)))];
        var timing = new TimingPlan(name, groups, stages.ToImmutable());
        var offset = plan.OffsetSeconds(midnight)?.Value ?? 0;
        timing = timing with { OffsetSeconds = offset % timing.CycleSeconds };
        problem = string.Join("; ", timing.Errors());
        return problem.Length == 0 ? new TodaysPlan(timing, names) : null;
    }

    /// <summary>Groups with green in each stage: those that begin with it, and those whose green goes on for most of it.</summary>
    private static HashSet<int>[] StagesOf(InferredPlan plan)
    {
        var has = plan.Stages.Select(s => s.Groups.ToHashSet()).ToArray();
        for (var i = 0; i < plan.Stages.Length; i++)
        {
            foreach (var g in plan.Stages[i].Groups)
            {
                if (plan.Groups[g].GreenSeconds is not { } green) continue;
                var since = plan.Stages[i].SplitSeconds.Value;
                for (var j = i + 1; j < i + plan.Stages.Length; j++)
                {
                    var split = plan.Stages[j % plan.Stages.Length].SplitSeconds.Value;
                    if (green.Value - since < split / 2) break;
                    has[j % plan.Stages.Length].Add(g);
                    since += split;
                }
            }
        }

        return has;
    }

    /// <summary>From the begin of a group's green to that of a later stage, seconds.</summary>
    private static double Since(InferredPlan plan, int group, int stage)
    {
        var since = 0.0;
        for (var i = stage; !plan.Stages[i].Groups.Contains(group);)
        {
            i = (i + plan.Stages.Length - 1) % plan.Stages.Length;
            since += plan.Stages[i].SplitSeconds.Value;
            if (i == stage) break;
        }

        return since;
    }

    private static ImmutableArray<Movement> MovementsOf(InferredPlan plan, int group)
    {
        var known = plan.Groups[group].Movements.Where(m => m != Movement.Entering).ToImmutableArray();
        return known.IsEmpty ? [Movement.Entering] : known;
    }

    private static string Told(InferredPlan plan, IEnumerable<int> groups) => string.Join(" and ", groups.Order().Select(g => NameOf(plan, g)));

    /// <summary>The approach, and where its vehicles go where it has several groups.</summary>
    private static string NameOf(InferredPlan plan, int group)
    {
        var (approach, movements) = (plan.Groups[group].Approach, MovementsOf(plan, group));
        var isOnly = plan.Groups.Count(g => g.Approach == approach && (g.Movements.Any(m => m != Movement.Entering) || g.Movements.Length == 0)) <= 1;
        return isOnly ? approach.Value : $"{approach} {string.Join(", ", movements)}";
    }
}
