using Google.Protobuf;
using TrafficFlow.Core.Texts;
using TrafficFlow.Wire.Membership;
using TrafficFlow.Wire.Proto.Remoting;

namespace TrafficFlow.Wire.Access;

/// <summary>
/// What a node that is no server may say of the cluster: what this node knows already of the others, and what the leader does next, which any
/// member may be. It may say more of itself alone. A true change that it heard first comes from a server too, and is taken then. Pure.
/// </summary>
internal static class GossipCheck
{
    public const int LongestStatus = 64 * 1024;
    public const int LongestVersion = 32;
    public const int MostRoles = 16;

    private const string Protocol = "akka.tcp";
    private const int BytesOfOneMember = 2048;
    private const int LongestHash = 64;
    private const int MoreHashes = 64;
    private const long HighestTime = 1L << 40;

    private const int Reachable = 0;
    private const int Joining = 0;
    private const int Up = 1;
    private const int Leaving = 2;
    private const int Exiting = 3;
    private const int Down = 4;
    private const int WeaklyUp = 6;

    private readonly record struct Key(string System, string Host, int Port, int Uid);

    public static bool IsTooLong(Peer peer, ByteString gossip) => gossip.Length > LongestStatus + (BytesOfOneMember * peer.Members().Count);

    /// <returns>What is wrong; null where the gossip may be taken.</returns>
    public static Objection? Refuse(Peer peer, GossipEnvelope envelope)
    {
        var gossip = Gossip.Parser.ParseFrom(envelope.Gossip);
        var sender = KeyOf(envelope.From);
        if (Malformed(peer, gossip) is { } malformed) return new Objection(malformed);
        if (Clock(peer, gossip.Hashes, gossip.Version) is { } clock) return clock;
        var objection = peer.IsServer ? null : RefuseOther(peer, gossip, sender);
        // What is for another life of this node is not taken by the library either.
        var here = peer.Link.Here;
        if (objection is null && KeyOf(envelope.To) == new Key(here.System, here.Host, here.Port, here.Uid)) Remember(peer, gossip, sender);
        return objection;
    }

    /// <summary>A clock that a cluster of this size may have.</summary>
    public static Objection? Clock(Peer peer, IReadOnlyCollection<string> hashes, VectorClock? version)
    {
        if (hashes.Count > peer.Members().Count + MoreHashes || hashes.Distinct().Count() != hashes.Count || !hashes.All(IsHash)) return new Objection("a clock of nodes that are none");
        return version is null || (version.Versions.Count <= hashes.Count && version.Versions.All(v => v.Hash >= 0 && v.Hash < hashes.Count && v.Timestamp is >= 0 and < HighestTime))
            ? null
            : new Objection("a clock that was never so");
    }

    // Indexes that lead nowhere, addresses of other systems, texts without end: the library's own reader would stumble over them.
    private static string? Malformed(Peer peer, Gossip gossip)
    {
        var addresses = gossip.Addresses.Count;
        if (gossip.Overview is null || gossip.Version is null || gossip.Members.Count > addresses || addresses > gossip.Members.Count + MoreHashes) return "gossip that lacks parts";
        if (gossip.Addresses.Any(a => a.Address is not { Protocol: Protocol } at || at.System != peer.Link.Here.System) || gossip.Addresses.Select(KeyOf).Distinct().Count() != addresses)
            return "gossip of another system, or of one node twice";
        if (gossip.Roles.Count > MostRoles * Math.Max(1, addresses) || gossip.Roles.Any(r => r.Length > LongestHash) || gossip.AppVersions.Any(v => v.Length > LongestVersion)) return "gossip with roles or versions that are none";
        if (gossip.Members.Any(m => m.Address < 0 || m.Address >= addresses || m.Status is not (>= Joining and <= Down or WeaklyUp) || m.Roles.Any(r => r < 0 || r >= gossip.Roles.Count))
            || gossip.Members.Select(m => m.Address).Distinct().Count() != gossip.Members.Count)
            return "gossip of nobody";
        return gossip.Overview.Seen.All(s => s >= 0 && s < addresses)
            && gossip.Overview.Observations.All(o => o.Address >= 0 && o.Address < addresses && o.Subjects.All(s => s.Address >= 0 && s.Address < addresses && s.Status is >= 0 and <= 2))
            ? null
            : "gossip of nobody";
    }

    private static Objection? RefuseOther(Peer peer, Gossip gossip, Key sender)
    {
        var known = new Dictionary<Key, KnownMember>();
        foreach (var member in peer.Members()) known[new Key(peer.Link.Here.System, member.Host, member.Port, member.Uid)] = member;
        // Not in the cluster yet: whom to believe comes with the welcome, which only servers send.
        if (known.Count == 0) return new Objection("gossip before a server's", IsUsual: true);
        var told = gossip.Members.ToDictionary(m => KeyOf(gossip.Addresses[m.Address]));
        foreach (var (key, member) in told)
        {
            if (!known.TryGetValue(key, out var here)) return new Objection($"gossip of a member {Name(key)} that no server has told of", IsUsual: true);
            if (!member.Roles.Select(i => gossip.Roles[i]).ToHashSet().SetEquals(here.Roles)) return new Objection($"gossip of other roles of {Name(key)}");
            if (!Follows(here.Status, member.Status) && !(key == sender && member.Status is Leaving or Down))
                return new Objection($"gossip that {Name(key)} is what no server has told of (status {member.Status} and not {here.Status})", IsUsual: true);
        }

        if (known.FirstOrDefault(m => !told.ContainsKey(m.Key) && m.Value.Status is not (Exiting or Down)) is { Value: not null } missing)
            return new Objection($"gossip without {Name(missing.Key)}", IsUsual: true);
        return OtherAges(known, told) ?? Observations(gossip, sender, known);
    }

    /// <summary>The oldest server has the singletons and the coordinator: nobody becomes older by what another says.</summary>
    private static Objection? OtherAges(Dictionary<Key, KnownMember> known, Dictionary<Key, Member> told)
    {
        var last = int.MinValue;
        foreach (var (key, _) in known.Where(m => m.Value.Status is not (Joining or WeaklyUp)).OrderBy(m => m.Value.Age))
        {
            if (!told.TryGetValue(key, out var member)) continue;
            if (member.UpNumber < last) return new Objection($"gossip that {Name(key)} is older than it is");
            last = member.UpNumber;
        }

        return told.Any(m => known[m.Key].Status is Joining or WeaklyUp && m.Value.UpNumber < last) ? new Objection("gossip that a new member is older than others") : null;
    }

    /// <summary>What others observe is theirs to say: only of what is seen already may it remind.</summary>
    private static Objection? Observations(Gossip gossip, Key sender, Dictionary<Key, KnownMember> known)
    {
        foreach (var observer in gossip.Overview.Observations.Where(o => KeyOf(gossip.Addresses[o.Address]) != sender))
        {
            foreach (var subject in observer.Subjects.Where(s => s.Status != Reachable).Select(s => KeyOf(gossip.Addresses[s.Address])))
            {
                if (known.TryGetValue(subject, out var member) && !member.IsUnreachable && member.Roles.Contains(TrafficFlowRoles.Server))
                    return new Objection($"gossip that {Name(KeyOf(gossip.Addresses[observer.Address]))} does not reach {Name(subject)}", IsUsual: true);
            }
        }

        return null;
    }

    private static void Remember(Peer peer, Gossip gossip, Key sender)
    {
        if (!peer.Members().Any(m => (m.Host, m.Port, m.Uid) == (sender.Host, sender.Port, sender.Uid))) return;
        peer.Observers?.Says(Member(sender), [
            .. gossip.Overview.Observations
                .Where(o => KeyOf(gossip.Addresses[o.Address]) == sender)
                .SelectMany(o => o.Subjects)
                .Where(s => s.Status != Reachable)
                .Select(s => Member(KeyOf(gossip.Addresses[s.Address]))),
        ]);
    }

    private static Akka.Cluster.UniqueAddress Member(Key key) => new(new Akka.Actor.Address(Protocol, key.System, key.Host, key.Port), key.Uid);

    /// <summary>Whether a status is the known one, or what the leader makes of it next.</summary>
    private static bool Follows(int known, int told) => told == known || (known, told) is (Joining, Up or WeaklyUp) or (WeaklyUp, Up) or (Leaving, Exiting);

    private static bool IsHash(string hash) => hash.Length is > 0 and <= LongestHash && hash.All(char.IsAsciiLetterOrDigit);

    private static Key KeyOf(UniqueAddress? address) => new(address?.Address?.System ?? "", address?.Address?.Host ?? "", (int)(address?.Address?.Port ?? 0), (int)(address?.Uid ?? 0));

    private static string Name(Key key) => FormattableString.Invariant($"{PlainText.Of(key.Host, LongestHash)}:{key.Port}");
}
