using System.Buffers.Binary;
using System.IO.Hashing;
using Google.Protobuf;

namespace TrafficFlow.Actors.Serialization;

/// <summary>What is persisted carries the CRC-32 of its bytes before them: a flipped bit would often still parse, as another count.</summary>
internal static class GuardedBytes
{
    private const int Guard = sizeof(uint);

    public static byte[] Write(IMessage message)
    {
        var bytes = new byte[Guard + message.CalculateSize()];
        message.WriteTo(bytes.AsSpan(Guard));
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, Crc32.HashToUInt32(bytes.AsSpan(Guard)));
        return bytes;
    }

    /// <returns>False where they are not the bytes that were written.</returns>
    public static bool TryOpen(byte[] bytes, out byte[] content)
    {
        var isWhole = bytes.Length >= Guard && BinaryPrimitives.ReadUInt32LittleEndian(bytes) == Crc32.HashToUInt32(bytes.AsSpan(Guard));
        content = isWhole ? bytes[Guard..] : [];
        return isWhole;
    }
}
