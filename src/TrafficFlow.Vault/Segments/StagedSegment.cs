using System.Security.Cryptography;
using TrafficFlow.Core.Files;
using TrafficFlow.Core.Segments;
using TrafficFlow.Vault.Files;
using TrafficFlow.Vault.Keys;

namespace TrafficFlow.Vault.Segments;

/// <summary>
/// A segment that was carried here, copied to the vault's disk and verified byte by byte, and not yet of the vault. Its key is in memory alone: of what is disposed of, or left by a crash (a draft, which the next opening of the vault removes), nothing opens.
/// </summary>
internal sealed class StagedSegment : IDisposable
{
    private const int BlockBytes = 1 << 20;

    private readonly FileDraft _draft;
    private readonly LockedBytes _key;

    private StagedSegment(SegmentPlace place, FileDraft draft, LockedBytes key) => (Place, _draft, _key) = (place, draft, key);

    public SegmentPlace Place { get; }

    /// <param name="carriedWith">Wraps its key.</param>
    /// <param name="carried">On the disk that was carried, from its beginning; it is read once.</param>
    /// <param name="folder">Where it is staged: on the disk of the vault.</param>
    /// <param name="expected">Bytes, SHA-256 and commitment by the manifest.</param>
    /// <exception cref="SegmentStoreException">It is not what the manifest names, or is damaged.</exception>
    /// <exception cref="IOException">It cannot be read or written.</exception>
    /// <exception cref="UnauthorizedAccessException">The same.</exception>
    public static StagedSegment Of(SegmentPlace place, LockedBytes carriedWith, Stream carried, (long Bytes, string Sha256, string Commitment) expected, string folder)
    {
        if (carried.Length != expected.Bytes) throw new SegmentStoreException($"its file has {carried.Length} bytes, and {expected.Bytes} were written");
        var header = SegmentHeader.Read(carried) ?? throw new SegmentStoreException($"segment {place} has lost its beginning");
        if (header.Place != place) throw new SegmentStoreException($"segment {place} is in truth {header.Place}: somebody has renamed it");
        var key = KeyWrap.Unwrap(carriedWith, place.KeyName, header.WrappedKey) ?? throw new SegmentStoreException($"the key of segment {place} does not unwrap: it was changed");
        FileDraft? draft = null;
        try
        {
            draft = FileDraft.Of(Path.Combine(folder, "taken" + SegmentPlace.Ending));
            if (Copy(header, carried, expected.Bytes, draft) != expected.Sha256) throw new SegmentStoreException("its file was changed on the way: the checksum differs");
            using (var written = SegmentFile.OpenWith(draft.Path, place, key))
            {
                if (written.Commitment != expected.Commitment) throw new SegmentStoreException($"segment {place} is not the one that the bundle names");
                for (var chunk = 0L; chunk < written.Pictures.Chunks; chunk++)
                {
                    if (!written.Pictures.IsSound(chunk)) throw new SegmentStoreException($"chunk {chunk} of segment {place} is damaged");
                }
            }

            return new StagedSegment(place, draft, key);
        }
        catch
        {
            draft?.Dispose();
            key.Dispose();
            throw;
        }
    }

    /// <summary>Gives it a place in the vault, its key wrapped by that of its day. On the disk when it returns.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void MoveTo(string path, LockedBytes dayKey)
    {
        using (var file = new FileStream(_draft.Path, FileMode.Open, FileAccess.Write, FileShare.Read, bufferSize: 0))
        {
            file.Seek(SegmentHeader.WrappedKeyAt, SeekOrigin.Begin);
            file.Write(KeyWrap.Wrap(dayKey, Place.KeyName, _key));
            file.Flush(flushToDisk: true);
        }

        Shredding.Move(_draft.Path, path);
    }

    public void Dispose()
    {
        _draft.Dispose();
        _key.Dispose();
    }

    /// <summary>Without the key that opens it to the bearer of the disk.</summary>
    /// <returns>SHA-256 of what was carried, hexadecimal.</returns>
    private static string Copy(SegmentHeader header, Stream carried, long bytes, FileDraft draft)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var file = draft.Open();
        hash.AppendData(header.Write());
        file.Write(header.With(new byte[KeyWrap.WrappedBytes]).Write());
        carried.Seek(header.Bytes, SeekOrigin.Begin);
        var block = new byte[BlockBytes];
        for (var left = bytes - header.Bytes; left > 0;)
        {
            var count = carried.Read(block, 0, (int)Math.Min(left, block.Length));
            if (count == 0) break;
            hash.AppendData(block, 0, count);
            file.Write(block, 0, count);
            left -= count;
        }

        file.Flush(flushToDisk: true);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
