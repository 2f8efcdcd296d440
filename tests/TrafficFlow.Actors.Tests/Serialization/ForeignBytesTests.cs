using System.IO.Hashing;
using System.Runtime.Serialization;
using System.Text;
using Akka.Actor;
using Akka.TestKit.Xunit;
using Google.Protobuf;
using TrafficFlow.Actors.Tests.Support;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;
using TrafficFlow.Wire;
using TrafficFlow.Wire.Aggregation;
using TrafficFlow.Wire.Delivery;
using TrafficFlow.Wire.OutboxEntries;
using TrafficFlow.Wire.Serialization;
using TrafficFlow.Wire.Tls;
using static TrafficFlow.Actors.Tests.Support.Counts;
using Proto = TrafficFlow.Wire.Proto;

namespace TrafficFlow.Actors.Tests.Serialization;

/// <summary>Bytes that no node of ours writes. Whatever they are, the readers refuse them in the one way that Akka and the journal expect.</summary>
public sealed class ForeignBytesTests() : TestKit(TestConfig.Reference)
{
    public static TheoryData<string, IMessage> Broken => new()
    {
        // Parts that are absent.
        { "delivery-batch-v1", new Proto.DeliveryBatch { Site = "a", Camera = "b", Approach = "c" } },
        { "behind-v1", new Proto.Behind() },
        { "flow-bins-v1", new Proto.FlowBins { Bins = { new Proto.Bin { Minutes = 15, Rows = { new Proto.Row() } } } } },
        // Times and lengths that never were.
        { "get-flow-bins-v1", new Proto.GetFlowBins { Minutes = 15, FromTicks = long.MaxValue } },
        { "get-flow-bins-v1", new Proto.GetFlowBins { Minutes = 0 } },
        { "get-flow-bins-v1", new Proto.GetFlowBins { Minutes = -15 } },
        { "flow-bins-v1", new Proto.FlowBins { Bins = { new Proto.Bin { Minutes = 15, StartOffsetMinutes = int.MaxValue } } } },
        { "flow-bins-v1", new Proto.FlowBins { Bins = { new Proto.Bin { Minutes = 15, Rows = { new Proto.Row { Sums = new Proto.Sums { Count = -1 } } } } } } },
        { "flow-bins-v1", new Proto.FlowBins { Bins = { new Proto.Bin { Minutes = 15, Rows = { new Proto.Row { Sums = new Proto.Sums { PaceSum = double.NaN } } } } } } },
        { "node-report-v1", new Proto.NodeReport { ClockOffsetSeconds = double.PositiveInfinity } },
    };

    private TrafficFlowSerializer Serializer => new((ExtendedActorSystem)Sys);

    [Theory]
    [MemberData(nameof(Broken), DisableDiscoveryEnumeration = true)]
    public void A_message_that_cannot_be_is_refused(string manifest, IMessage message) =>
        Assert.Throws<SerializationException>(() => Serializer.FromBinary(message.ToByteArray(), manifest));

    [Fact]
    public void A_row_whose_checksum_is_right_and_whose_content_cannot_be_is_refused_as_well()
    {
        var content = new Proto.LatenessPassed { ClosedThroughTicks = long.MaxValue }.ToByteArray();

        Assert.Throws<SerializationException>(() => Serializer.FromBinary([.. BitConverter.GetBytes(Crc32.HashToUInt32(content)), .. content], "lateness-passed-v2"));
        Assert.Throws<SerializationException>(() => Serializer.FromBinary([.. BitConverter.GetBytes(Crc32.HashToUInt32([0xff])), 0xff], "lateness-passed-v2"));
    }

    /// <summary>A roadside sends a batch again until it is acknowledged: refused for one figure, nothing of the camera would ever come again.</summary>
    [Fact]
    public void A_speed_or_a_queue_that_cannot_be_is_left_out_of_an_entry()
    {
        var watched = (CoverageEntry)Watched(3, 0, 5);
        var good = new QueueReading(TestSites.North, At(0), new QueueSums(5, 61.5, 14.25, 9, 3));
        var batch = new EntriesStored(2,
        [
            new VehicleEntry(2, ((VehicleEntry)Car(2, 2)).Vehicle with { SpeedKmh = double.NaN }),
            new CoverageEntry(3, watched.Coverage with { Queues = [good, good with { Sums = good.Sums with { MaxMetres = double.PositiveInfinity } }, good with { Sums = good.Sums with { Seconds = -1 } }] }),
        ]);

        var read = (EntriesStored)Serializer.FromBinary(Serializer.ToBinary(batch), Serializer.Manifest(batch));

        Assert.Null(((VehicleEntry)read.Entries[0]).Vehicle.SpeedKmh);
        Assert.Equal(good, Assert.Single(((CoverageEntry)read.Entries[1]).Coverage.Queues));
    }

    [Theory]
    [InlineData("System.String", "S")]
    [InlineData("System.Object", """{"$":"7"}""")]
    [InlineData("System.Object", """{"a":1}""")]
    [InlineData("System.Object", """{"$":"I7x"}""")]
    [InlineData("System.Object", """{"$type":"System.IO.FileInfo, System.Private.CoreLib","fileName":"/etc/passwd"}""")]
    [InlineData("", "7")]
    [InlineData("System.NoSuchType", "7")]
    public void A_text_that_is_no_such_value_is_refused(string manifest, string text) =>
        Assert.ThrowsAny<SerializationException>(() => Sys.Serialization.Deserialize(Encoding.UTF8.GetBytes(text), 7322, manifest));

    [Fact]
    public void A_peer_that_says_twice_who_it_is_is_nobody_and_costs_no_more_than_it_sends()
    {
        byte[] once = [0x0a, 1, (byte)'a', 0x12, 1, (byte)'h'];
        byte[] Wrapped(byte[] origin) => Part(2, Part(2, Part(1, origin)));
        Assert.Equal("h", AssociateOrigin.Host(ByteString.CopyFrom(Wrapped(once))));
        Assert.Null(AssociateOrigin.Host(ByteString.CopyFrom(Wrapped([.. once, 0x12, 1, (byte)'i']))));

        byte[] many = [.. Enumerable.Repeat<byte[]>([0x12, 1, (byte)'h'], 100_000).SelectMany(b => b)];
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Null(AssociateOrigin.Host(ByteString.CopyFrom(Wrapped(many))));
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 50 * many.Length);
    }

    private static byte[] Part(int number, byte[] content)
    {
        using var bytes = new MemoryStream();
        using (var output = new CodedOutputStream(bytes, leaveOpen: true))
        {
            output.WriteTag(number, WireFormat.WireType.LengthDelimited);
            output.WriteBytes(ByteString.CopyFrom(content));
        }

        return bytes.ToArray();
    }
}
