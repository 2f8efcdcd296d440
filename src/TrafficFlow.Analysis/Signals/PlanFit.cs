using System.Collections.Immutable;
using TrafficFlow.Core.Flow;

namespace TrafficFlow.Analysis.Signals;

/// <summary>One group of a fitted plan; phases in seconds after the plan's reference, modulo its cycle.</summary>
/// <param name="Streams">Which streams it is.</param>
/// <param name="Times">Their crossings within the plan's span, ascending.</param>
/// <param name="First">Mean crossing of the first vehicle of a queue; null where too few cycles tell it.</param>
internal sealed record FittedGroup(int[] Streams, double[] Times, FoldedWindow Window, double? First, double FirstError, Estimate? Last, double Scatter, double Leaders);

/// <summary>A plan with one cycle, fitted to what crossed within [From, To), seconds.</summary>
/// <param name="Reference">Where phases are counted from: the middle, where phase and cycle do not depend on each other.</param>
internal sealed record PlanFit(double From, double To, double Cycle, double CycleError, double Reference, ImmutableArray<FittedGroup> Groups)
{
    /// <summary>Fewer crossings, or a weaker difference between window and rest, are no window of a stream: its log likelihood ratio is above this by chance once in thousands.</summary>
    public const double ClearWindow = 10;

    private const int FewestCrossings = 8;

    public double ScatterSeconds => Groups.Where(g => g.First is not null).Select(g => g.Scatter).Order().ToArray() is { Length: > 0 } s ? s[s.Length / 2] : 0;

    public static PlanFit Of(WatchedCrossings crossings, double from, double to, double cycle)
    {
        var reference = (from + to) / 2;
        var groups = Merge(crossings, [.. crossings.Times.Select((times, i) => Windowed(crossings, [i], Within(times, from, to), from, to, cycle, reference))], from, to, cycle, reference);
        var error = double.PositiveInfinity;
        for (var step = 0; step < 5; step++)
        {
            // At first the cycle may be some tenths of a second off, which blurs the first crossings: the slope of these puts it right.
            var isRough = step < 2;
            var firsts = groups.Select(g => g.Window.LogLikelihoodRatio < ClearWindow || IsMixed(crossings, g, groups) ? null : FirstCrossings.Of(
                crossings, g.Times, from, to, reference + (g.First ?? g.Window.Begin), cycle, cycle - g.Window.Length)).ToArray();
            (var change, error) = CycleChange([.. firsts.Select(f => f is not null && f.Tells(isRough) ? f : null)]);
            cycle += change;
            groups = [.. groups.Select((g, i) => WithFirst(g, firsts[i], change, cycle, error, isRough))];
        }

        return new PlanFit(from, to, cycle, error, reference, [.. groups.Select(g => WithLast(crossings, g, from, to, cycle, reference))]);
    }

    /// <summary>Vehicles of which nobody knows where they went, on an approach whose movements are told apart: they may have had any of its greens.</summary>
    private static bool IsMixed(WatchedCrossings crossings, FittedGroup group, IReadOnlyList<FittedGroup> groups) =>
        group.Streams.All(s => crossings.Streams[s].Movement == Movement.Entering)
        && groups.Any(g => g != group && crossings.Streams[g.Streams[0]].Approach == crossings.Streams[group.Streams[0]].Approach);

    /// <summary>Where in the cycle a time lies, 0 to below the cycle.</summary>
    public double Phase(double time) => Modulo(time - Reference, Cycle);

    public static double Modulo(double value, double cycle)
    {
        var rest = value % cycle;
        return rest < 0 ? rest + cycle : rest;
    }

    /// <summary>From -cycle/2 to cycle/2.</summary>
    public static double Apart(double a, double b, double cycle) => Math.IEEERemainder(a - b, cycle);

    private static double[] Within(double[] times, double from, double to) => [.. times.Where(t => t >= from && t < to)];

    private static FittedGroup Windowed(WatchedCrossings crossings, int[] streams, double[] times, double from, double to, double cycle, double reference)
    {
        var window = times.Length < FewestCrossings
            ? default
            : FoldedWindow.Find(
                [.. times.Select(t => Modulo(t - reference, cycle))], cycle, crossings.Exposure(from, to, cycle, reference, FoldedWindow.Bins(cycle)));
        return new FittedGroup(streams, times, window, null, double.PositiveInfinity, null, 0, 0);
    }

    /// <summary>Puts streams of an approach together that discharge at the same time: they have one signal, and often one lane.</summary>
    private static List<FittedGroup> Merge(WatchedCrossings crossings, List<FittedGroup> alone, double from, double to, double cycle, double reference)
    {
        var groups = new List<FittedGroup>();
        foreach (var stream in alone.OrderByDescending(g => g.Times.Length))
        {
            var approach = crossings.Streams[stream.Streams[0]].Approach;
            var i = stream.Window.LogLikelihoodRatio < ClearWindow ? -1 : groups.FindIndex(g =>
                crossings.Streams[g.Streams[0]].Approach == approach && g.Window.LogLikelihoodRatio >= ClearWindow
                && IsTogether(g, stream, cycle));
            if (i < 0) groups.Add(stream);
            else groups[i] = Windowed(crossings, [.. groups[i].Streams, .. stream.Streams], [.. groups[i].Times.Concat(stream.Times).Order()], from, to, cycle, reference);
        }

        return [.. groups.OrderBy(g => g.Streams.Min())];
    }

    /// <summary>
    /// The same window; or, of a stream with far fewer vehicles, one within it: turning vehicles that share a lane, or give way beside the others' green.
    /// </summary>
    private static bool IsTogether(FittedGroup larger, FittedGroup smaller, double cycle)
    {
        var begins = Apart(smaller.Window.Begin, larger.Window.Begin, cycle);
        var ends = Apart(smaller.Window.Begin + smaller.Window.Length, larger.Window.Begin + larger.Window.Length, cycle);
        if (Math.Abs(begins) < 6 && Math.Abs(ends) < 6) return true;
        return smaller.Times.Length < larger.Times.Length / 2 && begins > -4 && ends < 4 && begins + smaller.Window.Length <= larger.Window.Length + 4;
    }

    /// <summary>By how much the cycle is longer: the slope of the deviations over the cycles' numbers, over all groups, each with its own mean.</summary>
    private static (double Change, double Error) CycleChange(FirstCrossings?[] groups)
    {
        var slopes = new List<(double Slope, double Precision)>();
        foreach (var group in groups)
        {
            if (group is null) continue;
            var (xy, xx, sum, weights) = (0.0, 0.0, group.Leaders, group.Weights);
            var meanN = group.Firsts.Select((f, i) => weights[i] * f.Cycle).Sum() / sum;
            var meanD = group.Firsts.Select((f, i) => weights[i] * f.Deviation).Sum() / sum;
            for (var i = 0; i < group.Firsts.Count; i++)
            {
                var n = group.Firsts[i].Cycle - meanN;
                xy += weights[i] * n * (group.Firsts[i].Deviation - meanD);
                xx += weights[i] * n * n;
            }

            if (xx > 0) slopes.Add((xy / xx, xx / (group.Scatter * group.Scatter)));
        }

        if (slopes.Count == 0) return (0, double.PositiveInfinity);
        var all = slopes.Sum(s => s.Precision);
        var slope = slopes.Sum(s => s.Precision * s.Slope) / all;
        // What the scatter within the groups lets expect, and what the groups' difference from each other shows: the larger of both.
        var between = slopes.Count < 3 ? 0 : Math.Sqrt(slopes.Sum(s => Math.Pow(s.Precision * (s.Slope - slope), 2)) * slopes.Count / (slopes.Count - 1)) / all;
        return (slope, Math.Max(1 / Math.Sqrt(all), between));
    }

    private static FittedGroup WithFirst(FittedGroup group, FirstCrossings? firsts, double change, double cycle, double cycleError, bool isRough)
    {
        if (firsts is null || !firsts.Tells(isRough)) return group with { First = null };
        var (sum, weights) = (firsts.Leaders, firsts.Weights);
        var meanN = firsts.Firsts.Select((f, i) => weights[i] * f.Cycle).Sum() / sum;
        // At cycle 0, of the line through the deviations.
        var mean = firsts.Firsts.Select((f, i) => weights[i] * (f.Deviation - (change * f.Cycle))).Sum() / sum;
        var error = Math.Sqrt((firsts.Scatter * firsts.Scatter / sum) + Math.Pow(cycleError * meanN, 2));
        return group with { First = Modulo((group.First ?? group.Window.Begin) + mean, cycle), FirstError = error, Scatter = firsts.Scatter, Leaders = sum };
    }

    private static FittedGroup WithLast(WatchedCrossings crossings, FittedGroup group, double from, double to, double cycle, double reference)
    {
        if (group.First is null) return group;
        // From a little before the first crossing on, so that nothing of the green lies at the end of the cycle.
        var begin = group.First.Value - 2;
        var phases = group.Times.Select(t => Modulo(t - reference - begin, cycle)).ToArray();
        var exposure = crossings.Exposure(from, to, cycle, reference + begin, FoldedWindow.Bins(cycle));
        var (thins, ends) = FoldedWindow.Thinning(phases, cycle, exposure);
        var (before, after) = (Math.Min(15, Math.Max(5, ends - thins)), Math.Min(10, (cycle - ends) * 0.6));
        return group with { Last = LastCrossing.Find(phases.Select(p => p - ends), before, after, crossings.Watched(from, to) / cycle)?.Plus(begin + ends) };
    }
}
