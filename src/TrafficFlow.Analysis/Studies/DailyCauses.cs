using System.Collections.Immutable;
using TrafficFlow.Analysis.Causes;
using TrafficFlow.Analysis.Congestion;
using TrafficFlow.Analysis.Records;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Signals;

namespace TrafficFlow.Analysis.Studies;

/// <summary>The causes of each day by itself: what is usual on a Sunday is no measure of a Monday.</summary>
public static class DailyCauses
{
    /// <returns>Ranked by vehicle-hours lost over all days.</returns>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static ImmutableArray<CauseFinding> Find(JunctionRecord record, JunctionStudy study, ISignalPhases signals, CancellationToken cancellation)
    {
        var found = ImmutableArray.CreateBuilder<CauseFinding>();
        foreach (var day in DaysOf(record))
        {
            cancellation.ThrowIfCancellationRequested();
            var timelines = study.Approaches.Select(a => new CongestionTimeline(a.Approach, [], [.. a.Events.Where(e => !e.Span.Clip(day).IsEmpty)])).ToList();
            found.AddRange(CauseFinder.Find(Within(record, day), signals, timelines));
        }

        return [.. Together(found).OrderByDescending(f => f.VehicleHoursLost)];
    }

    /// <summary>Weather on several approaches at a time is one, of the whole junction, told by the figures of where it cost most.</summary>
    private static IEnumerable<CauseFinding> Together(IReadOnlyCollection<CauseFinding> found)
    {
        var left = found.Where(f => f.Kind == CauseKind.Weather).OrderByDescending(f => f.VehicleHoursLost).ToList();
        while (left.Count > 0)
        {
            var same = left.Where(f => !f.Span.Clip(left[0].Span).IsEmpty).ToList();
            left.RemoveAll(same.Contains);
            yield return same.Select(f => f.Approach).Distinct().Count() < 2 ? same[0] : same[0] with
            {
                Approach = null,
                Span = new Interval(same.Min(f => f.Span.From), same.Max(f => f.Span.To)),
                VehicleHoursLost = same.Sum(f => f.VehicleHoursLost),
                Confidence = same.Max(f => f.Confidence),
            };
        }

        foreach (var finding in found.Where(f => f.Kind != CauseKind.Weather)) yield return finding;
    }

    private static IEnumerable<Interval> DaysOf(JunctionRecord record)
    {
        for (var from = record.Span.From; from < record.Span.To;)
        {
            var local = TimeZoneInfo.ConvertTime(from, record.TimeZone);
            var midnight = local.Date.AddDays(1);
            // A midnight that a change of the clock leaves out is an hour later.
            if (record.TimeZone.IsInvalidTime(midnight)) midnight = midnight.AddHours(1);
            var to = new DateTimeOffset(midnight, record.TimeZone.GetUtcOffset(midnight));
            yield return new Interval(from, to < record.Span.To ? to : record.Span.To);
            from = to;
        }
    }

    private static JunctionRecord Within(JunctionRecord record, Interval day) => record with
    {
        Span = day,
        Journeys = [.. record.Journeys.Where(j => j.LastSeenAt >= day.From && j.LastSeenAt < day.To)],
        Approaches = [.. record.Approaches.Select(a => a with { Watched = a.Watched.Within(day), Queues = [.. a.Queues.Where(q => q.From >= day.From && q.From < day.To)] })],
        Cameras = [.. record.Cameras.Select(c => c with { Watched = c.Watched.Within(day), Degraded = c.Degraded.Within(day) })],
    };
}
