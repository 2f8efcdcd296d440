using System.Collections.Frozen;
using Google.Protobuf;
using TrafficFlow.Wire.Peers;

namespace TrafficFlow.Wire.Access;

/// <summary>
/// The filter of <see cref="AccessTable"/>: what is not in the table is dropped before anything of it is deserialized, counted, and told once
/// for each peer and kind.
/// </summary>
internal sealed class PeerFilter(AccessLog log, Func<IReadOnlyList<KnownMember>> members, GossipObservers? observers = null) : IPeerFilter
{
    private static readonly FrozenDictionary<(int, string), AccessRule[]> Rules =
        AccessTable.Rules.GroupBy(r => (r.SerializerId, r.Manifest)).ToFrozenDictionary(g => g.Key, g => g.ToArray());

    public bool Admits(PeerIdentity peer, Func<string, bool> isAt, ByteString message)
    {
        Objection? objection = RemoteMessage.Read(message, out var read) is { } unreadable ? new(unreadable) : null;
        if (objection is null && read is null) return true;
        objection ??= Refuse(new Peer(peer, isAt, members, observers), read!);
        if (objection is null) return true;
        log.Report(peer, read, objection);
        return false;
    }

    /// <summary>What is wrong with a message of a peer; null where it may pass.</summary>
    internal static Objection? Refuse(Peer peer, RemoteMessage message)
    {
        // A server passes on what others sent to it.
        if (!peer.IsServer && message.SenderHost is { Length: > 0 } host && !peer.IsAt(host)) return new Objection($"it is to be answered to {host}");
        if (!Rules.TryGetValue((message.SerializerId, message.Manifest), out var rules)) return new Objection("no node sends such a message");
        Objection? objection = null;
        foreach (var rule in rules)
        {
            if (!rule.From.Contains(peer.Identity.Role) || !rule.IsTo(message.Recipient)) continue;
            objection = rule.When?.Invoke(peer, message);
            if (objection is null) return null;
        }

        return objection ?? new Objection("such a node may not send that there");
    }
}
