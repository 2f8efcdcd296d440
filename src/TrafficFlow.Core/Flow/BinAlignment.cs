namespace TrafficFlow.Core.Flow;

/// <summary>Nominal length of a flow bin in minutes; only the lengths of <see cref="All"/> are published.</summary>
public readonly record struct BinDuration(int Minutes) : IComparable<BinDuration>
{
    public static readonly BinDuration OneMinute = new(1);
    public static readonly BinDuration FiveMinutes = new(5);
    public static readonly BinDuration QuarterHour = new(15);
    public static readonly BinDuration Hour = new(60);

    public static readonly IReadOnlyList<BinDuration> All = [OneMinute, FiveMinutes, QuarterHour, Hour];

    public TimeSpan Length => TimeSpan.FromMinutes(Minutes);

    public int CompareTo(BinDuration other) => Minutes.CompareTo(other.Minutes);

    public override string ToString() => $"{Minutes} min";
}

/// <summary>
/// Which bin an instant belongs to: bins are half-open and aligned to the wall clock of the site. Where the clock is set forward or
/// back inside a bin (zones that shift by half an hour), the bin is cut at that instant, so that bins never overlap and leave no gap.
/// </summary>
public sealed class BinAlignment(TimeZoneInfo zone)
{
    public TimeZoneInfo Zone { get; } = zone;

    /// <summary>The bin that holds <paramref name="time"/>; its bounds carry the site's offset.</summary>
    public Interval Containing(DateTimeOffset time, BinDuration duration)
    {
        var offset = Zone.GetUtcOffset(time);
        var length = duration.Length.Ticks;
        var local = time.UtcTicks + offset.Ticks;
        var start = new DateTimeOffset(local - (local % length), offset);
        var end = start.AddTicks(length);
        if (Zone.GetUtcOffset(start) != offset) start = ClockChange(start, time).ToOffset(offset);
        if (Zone.GetUtcOffset(end.AddTicks(-1)) != offset) end = ClockChange(time, end.AddTicks(-1));
        return new Interval(start, end.ToOffset(Zone.GetUtcOffset(end)));
    }

    /// <summary>The bins that hold any instant of [from, to), sorted.</summary>
    public IEnumerable<Interval> Touching(Interval span, BinDuration duration)
    {
        for (var time = span.From; time < span.To;)
        {
            var bin = Containing(time, duration);
            yield return bin;
            time = bin.To;
        }
    }

    /// <summary>The first whole minute after <paramref name="before"/> that has the offset of <paramref name="after"/>.</summary>
    private DateTimeOffset ClockChange(DateTimeOffset before, DateTimeOffset after)
    {
        var offset = Zone.GetUtcOffset(after);
        var low = before.UtcTicks / TimeSpan.TicksPerMinute;
        var high = after.UtcTicks / TimeSpan.TicksPerMinute;
        while (low + 1 < high)
        {
            var middle = (low + high) / 2;
            if (Zone.GetUtcOffset(At(middle)) == offset) high = middle;
            else low = middle;
        }

        return At(high);
        static DateTimeOffset At(long minute) => new(minute * TimeSpan.TicksPerMinute, TimeSpan.Zero);
    }
}
