using System.Collections.Frozen;
using Google.Protobuf;
using TrafficFlow.Wire.Peers;

namespace TrafficFlow.Wire.Access;

/// <summary>
/// The filter of <see cref="AccessTable"/>: what is not in the table is dropped before anything of it is deserialized, counted, and told once
/// for each peer and kind.
/// </summary>
internal sealed class PeerFilter(AccessLog log, Func<IReadOnlyList<KnownMember>> members, GossipObservers? observers = null, bool isServerHere = true) : IPeerFilter
{
    private const int LongestSystemMessage = 4096;
    private const int MostOrigins = 1000;

    private static readonly FrozenDictionary<(int, string), AccessRule[]> Rules =
        AccessTable.Rules.GroupBy(r => (r.SerializerId, r.Manifest)).ToFrozenDictionary(g => g.Key, g => g.ToArray());

    private readonly Lock _lock = new();
    private readonly Dictionary<PeerOrigin, (SequenceWindow Window, long Used)> _sequences = [];
    private long _uses;

    public bool Admits(PeerLink link, ByteString message)
    {
        RemoteMessage? read = null;
        Objection? objection;
        try
        {
            objection = RemoteMessage.Read(message, out read) is { } unreadable ? new(unreadable) : null;
            if (objection is null && read is null) return true;
            objection ??= Refuse(new Peer(link, members, observers, isServerHere), read!) ?? RunsAhead(link.Origin, read!);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // Whatever a peer can make the check stumble over must not end the link's reader.
            objection = new Objection($"it cannot be checked ({e.GetType().Name})");
        }

        if (objection is null) return true;
        log.Report(link.Identity, read, objection);
        return false;
    }

    /// <summary>What is wrong with a message of a peer; null where it may pass.</summary>
    internal static Objection? Refuse(Peer peer, RemoteMessage message)
    {
        var here = peer.Link.Here;
        if ((message.To.System, message.To.Host, message.To.Port) != (here.System, here.Host, here.Port)) return new Objection("it is for another node");
        // A server passes on what others sent to it.
        if (!peer.IsServer && message.From is { } from && !peer.Has(from)) return new Objection($"it is to be answered to {from.Host}");
        if (message.Sequence is not null && (message.SerializerId != KnownSerializers.SystemMessages || message.Payload.Length > LongestSystemMessage))
            return new Objection("no node numbers such a message");
        if (!Rules.TryGetValue((message.SerializerId, message.Manifest), out var rules)) return new Objection("no node sends such a message");
        Objection? objection = null;
        foreach (var rule in rules)
        {
            if (!rule.From.Contains(peer.Identity.Role) || !rule.IsTo(message.Recipient)) continue;
            objection = rule.When?.Invoke(peer, message);
            if (objection is null) return message.SerializerId == KnownSerializers.Cluster ? InTheNameOfAnother(peer) : null;
        }

        return objection ?? new Objection("such a node may not send that there");
    }

    /// <summary>On one machine a server and a cabinet have the same host: the address alone does not tell them apart.</summary>
    private static Objection? InTheNameOfAnother(Peer peer)
    {
        if (peer.IsServer) return null;
        var (host, port) = (peer.Link.Origin.Host, peer.Link.Origin.Port);
        return peer.Members().Any(m => (m.Host, m.Port) == (host, port) && m.Roles.Any(r => !AccessConditions.MayBe(peer.Identity.Role, r)))
            ? new Objection("it has the address of a member that its certificate does not let it be")
            : null;
    }

    private Objection? RunsAhead(PeerOrigin origin, RemoteMessage message)
    {
        if (message.Sequence is not { } number) return null;
        lock (_lock)
        {
            if (!_sequences.TryGetValue(origin, out var known))
            {
                if (_sequences.Count >= MostOrigins) _sequences.Remove(_sequences.MinBy(s => s.Value.Used).Key);
                known = (new SequenceWindow(), 0);
            }

            _sequences[origin] = (known.Window, ++_uses);
            return known.Window.Accepts(number) ? null : new Objection("its number is far ahead of those before");
        }
    }
}
