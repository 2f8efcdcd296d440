using TrafficFlow.Core.Flow;

namespace TrafficFlow.Analysis.Queues;

/// <summary>The queue of an approach or lane as the cameras see it at one instant.</summary>
/// <param name="BackMetres">From the stop line to the rear of the last queued vehicle; zero without a queue.</param>
public readonly record struct QueueSample(DateTimeOffset At, double BackMetres, int Vehicles);

/// <summary>The queue of one cycle, from the begin of its red to the end of its green, in the terms of Japanese surveys.</summary>
/// <param name="Cycle">From the end of the green before to the end of this one.</param>
/// <param name="AtGreenBegin">滞留長: what stood when green began, metres.</param>
/// <param name="Longest">Back of the queue at its farthest, vehicles that joined during green included.</param>
/// <param name="AtGreenEnd">渋滞長: what one green has not served, metres.</param>
/// <param name="Samples">Behind it; none where nobody watched.</param>
/// <param name="IsBeyondSight">It reached as far as the cameras see: all three figures are lower bounds where they come near that.</param>
public sealed record CycleQueue(Interval Cycle, DateTimeOffset GreenBegin, double? AtGreenBegin, double? Longest, double? AtGreenEnd, int Samples, bool IsBeyondSight)
{
    // A car with its gap: nearer to the end of sight than this another one may stand behind it unseen.
    private const double CarMetres = 7;

    /// <summary>A sample farther away in time says nothing of an instant.</summary>
    private static readonly TimeSpan s_near = TimeSpan.FromSeconds(2);

    /// <param name="samples">In order of time.</param>
    /// <param name="greens">In order, without overlap.</param>
    /// <param name="seenMetres">How far back from the stop line the cameras see; null where that is not known.</param>
    public static IEnumerable<CycleQueue> Of(IReadOnlyList<QueueSample> samples, IReadOnlyList<Interval> greens, double? seenMetres)
    {
        var first = 0;
        for (var i = 1; i < greens.Count; i++)
        {
            var cycle = new Interval(greens[i - 1].To, greens[i].To);
            while (first < samples.Count && samples[first].At < cycle.From - s_near) first++;
            var within = samples.Skip(first).TakeWhile(s => s.At <= cycle.To + s_near).ToList();
            var inside = within.Where(s => s.At >= cycle.From && s.At < cycle.To).ToList();
            var longest = inside.Count > 0 ? inside.Max(s => s.BackMetres) : (double?)null;
            yield return new CycleQueue(
                cycle, greens[i].From, At(greens[i].From), longest, At(greens[i].To), inside.Count, longest is { } metres && seenMetres is { } seen && metres >= seen - CarMetres);

            double? At(DateTimeOffset time) => within.Where(s => (s.At - time).Duration() <= s_near).OrderBy(s => (s.At - time).Duration()).Select(s => (double?)s.BackMetres).FirstOrDefault();
        }
    }
}
