using System.Collections.Immutable;

namespace TrafficFlow.Analysis.Causes;

/// <summary>
/// How well each cause explains one troubled stretch, 0..1: the least of what must hold for it, each between "speaks against it" and "fits". Limits were chosen by eye between
/// what the figure is with and without the cause on seeds 101 to 114 of the simulator (hours without trouble: 101 to 180), and from the rules of the field. No other junction was tried.
/// </summary>
internal static class CauseScores
{
    /// <summary>From here on a cause is told.</summary>
    public const double Told = 0.5;

    /// <summary>A green that serves at other times and has not changed may be overrun by chance for some cycles; not for so long.</summary>
    private const double LongSeconds = 2700;

    public static ImmutableArray<(CauseKind Kind, double Score)> Of(CauseFigures f)
    {
        var heavy = Heavy(f);
        var weather = Math.Min(Weather(f), 1 - (0.7 * heavy));
        var people = People(f);
        var incident = Incident(f);
        var blocked = Blocked(f);
        var overflow = Overflow(f);
        var shortLane = Math.Min(ShortLane(f), 1 - (0.6 * blocked));
        var spill = SpillBack(f);
        var surge = Surge(f);
        // Capacity that is lost to something else, or demand that is not usual, is no fault of the plan.
        var otherwise = new[] { heavy, weather, people, incident, blocked, overflow, shortLane, spill, surge }.Max();
        return
        [
            .. new[]
            {
                (CauseKind.GreenTooShort, Math.Min(GreenTooShort(f), 1 - (0.6 * otherwise))), (CauseKind.BadOffset, Math.Min(BadOffset(f), 1 - (0.5 * otherwise))), (CauseKind.SpillBack, spill),
                (CauseKind.BlockedLane, blocked), (CauseKind.RightTurnOverflow, overflow), (CauseKind.ShortTurnLane, shortLane), (CauseKind.HeavyShare, heavy),
                (CauseKind.DemandSurge, Math.Min(surge, 1 - (0.4 * new[] { heavy, weather, people, incident, blocked, overflow, shortLane, spill }.Max()))), (CauseKind.Incident, incident), (CauseKind.Weather, weather),
                (CauseKind.PedestrianPhase, people),
            }.OrderByDescending(s => s.Item2),
        ];
    }

    /// <summary>0 at the first limit and beyond, 1 at the second; a figure that nobody knows is worth <paramref name="unknown"/>.</summary>
    public static double Rise(double value, double from, double to, double unknown = 0) => double.IsFinite(value) ? Math.Clamp((value - from) / (to - from), 0, 1) : unknown;

    private static double All(params ReadOnlySpan<double> parts)
    {
        var least = 1.0;
        foreach (var part in parts) least = Math.Min(least, part);
        return least;
    }

    /// <summary>Queues are left by most greens, which pass as many as they can; the plan gives less than before, or less than it gives others who need it less.</summary>
    private static double GreenTooShort(CauseFigures f)
    {
        var (now, usual) = (f.Worse, f.WorseUsual);
        var lessGreen = Rise(now.GreenRatio / usual.GreenRatio, 0.97, 0.9);
        var others = Rise(f.OthersSaturation, 0.95, 0.8, 0.7);
        return All(Rise(now.Failures, 0.2, 0.45), Rise(now.UnusedGreen, 0.4, 0.25, 0.6), Math.Max(lessGreen, others * (!f.HasReference ? 1 : f.Stretch.Seconds >= LongSeconds ? 0.6 : 0.4)));
    }

    /// <summary>Vehicles come while it is red, and each green serves them all.</summary>
    private static double BadOffset(CauseFigures f) => f.IsRightWorse ? 0
        : All(Rise(f.Ahead.ArrivalsOnGreen / f.Ahead.GreenRatio, 0.7, 0.45), Rise(f.Ahead.Failures, 0.35, 0.15, 0.5), Rise(f.Ahead.LongestGap / f.Ahead.CycleSeconds, 1.6, 1.3));

    /// <summary>Those who leave by one exit are slow there and stand on the junction, and greens before it stay empty though a queue waits.</summary>
    private static double SpillBack(CauseFigures f)
    {
        var more = f.ExitSlow - (double.IsFinite(f.ExitSlowUsual) ? f.ExitSlowUsual : 0.02);
        return All(Rise(more, 0.02, 0.07), Rise(f.ExitSlow - f.OtherExitsSlow, 0.01, 0.05, 1), Rise(f.Ahead.UnusedGreen, 0.15, 0.3, 0.3));
    }

    /// <summary>Vehicles pass the line in another lane than theirs; or one stands there for longer than any queue, for a quarter of an hour.</summary>
    private static double Blocked(CauseFigures f)
    {
        var beside = All(Rise(f.Ahead.BesidePeak - (double.IsFinite(f.AheadUsual.BesideShare) ? f.AheadUsual.BesideShare : 0.02), 0.06, 0.18), Rise(f.Ahead.BesideSeconds, 450, 900));
        return Math.Max(beside, All(Rise(f.LongestStand, 700, 1000), Rise(f.Ahead.LongestGap, 500, 350), Rise(f.Stretch.Seconds, 600, 900)));
    }

    /// <summary>Nobody passes for more than a cycle though they wait, once and for no quarter of an hour, and most of what was lost was lost to that.</summary>
    private static double Incident(CauseFigures f)
    {
        var gap = f.Ahead.LongestGap;
        return All(
            Rise(gap, 150, 220), Rise(gap / f.Ahead.CycleSeconds, 1.4, 1.9), Rise(gap, 1100, 900), Rise(f.Ahead.LongestGapShare, 0.25, 0.45), 1 - (0.6 * SpillBack(f)), 1 - (0.6 * Overflow(f)), 1 - (0.7 * Blocked(f)));
    }

    /// <summary>Right turns that give way wait longer than a cycle, and those ahead of them cannot pass.</summary>
    private static double Overflow(CauseFigures f) => !f.IsRightPermissive ? 0
        : All(Rise(f.Right.Failures, 0.08, 0.3), Rise(f.Right.DelaySeconds, 75, 110), Rise(f.Right.UnusedGreen, 0.3, 0.5, 0.5), Rise((f.RightLost + f.AheadLost) / Math.Max(1, f.Stretch.Seconds), 0.2, 0.6));

    /// <summary>Who turns right waits among those who go straight on, far back, though the arrow would serve them; and greens stay empty behind them.</summary>
    private static double ShortLane(CauseFigures f) => f.IsRightPermissive ? 0
        : All(
            Rise(f.Right.QueuedMetres, 16, 26), Rise(f.Right.QueuedMetres / f.Ahead.QueuedMetres, 0.4, 0.65), Rise(f.Ahead.UnusedGreen, 0.2, 0.35, 0.2), Rise(f.Ahead.Failures, 0.1, 0.25),
            Rise(f.Right.PassedPerGreenSecond, 0.34, 0.27, 1));

    /// <summary>Many more large vehicles than usual, and longer headways.</summary>
    private static double Heavy(CauseFigures f)
    {
        var (now, usual) = (f.Worse, f.WorseUsual);
        // Where there is no other time, or it is like this one, a share far above that of towns (a tenth or two) tells it as well.
        var isUsualLight = usual.HeavyShare < 0.3;
        var more = isUsualLight ? now.HeavyShare - usual.HeavyShare : now.HeavyShare - 0.25;
        // A long stretch may hold it for a part only.
        var peak = now.HeavyPeak - (isUsualLight && double.IsFinite(usual.HeavyShare) ? usual.HeavyShare : 0.2);
        return All(Math.Max(Rise(more, 0.08, 0.2), Rise(peak, 0.15, 0.28)), Rise(now.HeadwaySeconds / (isUsualLight && double.IsFinite(usual.HeadwaySeconds) ? usual.HeadwaySeconds : 2.6), 0.98, 1.05, 0.7));
    }

    /// <summary>More come than at other times, through a green as before that passes as many as before.</summary>
    private static double Surge(CauseFigures f)
    {
        var more = Math.Max(Ratio(f.Ahead, f.AheadUsual), Ratio(f.Worse, f.WorseUsual));
        return All(Rise(more, 1.05, 1.2), Rise(f.Worse.UnusedGreen, 0.5, 0.35, 1), Rise(f.Worse.GreenRatio / f.WorseUsual.GreenRatio, 0.88, 0.95, 0.5));

        static double Ratio(GroupFigures now, GroupFigures usual) => usual.Vehicles < 10 || now.Vehicles < 10 ? double.NaN
            // Less one standard error of chance on both sides.
            : now.PerHour / usual.PerHour * (1 - (1 / Math.Sqrt(now.Vehicles)) - (1 / Math.Sqrt(usual.Vehicles)));
    }

    /// <summary>Here and everywhere else headways are longer and speeds lower.</summary>
    private static double Weather(CauseFigures f) =>
        All(
            Rise(f.HeadwayElsewhere / f.HeadwayElsewhereUsual, 1.04, 1.12), Rise(f.Ahead.HeadwaySeconds / f.AheadUsual.HeadwaySeconds, 1.0, 1.07, 0.8), Rise(f.ExitKmh / f.ExitKmhUsual, 0.97, 0.9),
            Rise(f.FreeSpeed / f.FreeSpeedUsual, 1.02, 0.93, 0.8));

    /// <summary>Who turns left stands on the junction before the crossing; who goes straight on does not, but behind them greens stay empty.</summary>
    private static double People(CauseFigures f)
    {
        var more = f.LeftInside / (double.IsFinite(f.LeftInsideUsual) ? Math.Max(3, Math.Min(f.LeftInsideUsual, 5.5)) : 4);
        return All(Rise(more, 1.25, 1.6), Rise(f.LeftInside, 5.2, 6.5), Rise(f.Ahead.UnusedGreen, 0.15, 0.3, 0.5), 1 - (0.5 * SpillBack(f)));
    }
}
