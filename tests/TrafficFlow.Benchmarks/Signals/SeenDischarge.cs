using TrafficFlow.Analysis.Signals;
using TrafficFlow.Core.Flow;
using TrafficFlow.Simulation;

namespace TrafficFlow.Benchmarks.Signals;

/// <summary>What cameras would have told of a simulated junction: some vehicles missing, some twice, times not exact, exits unknown, gaps.</summary>
internal static class SeenDischarge
{
    public static readonly DateTimeOffset Start = new(2026, 6, 1, 7, 0, 0, TimeSpan.FromHours(9));

    public static Discharge Of(JunctionTruth truth, double seconds, int seed)
    {
        var random = new Random(unchecked(seed * 7919));
        var (missing, doubled) = (0.05 + (0.05 * random.NextDouble()), 0.05 + (0.05 * random.NextDouble()));
        var watched = IntervalSet.Of(new Interval(Start, Start.AddSeconds(seconds)));
        if (random.Next(3) == 0)
        {
            var from = seconds * (0.1 + (0.7 * random.NextDouble()));
            watched = IntervalSet.Of(new Interval(Start, Start.AddSeconds(from)), new Interval(Start.AddSeconds(from + 180 + (420 * random.NextDouble())), Start.AddSeconds(seconds)));
        }

        var crossings = new List<(StopLinePassage Entry, bool KnowsExit, double Seconds)>();
        foreach (var entry in truth.Entries)
        {
            if (random.NextDouble() < missing) continue;
            crossings.Add((entry, random.NextDouble() > 0.05, entry.Time.TotalSeconds + Normal()));
            if (random.NextDouble() < doubled) crossings.Add((entry, random.NextDouble() > 0.3, entry.Time.TotalSeconds + (1.5 * random.NextDouble()) + Normal()));
        }

        return new Discharge(
            [
                .. crossings
                    .GroupBy(c => (c.Entry.Approach, Movement: c.KnowsExit ? Movement.To(c.Entry.Exit) : Movement.Entering))
                    .OrderBy(g => JunctionLayout.IndexOf(g.Key.Approach)).ThenBy(g => g.Key.Movement)
                    .Select(g => new DischargeStream(g.Key.Approach, g.Key.Movement, [.. g.Select(c => Start.AddSeconds(c.Seconds)).Where(watched.Contains).Order()])),
            ],
            watched);

        double Normal() => 0.3 * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
    }
}
