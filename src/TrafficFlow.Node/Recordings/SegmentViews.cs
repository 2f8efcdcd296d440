using System.Security.Cryptography;
using TrafficFlow.Vault.Segments;

namespace TrafficFlow.Node.Recordings;

/// <summary>Segments that viewers at other nodes look at now: few at a time, and closed when nobody has asked for a while. Thread-safe.</summary>
internal sealed class SegmentViews : IDisposable
{
    public const int Most = 8;
    public const int MostOfOne = 3;

    /// <summary>A viewer who pauses comes again with a new key.</summary>
    public static readonly TimeSpan EndsAfter = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan s_lookEach = TimeSpan.FromSeconds(30);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, View> _open = new(StringComparer.Ordinal);
    private readonly TimeProvider _time;
    private readonly ITimer _timer;

    public SegmentViews(TimeProvider time) => (_time, _timer) = (time, time.CreateTimer(_ => Close(v => _time!.GetElapsedTime(v.AskedAt) >= EndsAfter), null, s_lookEach, s_lookEach));

    private sealed record View(string? From, string Viewer, SealedSegment Segment)
    {
        public long AskedAt { get; set; }
    }

    public int Count
    {
        get
        {
            lock (_lock) return _open.Count;
        }
    }

    /// <param name="viewer">Who looks.</param>
    /// <returns>Why there is no place for another one; null where there is. Whoever has too many loses the one that was asked for least lately.</returns>
    public string? WhyFull(string viewer)
    {
        lock (_lock)
        {
            Close(v => _time.GetElapsedTime(v.AskedAt) >= EndsAfter);
            while (_open.Values.Count(v => v.Viewer == viewer) >= MostOfOne) Remove(_open.Where(v => v.Value.Viewer == viewer).MinBy(v => v.Value.AskedAt).Key);
            return _open.Count < Most ? null : $"{_open.Count} recordings are being looked at here now: try again when somebody has ended";
        }
    }

    /// <param name="from">The node that asks; null for this one.</param>
    /// <returns>A name that nobody guesses.</returns>
    public string Add(string? from, string viewer, SealedSegment segment)
    {
        var name = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        lock (_lock) _open[name] = new View(from, viewer, segment) { AskedAt = _time.GetTimestamp() };
        return name;
    }

    /// <returns>Null where it was closed, or is another node's.</returns>
    public SealedSegment? Find(string name, string? from)
    {
        lock (_lock)
        {
            if (!_open.TryGetValue(name, out var view) || view.From != from) return null;
            view.AskedAt = _time.GetTimestamp();
            return view.Segment;
        }
    }

    public void End(string name, string? from)
    {
        lock (_lock)
        {
            if (_open.TryGetValue(name, out var view) && view.From == from) Remove(name);
        }
    }

    /// <summary>Nobody looks any more: the vault was locked.</summary>
    public void EndAll() => Close(_ => true);

    public void Dispose()
    {
        _timer.Dispose();
        EndAll();
    }

    private void Close(Func<View, bool> which)
    {
        lock (_lock)
        {
            foreach (var name in _open.Where(v => which(v.Value)).Select(v => v.Key).ToList()) Remove(name);
        }
    }

    private void Remove(string name)
    {
        if (_open.Remove(name, out var view)) view.Segment.Dispose();
    }
}
