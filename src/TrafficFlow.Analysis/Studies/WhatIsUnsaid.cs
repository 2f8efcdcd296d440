using System.Collections.Immutable;
using System.Globalization;
using TrafficFlow.Analysis.Records;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Junctions;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Analysis.Studies;

/// <summary>What a study does not tell for want of pictures, traffic, lanes, exits or classes.</summary>
internal static class WhatIsUnsaid
{
    /// <summary>Shorter gaps are in the shares that were observed.</summary>
    private static readonly TimeSpan ShortestGap = TimeSpan.FromMinutes(15);

    /// <summary>With more unknown exits, volumes of movements rest on how these were shared out.</summary>
    private const double MostUnknownExits = 0.05;

    /// <summary>With more vehicles of unknown class the share of large ones is not known.</summary>
    private const double MostUnknownClasses = 0.5;

    public static IEnumerable<Unsaid> Of(JunctionRecord record, JunctionTraffic traffic, JunctionStudy study, JourneyLanes lanes, ImmutableArray<MovementFigure> movements)
    {
        foreach (var camera in record.Cameras.Where(c => c.Degraded.Within(record.Span).Total >= ShortestGap))
        {
            foreach (var approach in camera.Feeds) yield return new Unsaid(UnsaidKind.CameraDegraded, approach, Hull(camera.Degraded.Within(record.Span)), camera.Camera.Value);
        }

        foreach (var approach in study.Approaches)
        {
            var of = record.Find(approach.Approach)!;
            foreach (var gap in Gaps(of.Watched, record.Span)) yield return new Unsaid(UnsaidKind.NotWatched, approach.Approach, gap);
            var own = movements.Where(m => m.Study.Approach == approach.Approach).ToList();
            foreach (var unsaid in OfApproach(record, traffic, study, of, lanes, own)) yield return unsaid;
        }

        if (record.Journeys.Length > 0 && record.Journeys.Count(j => j.Class == VehicleClass.Unclassified) > MostUnknownClasses * record.Journeys.Length) yield return new Unsaid(UnsaidKind.ClassesUnknown, null, null);
    }

    private static IEnumerable<Unsaid> OfApproach(JunctionRecord record, JunctionTraffic traffic, JunctionStudy study, ApproachRecord approach, JourneyLanes lanes, List<MovementFigure> movements)
    {
        var id = approach.Approach;
        if (approach.Watched.IsEmpty) yield break;
        if (movements.Count == 0)
        {
            yield return new Unsaid(UnsaidKind.TooLittleTraffic, id, null);
            yield break;
        }

        if (approach.Queues.IsEmpty) yield return new Unsaid(UnsaidKind.QueuesNotMeasured, id, null);
        foreach (var far in study.Approaches.First(a => a.Approach == id).Events.Where(e => e.IsBeyondSight)) yield return new Unsaid(UnsaidKind.QueueBeyondSight, id, far.Span, far.LongestMetres.ToString("0", CultureInfo.InvariantCulture));
        if (!Any(traffic.Ended(id, record.Span), j => j.DistanceMetres > 0)) yield return new Unsaid(UnsaidKind.DelayNotMeasured, id, null);
        else if (!ApproachCongestion.IsSeen(approach)) yield return new Unsaid(UnsaidKind.DelayNotMeasured, id, null, approach.SeenMetres!.Value.ToString("0", CultureInfo.InvariantCulture));
        if (lanes.Of(id) is null) yield return new Unsaid(UnsaidKind.LanesUnknown, id, null, movements.Select(m => m.Lanes).Distinct().GroupBy(l => l.Group).Max(g => g.Max(l => l.Lanes)).ToString(CultureInfo.InvariantCulture));
        if (movements.Exists(m => !m.Study.IsSaturationMeasured))
            yield return new Unsaid(UnsaidKind.SaturationNotMeasured, id, null, string.Join(", ", movements.Where(m => !m.Study.IsSaturationMeasured).Select(m => m.Study.Movement.Name).Distinct()));
        var unknown = movements.Max(m => m.UnknownExits);
        if (unknown > MostUnknownExits || movements.TrueForAll(m => m.Study.Movement == Movement.Entering)) yield return new Unsaid(UnsaidKind.ExitsUnknown, id, null, (100 * unknown).ToString("0", CultureInfo.InvariantCulture));
    }

    private static bool Any(ReadOnlySpan<Journey> journeys, Func<Journey, bool> isOne)
    {
        foreach (var journey in journeys)
        {
            if (isOne(journey)) return true;
        }

        return false;
    }

    private static IEnumerable<Interval> Gaps(IntervalSet watched, Interval span)
    {
        var from = span.From;
        foreach (var interval in watched.Within(span).Intervals.Append(new Interval(span.To, span.To)))
        {
            if (interval.From - from >= ShortestGap) yield return new Interval(from, interval.From);
            from = interval.To;
        }
    }

    private static Interval Hull(IntervalSet set) => new(set.Intervals[0].From, set.Intervals[^1].To);
}
