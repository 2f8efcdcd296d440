using System.Collections.Immutable;
using TrafficFlow.Analysis.Records;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Junctions;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Analysis.Studies;

/// <summary>The journeys of a record by approach, so that each stretch of time is found at once.</summary>
internal sealed class JunctionTraffic
{
    private readonly Dictionary<ApproachId, (Journey[] ByEnd, DateTimeOffset[] Ends, Journey[] ByEntry, DateTimeOffset[] Entries)> _approaches = [];

    public JunctionTraffic(JunctionRecord record)
    {
        // A part that is counted ahead comes with the rest again.
        foreach (var group in record.Journeys.Where(j => j is { Approach: not null, Part: not JourneyPart.EntryAhead }).GroupBy(j => j.Approach!.Value))
        {
            var (ends, entries) = (group.OrderBy(j => j.LastSeenAt).ToArray(), group.Where(j => j.EnteredAt is not null).OrderBy(j => j.EnteredAt).ToArray());
            _approaches[group.Key] = (ends, [.. ends.Select(j => j.LastSeenAt)], entries, [.. entries.Select(j => j.EnteredAt!.Value)]);
        }
    }

    /// <summary>Those that ended within a span, in that order.</summary>
    public ReadOnlySpan<Journey> Ended(ApproachId approach, Interval span) => _approaches.TryGetValue(approach, out var a) ? Slice(a.ByEnd, a.Ends, span) : [];

    /// <summary>Those that passed their entering gate within a span, in that order.</summary>
    public ReadOnlySpan<Journey> Entered(ApproachId approach, Interval span) => _approaches.TryGetValue(approach, out var a) ? Slice(a.ByEntry, a.Entries, span) : [];

    /// <summary>The same over several spans, only of the time in which the approach was watched.</summary>
    public ImmutableArray<Journey> Entered(ApproachRecord approach, IEnumerable<Interval> spans)
    {
        var found = ImmutableArray.CreateBuilder<Journey>();
        foreach (var watched in spans.SelectMany(s => approach.Watched.Within(s).Intervals)) found.AddRange(Entered(approach.Approach, watched));
        return found.ToImmutable();
    }

    public static Movement MovementOf(Journey journey) => journey.Exit is { } exit ? Movement.To(exit) : Movement.Entering;

    private static ReadOnlySpan<Journey> Slice(Journey[] journeys, DateTimeOffset[] times, Interval span)
    {
        var (from, to) = (First(span.From), First(span.To));
        return to > from ? journeys.AsSpan(from, to - from) : [];

        int First(DateTimeOffset time)
        {
            var (low, high) = (0, times.Length);
            while (low < high)
            {
                var middle = (low + high) / 2;
                if (times[middle] < time) low = middle + 1;
                else high = middle;
            }

            return low;
        }
    }
}
