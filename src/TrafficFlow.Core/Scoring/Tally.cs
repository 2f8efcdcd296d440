namespace TrafficFlow.Core.Scoring;

/// <summary>How a count compares with the truth, over some rows. Tallies of different gates or recordings add up.</summary>
/// <param name="True">Vehicles that had to be counted.</param>
/// <param name="Matched">Of these, how many were.</param>
/// <param name="Extra">Counted crossings that no vehicle explains.</param>
/// <param name="SetAside">Counted crossings of optional vehicles: neither right nor wrong, and in no other figure.</param>
/// <param name="ShiftSeconds">Sum of (counted - true) time over the matched rows.</param>
/// <param name="ErrorSeconds">Sum of |counted - true| time over the matched rows.</param>
/// <param name="MaxErrorSeconds">Largest |counted - true| time of a matched row.</param>
public sealed record Tally(
    int True, int Matched, int Extra, int SetAside = 0, double ShiftSeconds = 0, double ErrorSeconds = 0, double MaxErrorSeconds = 0)
{
    public static readonly Tally Empty = new(0, 0, 0);

    public int Counted => Matched + Extra;

    public int Missed => True - Matched;

    /// <summary>Share of the counted crossings that are real, 0..1; null when nothing was counted.</summary>
    public double? Precision => Counted == 0 ? null : (double)Matched / Counted;

    /// <summary>Share of the real vehicles that were counted, 0..1; null when there were none.</summary>
    public double? Recall => True == 0 ? null : (double)Matched / True;

    /// <summary>100 (counted - true) / true; null when there were no vehicles.</summary>
    public double? SignedErrorPercent => True == 0 ? null : 100.0 * (Counted - True) / True;

    public double? MeanShiftSeconds => Matched == 0 ? null : ShiftSeconds / Matched;

    public double? MeanErrorSeconds => Matched == 0 ? null : ErrorSeconds / Matched;

    /// <summary>
    /// GEH of the hourly volumes, for a count that took <paramref name="seconds"/>; null when no time passed and the counts differ.
    /// Below 5 is acceptable for one count, below 4 for a total.
    /// </summary>
    public double? Geh(double seconds)
    {
        if (Counted == True) return 0;
        if (seconds <= 0) return null;
        double difference = Counted - True;
        return Math.Sqrt(2 * difference * difference / ((Counted + True) * (seconds / 3600)));
    }

    public static Tally operator +(Tally a, Tally b) => new(
        a.True + b.True,
        a.Matched + b.Matched,
        a.Extra + b.Extra,
        a.SetAside + b.SetAside,
        a.ShiftSeconds + b.ShiftSeconds,
        a.ErrorSeconds + b.ErrorSeconds,
        Math.Max(a.MaxErrorSeconds, b.MaxErrorSeconds));
}
