using System.Diagnostics.Metrics;
using Akka.Event;
using TrafficFlow.Core.Texts;
using TrafficFlow.Wire.Peers;
using TrafficFlow.Wire.Telemetry;

namespace TrafficFlow.Wire.Access;

/// <summary>Counts what the filter drops, and tells it: one line for each peer and kind of message, and only so many in a node's life.</summary>
internal sealed class AccessLog(ILoggingAdapter log)
{
    private const int MostLinesOfOnePeer = 20;
    private const int MostPeers = 200;
    private const int LongestShown = 120;

    // A change of the cluster has reached everybody long before.
    private const int TellUsualAfter = 60;

    private static readonly Counter<long> s_refused = TrafficFlowTelemetry.Meter.CreateCounter<long>(
        "trafficflow.access.refused", "{message}", "Messages of authenticated peers that were dropped unread: they may not send them.");

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Dictionary<string, int>> _seen = [];

    /// <param name="message">Null where it could not be read that far.</param>
    public void Report(PeerIdentity peer, RemoteMessage? message, Objection objection)
    {
        s_refused.Add(1, new KeyValuePair<string, object?>("trafficflow.peer", peer.Name));
        lock (_gate)
        {
            if (!_seen.TryGetValue(peer.Name, out var kinds))
            {
                if (_seen.Count >= MostPeers) return;
                _seen.Add(peer.Name, kinds = []);
            }

            var kind = $"{message?.SerializerId} {Bounded(message?.Manifest ?? "")} {objection.Text}";
            if (!kinds.TryGetValue(kind, out var times) && kinds.Count >= MostLinesOfOnePeer) return;
            if (times > TellUsualAfter) return;
            kinds[kind] = ++times;
            if (times != (objection.IsUsual ? TellUsualAfter : 1)) return;
        }

        if (message is null) log.Warning("Dropped what {Peer} sent: {Problem}. Is it of another version, or in wrong hands? If so: ca.sh revoke", peer, objection.Text);
        else
        {
            log.Warning("Dropped a message of {Peer} to {Recipient} (serializer {Serializer}, manifest {Manifest}): {Problem}. Is it of another version, or in wrong hands? If so: ca.sh revoke",
                peer, Bounded(message.Recipient), message.SerializerId, Bounded(message.Manifest), objection.Text);
        }
    }

    /// <summary>A peer chose it: it is cut, and no control character of it reaches a terminal.</summary>
    private static string Bounded(string text) => PlainText.Of(text, LongestShown);
}
