using System.Buffers.Binary;
using System.IO.Hashing;
using Google.Protobuf;

namespace TrafficFlow.Wire.Serialization;

/// <summary>What is persisted carries the CRC-32 of its bytes before them: a flipped bit would often still parse, as another count.</summary>
internal static class ChecksummedBytes
{
    private const int Checksum = sizeof(uint);

    public static byte[] Write(IMessage message)
    {
        var bytes = new byte[Checksum + message.CalculateSize()];
        message.WriteTo(bytes.AsSpan(Checksum));
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, Crc32.HashToUInt32(bytes.AsSpan(Checksum)));
        return bytes;
    }

    /// <returns>False where they are not the bytes that were written.</returns>
    public static bool TryOpen(byte[] bytes, out byte[] content)
    {
        var isWhole = bytes.Length >= Checksum && BinaryPrimitives.ReadUInt32LittleEndian(bytes) == Crc32.HashToUInt32(bytes.AsSpan(Checksum));
        content = isWhole ? bytes[Checksum..] : [];
        return isWhole;
    }
}
