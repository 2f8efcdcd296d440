using System.Runtime.Serialization;
using Google.Protobuf;
using TrafficFlow.Wire;
using TrafficFlow.Wire.Aggregation;
using TrafficFlow.Wire.Cameras;
using TrafficFlow.Wire.Naming;
using Xunit;
using Proto = TrafficFlow.Wire.Proto;

namespace TrafficFlow.Actors.Tests.Serialization;

public sealed class WireNamesTests
{
    private const string Attack = "x\u001b[2J";

    public static TheoryData<string> Bad => [Attack, "x/../y", "=cmd()", "a\nb", new string('a', 300)];

    [Theory]
    [MemberData(nameof(Bad))]
    public void A_name_of_another_node_that_is_none_is_refused_wherever_it_stands(string name)
    {
        IMessage[] messages =
        [
            new Proto.GetCameraStatus { Camera = name },
            new Proto.CameraStatus { Site = "a", Camera = name },
            new Proto.Bin { Site = name },
            new Proto.Bin { Rows = { new Proto.Row { Movement = name } } },
            new Proto.Bin { Sources = { new Proto.BinSource { Camera = name } } },
            new Proto.NodeReport { Sites = { "a", name } },
            new Proto.JourneyEnded { Exit = name },
            new Proto.UnknownCamera { Known = { "a", name } },
        ];

        Assert.All(messages, m => Assert.DoesNotContain(
            '\u001b', Assert.Throws<SerializationException>(() => WireNames.Check(m)).Message));
    }

    [Fact]
    public void The_way_in_from_other_nodes_is_by_the_rule_and_what_is_persisted_stays_readable()
    {
        var message = WireManifest.Current.Single(l => l.Type == typeof(GetCameraStatus));
        var persisted = WireManifest.Current.Single(l => l.Type == typeof(FeedsChanged));

        Assert.Throws<SerializationException>(() => message.Read(new Proto.GetCameraStatus { Camera = Attack }.ToByteArray()));
        Assert.Equal(Attack, Assert.Single(((FeedsChanged)persisted.Read(new Proto.FeedsChanged { Cameras = { Attack } }.ToByteArray())).Cameras).Value);
    }

    [Fact]
    public void A_label_may_be_any_plain_text()
    {
        WireNames.Check(new Proto.NodeReport { Node = "akka.ssl.tcp://trafficflow@192.0.2.7:5001", Version = "0.2 βeta", Problem = "line one\nline two" });

        Assert.Throws<SerializationException>(() => WireNames.Check(new Proto.NodeReport { Node = Attack }));
        Assert.Throws<SerializationException>(() => WireNames.Check(new Proto.NodeReport { Version = Attack }));
    }

    [Fact]
    public void Names_of_our_own_and_none_pass() => WireNames.Check(new Proto.Bin
    {
        Site = "a",
        Approach = "_gates",
        Rows = { new Proto.Row { Movement = "cam1 in forward" }, new Proto.Row { Movement = "to south" }, new Proto.Row() },
        Sources = { new Proto.BinSource { Camera = "junction-a" } },
    });
}
