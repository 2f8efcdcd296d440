using Google.Protobuf;
using TrafficFlow.Core.Texts;
using TrafficFlow.Wire.Peers;
using TrafficFlow.Wire.Proto.Remoting;
using TrafficFlow.Wire.Routing;
using TrafficFlow.Wire.Topics;
using static TrafficFlow.Wire.Access.KnownActors;
using Address = TrafficFlow.Wire.Proto.Remoting.Address;
using ProtectionKind = TrafficFlow.Wire.Health.ProtectionKind;

namespace TrafficFlow.Wire.Access;

/// <summary>What must hold for a message of a peer beside its kind. Pure; the texts go on after "Dropped a message of PEER to ACTOR: ".</summary>
internal static class AccessConditions
{
    private const string Protocol = "akka.tcp";
    private const string Topics = $"{Mediator}/";
    private const int LongestQuoted = 60;
    private const int MostTopics = 200;
    private const int LongestTopic = 200;
    private const int MostMembersOfOneHost = 8;
    private const int LongestNode = 300;
    private const int LongestReport = 200_000;
    private const int MostCameras = 200;
    private const int MostDue = 32;
    private const int MostDisks = 32;

    // Who watches actors of other nodes.
    private static readonly string[] Watchers = [Coordinator, Region, Proxy, HealthBoard, HealthBoardProxy, RemoteWatcher];

    private static readonly MessageParser<SiteOf> s_site = SiteOf.Parser.WithDiscardUnknownFields(true);
    private static readonly MessageParser<ShardOf> s_shard = ShardOf.Parser.WithDiscardUnknownFields(true);
    private static readonly MessageParser<DeliveryOf> s_delivery = DeliveryOf.Parser.WithDiscardUnknownFields(true);
    private static readonly MessageParser<FromUniqueAddress> s_from = FromUniqueAddress.Parser.WithDiscardUnknownFields(true);
    private static readonly MessageParser<FromAddress> s_fromAddress = FromAddress.Parser.WithDiscardUnknownFields(true);

    /// <summary>It names a site that the peer speaks for.</summary>
    public static Objection? OwnSite(Peer peer, RemoteMessage message) => Read(s_site, message, read => Site(peer, read.Site));

    /// <summary>The same, by a peer that speaks for all cameras of its sites: it is about all that count there.</summary>
    public static Objection? WholeSite(Peer peer, RemoteMessage message) =>
        peer.Identity.Cameras.Count > 0 ? new Objection("its certificate is for some cameras of the site only") : OwnSite(peer, message);

    /// <summary>How the nodes of its own sites are; a server may ask for all.</summary>
    public static Objection? OwnHealth(Peer peer, RemoteMessage message) => peer.IsServer ? null : OwnSite(peer, message);

    /// <summary>Site, camera, and the camera and site of each entry are the peer's.</summary>
    public static Objection? OwnDelivery(Peer peer, RemoteMessage message) => peer.IsServer ? null : Read(s_delivery, message, read =>
    {
        if (!peer.Identity.HasCamera(read.Site, read.Camera)) return Foreign(read.Site, read.Camera);
        foreach (var entry in read.Entries)
        {
            var camera = entry.Camera.Length > 0 ? entry.Camera : read.Camera;
            var site = entry.Journey?.Site is { Length: > 0 } named ? named : read.Site;
            if (site != read.Site || !peer.Identity.HasCamera(site, camera)) return Foreign(site, camera);
        }

        return null;
    });

    /// <summary>What a camera says of itself, on the topic of that camera.</summary>
    public static Objection? OwnTopic(Peer peer, RemoteMessage message) => Read(s_delivery, message, read =>
        !peer.Identity.HasCamera(read.Site, read.Camera) ? Foreign(read.Site, read.Camera)
        : message.Recipient.EndsWith($"/health.{read.Site}.{read.Camera}", StringComparison.Ordinal) ? null
        : new Objection("another topic than that of the camera"));

    /// <summary>It says that it is from the peer itself.</summary>
    public static Objection? FromItself(Peer peer, RemoteMessage message) => Read(s_from, message, read => OwnAddress(peer, read.From));

    /// <inheritdoc cref="FromItself"/>
    public static Objection? OfItself(Peer peer, RemoteMessage message) => Read(UniqueAddress.Parser, message, read => OwnAddress(peer, read));

    /// <inheritdoc cref="FromItself"/>
    public static Objection? FromItsAddress(Peer peer, RemoteMessage message) => Read(s_fromAddress, message, read => OwnAddress(peer, read.From));

    /// <summary>Only servers let anybody join.</summary>
    public static Objection? ToServer(Peer peer, RemoteMessage message) => peer.IsServerHere ? null : new Objection("this node is no server, and lets nobody join");

    /// <summary>It joins as itself, with roles that its certificate lets it have, and not many times.</summary>
    public static Objection? OwnJoin(Peer peer, RemoteMessage message) => ToServer(peer, message) ?? Read(Join.Parser, message, read =>
        OwnAddress(peer, read.Node)
        ?? (read.Roles.FirstOrDefault(r => !MayBe(peer.Identity.Role, r)) is { } role ? new Objection($"its certificate does not let it be {Quoted(role)}") : null)
        ?? (read.AppVersion.Length > GossipCheck.LongestVersion || read.Roles.Count > GossipCheck.MostRoles ? new Objection("a version or roles that are none") : null)
        ?? (!peer.IsServer && peer.Members().Count(m => m.Host == peer.Link.Origin.Host && m.Port != peer.Link.Origin.Port) >= MostMembersOfOneHost
            ? new Objection("many members have its address already") : null));

    /// <inheritdoc cref="GossipCheck"/>
    public static Objection? OwnGossip(Peer peer, RemoteMessage message) => Read(GossipEnvelope.Parser, message, read =>
        OwnAddress(peer, read.From) ?? (GossipCheck.IsTooLong(peer, read.Gossip) ? new Objection("gossip without end") : GossipCheck.Refuse(peer, read)));

    /// <summary>Which gossip it has, by a clock that is one.</summary>
    public static Objection? OwnGossipStatus(Peer peer, RemoteMessage message) => message.Payload.Length > GossipCheck.LongestStatus
        ? new Objection("a clock without end")
        : Read(GossipStatus.Parser, message, read => OwnAddress(peer, read.From) ?? GossipCheck.Clock(peer, read.Hashes, read.Version));

    /// <summary>What the peer's own actors subscribe to, and nothing on behalf of others.</summary>
    public static Objection? OwnSubscriptions(Peer peer, RemoteMessage message) => peer.IsServer ? null : Read(TopicsDelta.Parser, message, read =>
        read.Buckets.Select(b => OwnAddress(peer, b.Owner)).FirstOrDefault(p => p is not null) is { } other ? other with { IsUsual = true }
        : read.Buckets.Sum(b => b.Content.Count) > MostTopics ? new Objection("subscriptions without end")
        : read.Buckets.SelectMany(b => b.Content).Select(c => Subscription(peer, c.Key, c.Value.Ref)).FirstOrDefault(p => p is not null));

    /// <summary>Of a topic that there may be, of a cabinet's own sites only, by an actor of its own; no actor where it ends.</summary>
    private static Objection? Subscription(Peer peer, string key, string actor)
    {
        if (!key.StartsWith(Topics, StringComparison.Ordinal) || key.Length > LongestTopic || !TopicNames.IsTopic(key[Topics.Length..])) return new Objection($"it subscribes to {Quoted(key)}");
        if (peer.Identity.Role == PeerRole.Roadside && !peer.Identity.HasSite(key[Topics.Length..].Split('.')[1])) return new Objection($"it subscribes to {Quoted(key)}, which is of no site of its");
        return actor.Length == 0 || peer.Has(ActorAt.Parse(actor)) ? null : new Objection($"a subscription for {Quoted(actor)}");
    }

    /// <summary>It registers or takes away its own region, or proxy, only.</summary>
    public static Objection? OwnRegion(Peer peer, RemoteMessage message) => Read(ActorRef.Parser, message, read =>
        Actor(peer, read.Path, peer.IsServer ? [Region, Proxy] : [Proxy]));

    /// <summary>A shard that there is: the library makes any other that it is asked for, and an actor of that name.</summary>
    public static Objection? KnownShard(Peer peer, RemoteMessage message) => Read(s_shard, message, read =>
        ApproachRouting.IsShard(read.Shard) ? null : new Objection($"there is no shard {Quoted(read.Shard)}"));

    /// <summary>The coordinator that answers.</summary>
    public static Objection? OwnCoordinator(Peer peer, RemoteMessage message) => Read(ActorRef.Parser, message, read => Actor(peer, read.Path, Coordinator));

    /// <summary>It says of its own actor that it is there.</summary>
    public static Objection? OwnActor(Peer peer, RemoteMessage message) => Read(ActorIdentity.Parser, message, read =>
        Plain(read.CorrelationId) ?? (read.Path.Length == 0 ? null : Actor(peer, read.Path, HealthBoard)));

    /// <summary>The question carries no message of any type within it.</summary>
    public static Objection? PlainQuestion(Peer peer, RemoteMessage message) => Read(Identify.Parser, message, read => Plain(read.MessageId));

    /// <summary>Its own actor watches, or is no longer.</summary>
    public static Objection? OwnWatch(Peer peer, RemoteMessage message) => Read(Watch.Parser, message, read =>
        ActorAt.Parse(read.Watchee?.Path ?? "") == message.To ? Actor(peer, read.Watcher?.Path, Watchers) : new Objection("it watches another actor than the one it sends to"));

    /// <inheritdoc cref="OwnWatch"/>
    public static Objection? OwnDeath(Peer peer, RemoteMessage message) => Read(DeathWatchNotification.Parser, message, read => Actor(peer, read.Actor?.Path, Watchers));

    /// <summary>Only what a node with such a certificate is, and of what it speaks for.</summary>
    public static Objection? OwnReport(Peer peer, RemoteMessage message) => peer.IsServer ? null : Read(Proto.NodeReport.Parser, message, read =>
        (peer.Has(ActorAt.Parse($"{read.Node}/")) && read.Node.Length <= LongestNode ? null : new Objection($"a report of {Quoted(read.Node)}"))
        ?? (read.CalculateSize() > LongestReport || read.Cameras.Count > MostCameras || read.Disks.Count > MostDisks || read.Due.Count > MostDue ? new Objection("a report without end") : null)
        ?? (read.Roles.FirstOrDefault(r => !MayBe(peer.Identity.Role, r)) is { } role ? new Objection($"its certificate does not let it be {Quoted(role)}") : null)
        ?? read.Sites.Concat(read.Protection.Select(p => p.Site)).Select(s => Site(peer, s)).FirstOrDefault(p => p is not null)
        ?? read.Protection.Where(p => p.Kind == (int)ProtectionKind.Link && !peer.Identity.HasCamera(p.Site, p.Target)).Select(p => Foreign(p.Site, p.Target)).FirstOrDefault()
        ?? read.Cameras.Select(c => peer.Identity.HasCamera(c.Status?.Site ?? "", c.Status?.Camera ?? "") ? null : Foreign(c.Status?.Site ?? "", c.Status?.Camera ?? ""))
            .FirstOrDefault(p => p is not null));

    /// <summary>Roles of the cluster are the certificate's, and a server may have any.</summary>
    public static bool MayBe(PeerRole certificate, string role) =>
        certificate == PeerRole.Server || string.Equals(role, certificate.ToString(), StringComparison.OrdinalIgnoreCase);

    /// <summary>Null where the address is the peer's own.</summary>
    internal static Objection? OwnAddress(Peer peer, Address? address) =>
        address is { Protocol: Protocol } && (address.System, address.Host, (int)address.Port) == (peer.Link.Origin.System, peer.Link.Origin.Host, peer.Link.Origin.Port)
            ? null
            : new Objection($"it speaks for {Quoted(address is null ? "nobody" : FormattableString.Invariant($"{address.Host}:{address.Port}"))}");

    /// <summary>The same, of the same life.</summary>
    internal static Objection? OwnAddress(Peer peer, UniqueAddress? address) =>
        OwnAddress(peer, address?.Address) ?? ((int)address!.Uid == peer.Link.Origin.Uid ? null : new Objection("it speaks for another life of its node"));

    /// <summary>Null where the actor is one of these of the peer's, or of whatever node where a server says so.</summary>
    private static Objection? Actor(Peer peer, string? path, params IReadOnlyList<string> paths) =>
        ActorAt.Parse(path ?? "") is { Host.Length: > 0 } actor && paths.Contains(actor.Path) && (peer.IsServer || peer.Has(actor))
            ? null
            : new Objection($"it speaks for the actor {Quoted(path ?? "")}");

    // Text and whole numbers; what others carry may be of any type.
    private static Objection? Plain(Payload? within) => within is null or { SerializerId: KnownSerializers.Primitive } ? null : new Objection("it carries another message within it");

    private static Objection? Site(Peer peer, string site) => peer.Identity.HasSite(site) ? null : new Objection($"its certificate is not for site {Quoted(site)}");

    private static Objection Foreign(string site, string camera) => new($"its certificate is not for camera {Quoted(camera)} of site {Quoted(site)}");

    private static string Quoted(string text) => PlainText.Of(text, LongestQuoted);

    private static Objection? Read<T>(MessageParser<T> parser, RemoteMessage message, Func<T, Objection?> look)
        where T : IMessage<T>
    {
        try
        {
            return look(parser.ParseFrom(message.Payload));
        }
        catch (InvalidProtocolBufferException)
        {
            return new Objection("bytes that are no such message");
        }
    }
}
