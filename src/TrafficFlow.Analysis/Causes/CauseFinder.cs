using System.Collections.Immutable;
using TrafficFlow.Analysis.Congestion;
using TrafficFlow.Analysis.Records;
using TrafficFlow.Analysis.Studies;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Signals;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Analysis.Causes;

/// <summary>
/// Tells why vehicles lost time at a junction: when they lost more than its signals must cost, and which of the causes the figures fit, compared with the time without trouble where there is
/// some. What fits no cause is not named. Pure.
/// </summary>
public static class CauseFinder
{
    /// <summary>A rival fits at least so well, of what the first one does.</summary>
    private const double RivalShare = 0.5;

    /// <summary>Vehicle-hours below which no cause is looked for: some minutes of a few vehicles.</summary>
    private const double LeastHours = 0.25;

    /// <summary>Below this, only what fits well is named.</summary>
    private const double FewHours = 0.4;
    private const double FitsWell = 0.8;
    private const double SurgeHours = 0.6;

    /// <summary>Time without trouble that lies farther away is another season's.</summary>
    private const double DaySeconds = 86_400;

    /// <param name="signals">What the signals showed: the controller's log, or inferred from discharge.</param>
    /// <param name="timelines">Congestion by the profile of a public body; its events are looked at too where nothing else told of them.</param>
    /// <returns>By vehicle-hours lost, those of the same cause at the same time on other approaches counted in; cameras' troubles lose none.</returns>
    public static ImmutableArray<CauseFinding> Find(JunctionRecord record, ISignalPhases signals, IReadOnlyList<CongestionTimeline> timelines)
    {
        var traffic = new ObservedTraffic(record, signals);
        var cameras = CameraTroubles.Of(traffic).ToList();
        var findings = cameras.Select(c => c.Finding).ToList();
        findings.AddRange(LongCycles.Of(traffic));
        var all = record.Approaches.SelectMany(a => FiguresOf(traffic, a.Approach, timelines, cameras)).Select(f => (Figures: f, Scores: CauseScores.Of(f))).ToList();
        findings.AddRange(all.Select(a => Tell(traffic, a.Figures, Shared(a, all))).OfType<CauseFinding>());
        return [.. findings.OrderByDescending(f => Together(f, findings)).ThenByDescending(f => f.VehicleHoursLost)];
    }

    /// <summary>Hours of the same cause at the same time: bad weather is one cause on four approaches.</summary>
    private static double Together(CauseFinding finding, List<CauseFinding> all) =>
        all.Where(f => f.Kind == finding.Kind && (f == finding || !f.Span.Clip(finding.Span).IsEmpty)).Sum(f => f.VehicleHoursLost);

    /// <summary>Whatever holds for the whole junction and is plain on one approach is likelier on the others at that time.</summary>
    private static ImmutableArray<(CauseKind Kind, double Score)> Shared(
        (CauseFigures Figures, ImmutableArray<(CauseKind Kind, double Score)> Scores) one, List<(CauseFigures Figures, ImmutableArray<(CauseKind Kind, double Score)> Scores)> all) =>
    [
        .. one.Scores.Select(s => s.Kind is CauseKind.Weather or CauseKind.PedestrianPhase && s.Score >= 0.2
            ? (s.Kind, Math.Max(s.Score, (s.Score + all.Where(o => o.Figures.Stretch.Overlap(one.Figures.Stretch) > 300 && o.Scores[0].Kind == s.Kind).Select(o => o.Scores[0].Score).DefaultIfEmpty(0).Max()) / 2 + 0.1))
            : s).OrderByDescending(s => s.Item2),
    ];

    private static IEnumerable<CauseFigures> FiguresOf(ObservedTraffic traffic, ApproachId approach, IReadOnlyList<CongestionTimeline> timelines, List<CameraTroubles.Trouble> cameras)
    {
        var stretches = StretchesOf(traffic, approach, timelines);
        var usual = Between(stretches, traffic.Seconds);
        // Where pictures cannot be trusted, neither can what they say of the traffic.
        return stretches.Where(s => !cameras.Any(c => c.Approach == approach && c.Stretch.Overlap(s) > 0.3 * s.Seconds)).Select(s => CauseFigures.Of(traffic, approach, s, [.. usual.Where(u => u.To > s.From - DaySeconds && u.From < s.To + DaySeconds)]));
    }

    private static CauseFinding? Tell(ObservedTraffic traffic, CauseFigures figures, ImmutableArray<(CauseKind Kind, double Score)> scores)
    {
        var hours = (figures.AheadLost + figures.RightLost) / 3600;
        if (hours < LeastHours) return null;
        var (kind, score) = scores[0];
        if (score < (hours < FewHours ? FitsWell : CauseScores.Told)) return null;
        // Arrivals come in bunches by chance.
        if (kind is CauseKind.DemandSurge && hours < SurgeHours) return null;
        var span = traffic.IntervalOf(figures.Stretch);
        var movement = kind is CauseKind.RightTurnOverflow || (kind is CauseKind.GreenTooShort && figures.IsRightWorse)
            ? traffic.Groups.FirstOrDefault(g => g.Approach == figures.Approach && g.IsRight)?.Movements[0] : null;
        return new CauseFinding(kind, figures.Approach, movement, span, Confidence(scores), hours, CauseEvidence.For(kind, figures, span), CauseEvidence.Against(kind, figures, span))
        {
            Rivals = [.. scores.Skip(1).Where(s => s.Score >= RivalShare * score && s.Score >= 0.25).Select(s => s.Kind).Take(2)],
        };
    }

    /// <summary>The part that the first one has of all that fits, and of the chance that nothing of it is right. It is not fitted to how often that came true.</summary>
    private static double Confidence(ImmutableArray<(CauseKind Kind, double Score)> scores) =>
        Math.Round(Math.Pow(scores[0].Score, 2) / (scores.Sum(s => Math.Pow(s.Score, 2)) + 0.03), 2);

    private static List<Stretch> StretchesOf(ObservedTraffic traffic, ApproachId approach, IReadOnlyList<CongestionTimeline> timelines)
    {
        var found = traffic.Groups.Where(g => g.Approach == approach).SelectMany(g => TroubledStretches.Of(g, traffic.Seconds)).ToList();
        found.AddRange(timelines.Where(t => t.Approach == approach).SelectMany(t => t.Events).Select(e => new Stretch(Math.Max(0, traffic.SecondsAt(e.Span.From)), Math.Min(traffic.Seconds, traffic.SecondsAt(e.Span.To)))));
        var merged = new List<Stretch>();
        foreach (var stretch in found.Where(s => s.Seconds > 0).OrderBy(s => s.From))
        {
            if (merged.Count > 0 && stretch.From <= merged[^1].To) merged[^1] = new Stretch(merged[^1].From, Math.Max(merged[^1].To, stretch.To));
            else merged.Add(stretch);
        }

        return merged;
    }

    /// <summary>What lies between stretches of trouble, and is long enough to tell something.</summary>
    private static List<Stretch> Between(List<Stretch> troubled, double seconds)
    {
        var usual = new List<Stretch>();
        var at = 0.0;
        foreach (var stretch in troubled.Append(new Stretch(seconds, seconds)))
        {
            if (stretch.From - at >= TroubledStretches.CellSeconds) usual.Add(new Stretch(at, stretch.From));
            at = stretch.To;
        }

        return usual;
    }
}
