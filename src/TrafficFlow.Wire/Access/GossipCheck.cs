using TrafficFlow.Wire.Membership;
using TrafficFlow.Wire.Peers;
using TrafficFlow.Wire.Proto.Remoting;

namespace TrafficFlow.Wire.Access;

/// <summary>
/// What a node that is no server may say of the cluster: what this node knows already of the others, and what the leader does next, which any
/// member may be. It may say more of itself alone. A true change that it heard first comes from a server too, and is taken then. Pure.
/// </summary>
internal static class GossipCheck
{
    private const int Reachable = 0;
    private const int Joining = 0;
    private const int Up = 1;
    private const int Leaving = 2;
    private const int Exiting = 3;
    private const int Down = 4;
    private const int WeaklyUp = 6;

    /// <returns>What is wrong; null where the gossip may be taken.</returns>
    public static Objection? Refuse(Peer peer, Gossip gossip, UniqueAddress sender)
    {
        var objection = peer.IsServer ? null : RefuseOther(peer, gossip, sender);
        if (objection is null) peer.Observers?.Says(Key(sender), Unreached(gossip, sender));
        return objection;
    }

    private static List<(string Host, int Port, int Uid)> Unreached(Gossip gossip, UniqueAddress sender) =>
    [
        .. (gossip.Overview?.Observations ?? [])
            .Where(o => AddressAt(gossip, o.Address) is { } who && Key(who) == Key(sender))
            .SelectMany(o => o.Subjects)
            .Where(s => s.Status != Reachable)
            .Select(s => AddressAt(gossip, s.Address))
            .OfType<UniqueAddress>()
            .Select(Key),
    ];

    private static Objection? RefuseOther(Peer peer, Gossip gossip, UniqueAddress sender)
    {
        var known = peer.Members().ToDictionary(m => (m.Host, m.Port, m.Uid));
        // Not in the cluster yet: whom to believe comes with the welcome, which only servers send.
        if (known.Count == 0) return null;
        var told = new HashSet<(string, int, int)>();
        foreach (var member in gossip.Members)
        {
            if (AddressAt(gossip, member.Address) is not { } address) return new Objection("gossip of nobody");
            var key = Key(address);
            told.Add(key);
            var roles = member.Roles.Select(i => i >= 0 && i < gossip.Roles.Count ? gossip.Roles[i] : "").ToList();
            var isItself = Key(sender) == key;
            if (isItself)
            {
                if (roles.Any(r => !AccessConditions.MayBe(peer.Identity.Role, r))) return new Objection("gossip that it is what its certificate does not let it be");
                continue;
            }

            if (!known.TryGetValue(key, out var seenHere)) return new Objection($"gossip of a member {Name(key)} that no server has told of", IsUsual: true);
            if (!roles.ToHashSet().SetEquals(seenHere.Roles)) return new Objection($"gossip of other roles of {Name(key)}");
            if (!Follows(seenHere.Status, member.Status)) return new Objection($"gossip that {Name(key)} leaves or is down", IsUsual: true);
        }

        if (known.Values.FirstOrDefault(m => !told.Contains((m.Host, m.Port, m.Uid)) && m.Status is not (Joining or Exiting or Down)) is { } missing)
            return new Objection($"gossip without {missing.Host}:{missing.Port}", IsUsual: true);
        return Observations(peer, gossip, sender, known);
    }

    /// <summary>What others observe is theirs to say: only of what is seen already may it remind.</summary>
    private static Objection? Observations(Peer peer, Gossip gossip, UniqueAddress sender, Dictionary<(string, int, int), KnownMember> known)
    {
        foreach (var observer in gossip.Overview?.Observations ?? [])
        {
            if (AddressAt(gossip, observer.Address) is not { } who) return new Objection("gossip of nobody");
            foreach (var seen in observer.Subjects.Where(s => s.Status != Reachable))
            {
                if (AddressAt(gossip, seen.Address) is not { } subject) return new Objection("gossip of nobody");
                if (Key(who) == Key(sender)) continue;
                if (known.TryGetValue(Key(subject), out var member) && !member.IsUnreachable && member.Roles.Contains(TrafficFlowRoles.Server))
                    return new Objection($"gossip that {Name(Key(who))} does not reach {Name(Key(subject))}", IsUsual: true);
            }
        }

        return null;
    }

    /// <summary>Whether a status may be what the leader makes of another, or is older.</summary>
    private static bool Follows(int known, int told) =>
        told == known || told is Joining || (known, told) switch
        {
            (Joining, Up or WeaklyUp) or (WeaklyUp, Up) or (Leaving, Exiting) => true,
            (Up or Leaving or Exiting or Down, Up or WeaklyUp) => true,
            (Exiting or Down, Leaving) => true,
            (Down, Exiting) => true,
            _ => false,
        };

    private static UniqueAddress? AddressAt(Gossip gossip, int index) => index >= 0 && index < gossip.Addresses.Count ? gossip.Addresses[index] : null;

    private static (string Host, int Port, int Uid) Key(UniqueAddress address) => (address.Address?.Host ?? "", (int)(address.Address?.Port ?? 0), (int)address.Uid);

    private static string Name((string Host, int Port, int Uid) key) => $"{key.Host}:{key.Port}";
}
