using System.Globalization;
using TrafficFlow.Wire.Topics;

namespace TrafficFlow.Node.Watch;

/// <summary>Tells once that a server is away, however many topics notice it, and once that it is back, with what may have been missed.</summary>
internal sealed class Outage(WatchOutput output, TimeProvider time)
{
    private readonly Lock _gate = new();
    private long? _since;

    public void Begin(string reason)
    {
        lock (_gate)
        {
            if (_since is not null) return;
            _since = time.GetTimestamp();
        }

        output.Note($"{reason}. Watching goes on when the server is back; Ctrl-C ends it");
    }

    public void End()
    {
        TimeSpan away;
        lock (_gate)
        {
            if (_since is not { } since) return;
            away = time.GetElapsedTime(since);
            _since = null;
        }

        output.Note(string.Create(CultureInfo.InvariantCulture, $"connected again after {away.TotalSeconds:0} s; {Missed([.. output.Topics])}"));
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
