using System.Text;
using Google.Protobuf;
using TrafficFlow.Wire.Access;
using TrafficFlow.Wire.Proto.Remoting;

namespace TrafficFlow.Actors.Tests.Access;

/// <summary>Where a message ends up, however its path is written.</summary>
public sealed class RemoteMessageTests
{
    private const string Node = "akka.tcp://trafficflow@10.0.0.1:4053";

    [Theory]
    [InlineData("/user/relay/$a", "/user/relay/$a")]
    [InlineData("/user/relay#1234", "/user/relay")]
    [InlineData("/user//relay", "/user/relay")]
    public void The_recipient_is_the_path_within_the_system(string path, string recipient) => Assert.Equal(recipient, Read(path).Message?.Recipient);

    [Theory]
    [InlineData("/user/relay/../../system/cluster")]
    [InlineData("/user/relay/..")]
    [InlineData("/user/.")]
    [InlineData("/user/relay#x")]
    [InlineData("/a/b/c/d/e/f/g/h/i/j/k/l/m/n/o/p/q")]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("/user/relay#")]
    public void A_path_that_leads_elsewhere_is_none(string path) => Assert.NotNull(Read(path).Problem);

    [Fact]
    public void A_selection_ends_where_its_names_lead()
    {
        Assert.Equal("/system/cluster/core", Read("/", Select(2, "system", "cluster", "core")).Message?.Recipient);
        Assert.Equal(7, Read("/", Select(2, "system")).Message?.SerializerId);
        Assert.Equal("/user/relay", Read("/user", Select(2, "relay")).Message?.Recipient);
        Assert.NotNull(Read("/user", Select(2, "relay", "..")).Problem);
        Assert.NotNull(Read("/user", Select(2, "relay/../x")).Problem);
        Assert.NotNull(Read("/user", Select(1, "")).Problem); // its parent
        Assert.NotNull(Read("/user", Select(3, "*")).Problem); // all children
    }

    [Fact]
    public void What_belongs_to_the_link_itself_is_for_no_actor()
    {
        Assert.Null(RemoteMessage.Read(new ProtocolMessage { Instruction = ByteString.CopyFrom(8, 3) }.ToByteString(), out var heartbeat));
        Assert.Null(heartbeat);
        Assert.Null(RemoteMessage.Read(new ProtocolMessage { Payload = new AckAndEnvelope { Ack = ByteString.CopyFrom(9, 1, 0, 0, 0, 0, 0, 0, 0) }.ToByteString() }.ToByteString(), out var ack));
        Assert.Null(ack);
        Assert.NotNull(RemoteMessage.Read(ByteString.CopyFrom(0xff, 0xff), out _));
        Assert.NotNull(RemoteMessage.Read(new ProtocolMessage { Instruction = ByteString.CopyFrom(8, 3), Payload = ByteString.CopyFrom(1) }.ToByteString(), out _));
    }

    [Theory]
    [InlineData("akka.tcp://trafficflow@10.0.0.2:4053/user/relay", true)]
    [InlineData("akka://trafficflow/user/membership", false)] // this node's own actor
    [InlineData("/user/membership", false)]
    [InlineData("akka.udp://trafficflow@10.0.0.2:4053/user/relay", false)]
    public void Who_is_answered_is_an_actor_of_some_node(string sender, bool isOne)
    {
        var envelope = new Envelope { Recipient = new ActorRef { Path = $"{Node}/user/x" }, Sender = new ActorRef { Path = sender }, Message = new Payload { SerializerId = 17, Message = ByteString.Empty } };

        Assert.Equal(isOne, RemoteMessage.Read(new ProtocolMessage { Payload = new AckAndEnvelope { Envelope = envelope }.ToByteString() }.ToByteString(), out _) is null);
    }

    private static Payload Select(int type, params string[] names)
    {
        var selection = new Selection { Payload = new Payload { SerializerId = 7, Message = ByteString.Empty } };
        selection.Pattern.AddRange(names.Select(n => new SelectionElement { Type = type, Matcher = n }));
        return new Payload { SerializerId = 6, Message = selection.ToByteString() };
    }

    private static (string? Problem, RemoteMessage? Message) Read(string path, Payload? payload = null)
    {
        var envelope = new Envelope
        {
            Recipient = new ActorRef { Path = Node + path },
            Message = payload ?? new Payload { SerializerId = 17, Manifest = ByteString.CopyFrom("S", Encoding.UTF8), Message = ByteString.CopyFromUtf8("x") },
        };
        var problem = RemoteMessage.Read(new ProtocolMessage { Payload = new AckAndEnvelope { Envelope = envelope }.ToByteString() }.ToByteString(), out var message);
        return (problem, message);
    }
}
