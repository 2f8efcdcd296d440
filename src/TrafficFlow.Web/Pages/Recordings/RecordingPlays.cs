using TrafficFlow.Vault.Files;
using TrafficFlow.Web.Access;

namespace TrafficFlow.Web.Pages.Recordings;

/// <summary>
/// Recordings that are looked at through this server now. A look is of one session: it ends with the session, the account and its roles, in that moment; when nobody has asked for two minutes; and after an hour. Few at a
/// time. Thread-safe.
/// </summary>
internal sealed class RecordingPlays : IDisposable
{
    public const int Most = 12;
    public const int MostOfOne = 2;

    public static readonly TimeSpan EndsAfter = TimeSpan.FromMinutes(2);
    public static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    private static readonly TimeSpan s_lookEach = TimeSpan.FromSeconds(15);

    private readonly Lock _lock = new();
    private readonly Dictionary<(string Reader, PlayedSegment Segment), Entry> _open = [];
    private readonly ICallers _callers;
    private readonly TimeProvider _time;
    private readonly ITimer _timer;

    public RecordingPlays(ICallers callers, TimeProvider time)
    {
        (_callers, _time) = (callers, time);
        _timer = time.CreateTimer(_ => Look(), null, s_lookEach, s_lookEach);
        callers.Changed += Look;
    }

    private sealed record Entry(RecordingPlay Play, Task Opened, long BeganAt);

    public int Count
    {
        get
        {
            lock (_lock) return _open.Count;
        }
    }

    /// <summary>The look that is open, or a new one.</summary>
    /// <param name="open">Opens a new one, and records it, before anything goes out. It throws where that cannot be.</param>
    /// <returns>Null where too many are looked at.</returns>
    public async Task<RecordingPlay?> OpenAsync(IRecordings recordings, PlayedSegment segment, Caller caller, Func<RecordingPlay, Task> open)
    {
        var key = (caller.Session ?? caller.Name, segment);
        Entry entry;
        List<RecordingPlay> over = [];
        lock (_lock)
        {
            var now = _time.GetTimestamp();
            if (!_open.TryGetValue(key, out entry!) || IsOver(entry, now))
            {
                over = Remove(e => IsOver(e, now));
                // Who goes on to the next segment leaves the one before.
                while (_open.Keys.Count(k => k.Reader == key.Item1) >= MostOfOne)
                {
                    var last = _open.Where(e => e.Key.Reader == key.Item1).MinBy(e => e.Value.Play.AskedAt).Key;
                    _open.Remove(last, out var left);
                    over.Add(left!.Play);
                }

                if (_open.Count >= Most) entry = null!;
                else
                {
                    var play = new RecordingPlay(recordings, segment, caller, _time);
                    _open[key] = entry = new Entry(play, Task.Run(() => open(play)), now);
                }
            }

            if (entry is not null) entry.Play.AskedAt = now;
        }

        foreach (var play in over) play.Dispose();
        if (entry is null) return null;
        try
        {
            await entry.Opened;
            return entry.Play;
        }
        catch
        {
            lock (_lock)
            {
                if (_open.TryGetValue(key, out var failed) && failed == entry) _open.Remove(key);
            }

            entry.Play.Dispose();
            throw;
        }
    }

    /// <returns>Why the look of this session stopped in the middle; null where it did not.</returns>
    public string? ProblemOf(PlayedSegment segment, Caller caller)
    {
        lock (_lock) return _open.GetValueOrDefault((caller.Session ?? caller.Name, segment))?.Play.Problem;
    }

    public void Dispose()
    {
        _callers.Changed -= Look;
        _timer.Dispose();
        List<RecordingPlay> all;
        lock (_lock) all = Remove(_ => true);
        foreach (var play in all) play.Dispose();
    }

    /// <summary>Who is dismissed sees nothing more, from this moment.</summary>
    private void Look()
    {
        List<(RecordingPlay Play, Caller Caller)> open;
        List<RecordingPlay> over;
        lock (_lock)
        {
            var now = _time.GetTimestamp();
            over = Remove(e => IsOver(e, now));
            open = [.. _open.Values.Select(e => (e.Play, e.Play.Caller))];
        }

        // Asked outside of the lock: accounts may be read from their file.
        var ended = open.Where(o => !IsLetIn(o.Caller)).Select(o => o.Play).ToHashSet();
        lock (_lock) over.AddRange(Remove(e => ended.Contains(e.Play)));
        foreach (var play in over) play.Dispose();
    }

    private bool IsLetIn(Caller caller)
    {
        try
        {
            return _callers.FindAgain(caller) is { } now && now.Roles.SetEquals(caller.Roles);
        }
        catch (VaultFileException)
        {
            return false;
        }
    }

    private bool IsOver(Entry entry, long now) => _time.GetElapsedTime(entry.Play.AskedAt, now) >= EndsAfter || _time.GetElapsedTime(entry.BeganAt, now) >= Longest;

    private List<RecordingPlay> Remove(Func<Entry, bool> which)
    {
        var over = _open.Where(e => which(e.Value)).ToList();
        foreach (var (key, _) in over) _open.Remove(key);
        return [.. over.Select(e => e.Value.Play)];
    }
}
