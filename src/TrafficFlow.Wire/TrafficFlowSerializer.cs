using System.Collections.Frozen;
using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Serialization;
using Google.Protobuf;
using TrafficFlow.Wire.Serialization;

namespace TrafficFlow.Wire;

/// <summary>Writes and reads what <see cref="WireManifest"/> lists, for remoting, journal and snapshots, and refuses everything else.</summary>
public sealed class TrafficFlowSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    private static readonly FrozenDictionary<Type, WireLine> ByType = WireManifest.Current.ToFrozenDictionary(l => l.Type);
    private static readonly FrozenDictionary<string, WireLine> ByManifest = WireManifest.All.ToFrozenDictionary(l => l.Manifest);

    // Stands in every journal row: it must never change.
    public override int Identifier => 7321;

    public override string Manifest(object o) => Find(o).Manifest;

    public override byte[] ToBinary(object obj)
    {
        var line = Find(obj);
        var message = line.Write(obj);
        return line.Check == RowCheck.Checksum ? ChecksummedBytes.Write(message) : message.ToByteArray();
    }

    public override object FromBinary(byte[] bytes, string manifest)
    {
        if (!ByManifest.TryGetValue(manifest, out var line))
            throw new SerializationException(
                $"no message has the manifest '{manifest}': was it written by a newer version of TrafficFlow? Run that version, or a newer one");
        switch (line.Check)
        {
            case RowCheck.Checksum:
                return ChecksummedBytes.TryOpen(bytes, out var content)
                    ? Read(line, content)
                    : new DamagedRow(manifest, $"{bytes.Length} bytes do not have the checksum that was written with them");
            case RowCheck.Parse:
                return ReadFormer(line, bytes);
            default:
                return Read(line, bytes);
        }
    }

    private static object Read(WireLine line, byte[] bytes)
    {
        try
        {
            return line.Read(bytes);
        }
        catch (Exception e) when (IsUnreadable(e))
        {
            throw new SerializationException($"{bytes.Length} bytes with the manifest '{line.Manifest}' are damaged: {e.Message}", e);
        }
    }

    private static object ReadFormer(WireLine line, byte[] bytes)
    {
        try
        {
            return line.Read(bytes);
        }
        catch (Exception e) when (IsUnreadable(e) || e is SerializationException)
        {
            // No newer version writes this manifest.
            return new DamagedRow(line.Manifest, $"{bytes.Length} bytes do not parse ({e.Message})");
        }
    }

    /// <summary>What parses may still lack parts, or hold times and numbers that never were.</summary>
    private static bool IsUnreadable(Exception e) =>
        e is InvalidProtocolBufferException or NullReferenceException or ArgumentException or FormatException or OverflowException;

    private static WireLine Find(object o) =>
        ByType.TryGetValue(o.GetType(), out var line)
            ? line
            : throw new SerializationException($"{o.GetType()} has no line in {nameof(WireManifest)}: it must not leave the process");
}
