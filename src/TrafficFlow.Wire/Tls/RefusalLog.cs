using Akka.Event;

namespace TrafficFlow.Wire.Tls;

/// <summary>
/// One line for each refusal; a peer that knocks again and again with the same gets one in half a minute, with the number of
/// knocks, and there are only so many lines in that time, so that nobody can fill the disk with refusals.
/// </summary>
internal sealed class RefusalLog(ILoggingAdapter log, TimeProvider time)
{
    private const int MostLines = 200;
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(30);

    private readonly object _gate = new();
    private readonly Dictionary<(string Host, RefusalReason Reason, string? Certificate), (long At, int More)> _told = [];

    /// <param name="peer">Host and port.</param>
    /// <param name="host">The peer without what changes with each try: who dials comes from another port each time.</param>
    public void Report(string peer, string host, Refusal refusal)
    {
        var key = (host, refusal.Reason, refusal.Certificate);
        int more;
        lock (_gate)
        {
            var now = time.GetTimestamp();
            if (_told.TryGetValue(key, out var last) && time.GetElapsedTime(last.At, now) < Again)
            {
                _told[key] = last with { More = last.More + 1 };
                return;
            }

            if (_told.Count >= MostLines)
            {
                foreach (var old in _told.Where(t => time.GetElapsedTime(t.Value.At, now) >= Again).Select(t => t.Key).ToList()) _told.Remove(old);
                if (_told.Count >= MostLines) return;
            }

            more = last.More;
            _told[key] = (now, 0);
        }

        var what = refusal.Reason == RefusalReason.BrokenHandshake ? "No link with" : "Refused";
        if (more == 0) log.Warning("{What} {Peer}: {Reason}", what, peer, refusal.Text);
        else log.Warning("{What} {Peer}: {Reason}; and {More} times more since the last such line", what, peer, refusal.Text, more);
    }
}
