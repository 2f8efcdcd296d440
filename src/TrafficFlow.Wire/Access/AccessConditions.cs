using Google.Protobuf;
using TrafficFlow.Wire.Peers;
using TrafficFlow.Wire.Proto.Remoting;
using TrafficFlow.Wire.Routing;

namespace TrafficFlow.Wire.Access;

/// <summary>What must hold for a message of a peer beside its kind. Pure; the texts go on after "Dropped a message of PEER to ACTOR: ".</summary>
internal static class AccessConditions
{
    private const int PrimitiveSerializer = 17;
    private static readonly MessageParser<SiteOf> s_site = SiteOf.Parser.WithDiscardUnknownFields(true);
    private static readonly MessageParser<ShardOf> s_shard = ShardOf.Parser.WithDiscardUnknownFields(true);
    private static readonly MessageParser<DeliveryOf> s_delivery = DeliveryOf.Parser.WithDiscardUnknownFields(true);
    private static readonly MessageParser<FromUniqueAddress> s_from = FromUniqueAddress.Parser.WithDiscardUnknownFields(true);
    private static readonly MessageParser<FromAddress> s_fromAddress = FromAddress.Parser.WithDiscardUnknownFields(true);

    /// <summary>It names a site that the peer speaks for.</summary>
    public static Objection? OwnSite(Peer peer, RemoteMessage message) => Read(s_site, message, read => Site(peer, read.Site));

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
    public static Objection? FromItself(Peer peer, RemoteMessage message) => Read(s_from, message, read => Host(peer, read.From?.Address));

    /// <inheritdoc cref="FromItself"/>
    public static Objection? OfItself(Peer peer, RemoteMessage message) => Read(UniqueAddress.Parser, message, read => Host(peer, read.Address));

    /// <inheritdoc cref="FromItself"/>
    public static Objection? FromItsAddress(Peer peer, RemoteMessage message) => Read(s_fromAddress, message, read => Host(peer, read.From));

    /// <summary>It joins as itself, with roles that its certificate lets it have.</summary>
    public static Objection? OwnJoin(Peer peer, RemoteMessage message) => Read(Join.Parser, message, read =>
        Host(peer, read.Node?.Address)
        ?? (read.Roles.FirstOrDefault(r => !MayBe(peer.Identity.Role, r)) is { } role ? new Objection($"its certificate does not let it be {Quoted(role)}") : null));

    /// <inheritdoc cref="GossipCheck"/>
    public static Objection? OwnGossip(Peer peer, RemoteMessage message) => Read(GossipEnvelope.Parser, message, read =>
        Host(peer, read.From?.Address) ?? GossipCheck.Refuse(peer, Gossip.Parser.ParseFrom(read.Gossip), read.From!));

    /// <summary>What the peer's own actors subscribe to, and nothing on behalf of others.</summary>
    public static Objection? OwnSubscriptions(Peer peer, RemoteMessage message) => peer.IsServer ? null : Read(TopicsDelta.Parser, message, read =>
        read.Buckets.Select(b => Host(peer, b.Owner)).FirstOrDefault(p => p is not null) is { } other ? other with { IsUsual = true }
        : (read.Buckets.SelectMany(b => b.Content.Values).Select(v => v.Ref).FirstOrDefault(r => r.Length > 0 && !peer.IsAt(RemoteMessage.HostOf(r))) is { } foreign
            ? new Objection($"a subscription for {Quoted(foreign)}")
            : peer.Identity.Role == PeerRole.Roadside && read.Buckets.SelectMany(b => b.Content.Keys).FirstOrDefault(k => !IsOfItsSites(peer, k)) is { } topic
            ? new Objection($"it subscribes to {Quoted(topic)}, which is of no site of its")
            : null));

    /// <summary>A cabinet hears of its own sites only: /system/distributedPubSubMediator/flow.SITE.APPROACH.</summary>
    private static bool IsOfItsSites(Peer peer, string key) => key[(key.LastIndexOf('/') + 1)..].Split('.') is [_, var site, ..] && peer.Identity.HasSite(site);

    /// <summary>It registers or takes away its own region, or proxy, only.</summary>
    public static Objection? OwnRegion(Peer peer, RemoteMessage message) => Read(ActorRef.Parser, message, read => Actor(peer, read));

    /// <summary>A shard that there is: the library makes any other that it is asked for, and an actor of that name.</summary>
    public static Objection? KnownShard(Peer peer, RemoteMessage message) => Read(s_shard, message, read =>
        ApproachRouting.IsShard(read.Shard) ? null : new Objection($"there is no shard {Quoted(read.Shard)}"));

    /// <summary>It says of its own actor that it is there.</summary>
    public static Objection? OwnActor(Peer peer, RemoteMessage message) => Read(ActorIdentity.Parser, message, read =>
        Plain(read.CorrelationId) ?? (read.Path.Length == 0 ? null : Actor(peer, new ActorRef { Path = read.Path })));

    /// <summary>The question carries no message of any type within it.</summary>
    public static Objection? PlainQuestion(Peer peer, RemoteMessage message) => Read(Identify.Parser, message, read => Plain(read.MessageId));

    /// <summary>Its own actor watches, or is no longer.</summary>
    public static Objection? OwnWatch(Peer peer, RemoteMessage message) => Read(Watch.Parser, message, read => Actor(peer, read.Watcher));

    /// <inheritdoc cref="OwnWatch"/>
    public static Objection? OwnDeath(Peer peer, RemoteMessage message) => Read(DeathWatchNotification.Parser, message, read => Actor(peer, read.Actor));

    /// <summary>Only what a node with such a certificate is, and of what it speaks for.</summary>
    public static Objection? OwnReport(Peer peer, RemoteMessage message) => peer.IsServer ? null : Read(Proto.NodeReport.Parser, message, read =>
        (peer.IsAt(RemoteMessage.HostOf($"{read.Node}/")) ? null : new Objection($"a report of {Quoted(read.Node)}"))
        ?? (read.Roles.FirstOrDefault(r => !MayBe(peer.Identity.Role, r)) is { } role ? new Objection($"its certificate does not let it be {Quoted(role)}") : null)
        ?? read.Sites.Select(s => Site(peer, s)).FirstOrDefault(p => p is not null)
        ?? read.Cameras.Select(c => peer.Identity.HasCamera(c.Status?.Site ?? "", c.Status?.Camera ?? "") ? null : Foreign(c.Status?.Site ?? "", c.Status?.Camera ?? ""))
            .FirstOrDefault(p => p is not null));

    /// <summary>Roles of the cluster are the certificate's, and a server may have any.</summary>
    public static bool MayBe(PeerRole certificate, string role) =>
        certificate == PeerRole.Server || string.Equals(role, certificate.ToString(), StringComparison.OrdinalIgnoreCase);

    /// <summary>Null where a server sends, or the address is the peer's own.</summary>
    internal static Objection? Host(Peer peer, Address? address) =>
        address is not null && peer.IsAt(address.Host) ? null : new Objection($"it speaks for {Quoted(address?.Host ?? "nobody")}");

    private static Objection? Actor(Peer peer, ActorRef? actor) =>
        actor is not null && RemoteMessage.HostOf(actor.Path) is { Length: > 0 } host && (peer.IsServer || peer.IsAt(host)) ? null : new Objection($"it speaks for the actor {Quoted(actor?.Path ?? "")}");

    // Text and whole numbers; what others carry may be of any type.
    private static Objection? Plain(Payload? within) => within is null or { SerializerId: PrimitiveSerializer } ? null : new Objection("it carries another message within it");

    private static Objection? Site(Peer peer, string site) => peer.Identity.HasSite(site) ? null : new Objection($"its certificate is not for site {Quoted(site)}");

    private static Objection Foreign(string site, string camera) => new($"its certificate is not for camera {Quoted(camera)} of site {Quoted(site)}");

    private static string Quoted(string text) => string.Concat(text.Take(60).Select(c => char.IsControl(c) || c > '~' ? '?' : c));

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
