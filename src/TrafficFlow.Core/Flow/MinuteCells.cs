using System.Collections.Immutable;

namespace TrafficFlow.Core.Flow;

/// <summary>
/// Sums of one-minute cells, from which every longer bin is derived. Offsets of time zones are whole minutes, so a minute cell lies in
/// exactly one bin of every duration. Immutable.
/// </summary>
public sealed class MinuteCells
{
    public static readonly MinuteCells Empty =
        new(ImmutableSortedDictionary<long, ImmutableSortedDictionary<FlowStream, FlowSums>>.Empty);

    private readonly ImmutableSortedDictionary<long, ImmutableSortedDictionary<FlowStream, FlowSums>> _minutes;

    private MinuteCells(ImmutableSortedDictionary<long, ImmutableSortedDictionary<FlowStream, FlowSums>> minutes) => _minutes = minutes;

    public int MinuteCount => _minutes.Count;

    /// <summary>Every cell: start of its minute, its stream, its sums.</summary>
    public IEnumerable<(DateTimeOffset Minute, FlowStream Stream, FlowSums Sums)> All =>
        from minute in _minutes
        from cell in minute.Value
        select (TimeOf(minute.Key), cell.Key, cell.Value);

    public MinuteCells Add(DateTimeOffset time, FlowStream stream, FlowSums sums)
    {
        var minute = MinuteOf(time);
        var cells = _minutes.GetValueOrDefault(minute) ?? ImmutableSortedDictionary<FlowStream, FlowSums>.Empty;
        return new MinuteCells(_minutes.SetItem(minute, cells.SetItem(stream, cells.GetValueOrDefault(stream) + sums)));
    }

    /// <summary>Forgets the minutes that begin before <paramref name="time"/>.</summary>
    public MinuteCells EvictBefore(DateTimeOffset time)
    {
        var old = _minutes.Keys.TakeWhile(m => m < MinuteOf(time)).ToList();
        return old.Count == 0 ? this : new MinuteCells(_minutes.RemoveRange(old));
    }

    /// <summary>One row for each stream that was counted in the bin.</summary>
    public ImmutableArray<FlowRow> Rows(Interval bin)
    {
        var (first, end) = (MinuteOf(bin.From), MinuteOf(bin.To));
        var sums = new SortedDictionary<FlowStream, FlowSums>();
        for (var minute = first; minute < end; minute++)
        {
            if (!_minutes.TryGetValue(minute, out var cells)) continue;
            foreach (var (stream, cell) in cells) sums[stream] = sums.GetValueOrDefault(stream) + cell;
        }

        return [.. sums.Select(s => new FlowRow(s.Key.Movement, s.Key.Class, s.Value))];
    }

    private static long MinuteOf(DateTimeOffset time) => time.UtcTicks / TimeSpan.TicksPerMinute;

    private static DateTimeOffset TimeOf(long minute) => new(minute * TimeSpan.TicksPerMinute, TimeSpan.Zero);
}
