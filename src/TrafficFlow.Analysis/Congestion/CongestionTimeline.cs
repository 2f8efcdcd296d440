using System.Collections.Immutable;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Analysis.Congestion;

/// <summary>How an approach is judged.</summary>
public sealed record CongestionSettings(CongestionProfile Profile)
{
    public double SectionMetres { get; init; } = SectionSpeed.UsualSectionMetres;

    /// <summary>By the profile where nothing else is said.</summary>
    public double FreeFlowKmh { get; init; } = Profile.FreeFlowKmh;

    /// <summary>Shorter than this is no event, but one unlucky cycle or two; and after an end it must have been free for so long, or it goes on.</summary>
    public TimeSpan Shortest { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>An interval that was watched for less of its time says nothing.</summary>
    public double LeastObservedShare { get; init; } = 0.5;
}

/// <summary>One interval, judged.</summary>
/// <param name="IsOpen">A queue beyond sight hides the level: it ends no congestion.</param>
public readonly record struct JudgedInterval(ApproachInterval Interval, SectionSpeed Speed, CongestionLevel Level, bool IsOpen = false);

/// <summary>The levels of one approach in order of time, and the events in them. Pure.</summary>
public sealed record CongestionTimeline(ApproachId Approach, ImmutableArray<JudgedInterval> Intervals, ImmutableArray<CongestionEvent> Events)
{
    /// <param name="intervals">In order of time, without overlap; where one is missing nobody watched.</param>
    /// <exception cref="ArgumentException">They overlap, or are not in order.</exception>
    public static CongestionTimeline Of(ApproachId approach, IReadOnlyList<ApproachInterval> intervals, CongestionSettings settings)
    {
        for (var i = 1; i < intervals.Count; i++)
        {
            if (intervals[i].Span.From < intervals[i - 1].Span.To) throw new ArgumentException($"intervals of {approach} overlap or are not in order at {intervals[i].Span.From:O}", nameof(intervals));
        }

        ImmutableArray<JudgedInterval> judged = [.. intervals.Select(i => Judge(i, settings))];
        return new CongestionTimeline(approach, judged, [.. EventsIn(approach, judged, settings)]);
    }

    private static JudgedInterval Judge(ApproachInterval interval, CongestionSettings settings)
    {
        var speed = SectionSpeed.Of(interval, settings.SectionMetres, settings.FreeFlowKmh);
        if (interval.ObservedShare < settings.LeastObservedShare) return new JudgedInterval(interval, speed, CongestionLevel.Unknown);
        if (speed.HighKmh is not { } high || speed.LowKmh is not { } low)
        {
            // Nobody passed: free where no queue stood, at a standstill where one did all the time, and otherwise nobody can say.
            return interval.NeverCleared ? new JudgedInterval(interval, new SectionSpeed(0, 0), CongestionLevel.Congested)
                : new JudgedInterval(interval, speed, interval.Queue is { MaxVehicles: 0 } ? CongestionLevel.Free : CongestionLevel.Unknown);
        }

        var (atBest, atWorst) = (settings.Profile.LevelOf(high), settings.Profile.LevelOf(low));
        if (atBest == atWorst) return new JudgedInterval(interval, speed, atBest);
        // The queue reaches beyond sight. One that never clears fills the road there, too; one that does may be no longer than it was seen.
        return interval.NeverCleared ? new JudgedInterval(interval, speed, atWorst) : new JudgedInterval(interval, speed, atBest == CongestionLevel.Free ? CongestionLevel.Unknown : atBest, IsOpen: true);
    }

    private static IEnumerable<CongestionEvent> EventsIn(ApproachId approach, ImmutableArray<JudgedInterval> intervals, CongestionSettings settings)
    {
        var i = 0;
        while (i < intervals.Length)
        {
            if (intervals[i].Level != CongestionLevel.Congested)
            {
                i++;
                continue;
            }

            var last = LastOf(i);
            var span = new Interval(intervals[i].Interval.Span.From, intervals[last].Interval.Span.To);
            if (span.Length >= settings.Shortest) yield return EventOf(i, last, span);
            i = last + 1;
        }

        // Until it was known to be something else for long enough; time of which nothing is known does not end it, unless it is as long.
        int LastOf(int first)
        {
            var (last, free) = (first, TimeSpan.Zero);
            for (var j = first + 1; j < intervals.Length; j++)
            {
                var gap = intervals[j].Interval.Span.From - intervals[j - 1].Interval.Span.To;
                if (intervals[j].Level == CongestionLevel.Congested && free + gap < settings.Shortest)
                {
                    (last, free) = (j, TimeSpan.Zero);
                    continue;
                }

                free += intervals[j].IsOpen ? gap : gap + intervals[j].Interval.Span.Length;
                if (free >= settings.Shortest) break;
            }

            return last;
        }

        CongestionEvent EventOf(int first, int last, Interval span)
        {
            var within = intervals[first..(last + 1)];
            var longest = within.Where(j => j.Interval.Queue is not null).OrderByDescending(j => j.Interval.Queue!.Value.MaxMetres).Select(j => (JudgedInterval?)j).FirstOrDefault();
            var at = longest?.Interval.Span.From;
            var rise = longest is { } l && within[0].Interval.Queue is { } begin ? l.Interval.Queue!.Value.MaxMetres - begin.MaxMetres : (double?)null;
            var minutes = at is { } when ? (when - span.From).TotalMinutes : 0;
            return new CongestionEvent(
                approach,
                settings.Profile.Name,
                span,
                IsSeen(first, -1),
                IsSeen(last, 1),
                within.Where(j => j.Level == CongestionLevel.Congested).Min(j => j.Speed.HighKmh!.Value),
                at,
                longest?.Interval.Queue!.Value.MaxMetres ?? 0,
                longest?.Interval.IsBeyondSight ?? false,
                rise is { } metres && minutes > 0 ? metres / minutes : null,
                (within.All(j => j.Interval.Queue is not null) ? within.Sum(j => j.Interval.Queue!.Value.VehicleSeconds) : within.Sum(j => j.Interval.DelaySeconds)) / 3600,
                within.Aggregate(TimeSpan.Zero, (sum, j) => sum + j.Interval.Observed));
        }

        // What lies next to it was watched, and was not congested.
        bool IsSeen(int edge, int step)
        {
            var next = edge + step;
            if (next < 0 || next >= intervals.Length) return false;
            var (here, there) = (intervals[edge].Interval.Span, intervals[next].Interval.Span);
            return (step > 0 ? there.From == here.To : there.To == here.From) && intervals[next].Level is CongestionLevel.Free or CongestionLevel.Slow;
        }
    }
}
