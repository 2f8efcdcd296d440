using System.Globalization;
using TrafficFlow.Wire.Topics;

namespace TrafficFlow.Node.Watch;

/// <summary>
/// Tells once that a server is away, however many topics notice it; once each reason that is new since, such as that it answers again and refuses; and once that it
/// is back, with what may have been missed.
/// </summary>
internal sealed class Outage(Action<string> note, Func<IReadOnlyList<(string Topic, TopicPlace? Place)>> topics, TimeProvider time)
{
    /// <summary>Of one outage: a server that says another thing each time must not fill the screen.</summary>
    private const int MostReasons = 6;

    private readonly Lock _gate = new();
    private readonly HashSet<string> _told = [];
    private long? _since;

    public void Begin(string reason)
    {
        string text;
        lock (_gate)
        {
            if (_told.Count >= MostReasons || !_told.Add(reason)) return;
            text = _since is { } since
                ? string.Create(CultureInfo.InvariantCulture, $"still away after {time.GetElapsedTime(since).TotalSeconds:0} s: {reason}")
                : $"{reason}. Watching goes on when the server is back; Ctrl-C ends it";
            _since ??= time.GetTimestamp();
        }

        note(text);
    }

    public void End()
    {
        TimeSpan away;
        lock (_gate)
        {
            if (_since is not { } since) return;
            away = time.GetElapsedTime(since);
            _since = null;
            _told.Clear();
        }

        note(string.Create(CultureInfo.InvariantCulture, $"connected again after {away.TotalSeconds:0} s; {Missed(topics())}"));
    }

    internal static string Missed(IReadOnlyList<(string Topic, TopicPlace? Place)> topics)
    {
        var kept = topics.Where(t => t.Place is not null).Select(t => t.Topic).ToList();
        var lost = topics.Where(t => t.Place is null).Select(t => t.Topic).ToList();
        var parts = new List<string>();
        if (kept.Count > 0) parts.Add($"nothing of {string.Join(", ", kept)} is missed");
        if (lost.Count > 0) parts.Add($"what was published of {string.Join(", ", lost)} meanwhile is not shown");
        return string.Join("; ", parts);
    }
}
