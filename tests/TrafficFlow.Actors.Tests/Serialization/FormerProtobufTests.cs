using System.Runtime.Serialization;
using Akka.TestKit.Xunit;
using Google.Protobuf;
using TrafficFlow.Actors.Tests.Support;
using TrafficFlow.Core.Flow;
using TrafficFlow.Server.Aggregation.State;
using TrafficFlow.Wire.Journals;
using TrafficFlow.Wire.Serialization;
using static TrafficFlow.Actors.Tests.Support.Counts;

namespace TrafficFlow.Actors.Tests.Serialization;

/// <summary>Snapshots that were written by Akka's protobuf serializer, of identifier 2, because Akka happened to take it.</summary>
public sealed class FormerProtobufTests() : TestKit(TestConfig.Reference)
{
    private const int Identifier = 2;
    private const string Manifest = "TrafficFlow.Actors.Serialization.Wire.ApproachSnapshot, TrafficFlow.Actors";

    private readonly byte[] _bytes = ApproachSnapshots.Take(
        ApproachState.Empty with { Cells = MinuteCells.Empty.Add(At(0), new QueueSums(60, 61.5, 14.25, 9, 3)), TooLate = 7, Cursor = 9 }).ToByteArray();

    [Theory]
    [InlineData(Manifest)]
    [InlineData("TrafficFlow.Wire.Proto.ApproachSnapshot, TrafficFlow.Wire, Version=1.0.0.0, Culture=neutral")]
    public void They_are_read_under_every_name_that_the_class_ever_had(string manifest)
    {
        var read = Assert.IsType<TrafficFlow.Wire.Proto.ApproachSnapshot>(Sys.Serialization.Deserialize(_bytes, Identifier, manifest));

        Assert.Equal((7, 9), (read.TooLate, read.Cursor));
    }

    [Fact]
    public void A_damaged_one_is_a_damaged_row()
    {
        for (var i = _bytes.Length / 2; i < _bytes.Length; i++) _bytes[i] ^= 0xA5;

        Assert.IsType<DamagedRow>(Sys.Serialization.Deserialize(_bytes, Identifier, Manifest));
    }

    [Fact]
    public void Nothing_else_is_read_so()
    {
        Assert.ThrowsAny<SerializationException>(() => Sys.Serialization.Deserialize(_bytes, Identifier, "Google.Protobuf.WellKnownTypes.StringValue, Google.Protobuf"));
        Assert.ThrowsAny<SerializationException>(() => Sys.Serialization.Deserialize(_bytes, Identifier, "System.IO.FileStream, System.Runtime"));
    }

    [Fact]
    public void Bytes_that_cannot_be_understood_are_no_outage_of_the_database()
    {
        var unreadable = Assert.ThrowsAny<InvalidProtocolBufferException>(() => TrafficFlow.Wire.Proto.ApproachSnapshot.Parser.ParseFrom([0x0A, 0x02, 0x0A, 0x7F]));

        Assert.Null(DatabaseFault.Of(unreadable));
        Assert.Null(DatabaseFault.Of(new SerializationException("damaged", unreadable)));
        Assert.NotNull(DatabaseFault.Of(new IOException("broken pipe")));
    }
}
