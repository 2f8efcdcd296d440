using System.Runtime.Serialization;
using Google.Protobuf;
using TrafficFlow.Wire;
using TrafficFlow.Wire.Access;
using TrafficFlow.Wire.Delivery;
using TrafficFlow.Wire.Health;
using TrafficFlow.Wire.OutboxEntries;
using TrafficFlow.Wire.Peers;
using TrafficFlow.Wire.Proto.Remoting;
using TrafficFlow.Wire.Routing;
using Address = TrafficFlow.Wire.Proto.Remoting.Address;
using ExtendedActorSystem = Akka.Actor.ExtendedActorSystem;

namespace TrafficFlow.Benchmarks.Fuzz.Readers;

/// <summary>
/// Messages of Akka's protocol from a roadside node with a good certificate, as the access table reads them. What it lets pass is read by our serializer
/// as well: both must have understood the same, or a node could speak for another's cameras.
/// </summary>
internal sealed class AccessReader(ExtendedActorSystem system)
{
    private const string Own = "10.0.0.2";
    private const string Site = "kokandori";
    private const string Camera = "cam1";
    private const int TrafficFlowSerializerId = 7321;
    private const int Cluster = 5;

    private static readonly UniqueAddress Here = new() { Address = At("10.0.0.1"), Uid = 1 };
    private static readonly UniqueAddress There = new() { Address = At(Own), Uid = 2 };

    private readonly TrafficFlowSerializer _serializer = new(system);
    private readonly Peer _peer = new(
        new PeerLink(new PeerIdentity(PeerRole.Roadside, "r1", [Site], [Camera]), new PeerOrigin("trafficflow", Own, 4053, 2), new PeerOrigin("trafficflow", "10.0.0.1", 4053, 1)),
        () => [Member(Here, "server"), Member(There, "roadside")]);

    public FuzzReader Reader => new("access", Read)
    {
        Seeds = [.. AccessTable.Rules.Where(r => r.From.Contains(PeerRole.Roadside)).SelectMany(Seed)],
        Words = SeedFiles.Words(Own, "10.0.0.1", "10.0.0.3", Site, "another", Camera, "cam2", "akka.tcp://trafficflow@10.0.0.1:4053", "/user/relay", "/..", "/temp/a", "server", "roadside"),
    };

    private bool Read(byte[] input)
    {
        if (RemoteMessage.Read(ByteString.CopyFrom(input), out var message) is not null || message is null) return false;
        if (PeerFilter.Refuse(_peer, message) is not null) return false;
        if (message.SerializerId == Cluster && (message.Manifest.Contains("Down", StringComparison.Ordinal) || message.Manifest.Contains("Leave", StringComparison.Ordinal)))
            throw new WrongAcceptanceException($"{message.Manifest} of a roadside passes");
        if (message.SerializerId == TrafficFlowSerializerId) CheckOwn(message);
        return true;
    }

    private void CheckOwn(RemoteMessage message)
    {
        object read;
        try
        {
            read = _serializer.FromBinary(message.Payload.ToByteArray(), message.Manifest);
        }
        catch (SerializationException)
        {
            return;
        }

        var isOwn = read switch
        {
            DeliveryBatch b => b.Site.Value == Site && b.Camera.Value == Camera && b.Entries.All(e => CameraOf(e) is null or "" or Camera),
            NodeReport r => r.Sites.All(s => s.Value == Site) && r.Cameras.All(c => c.Status.Site.Value == Site && c.Status.Camera.Value == Camera),
            IApproachMessage a => a.Site.Value == Site,
            _ => true,
        };
        if (!isOwn) throw new WrongAcceptanceException($"{message.Manifest} speaks for another node's cameras");
    }

    private static string? CameraOf(OutboxEntry entry) => entry switch
    {
        VehicleEntry v => v.Vehicle.Camera.Value,
        CoverageEntry c => c.Coverage.Camera.Value,
        JourneyEntry j => j.Camera.Value,
        UnknownEntry u => u.Camera.Value,
        _ => null,
    };

    private static IEnumerable<byte[]> Seed(AccessRule rule)
    {
        var payloads = rule.SerializerId == TrafficFlowSerializerId
            ? SeedFiles.Manifests("golden").Where(g => g.Manifest == rule.Manifest).Select(g => g.Bytes)
            : Foreign(rule).Select(m => m.ToByteArray());
        return payloads.Select(p => Framed(rule, p));
    }

    private static byte[] Framed(AccessRule rule, byte[] payload) => new ProtocolMessage
    {
        Payload = new AckAndEnvelope
        {
            Envelope = new Envelope
            {
                Recipient = new ActorRef { Path = $"akka.tcp://trafficflow@10.0.0.1:4053{rule.To.Replace("*", "a", StringComparison.Ordinal)}" },
                Sender = new ActorRef { Path = $"akka.tcp://trafficflow@{Own}:4053/user/relay#1" },
                Message = new Payload { Message = ByteString.CopyFrom(payload), SerializerId = rule.SerializerId, Manifest = ByteString.CopyFromUtf8(rule.Manifest) },
                Sequence = rule.SerializerId == 22 ? 0 : ulong.MaxValue,
            },
        }.ToByteString(),
    }.ToByteArray();

    private static IEnumerable<IMessage> Foreign(AccessRule rule) =>
    [
        new FromUniqueAddress { From = There }, new FromAddress { From = There.Address }, new Join { Node = There, Roles = { "roadside" } },
        new Watch { Watcher = new ActorRef { Path = $"akka.tcp://trafficflow@{Own}:4053/user/relay#1" } },
        new TopicsDelta { Buckets = { new TopicsBucket { Owner = There.Address, Content = { [$"/system/distributedPubSubMediator/flow.{Site}.north"] = new TopicsEntry { Ref = $"akka.tcp://trafficflow@{Own}:4053/user/a" } } } } },
        new GossipEnvelope { From = There, To = Here, Gossip = GossipOf().ToByteString() },
    ];

    private static Gossip GossipOf() => new()
    {
        Hashes = { "0123456789ABCDEF0123456789ABCDEF" },
        Version = new VectorClock { Versions = { new ClockEntry { Timestamp = 3 } } },
        Addresses = { Here, There },
        Roles = { "server", "roadside" },
        Members = { new Wire.Proto.Remoting.Member { Address = 0, Status = 1, Roles = { 0 } }, new Wire.Proto.Remoting.Member { Address = 1, Status = 1, Roles = { 1 } } },
        Overview = new GossipOverview { Seen = { 0, 1 }, Observations = { new Observations { Address = 1, Subjects = { new Observation { Address = 0, Status = 1 } } } } },
    };

    private static Address At(string host) => new() { System = "trafficflow", Host = host, Port = 4053, Protocol = "akka.tcp" };

    private static KnownMember Member(UniqueAddress at, string role) => new(at.Address.Host, (int)at.Address.Port, (int)at.Uid, 1, [role], IsUnreachable: false);
}
