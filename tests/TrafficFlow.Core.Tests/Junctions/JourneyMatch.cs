using TrafficFlow.Core.Junctions;
using TrafficFlow.Core.Scoring;
using TrafficFlow.Simulation;

namespace TrafficFlow.Core.Tests.Junctions;

/// <summary>Lays journeys beside the simulation's truth: same approach, same exit, entered at about the same time.</summary>
internal static class JourneyMatch
{
    private const double ToleranceSeconds = 3;

    public static (double Precision, double Recall) Score(JunctionTruth truth, IEnumerable<Journey> journeys)
    {
        var counted = journeys.Where(j => j.IsWhole).ToLookup(j => (j.Approach!.Value, j.Exit!.Value));
        var happened = truth.Journeys.Where(j => j.EnteredAt >= TimeSpan.FromSeconds(1)).ToLookup(j => (j.Approach, j.Exit));
        var (matched, all, given) = (0, 0, 0);
        foreach (var key in counted.Select(c => c.Key).Union(happened.Select(h => h.Key)))
        {
            var times = counted[key].Select(j => (j.EnteredAt!.Value - SimulatedObservations.Start).TotalSeconds).Order().ToList();
            var trueTimes = happened[key].Select(j => (j.EnteredAt.TotalSeconds, false)).OrderBy(t => t.TotalSeconds).ToList();
            matched += CrossingMatcher.Match(trueTimes, times, ToleranceSeconds).Count(m => m >= 0);
            all += trueTimes.Count;
            given += times.Count;
        }

        return (given == 0 ? 0 : (double)matched / given, all == 0 ? 0 : (double)matched / all);
    }
}
