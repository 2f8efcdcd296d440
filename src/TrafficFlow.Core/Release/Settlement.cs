using System.Collections.Immutable;
using TrafficFlow.Core.Flow;

namespace TrafficFlow.Core.Release;

/// <summary>One hour as its classes and speeds are made of it, whatever is revised afterwards.</summary>
/// <param name="At">When it settles; before it nobody is told.</param>
/// <param name="Quarters">Those that had closed until then.</param>
internal sealed record SettledHour(Interval Span, DateTimeOffset At, ImmutableArray<FlowBin> Quarters)
{
    public TimeSpan Observed => Quarters.Aggregate(TimeSpan.Zero, (sum, q) => sum + q.Observed);

    /// <summary>Nobody watched, and nothing was counted.</summary>
    public bool IsMissing => Quarters.All(q => q.Quality == BinQuality.Blind && q.Rows.IsEmpty);
}

/// <summary>
/// Says of which revisions an hour's classes are made: a pure function of the history of its bins, so that everybody who asks, whenever, gets
/// the same, and no later revision can be subtracted from what was told before.
/// </summary>
internal sealed class Settlement(ReleaseRules rules, BinAlignment alignment)
{
    public DateTimeOffset DaySettles(Interval day) => day.To + rules.DaySettles;

    /// <summary>
    /// All quarters had closed in time: their last revisions of then. Else the hour settles with its day, of what has closed by that time.
    /// </summary>
    public SettledHour Settle(Interval hour, Interval day, ILookup<DateTimeOffset, BinRevision> history)
    {
        var starts = alignment.Touching(hour, BinDuration.QuarterHour).Select(q => q.From).ToList();
        var inTime = hour.To + rules.HourSettles;
        var quarters = LastAt(inTime);
        return quarters.Length == starts.Count ? new SettledHour(hour, inTime, quarters) : new SettledHour(hour, DaySettles(day), LastAt(DaySettles(day)));

        ImmutableArray<FlowBin> LastAt(DateTimeOffset time) =>
            [.. starts.Select(s => history[s].Where(r => r.ClosedAt <= time).MaxBy(r => r.Bin.Revision)?.Bin).OfType<FlowBin>()];
    }
}
