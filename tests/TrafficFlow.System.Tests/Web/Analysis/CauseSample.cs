using System.Collections.Immutable;
using TrafficFlow.Analysis.Causes;
using TrafficFlow.Core.Flow;

namespace TrafficFlow.SystemTests.Web.Analysis;

/// <summary>Findings of each form: with and without rivals, for and against, of a movement, of an approach and of the whole junction.</summary>
internal static class CauseSample
{
    public static ImmutableArray<CauseFinding> Of(Interval span, double lost)
    {
        var peak = new Interval(span.From.AddMinutes(62), span.From.AddMinutes(118));
        var before = new Interval(span.From, span.From.AddMinutes(45));
        return
        [
            new(CauseKind.GreenTooShort, StudySample.North, Movement.To(StudySample.South), peak, 0.86, lost * 0.81,
                [
                    new(EvidenceName.DegreeOfSaturation, 1.07, 0.9, peak), new(EvidenceName.GreenSeconds, 42, 51.5, peak), new(EvidenceName.SplitFailures, 0.79, 0.04, peak, StudySample.East),
                    new(EvidenceName.QueueMetres, 90, 90, peak), new(EvidenceName.DelaySeconds, 118.4, 27.2, peak),
                ],
                [new(EvidenceName.ArrivalsOnGreen, 0.36, 0.35, peak)]) { Rivals = [CauseKind.DemandSurge] },
            new(CauseKind.DemandSurge, StudySample.North, null, peak, 0.41, lost * 0.44, [new(EvidenceName.DemandPerHour, 912, 560, peak), new(EvidenceName.OnsetMinutes, 34, null, peak)], []),
            new(CauseKind.CycleTooLong, null, null, new Interval(span.From.AddMinutes(70), span.To), 0.33, 2.4, [new(EvidenceName.CycleSeconds, 120, 96, peak), new(EvidenceName.IntersectionFlowRatio, 0.83, 0.9, peak)], [new(EvidenceName.HeadwaySeconds, 2.06, 2.04, before)]),
            new(CauseKind.CameraTrouble, StudySample.East, null, new Interval(span.From.AddMinutes(135), span.From.AddMinutes(165)), 0.97, 0, [new(EvidenceName.ObservedShare, 0, 0.5, peak)], []),
        ];
    }
}
