using System.Collections.Concurrent;
using System.Diagnostics;

namespace TrafficFlow.Benchmarks.Web;

/// <summary>Who got which event when: what one reader has got and another has not is lost, and what it got twice is doubled.</summary>
internal sealed class Arrivals
{
    private readonly ConcurrentDictionary<(string Topic, long Id), long> _first = new();
    private readonly ConcurrentQueue<double> _behind = new();

    /// <summary>Seconds by which an event came to a reader after it came to the first one; only while <see cref="IsTimed"/>.</summary>
    public IReadOnlyCollection<double> Behind => _behind;

    /// <summary>Off while readers catch up with what was published when they were away.</summary>
    public bool IsTimed { get; set; } = true;

    public int Events => _first.Count;

    public void Add(string topic, long id)
    {
        var now = Stopwatch.GetTimestamp();
        var first = _first.GetOrAdd((topic, id), now);
        if (IsTimed) _behind.Enqueue(Stopwatch.GetElapsedTime(first, now).TotalSeconds);
    }

    public IReadOnlyCollection<string> Topics => [.. _first.Keys.Select(k => k.Topic).Distinct()];

    /// <summary>Numbers after a beginning, up to the newest of a topic, that nobody got: a stream numbers its events without gaps.</summary>
    public long Gaps(string topic, long begin) => Math.Max(0, Newest(topic) - begin - _first.Keys.Count(k => k.Topic == topic && k.Id > begin));

    /// <summary>The newest that anybody got of a topic.</summary>
    public long Newest(string topic) => _first.Keys.Where(k => k.Topic == topic).Select(k => k.Id).DefaultIfEmpty(0).Max();

    /// <summary>Of what anybody got after a beginning, up to an end, what this reader did not get.</summary>
    public int Lost(string topic, IReadOnlyCollection<long> got, long begin, long end)
    {
        var known = got.ToHashSet();
        return _first.Keys.Count(k => k.Topic == topic && k.Id > begin && k.Id <= end && !known.Contains(k.Id));
    }
}
