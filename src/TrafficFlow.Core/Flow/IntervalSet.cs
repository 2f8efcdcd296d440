using System.Collections.Immutable;

namespace TrafficFlow.Core.Flow;

/// <summary>A half-open stretch of event time: [From, To).</summary>
public readonly record struct Interval(DateTimeOffset From, DateTimeOffset To)
{
    public bool IsEmpty => To <= From;
    public TimeSpan Length => IsEmpty ? TimeSpan.Zero : To - From;

    public Interval Clip(Interval other) => new(From > other.From ? From : other.From, To < other.To ? To : other.To);
}

/// <summary>
/// The stretches of event time for which something holds, sorted, disjoint, never touching: coverage that arrives every few seconds
/// stays one interval until something is missing. Immutable.
/// </summary>
public sealed class IntervalSet : IEquatable<IntervalSet>
{
    public static readonly IntervalSet Empty = new([]);

    private IntervalSet(ImmutableArray<Interval> intervals) => Intervals = intervals;

    public ImmutableArray<Interval> Intervals { get; }

    public bool IsEmpty => Intervals.IsEmpty;

    public TimeSpan Total
    {
        get
        {
            var total = TimeSpan.Zero;
            foreach (var interval in Intervals) total += interval.Length;
            return total;
        }
    }

    public static IntervalSet Of(params IEnumerable<Interval> intervals) =>
        intervals.Aggregate(Empty, (set, interval) => set.Add(interval));

    public IntervalSet Add(Interval added)
    {
        if (added.IsEmpty) return this;
        var first = FirstEndingAtOrAfter(added.From);
        var last = first;
        while (last < Intervals.Length && Intervals[last].From <= added.To)
        {
            var met = Intervals[last++];
            if (met.From <= added.From && met.To >= added.To) return this;
            added = new Interval(met.From < added.From ? met.From : added.From, met.To > added.To ? met.To : added.To);
        }

        var builder = ImmutableArray.CreateBuilder<Interval>(Intervals.Length - (last - first) + 1);
        builder.AddRange(Intervals.AsSpan(0, first));
        builder.Add(added);
        builder.AddRange(Intervals.AsSpan()[last..]);
        return new IntervalSet(builder.MoveToImmutable());
    }

    /// <summary>The part of the set that lies in [from, to).</summary>
    public IntervalSet Within(Interval window)
    {
        var builder = ImmutableArray.CreateBuilder<Interval>();
        for (var i = FirstEndingAtOrAfter(window.From); i < Intervals.Length && Intervals[i].From < window.To; i++)
        {
            var clipped = Intervals[i].Clip(window);
            if (!clipped.IsEmpty) builder.Add(clipped);
        }

        return new IntervalSet(builder.ToImmutable());
    }

    public IntervalSet Intersect(IntervalSet other)
    {
        var builder = ImmutableArray.CreateBuilder<Interval>();
        for (int i = 0, j = 0; i < Intervals.Length && j < other.Intervals.Length;)
        {
            var both = Intervals[i].Clip(other.Intervals[j]);
            if (!both.IsEmpty) builder.Add(both);
            if (Intervals[i].To < other.Intervals[j].To) i++;
            else j++;
        }

        return new IntervalSet(builder.ToImmutable());
    }

    /// <summary>The set without what lies before <paramref name="time"/>.</summary>
    public IntervalSet From(DateTimeOffset time) =>
        IsEmpty || Intervals[0].From >= time ? this : Within(new Interval(time, DateTimeOffset.MaxValue));

    public bool Contains(DateTimeOffset time)
    {
        var i = FirstEndingAtOrAfter(time);
        if (i < Intervals.Length && Intervals[i].To == time) i++;
        return i < Intervals.Length && Intervals[i].From <= time;
    }

    public bool Covers(Interval interval) => interval.IsEmpty || Within(interval).Total == interval.Length;

    public bool Equals(IntervalSet? other) => other is not null && Intervals.AsSpan().SequenceEqual(other.Intervals.AsSpan());

    public override bool Equals(object? obj) => Equals(obj as IntervalSet);

    public override int GetHashCode() => Intervals.Length == 0 ? 0 : HashCode.Combine(Intervals.Length, Intervals[0], Intervals[^1]);

    public override string ToString() => string.Join(", ", Intervals.Select(i => $"[{i.From:O}, {i.To:O})"));

    private int FirstEndingAtOrAfter(DateTimeOffset time)
    {
        var (low, high) = (0, Intervals.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (Intervals[middle].To < time) low = middle + 1;
            else high = middle;
        }

        return low;
    }
}
