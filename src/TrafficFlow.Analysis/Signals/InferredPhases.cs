using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Signals;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Analysis.Signals;

/// <summary>What was inferred, as phases by the wall clock: each green of a plan that was told, within the span in which it was seen.</summary>
/// <param name="amberSeconds">Discharge tells no amber; Japan's is 3 s nearly everywhere.</param>
public sealed class InferredPhases(InferredSignals signals, double amberSeconds = 3) : ISignalPhases
{
    public IEnumerable<SignalPhase> Overlapping(ApproachId approach, Interval interval) =>
        signals.Plans.SelectMany(p => p.Groups.Where(g => g.Approach == approach).SelectMany(g => Phases(p, g, interval))).OrderBy(p => p.Span.From);

    private IEnumerable<SignalPhase> Phases(InferredPlan plan, InferredGroup group, Interval interval)
    {
        if (group is not { BeginSeconds: { } begin, GreenSeconds: { } green }) yield break;
        var known = interval.Clip(plan.Span);
        if (known.IsEmpty) yield break;
        var cycle = plan.CycleSeconds.Value;
        for (var n = Math.Floor(((known.From - plan.Reference).TotalSeconds - begin.Value) / cycle); ; n++)
        {
            var from = plan.Reference.AddSeconds(begin.Value + (n * cycle));
            if (from >= known.To) yield break;
            var (ends, reds, next) = (from.AddSeconds(green.Value), from.AddSeconds(Math.Min(green.Value + amberSeconds, cycle)), from.AddSeconds(cycle));
            foreach (var (colour, span) in new[] { (SignalColour.Green, new Interval(from, ends)), (SignalColour.Amber, new Interval(ends, reds)), (SignalColour.Red, new Interval(reds, next)) })
            {
                if (span.From < known.To && span.To > known.From && !span.IsEmpty) yield return new SignalPhase(group.Approach, group.Movements, colour, span);
            }
        }
    }
}
