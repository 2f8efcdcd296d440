using System.Buffers.Binary;
using System.Security.Cryptography;

namespace TrafficFlow.Vault.Segments;

/// <summary>
/// What still plays of a segment that is damaged: its beginning (ftyp, moov) and each fragment (moof, mdat) of which every chunk opens. Behind a damaged chunk the next fragment is found by its name and its
/// first box. Fragments carry their own time, so that a player skips what is missing.
/// </summary>
internal static class SoundFragments
{
    private const int HeadBytes = 8;

    /// <summary>A fragment is a second of pictures.</summary>
    private const int LongestBox = 16 << 20;

    /// <summary>Of ftyp and moov together.</summary>
    public const int LongestBeginning = 2 * LongestBox;

    /// <summary>moof begins with mfhd of 16 bytes.</summary>
    private const int FirstBox = 16;

    /// <param name="pictures">The decrypted segment, of which damaged chunks throw.</param>
    /// <param name="otherBeginning">ftyp and moov of another segment of the same camera, size and rate, which are the same; asked for where this one's are damaged. Null for none.</param>
    /// <returns>How many fragments were written; 0 where nothing plays.</returns>
    /// <exception cref="IOException">The output cannot be written, or the file cannot be read.</exception>
    public static int Copy(ChunkedReader pictures, Stream output, Func<byte[]?> otherBeginning)
    {
        var beginning = Beginning(pictures) ?? otherBeginning();
        if (beginning is null) return 0;
        output.Write(beginning);
        CryptographicOperations.ZeroMemory(beginning);
        var (fragments, at) = (0, 0L);
        byte[]? moof = null;
        while (at < pictures.Length)
        {
            if (Head(pictures, at) is { Size: >= HeadBytes } head && at + head.Size <= pictures.Length)
            {
                var box = head.Name is Name.Moof or Name.Mdat && head.Size <= LongestBox ? Read(pictures, at, (int)head.Size) : null;
                if (head.Name == Name.Moof)
                {
                    CryptographicOperations.ZeroMemory(moof);
                    moof = box;
                }
                else if (head.Name == Name.Mdat)
                {
                    if (moof is not null && box is not null)
                    {
                        output.Write(moof);
                        output.Write(box);
                        fragments++;
                    }

                    CryptographicOperations.ZeroMemory(box);
                    CryptographicOperations.ZeroMemory(moof);
                    moof = null;
                }

                at += head.Size;
                continue;
            }

            CryptographicOperations.ZeroMemory(moof);
            moof = null;
            if (NextMoof(pictures, at + 1) is not { } next) break;
            at = next;
        }

        CryptographicOperations.ZeroMemory(moof);
        return fragments;
    }

    /// <returns>ftyp and moov, as far as both are sound; null where they are not.</returns>
    public static byte[]? Beginning(ChunkedReader pictures)
    {
        if (Head(pictures, 0) is not { Name: Name.Ftyp, Size: >= HeadBytes and <= LongestBox } ftyp || Head(pictures, ftyp.Size) is not { Name: Name.Moov, Size: >= HeadBytes and <= LongestBox } moov) return null;
        return Read(pictures, 0, (int)(ftyp.Size + moov.Size));
    }

    private enum Name
    {
        Other,
        Ftyp,
        Moov,
        Moof,
        Mdat,
    }

    private static (long Size, Name Name)? Head(ChunkedReader pictures, long at)
    {
        if (Read(pictures, at, HeadBytes) is not { } head) return null;
        var name = head.AsSpan(4, 4);
        return (BinaryPrimitives.ReadUInt32BigEndian(head), name.SequenceEqual("ftyp"u8) ? Name.Ftyp : name.SequenceEqual("moov"u8) ? Name.Moov : name.SequenceEqual("moof"u8) ? Name.Moof : name.SequenceEqual("mdat"u8) ? Name.Mdat : Name.Other);
    }

    /// <returns>Where the next fragment begins; null where none does.</returns>
    private static long? NextMoof(ChunkedReader pictures, long from)
    {
        const int Chunk = ChunkedEncryption.ChunkBytes;
        for (var chunk = from / Chunk; chunk * Chunk < pictures.Length; chunk++)
        {
            // With the head of what follows, so that none is missed that lies across an edge.
            var start = Math.Max(from, chunk * Chunk);
            var count = (int)Math.Min(((chunk + 1) * Chunk) + HeadBytes - 1, pictures.Length) - start;
            if ((Read(pictures, start, (int)count) ?? Read(pictures, start, (int)(Math.Min((chunk + 1) * Chunk, pictures.Length) - start))) is not { } block) continue;
            using var cleared = new Cleared(block);
            for (var i = 0; i + HeadBytes <= block.Length; i++)
            {
                if (!block.AsSpan(i + 4, 4).SequenceEqual("moof"u8)) continue;
                // The name may come by chance in pictures: what follows it must be what a fragment begins with.
                if (Head(pictures, start + i) is { Name: Name.Moof, Size: > HeadBytes + FirstBox and <= LongestBox } && Read(pictures, start + i + HeadBytes, HeadBytes) is { } first
                    && BinaryPrimitives.ReadUInt32BigEndian(first) == FirstBox && first.AsSpan(4, 4).SequenceEqual("mfhd"u8)) return start + i;
            }
        }

        return null;
    }

    /// <returns>Null where a chunk of it is damaged, or it reaches beyond the end.</returns>
    private static byte[]? Read(ChunkedReader pictures, long at, int count)
    {
        if (count < 0 || at + count > pictures.Length) return null;
        var bytes = new byte[count];
        pictures.Position = at;
        try
        {
            pictures.ReadExactly(bytes);
            return bytes;
        }
        catch (SegmentDamagedException)
        {
            CryptographicOperations.ZeroMemory(bytes);
            return null;
        }
    }

    private readonly struct Cleared(byte[] bytes) : IDisposable
    {
        public void Dispose() => CryptographicOperations.ZeroMemory(bytes);
    }
}
