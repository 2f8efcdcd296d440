using TrafficFlow.Core.Counting;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Core.Scoring;

/// <summary>One gate and direction in one stretch of time. What is optional counts on neither side.</summary>
/// <param name="StartSeconds">From the start of the recording; the stretch is half-open.</param>
/// <param name="Seconds">Its length; the last of a recording may be shorter.</param>
public sealed record Segment(GateId Gate, CrossingDirection Direction, double StartSeconds, double Seconds, int True, int Counted)
{
    public int Error => Counted - True;

    /// <summary>GEH of the hourly volumes.</summary>
    public double Geh => Error == 0 ? 0 : new Tally(True, Math.Min(True, Counted), Counted - Math.Min(True, Counted)).Geh(Seconds)!.Value;
}

/// <summary>
/// Counts of short stretches of time against the truth: errors that cancel out over a whole recording show here. A vehicle within the
/// tolerance on the other side of a stretch's end counts in the stretch of its true time.
/// </summary>
public sealed record SegmentScore(double LengthSeconds, IReadOnlyList<Segment> Segments)
{
    /// <summary>Share of the stretches whose count is exactly right; null where there are none. The others alike.</summary>
    public double? ExactShare => Mean(Segments, s => s.Error == 0 ? 1 : 0);

    public double? MeanError => Mean(Segments, s => s.Error);

    public double? MeanAbsoluteError => Mean(Segments, s => Math.Abs(s.Error));

    public double? RootMeanSquareError => Mean(Segments, s => s.Error * s.Error) is { } square ? Math.Sqrt(square) : null;

    /// <summary>Mean of |counted - true| / true in percent, over stretches in which vehicles passed.</summary>
    public double? MeanAbsolutePercentError => Mean([.. Segments.Where(s => s.True > 0)], s => 100.0 * Math.Abs(s.Error) / s.True);

    /// <summary>Share of the stretches with a GEH below 5.</summary>
    public double? AcceptableShare => Mean(Segments, s => s.Geh < 5 ? 1 : 0);

    /// <param name="lengthSeconds">More than 0.</param>
    public static SegmentScore Of(CountScore score, double lengthSeconds)
    {
        var stretches = Math.Max(1, (int)Math.Ceiling((score.Seconds / lengthSeconds) - 1e-9));
        // A matched vehicle counts at its true time on both sides: the clocks of the two sides are not what is judged.
        var truth = score.Matched.Select(m => m.Truth).Concat(score.Missed).Select(t => (t.Gate, t.Direction, t.TimeSeconds));
        var counted = score.Matched.Select(m => (m.Truth.Gate, m.Truth.Direction, m.Truth.TimeSeconds))
            .Concat(score.Extra.Select(e => (e.Gate, e.Direction, e.TimeSeconds)));
        var trueIn = truth.ToLookup(Place);
        var countedIn = counted.ToLookup(Place);
        return new SegmentScore(lengthSeconds,
        [
            .. score.Gates.SelectMany(g => Enumerable.Range(0, stretches).Select(i => new Segment(
                g.Gate,
                g.Direction,
                i * lengthSeconds,
                Math.Min(lengthSeconds, Math.Max(score.Seconds - (i * lengthSeconds), 1e-3)),
                trueIn[(g.Gate, g.Direction, i)].Count(),
                countedIn[(g.Gate, g.Direction, i)].Count()))),
        ]);

        (GateId, CrossingDirection, int) Place((GateId Gate, CrossingDirection Direction, double Time) row) =>
            (row.Gate, row.Direction, Math.Clamp((int)Math.Floor(row.Time / lengthSeconds), 0, stretches - 1));
    }

    /// <summary>The stretches of several recordings, as of one.</summary>
    public static SegmentScore Of(IEnumerable<CountScore> scores, double lengthSeconds) =>
        new(lengthSeconds, [.. scores.SelectMany(s => Of(s, lengthSeconds).Segments)]);

    private static double? Mean(IReadOnlyList<Segment> segments, Func<Segment, double> value) => segments.Count == 0 ? null : segments.Average(value);
}
