using System.Collections.Immutable;
using TrafficFlow.Analysis.Signals.Performance;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Signals;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Analysis.Signals.ControllerLogs;

/// <summary>One figure, inferred and logged.</summary>
/// <param name="Logged">Mean over the cycles in the log.</param>
/// <param name="LoggedDeviation">Standard deviation over these: 0 at fixed time.</param>
public readonly record struct ComparedFigure(Estimate Inferred, double Logged, double LoggedDeviation)
{
    public double Difference => Inferred.Value - Logged;

    /// <summary>Within the stated interval, or by no more than the log's own resolution of 0.1 s beside it.</summary>
    public bool Agrees => Logged >= Inferred.Low - 0.1 && Logged <= Inferred.High + 0.1;
}

/// <summary>One group as it was inferred and as the controller noted it.</summary>
/// <param name="Begin">Begin of green in the inferred cycle.</param>
public sealed record ComparedGroup(ApproachId Approach, Movement Movement, int LoggedCycles, ComparedFigure Cycle, ComparedFigure? Begin, ComparedFigure? Green);

/// <summary>Compares what was inferred with a log on the same clock.</summary>
public static class PlanComparison
{
    /// <summary>One row for each group of the plan that the log tells of; none where it tells of none.</summary>
    public static ImmutableArray<ComparedGroup> Of(InferredPlan plan, ISignalPhases logged) =>
        [.. plan.Groups.Where(g => g.BeginSeconds is not null).Select(g => Compare(plan, g, logged)).OfType<ComparedGroup>()];

    private static ComparedGroup? Compare(InferredPlan plan, InferredGroup group, ISignalPhases logged)
    {
        var movement = group.Movements.FirstOrDefault(m => m != Movement.Entering);
        if (movement == default) return null;
        var cycles = MovementCycles.Of(logged, group.Approach, movement, plan.Span);
        if (cycles.Count < 3) return null;
        var cycle = plan.CycleSeconds.Value;
        var lengths = cycles.Zip(cycles.Skip(1)).Where(p => p.First.EndOfAmber == p.Second.Red).Select(p => (p.Second.Green - p.First.Green).TotalSeconds).ToList();
        if (lengths.Count == 0) return null;
        var begin = group.BeginSeconds!.Value;
        var late = cycles.Select(c => Math.IEEERemainder((c.Green - plan.Reference).TotalSeconds - begin.Value, cycle)).ToList();
        var greens = cycles.Select(c => c.GreenSeconds).ToList();
        return new ComparedGroup(
            group.Approach, movement, cycles.Count, Figure(plan.CycleSeconds, lengths), Figure(begin, [.. late.Select(l => l + begin.Value)]),
            group.GreenSeconds is { } green ? Figure(green, greens) : null);
    }

    private static ComparedFigure Figure(Estimate inferred, List<double> logged)
    {
        var mean = logged.Average();
        return new ComparedFigure(inferred, mean, Math.Sqrt(logged.Average(l => (l - mean) * (l - mean))));
    }
}
