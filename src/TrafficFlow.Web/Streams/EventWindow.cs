using TrafficFlow.Wire.Topics;

namespace TrafficFlow.Web.Streams;

/// <summary>
/// The newest events of one topic, in the order in which they came: so many that who was away for a moment, or reads slowly, finds its next one here. Each has a
/// number, one more than that of the event before it. Not thread-safe.
/// </summary>
/// <param name="capacity">Events that are held.</param>
internal sealed class EventWindow(int capacity)
{
    private readonly TopicEvent[] _events = new TopicEvent[capacity];
    private readonly SortedDictionary<long, TopicEvent> _newest = [];
    private readonly Dictionary<string, long> _ofSeries = [];
    private long? _wholeFrom;

    /// <summary>Number of the oldest event that is held.</summary>
    public long First { get; private set; }

    /// <summary>Number of the event that comes next.</summary>
    public long End { get; private set; }

    /// <summary>Cursor of the newest event; null before the first, and of a topic that is not kept.</summary>
    public long? Last { get; private set; }

    /// <summary>Nothing of the topic is left out after this place.</summary>
    public void BeginAt(TopicPlace place) => _wholeFrom = place.Cursor;

    public void Add(TopicEvent added)
    {
        if (added.Place is { Replay: null, Cursor: { } cursor })
        {
            // The first ones may be the newest of each series, with others between them that did not come.
            if (cursor != Last + 1 && !(Last is null && _wholeFrom < cursor)) _wholeFrom = cursor - 1;
            Last = cursor;
        }

        if (End - First == capacity)
        {
            if (_events[First % capacity].Place?.Cursor is { } evicted && evicted > _wholeFrom) _wholeFrom = evicted;
            First++;
        }

        _events[End % capacity] = added;
        if (added.Series is { } series)
        {
            if (_ofSeries.TryGetValue(series, out var former)) _newest.Remove(former);
            if (added.EndsSeries)
            {
                _ofSeries.Remove(series);
            }
            else
            {
                _ofSeries[series] = End;
                _newest[End] = added;
            }
        }

        End++;
    }

    /// <param name="number">Not before <see cref="First"/>.</param>
    public TopicEvent this[long number] => _events[number % capacity];

    /// <summary>What a reader is told first who has nothing: the newest event of each series.</summary>
    public IReadOnlyList<TopicEvent> Newest => [.. _newest.Values];

    /// <returns>Number of the event that follows the place; null where what follows is not all here.</returns>
    public long? After(TopicPlace place)
    {
        if (place is not { Replay: null, Cursor: { } known } || _wholeFrom is not { } from || known < from || known > (Last ?? from)) return null;
        var number = End;
        while (number > First && this[number - 1].Place?.Cursor > known) number--;
        return number;
    }
}
