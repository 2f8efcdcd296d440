using TrafficFlow.Analysis.Optimisation.GreenSplits;

namespace TrafficFlow.Core.Tests.Analysis.Optimisation;

/// <summary>Random junctions whose greens are to be shared out; costs are HCM control delays of all vehicles, in vehicle-seconds an hour.</summary>
internal static class Junctions
{
    public static GreenSplitProblem Random(int seed)
    {
        var random = new Random(seed);
        var count = random.Next(3, 5);
        var cycle = random.Next(60, 141);
        var step = count == 4 ? 2 : random.Next(1, 3);
        var least = random.Next(5, 11);
        var total = cycle - 4 * count;
        total -= (total - least * count) % step;
        var greens = (total - least * count) / step + 1;
        // Flow ratios of together 0.5 to 1.1: from quiet to over capacity.
        var shares = Enumerable.Range(0, count).Select(_ => 0.2 + random.NextDouble()).ToArray();
        var load = 0.5 + 0.6 * random.NextDouble();
        var stages = shares.Select((share, s) =>
        {
            var saturation = 1800.0 * random.Next(1, 4);
            var flow = saturation * load * share / shares.Sum();
            return new SplitStage($"stage {s + 1}", TimeSpan.FromSeconds(least), [.. Enumerable.Range(0, greens).Select(k => flow * Delay(least + k * step, cycle, flow, saturation))]);
        });
        return new GreenSplitProblem([.. stages], TimeSpan.FromSeconds(total), TimeSpan.FromSeconds(step));
    }

    /// <summary>HCM control delay in seconds a vehicle, as domain.md has it, T 0.25 h, k 0.5, I 1.</summary>
    public static double Delay(double green, double cycle, double flow, double saturation)
    {
        var capacity = saturation * green / cycle;
        var x = flow / capacity;
        var uniform = 0.5 * cycle * Math.Pow(1 - green / cycle, 2) / (1 - Math.Min(1, x) * green / cycle);
        return uniform + 900 * 0.25 * (x - 1 + Math.Sqrt((x - 1) * (x - 1) + 8 * 0.5 * x / (capacity * 0.25)));
    }
}
