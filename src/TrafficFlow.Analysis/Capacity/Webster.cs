using System.Collections.Immutable;

namespace TrafficFlow.Analysis.Capacity;

/// <summary>What Webster's method needs to know of one stage.</summary>
/// <param name="FlowRatio">The largest demand over saturation flow of the lanes that the stage serves (現示の需要率), 0..1.</param>
/// <param name="LostSeconds">Of green, amber and all-red, what nobody uses: about 4 s a stage.</param>
/// <param name="MinimumGreenSeconds">Effective green that it must have at least, for people on foot or by rule.</param>
public sealed record WebsterStage(string Name, double FlowRatio, double LostSeconds, double MinimumGreenSeconds = 0);

/// <summary>A cycle and the effective greens of its stages, in seconds; with the lost times they fill the cycle.</summary>
public sealed record WebsterTiming(double CycleSeconds, ImmutableArray<double> GreenSeconds)
{
    public bool Equals(WebsterTiming? other) =>
        other is not null && CycleSeconds.Equals(other.CycleSeconds) && GreenSeconds.AsSpan().SequenceEqual(other.GreenSeconds.AsSpan());

    public override int GetHashCode() => HashCode.Combine(CycleSeconds, GreenSeconds.Length);
}

/// <summary>
/// Cycle and splits by F. V. Webster, Traffic Signal Settings, Road Research Technical Paper 39, HMSO 1958: C0 = (1.5 L + 5) / (1 - Y), and
/// effective greens in proportion to the flow ratios.
/// </summary>
public static class Webster
{
    /// <summary>The cycle with the least total delay, in seconds.</summary>
    /// <param name="lostSeconds">Of all stages of a cycle together.</param>
    /// <param name="flowRatioSum">Sum of the stages' flow ratios (交差点の需要率).</param>
    /// <exception cref="ArgumentOutOfRangeException">The sum is 1 or more: no cycle is long enough.</exception>
    public static double OptimumCycleSeconds(double lostSeconds, double flowRatioSum)
    {
        if (!(lostSeconds >= 0)) throw new ArgumentOutOfRangeException(nameof(lostSeconds), lostSeconds, "lost time is 0 s or more");
        if (!(flowRatioSum is >= 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(flowRatioSum), flowRatioSum, "the sum of the flow ratios must be below 1: above it no cycle serves the demand, and lanes or stages must change");
        return ((1.5 * lostSeconds) + 5) / (1 - flowRatioSum);
    }

    /// <summary>
    /// Effective greens of a given cycle in proportion to the flow ratios; a stage that would get less than its minimum gets that, and the
    /// others share what is left.
    /// </summary>
    /// <exception cref="ArgumentException">A stage makes no sense, or the minimum greens and lost times do not fit into the cycle.</exception>
    public static WebsterTiming Split(IReadOnlyList<WebsterStage> stages, double cycleSeconds)
    {
        Check(stages);
        var left = cycleSeconds - stages.Sum(s => s.LostSeconds);
        if (!(left >= stages.Sum(s => s.MinimumGreenSeconds) - 1e-9))
            throw new ArgumentException($"a cycle of {cycleSeconds:0.#} s cannot hold the minimum greens ({stages.Sum(s => s.MinimumGreenSeconds):0.#} s) and lost times ({stages.Sum(s => s.LostSeconds):0.#} s) of its stages", nameof(cycleSeconds));
        var greens = new double[stages.Count];
        var open = Enumerable.Range(0, stages.Count).ToList();
        while (open.Count > 0)
        {
            var sum = open.Sum(i => stages[i].FlowRatio);
            foreach (var i in open) greens[i] = sum > 0 ? left * stages[i].FlowRatio / sum : left / open.Count;
            var held = open.Where(i => greens[i] < stages[i].MinimumGreenSeconds - 1e-9).ToList();
            if (held.Count == 0) break;
            foreach (var i in held) left -= greens[i] = stages[i].MinimumGreenSeconds;
            open.RemoveAll(held.Contains);
        }

        return new WebsterTiming(cycleSeconds, [.. greens]);
    }

    /// <summary>The optimum cycle and its splits; the cycle is longer than Webster's where minimum greens need it, and within the bounds.</summary>
    /// <exception cref="ArgumentException">A stage makes no sense, the demand is over capacity, or what must fit does not fit into the longest cycle.</exception>
    public static WebsterTiming Optimise(IReadOnlyList<WebsterStage> stages, double shortestCycleSeconds = 0, double longestCycleSeconds = double.PositiveInfinity)
    {
        Check(stages);
        var cycle = OptimumCycleSeconds(stages.Sum(s => s.LostSeconds), stages.Sum(s => s.FlowRatio));
        cycle = Math.Max(cycle, stages.Sum(s => s.LostSeconds + s.MinimumGreenSeconds));
        return Split(stages, Math.Min(Math.Max(cycle, shortestCycleSeconds), longestCycleSeconds));
    }

    /// <summary>
    /// The same on a grid of whole steps, as controllers take them: of the cycles beside the continuous optimum the one with less delay by
    /// <see cref="HcmDelay"/>, each with the splits whose highest degree of saturation is least.
    /// </summary>
    /// <param name="stepSeconds">Of the effective greens and so, where lost times are whole steps, of the cycle.</param>
    /// <exception cref="ArgumentException">As for <see cref="Optimise"/>; or the step is not above zero.</exception>
    public static WebsterTiming OptimiseOnGrid(
        IReadOnlyList<WebsterStage> stages, double stepSeconds, double shortestCycleSeconds = 0, double longestCycleSeconds = double.PositiveInfinity)
    {
        if (!(stepSeconds > 0)) throw new ArgumentOutOfRangeException(nameof(stepSeconds), stepSeconds, "a step is longer than 0 s");
        var continuous = Optimise(stages, shortestCycleSeconds, longestCycleSeconds);
        var lost = stages.Sum(s => s.LostSeconds);
        var least = stages.Sum(s => (int)Math.Ceiling((s.MinimumGreenSeconds / stepSeconds) - 1e-9));
        var below = (int)Math.Floor(((continuous.CycleSeconds - lost) / stepSeconds) + 1e-9);
        var fitting = new[] { below, below + 1, least }
            .Where(steps => steps >= Math.Max(least, 1) && Fits((steps * stepSeconds) + lost))
            .Distinct()
            .Select(steps => OnGrid(stages, steps, stepSeconds, lost))
            .ToList();
        if (fitting.Count == 0)
            throw new ArgumentException($"no cycle on a grid of {stepSeconds:0.##} s lies within {shortestCycleSeconds:0.#} to {longestCycleSeconds:0.#} s and holds the minimum greens", nameof(stepSeconds));
        return fitting.MinBy(t => UniformDelay(stages, t))!;

        bool Fits(double cycle) => cycle >= shortestCycleSeconds - 1e-9 && cycle <= longestCycleSeconds + 1e-9;
    }

    private static WebsterTiming OnGrid(IReadOnlyList<WebsterStage> stages, int steps, double stepSeconds, double lost)
    {
        // Step after step to the stage that is the most saturated: no other division of whole steps has a lower maximum.
        var given = stages.Select(s => (int)Math.Ceiling((s.MinimumGreenSeconds / stepSeconds) - 1e-9)).ToArray();
        for (var left = steps - given.Sum(); left > 0; left--)
        {
            var neediest = 0;
            for (var i = 1; i < given.Length; i++)
            {
                if (Need(i) > Need(neediest)) neediest = i;
            }

            given[neediest]++;
        }

        return new WebsterTiming((steps * stepSeconds) + lost, [.. given.Select(g => g * stepSeconds)]);

        double Need(int i) => given[i] == 0 ? double.PositiveInfinity : stages[i].FlowRatio / given[i];
    }

    /// <summary>Seconds per vehicle where every stage's saturation flow is the same: it only compares two neighbouring cycles.</summary>
    private static double UniformDelay(IReadOnlyList<WebsterStage> stages, WebsterTiming timing)
    {
        const double Saturation = 1800;
        var (sum, flow) = (0.0, 0.0);
        for (var i = 0; i < stages.Count; i++)
        {
            var (share, ratio) = (timing.GreenSeconds[i] / timing.CycleSeconds, stages[i].FlowRatio);
            if (ratio <= 0) continue;
            if (share <= 0) return double.PositiveInfinity;
            sum += ratio * HcmDelay.ControlSeconds(timing.CycleSeconds, timing.GreenSeconds[i], ratio / share, Saturation * share);
            flow += ratio;
        }

        return flow > 0 ? sum / flow : timing.CycleSeconds;
    }

    private static void Check(IReadOnlyList<WebsterStage> stages)
    {
        if (stages.Count == 0) throw new ArgumentException("there is no stage", nameof(stages));
        foreach (var stage in stages)
        {
            if (!(stage.FlowRatio >= 0 && double.IsFinite(stage.FlowRatio)) || !(stage.LostSeconds >= 0 && double.IsFinite(stage.LostSeconds))
                || !(stage.MinimumGreenSeconds >= 0 && double.IsFinite(stage.MinimumGreenSeconds)))
                throw new ArgumentException($"stage {stage.Name}: flow ratio, lost time and minimum green must be 0 or more", nameof(stages));
        }
    }
}
