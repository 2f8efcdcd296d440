using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Serialization;
using Google.Protobuf;
using TrafficFlow.Wire.Proto;
using TrafficFlow.Wire.Serialization;

namespace TrafficFlow.Wire;

/// <summary>
/// Reads snapshots that earlier versions wrote with Akka's protobuf serializer, whose identifier this one has. The generated class of the
/// snapshot is both our message and protobuf's, and which serializer Akka took for it was left to chance, anew in each process. Such bytes
/// have no checksum, and name the class as it was called then. Nothing else is read, and nothing is written any more.
/// </summary>
public sealed class FormerProtobufSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    // That of Akka.Remote.Serialization.ProtobufSerializer.
    public override int Identifier => 2;

    public override string Manifest(object o) => throw Refused(o.GetType().ToString());

    public override byte[] ToBinary(object obj) => throw Refused(obj.GetType().ToString());

    public override object FromBinary(byte[] bytes, string manifest)
    {
        if (!IsSnapshot(manifest)) throw Refused(manifest);
        try
        {
            return ApproachSnapshot.Parser.ParseFrom(bytes);
        }
        catch (InvalidProtocolBufferException e)
        {
            return new DamagedRow(manifest, $"{bytes.Length} bytes do not parse ({e.Message})");
        }
    }

    /// <summary>Whatever namespace and assembly it had.</summary>
    private static bool IsSnapshot(string manifest)
    {
        var name = manifest.Split(',')[0];
        return name.StartsWith("TrafficFlow.", StringComparison.Ordinal) && name[(name.LastIndexOf('.') + 1)..] == nameof(ApproachSnapshot);
    }

    private static SerializationException Refused(string what) => new($"{what} is neither written nor read as plain protobuf: only snapshots of earlier versions are read so");
}
