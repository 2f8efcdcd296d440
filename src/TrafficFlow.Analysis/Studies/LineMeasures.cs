using System.Collections.Immutable;
using TrafficFlow.Analysis.Proposals.Corridors;
using TrafficFlow.Analysis.Signals;
using TrafficFlow.Core.Signals;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Analysis.Studies;

/// <summary>Offsets and orders of stages as measures of a study of one junction.</summary>
public static class LineMeasures
{
    /// <summary>For one junction of a line: its offset, or the order of its stages, where a proposal changes it. The effect is that on the whole line, of all its changes together.</summary>
    public static ImmutableArray<MeasureStudy> Of(CorridorProposal proposal, int junction)
    {
        var (today, then) = (proposal.Today.Plans[junction], proposal.Proposed.Plans[junction]);
        var saved = new Estimate(proposal.Gain.Mean, proposal.Gain.Low, proposal.Gain.High);
        var measures = ImmutableArray.CreateBuilder<MeasureStudy>();
        var most = MostHelped(proposal.Today.StopLines, proposal.Proposed.StopLines, junction);
        if (most is null) return [];
        if (Math.Abs(today.OffsetSeconds - then.OffsetSeconds) > 1e-6) measures.Add(new MeasureStudy(MeasureKind.Offset, ApproachOf(today, most), null, then.OffsetSeconds, saved));
        if (!today.Stages.AsSpan().SequenceEqual(then.Stages.AsSpan())) measures.Add(new MeasureStudy(MeasureKind.StageOrder, ApproachOf(today, most), null, null, saved));
        return measures.ToImmutable();
    }

    /// <returns>Null where today's order is as good.</returns>
    public static MeasureStudy? Of(StageOrderProposal proposal) =>
        proposal.IsChange && MostHelped(proposal.Before, proposal.After, 0) is { } most
            ? new MeasureStudy(MeasureKind.StageOrder, ApproachOf(proposal.Today, most), null, null, new Estimate(proposal.Gain.Mean, proposal.Gain.Low, proposal.Gain.High))
            : null;

    private static string? MostHelped(ImmutableArray<StopLineEffect> before, ImmutableArray<StopLineEffect> after, int junction) =>
        before.Zip(after).Where(p => p.First.Junction == junction && p.First.VehiclesPerHour > 0).MaxBy(p => p.First.VehiclesPerHour * (p.First.DelaySeconds - p.Second.DelaySeconds)).First?.Group;

    private static ApproachId ApproachOf(TimingPlan plan, string group) => plan.Groups.First(g => g.Name == group).Approach;
}
