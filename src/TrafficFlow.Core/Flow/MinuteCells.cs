using System.Collections.Immutable;

namespace TrafficFlow.Core.Flow;

/// <summary>
/// Sums of one-minute cells, from which every longer bin is derived. Offsets of time zones are whole minutes, so a minute cell lies in
/// exactly one bin of every duration. Immutable.
/// </summary>
public sealed class MinuteCells
{
    public static readonly MinuteCells Empty = new(
        ImmutableSortedDictionary<long, ImmutableSortedDictionary<FlowStream, FlowSums>>.Empty, ImmutableSortedDictionary<long, QueueSums>.Empty);

    private readonly ImmutableSortedDictionary<long, ImmutableSortedDictionary<FlowStream, FlowSums>> _minutes;
    private readonly ImmutableSortedDictionary<long, QueueSums> _queues;

    private MinuteCells(
        ImmutableSortedDictionary<long, ImmutableSortedDictionary<FlowStream, FlowSums>> minutes, ImmutableSortedDictionary<long, QueueSums> queues) =>
        (_minutes, _queues) = (minutes, queues);

    /// <summary>Minutes in which anything was counted.</summary>
    public int MinuteCount => _minutes.Count;

    /// <summary>The queue in each minute in which it was measured: start of the minute, its sums.</summary>
    public IEnumerable<(DateTimeOffset Minute, QueueSums Sums)> Queues => _queues.Select(q => (TimeOf(q.Key), q.Value));

    /// <summary>Every cell: start of its minute, its stream, its sums.</summary>
    public IEnumerable<(DateTimeOffset Minute, FlowStream Stream, FlowSums Sums)> All =>
        from minute in _minutes
        from cell in minute.Value
        select (TimeOf(minute.Key), cell.Key, cell.Value);

    public MinuteCells Add(DateTimeOffset time, FlowStream stream, FlowSums sums)
    {
        var minute = MinuteOf(time);
        var cells = _minutes.GetValueOrDefault(minute) ?? ImmutableSortedDictionary<FlowStream, FlowSums>.Empty;
        return new MinuteCells(_minutes.SetItem(minute, cells.SetItem(stream, cells.GetValueOrDefault(stream) + sums)), _queues);
    }

    public MinuteCells Add(DateTimeOffset time, QueueSums queue)
    {
        var minute = MinuteOf(time);
        return new MinuteCells(_minutes, _queues.SetItem(minute, _queues.GetValueOrDefault(minute) + queue));
    }

    /// <summary>Forgets the minutes that begin before <paramref name="time"/>.</summary>
    public MinuteCells EvictBefore(DateTimeOffset time)
    {
        var (old, oldQueues) = (Old(_minutes.Keys), Old(_queues.Keys));
        return old.Count + oldQueues.Count == 0 ? this : new MinuteCells(_minutes.RemoveRange(old), _queues.RemoveRange(oldQueues));

        List<long> Old(IEnumerable<long> minutes) => [.. minutes.TakeWhile(m => m < MinuteOf(time))];
    }

    /// <summary>Forgets the minutes that begin at <paramref name="time"/> or later.</summary>
    public MinuteCells EvictFrom(DateTimeOffset time)
    {
        var first = (time.UtcTicks + TimeSpan.TicksPerMinute - 1) / TimeSpan.TicksPerMinute;
        return new MinuteCells(_minutes.RemoveRange(_minutes.Keys.Where(m => m >= first)), _queues.RemoveRange(_queues.Keys.Where(m => m >= first)));
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

    /// <summary>Null where no queue was measured in the bin.</summary>
    public QueueSums? Queue(Interval bin)
    {
        QueueSums? sums = null;
        for (var minute = MinuteOf(bin.From); minute < MinuteOf(bin.To); minute++)
        {
            if (_queues.TryGetValue(minute, out var queue)) sums = (sums ?? default) + queue;
        }

        return sums;
    }

    private static long MinuteOf(DateTimeOffset time) => time.UtcTicks / TimeSpan.TicksPerMinute;

    private static DateTimeOffset TimeOf(long minute) => new(minute * TimeSpan.TicksPerMinute, TimeSpan.Zero);
}
