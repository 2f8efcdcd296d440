using Microsoft.Win32.SafeHandles;
using TrafficFlow.Core.Segments;
using TrafficFlow.Vault.Keys;

namespace TrafficFlow.Vault.Segments;

/// <summary>
/// A segment as a viewer at another node gets it: its chunks as they lie on the disk, and its key sealed (HPKE, <see cref="SealedBox"/>) to the public key of the viewer's session. Nothing of it is decrypted here.
/// An erasure overwrites what is read meanwhile, so that it opens no more. Reading is thread-safe.
/// </summary>
public sealed class SealedSegment : IDisposable
{
    private readonly SafeFileHandle _file;
    private readonly long _start;

    private SealedSegment(SafeFileHandle file, long start, SealedSegmentHead head) => (_file, _start, Head) = (file, start, head);

    public SealedSegmentHead Head { get; }

    /// <summary>What the key is sealed for: opened for another segment it is refused.</summary>
    internal static string PurposeOf(string segment) => $"trafficflow.vault/view@v1 {segment}";

    /// <exception cref="SegmentStoreException">It does not open; the message says why.</exception>
    /// <exception cref="FormatException">That is no public key.</exception>
    internal static SealedSegment Open(string path, SegmentPlace place, LockedBytes dayKey, ReadOnlySpan<byte> viewer)
    {
        try
        {
            // What opens here, opens there: key, context and commitment are tried first.
            using (var tried = OpenAsFarAsItGoes(path, place, dayKey, out var isWhole))
            {
                var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, FileOptions.Asynchronous);
                try
                {
                    using var key = KeyWrap.Unwrap(dayKey, place.KeyName, tried.Header.WrappedKey) ?? throw new SegmentStoreException($"the key of segment {place} does not unwrap: it was destroyed, or changed");
                    var prefix = new byte[ChunkedEncryption.PrefixBytes];
                    if (RandomAccess.Read(file, prefix, tried.Header.Bytes) < prefix.Length) throw new SegmentStoreException($"segment {place} is cut before its first picture");
                    var start = tried.Header.Bytes + ChunkedEncryption.PrefixBytes;
                    var bytes = RandomAccess.GetLength(file) - start;
                    if (!isWhole) bytes -= bytes % ChunkedEncryption.SealedChunkBytes;
                    return new SealedSegment(file, start, new SealedSegmentHead(place.ToString(), SealedBox.Seal(viewer, PurposeOf(place.ToString()), key.Span), tried.Header.Context, prefix, bytes, isWhole));
                }
                catch
                {
                    file.Dispose();
                    throw;
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SegmentStoreException($"segment {place} cannot be read: {e.Message}", e);
        }
    }

    /// <param name="chunk">The first, from 0.</param>
    /// <returns>As many of them as there are, sealed; empty behind the end.</returns>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public async Task<byte[]> ReadAsync(long chunk, int count, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(chunk);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(chunk, ChunkedEncryption.MostChunks);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        var from = chunk * ChunkedEncryption.SealedChunkBytes;
        var bytes = new byte[Math.Clamp(Head.SealedBytes - from, 0, (long)count * ChunkedEncryption.SealedChunkBytes)];
        var read = 0;
        while (read < bytes.Length)
        {
            var now = await RandomAccess.ReadAsync(_file, bytes.AsMemory(read), _start + from + read, cancellation).ConfigureAwait(false);
            if (now == 0) throw new IOException($"segment {Head.Segment} has become shorter: it is being erased, or the disk has lost it");
            read += now;
        }

        return bytes;
    }

    public void Dispose() => _file.Dispose();

    private static SegmentFile OpenAsFarAsItGoes(string path, SegmentPlace place, LockedBytes dayKey, out bool isWhole)
    {
        try
        {
            var file = SegmentFile.Open(path, place, dayKey);
            isWhole = file.IsWhole;
            if (isWhole) return file;
            file.Dispose();
        }
        catch (SegmentStoreException)
        {
            isWhole = false;
        }

        return SegmentFile.Open(path, place, dayKey, isOpen: true);
    }
}

/// <summary>What a viewer needs beside the chunks.</summary>
/// <param name="Segment">SITE/CAMERA/NAME.</param>
/// <param name="SealedKey">Of the segment, for the viewer's session alone.</param>
/// <param name="Context">What the encryption is bound to.</param>
/// <param name="Prefix">Salt and commitment.</param>
/// <param name="SealedBytes">Of all chunks.</param>
/// <param name="IsWhole">False where its end is missing: whole chunks alone are given.</param>
public sealed record SealedSegmentHead(string Segment, byte[] SealedKey, byte[] Context, byte[] Prefix, long SealedBytes, bool IsWhole);
