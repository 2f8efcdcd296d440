using System.Collections.Immutable;
using TrafficFlow.Core.Flow;

namespace TrafficFlow.Analysis.Causes;

/// <summary>Which figures are shown for a cause, and which against it.</summary>
internal static class CauseEvidence
{
    public static ImmutableArray<EvidenceFigure> For(CauseKind kind, CauseFigures f, Interval span)
    {
        var (now, usual) = (f.Worse, f.WorseUsual);
        (EvidenceName Name, double Value, double Reference)[] figures = kind switch
        {
            CauseKind.GreenTooShort => [(EvidenceName.SplitFailures, now.Failures, usual.Failures), (EvidenceName.GreenSeconds, now.GreenSeconds, usual.GreenSeconds), (EvidenceName.DischargePerHour, 3600 * now.PassedPerGreenSecond, double.NaN), (EvidenceName.DegreeOfSaturation, f.OthersSaturation, double.NaN)],
            CauseKind.BadOffset => [(EvidenceName.ArrivalsOnGreen, f.Ahead.ArrivalsOnGreen, f.Ahead.GreenRatio), (EvidenceName.SplitFailures, f.Ahead.Failures, f.AheadUsual.Failures)],
            CauseKind.SpillBack => [(EvidenceName.ExitSpeedKmh, f.ExitKmh, f.ExitKmhUsual), (EvidenceName.DischargePerHour, 3600 * f.Ahead.PassedPerGreenSecond, 3600 / Headway(f)), (EvidenceName.InsideSeconds, f.ThroughInside, double.NaN)],
            CauseKind.BlockedLane => [(EvidenceName.LaneShare, 1 - f.Ahead.BesideShare, 1 - f.AheadUsual.BesideShare), (EvidenceName.StandSeconds, f.LongestStand, double.NaN), (EvidenceName.DischargePerHour, 3600 * f.Ahead.PassedPerGreenSecond, 3600 / Headway(f))],
            CauseKind.RightTurnOverflow => [(EvidenceName.SplitFailures, f.Right.Failures, f.RightUsual.Failures), (EvidenceName.TurningPerHour, f.Right.PerHour, f.RightUsual.PerHour), (EvidenceName.DelaySeconds, f.Right.DelaySeconds, f.RightUsual.DelaySeconds), (EvidenceName.DischargePerHour, 3600 * f.Ahead.PassedPerGreenSecond, 3600 / Headway(f))],
            CauseKind.ShortTurnLane => [(EvidenceName.QueueMetres, f.Right.QueuedMetres, f.RightUsual.QueuedMetres), (EvidenceName.TurningPerHour, f.Right.PerHour, f.RightUsual.PerHour), (EvidenceName.DischargePerHour, 3600 * f.Ahead.PassedPerGreenSecond, 3600 / Headway(f))],
            CauseKind.HeavyShare => [(EvidenceName.HeavyShare, now.HeavyShare, usual.HeavyShare), (EvidenceName.HeadwaySeconds, now.HeadwaySeconds, usual.HeadwaySeconds)],
            CauseKind.DemandSurge => [(EvidenceName.DemandPerHour, now.PerHour, usual.PerHour), (EvidenceName.GreenSeconds, now.GreenSeconds, usual.GreenSeconds), (EvidenceName.HeadwaySeconds, now.HeadwaySeconds, usual.HeadwaySeconds)],
            CauseKind.Incident => [(EvidenceName.StandSeconds, f.Ahead.LongestGap, f.Ahead.CycleSeconds), (EvidenceName.OnsetMinutes, (f.Ahead.LongestGapFrom - f.Stretch.From) / 60, double.NaN)],
            CauseKind.Weather => [(EvidenceName.FreeSpeedKmh, f.FreeSpeed, f.FreeSpeedUsual), (EvidenceName.HeadwaySeconds, f.HeadwayElsewhere, f.HeadwayElsewhereUsual), (EvidenceName.ExitSpeedKmh, f.ExitKmh, f.ExitKmhUsual)],
            CauseKind.PedestrianPhase => [(EvidenceName.InsideSeconds, f.LeftInside, f.LeftInsideUsual), (EvidenceName.DischargePerHour, 3600 * f.Ahead.PassedPerGreenSecond, 3600 / Headway(f))],
            _ => [],
        };
        return Told(figures, f, span, [(EvidenceName.DelaySeconds, now.DelaySeconds, usual.DelaySeconds)]);
    }

    public static ImmutableArray<EvidenceFigure> Against(CauseKind kind, CauseFigures f, Interval span)
    {
        var (now, usual) = (f.Worse, f.WorseUsual);
        var figures = new List<(EvidenceName, double, double)>();
        // What would lie elsewhere if another cause were at work.
        if (kind != CauseKind.DemandSurge && now.PerHour / usual.PerHour > 1.12) figures.Add((EvidenceName.DemandPerHour, now.PerHour, usual.PerHour));
        if (kind != CauseKind.HeavyShare && now.HeavyShare - usual.HeavyShare > 0.08) figures.Add((EvidenceName.HeavyShare, now.HeavyShare, usual.HeavyShare));
        if (kind != CauseKind.GreenTooShort && now.GreenRatio / usual.GreenRatio < 0.95) figures.Add((EvidenceName.GreenSeconds, now.GreenSeconds, usual.GreenSeconds));
        if (kind is CauseKind.GreenTooShort or CauseKind.DemandSurge && now.UnusedGreen > 0.25) figures.Add((EvidenceName.DischargePerHour, 3600 * now.PassedPerGreenSecond, 3600 / Headway(f)));
        return Told([.. figures], f, span, []);
    }

    private static double Headway(CauseFigures f) => double.IsFinite(f.AheadUsual.HeadwaySeconds) ? f.AheadUsual.HeadwaySeconds : CauseFigures.UsualHeadway;

    private static ImmutableArray<EvidenceFigure> Told((EvidenceName Name, double Value, double Reference)[] figures, CauseFigures f, Interval span, (EvidenceName Name, double Value, double Reference)[] more) =>
        [.. figures.Concat(more).Where(e => double.IsFinite(e.Value)).DistinctBy(e => e.Name).Select(e => new EvidenceFigure(e.Name, e.Value, double.IsFinite(e.Reference) ? e.Reference : null, span, f.Approach))];
}
