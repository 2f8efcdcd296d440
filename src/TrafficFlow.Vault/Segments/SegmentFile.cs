using TrafficFlow.Core.Segments;
using TrafficFlow.Vault.Keys;

namespace TrafficFlow.Vault.Segments;

/// <summary>Opens the file of a segment, or says why it does not open.</summary>
internal sealed class SegmentFile : IDisposable
{
    private SegmentFile(SegmentHeader header, ChunkedReader pictures, string commitment) => (Header, Pictures, Commitment) = (header, pictures, commitment);

    public SegmentHeader Header { get; }

    public ChunkedReader Pictures { get; }

    /// <summary>Hexadecimal.</summary>
    public string Commitment { get; }

    /// <param name="dayKey">That wraps its key: of its day, or of the bundle that it is carried in.</param>
    /// <param name="isOpen">It was being written: of a last chunk that is cut nothing is asked, and none is at hand.</param>
    /// <exception cref="SegmentStoreException">It does not open; the message says why.</exception>
    public static SegmentFile Open(string path, SegmentPlace place, LockedBytes dayKey, bool isOpen = false) =>
        Open(path, place, header => KeyWrap.Unwrap(dayKey, place.KeyName, header.WrappedKey) ?? throw new SegmentStoreException($"the key of segment {place} does not unwrap: it was destroyed, or changed"), isOpen);

    /// <summary>The same with the segment's own key, whatever stands in the file.</summary>
    /// <inheritdoc cref="Open(string, SegmentPlace, LockedBytes, bool)"/>
    public static SegmentFile OpenWith(string path, SegmentPlace place, LockedBytes key) => Open(path, place, _ => LockedBytes.CopyOf(key.Span), isOpen: false);

    private static SegmentFile Open(string path, SegmentPlace place, Func<SegmentHeader, LockedBytes> keyOf, bool isOpen)
    {
        FileStream file;
        try
        {
            file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 1);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SegmentStoreException($"segment {place} cannot be read: {e.Message}", e);
        }

        try
        {
            return Open(file, place, keyOf, isOpen);
        }
        catch (Exception e)
        {
            file.Dispose();
            if (e is IOException) throw new SegmentStoreException($"segment {place} cannot be read: {e.Message}", e);
            throw;
        }
    }

    private static SegmentFile Open(FileStream file, SegmentPlace place, Func<SegmentHeader, LockedBytes> keyOf, bool isOpen)
    {
        var header = SegmentHeader.Read(file) ?? throw new SegmentStoreException($"segment {place} has lost its beginning: it does not open");
        if (header.Place != place) throw new SegmentStoreException($"segment {place} is in truth {header.Place}: somebody has renamed or moved it");
        using var key = keyOf(header);
        var prefix = new byte[ChunkedEncryption.PrefixBytes];
        file.Seek(header.Bytes, SeekOrigin.Begin);
        if (file.ReadAtLeast(prefix, prefix.Length, throwOnEndOfStream: false) < prefix.Length) throw new SegmentStoreException($"segment {place} is cut before its first picture");
        var encryption = ChunkedEncryption.Open(key, prefix, header.Context) ?? throw new SegmentStoreException($"segment {place} was changed: its beginning is not bound to its key");
        var start = header.Bytes + ChunkedEncryption.PrefixBytes;
        var sealedBytes = file.Length - start;
        // What is cut is left away: whole chunks alone.
        var length = isOpen ? sealedBytes / ChunkedEncryption.SealedChunkBytes * ChunkedEncryption.ChunkBytes : ChunkedEncryption.LengthOf(sealedBytes) ?? -1;
        if (length < 0)
        {
            encryption.Dispose();
            throw new SegmentStoreException($"segment {place} is cut: it has {sealedBytes} bytes behind its beginning, as no whole one has");
        }

        var pictures = new ChunkedReader(file, start, encryption, length);
        return new SegmentFile(header, pictures, Convert.ToHexStringLower(prefix.AsSpan(ChunkedEncryption.SaltBytes)));
    }

    /// <summary>Whether the key that stands in the file unwraps; nothing else of it is looked at.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static bool Unwraps(string path, SegmentPlace place, LockedBytes dayKey)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 1);
        if (SegmentHeader.Read(file) is not { } header) return false;
        using var key = KeyWrap.Unwrap(dayKey, place.KeyName, header.WrappedKey);
        return key is not null;
    }

    /// <returns>What the file says to be its commitment, unchecked and without any key, hexadecimal; empty where it says none.</returns>
    public static string CommitmentOf(string path)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 1);
            if (SegmentHeader.Read(file) is not { } header) return "";
            var prefix = new byte[ChunkedEncryption.PrefixBytes];
            file.Seek(header.Bytes, SeekOrigin.Begin);
            return file.ReadAtLeast(prefix, prefix.Length, throwOnEndOfStream: false) < prefix.Length ? "" : Convert.ToHexStringLower(prefix.AsSpan(ChunkedEncryption.SaltBytes));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    /// <summary>Its last chunk opens, which proves its length.</summary>
    public bool IsWhole => Pictures.IsSound(Pictures.Chunks - 1);

    public void Dispose() => Pictures.Dispose();
}
