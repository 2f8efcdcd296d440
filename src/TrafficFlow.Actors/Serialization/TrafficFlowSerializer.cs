using System.Collections.Frozen;
using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Serialization;
using Google.Protobuf;

namespace TrafficFlow.Actors.Serialization;

/// <summary>Writes and reads what <see cref="WireTable"/> lists, for remoting, journal and snapshots, and refuses everything else.</summary>
public sealed class TrafficFlowSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    private static readonly FrozenDictionary<Type, WireTable.Line> ByType = WireTable.Lines.ToFrozenDictionary(l => l.Type);
    private static readonly FrozenDictionary<string, WireTable.Line> ByManifest = WireTable.Lines.ToFrozenDictionary(l => l.Manifest);

    // Stands in every journal row: it must never change.
    public override int Identifier => 7321;

    public override string Manifest(object o) => Find(o).Manifest;

    public override byte[] ToBinary(object obj) => Find(obj).Write(obj).ToByteArray();

    public override object FromBinary(byte[] bytes, string manifest)
    {
        if (!ByManifest.TryGetValue(manifest, out var line))
            throw new SerializationException(
                $"no message has the manifest '{manifest}': was it written by a newer version of TrafficFlow? Run that version, or a newer one");
        try
        {
            return line.Read(bytes);
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new SerializationException($"{bytes.Length} bytes with the manifest '{manifest}' are damaged: {e.Message}", e);
        }
    }

    private static WireTable.Line Find(object o) =>
        ByType.TryGetValue(o.GetType(), out var line)
            ? line
            : throw new SerializationException($"{o.GetType()} has no line in {nameof(WireTable)}: it must not leave the process");
}
