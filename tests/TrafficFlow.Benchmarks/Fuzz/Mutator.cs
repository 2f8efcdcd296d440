using System.Buffers.Binary;

namespace TrafficFlow.Benchmarks.Fuzz;

/// <summary>Makes an input out of others: bits, numbers, words of the format, pieces of another input, cut, repeated. Deterministic.</summary>
internal sealed class Mutator(Random random, IReadOnlyList<byte[]> words)
{
    private const int Usual = 4096;
    private const int Longest = 1 << 16;
    private static readonly long[] Numbers = [0, 1, -1, 127, 128, 255, 256, 32767, 65535, int.MaxValue, int.MinValue, uint.MaxValue, long.MaxValue, long.MinValue, 0x7ff8000000000000, 0x7ff0000000000000];

    public byte[] Mutate(byte[] input, byte[] other)
    {
        var bytes = new List<byte>(input);
        // Most of one change are read on to the end, most of eight are refused at once.
        for (var n = random.Next(2) == 0 ? 1 : 1 << random.Next(1, 4); n > 0; n--) Once(bytes, other);
        // What grows faster than its input shows only in long ones.
        if (random.Next(2000) == 0) Repeat(bytes, Longest);
        if (bytes.Count > Longest) bytes.RemoveRange(Longest, bytes.Count - Longest);
        return [.. bytes];
    }

    private void Once(List<byte> bytes, byte[] other)
    {
        var at = random.Next(bytes.Count + 1);
        switch (random.Next(14))
        {
            case 0 when at < bytes.Count:
                bytes[at] ^= (byte)(1 << random.Next(8));
                break;
            case 1 when at < bytes.Count:
                bytes[at] = (byte)random.Next(256);
                break;
            case 2 when at < bytes.Count:
                bytes[at] += (byte)(random.Next(71) - 35);
                break;
            case 3:
                Number(bytes, at);
                break;
            case 4:
                bytes.RemoveRange(at, random.Next(Math.Min(bytes.Count - at, 64) + 1));
                break;
            case 5 when bytes.Count > 0 && random.Next(4) == 0:
                bytes.RemoveRange(at, bytes.Count - at);
                break;
            case 6 when words.Count > 0:
            case 7 when words.Count > 0:
                Word(bytes, at, words[random.Next(words.Count)]);
                break;
            case 8 when other.Length > 0:
                var from = random.Next(other.Length);
                Word(bytes, at, other.AsSpan(from, random.Next(Math.Min(other.Length - from, 256)) + 1));
                break;
            case 9 when other.Length > 0 && random.Next(4) == 0:
                bytes.RemoveRange(at, bytes.Count - at);
                bytes.AddRange(other.AsSpan(random.Next(other.Length)));
                break;
            case 10:
                Repeat(bytes, Usual);
                break;
            case 11:
                bytes.Insert(at, (byte)random.Next(256));
                break;
            default:
                if (at < bytes.Count) bytes[at] ^= (byte)(1 << random.Next(8));
                break;
        }
    }

    private void Number(List<byte> bytes, int at)
    {
        Span<byte> number = stackalloc byte[8];
        var value = Numbers[random.Next(Numbers.Length)];
        if (random.Next(2) == 0) BinaryPrimitives.WriteInt64LittleEndian(number, value);
        else BinaryPrimitives.WriteInt64BigEndian(number, value);
        var length = 1 << random.Next(4);
        for (var i = 0; i < length && at + i < bytes.Count; i++) bytes[at + i] = number[i];
    }

    /// <summary>In the place of what stands there, or before it.</summary>
    private void Word(List<byte> bytes, int at, ReadOnlySpan<byte> word)
    {
        if (random.Next(2) == 0) bytes.RemoveRange(at, Math.Min(word.Length, bytes.Count - at));
        bytes.InsertRange(at, word);
    }

    private void Repeat(List<byte> bytes, int upTo)
    {
        if (bytes.Count == 0) return;
        var from = random.Next(bytes.Count);
        var piece = bytes.GetRange(from, random.Next(Math.Min(bytes.Count - from, 64)) + 1);
        var most = (upTo - bytes.Count) / piece.Count;
        if (most <= 0) return;
        var times = upTo == Longest ? most : random.Next(Math.Min(most, 64)) + 1;
        var many = new List<byte>(times * piece.Count);
        for (var i = 0; i < times; i++) many.AddRange(piece);
        bytes.InsertRange(from, many);
    }
}
