using TrafficFlow.Core.Counting;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Core.Scoring;

/// <summary>The count of one recording against its truth.</summary>
/// <param name="Seconds">Length of the recording, for hourly volumes.</param>
/// <param name="Gates">One row for each gate and direction that either side names.</param>
/// <param name="Missed">Vehicles that had to be counted and were not, in order of time.</param>
/// <param name="Extra">Counted crossings that no vehicle explains, in order of time.</param>
public sealed record CountScore(
    double Seconds,
    IReadOnlyList<GateScore> Gates,
    IReadOnlyList<MatchedCrossing> Matched,
    IReadOnlyList<TruthCrossing> Missed,
    IReadOnlyList<CountedCrossing> Extra)
{
    /// <summary>Times whose counts were marked as degraded, where that is known; sorted, not overlapping.</summary>
    public IReadOnlyList<DegradedTime> Degraded { get; init; } = [];

    /// <summary>Why counts at a time were marked as degraded; <see cref="Breakdown.SeenWell"/> where they were not.</summary>
    public string ReasonAt(double seconds) => Degraded.FirstOrDefault(d => seconds >= d.FromSeconds && seconds <= d.ToSeconds)?.Reason ?? Breakdown.SeenWell;

    public Tally Total => Gates.Aggregate(Tally.Empty, (sum, g) => sum + g.Tally);

    /// <summary>Mean of |counted - true| / true in percent over the gates and directions that vehicles passed; null where none did.</summary>
    public static double? MeanAbsolutePercentError(IEnumerable<CountScore> scores)
    {
        var errors = scores.SelectMany(s => s.Gates).Select(g => g.Tally.SignedErrorPercent).OfType<double>().ToList();
        return errors.Count == 0 ? null : errors.Average(Math.Abs);
    }
}

public sealed record GateScore(GateId Gate, CrossingDirection Direction, Tally Tally);

/// <summary>A vehicle that had to be counted, with the crossing that counts it.</summary>
public sealed record MatchedCrossing(TruthCrossing Truth, CountedCrossing Counted);

/// <param name="Reason">As in summary.json: dark, noisy, glare, moved and so on.</param>
public sealed record DegradedTime(double FromSeconds, double ToSeconds, string Reason);
