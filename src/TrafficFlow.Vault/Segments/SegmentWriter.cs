using TrafficFlow.Core.Files;
using TrafficFlow.Core.Segments;
using TrafficFlow.Vault.Keys;

namespace TrafficFlow.Vault.Segments;

/// <summary>Writes one segment; see <see cref="SegmentStore"/>. An erasure may end it from another thread.</summary>
internal sealed class SegmentWriter : ISegmentWriter
{
    private readonly FileStream _file;
    private readonly ChunkedWriter _chunks;
    private readonly SegmentHeader _header;
    private readonly string _commitment;
    private readonly SegmentStore _store;
    private readonly Lock _writing = new();
    private bool _ended;

    private SegmentWriter(FileStream file, SegmentHeader header, ChunkedEncryption encryption, SegmentStore store)
    {
        (_file, _header, _store) = (file, header, store);
        _chunks = new ChunkedWriter(file, encryption);
        _commitment = Convert.ToHexStringLower(encryption.Prefix.Span[ChunkedEncryption.SaltBytes..]);
    }

    public SegmentPlace Place => _header.Place;

    public long Length => _chunks.Length;

    /// <exception cref="IOException">It cannot be written.</exception>
    public static SegmentWriter Begin(string path, SegmentHeader header, LockedBytes key, SegmentStore store)
    {
        var file = FileDraft.Create(path);
        try
        {
            var writer = new SegmentWriter(file, header, ChunkedEncryption.Begin(key, header.Context), store);
            file.Write(header.Write());
            writer._chunks.Begin();
            // The wrapped key stands in the file from now on, where a renewal of the day's key finds it.
            file.Flush();
            return writer;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public void Write(ReadOnlySpan<byte> bytes)
    {
        lock (_writing)
        {
            if (_ended) throw new SegmentStoreException($"segment {Place} was ended, as for an erasure");
            try
            {
                _chunks.Write(bytes);
            }
            catch (IOException e)
            {
                // What is behind the failure cannot be trusted: whole chunks before it are kept when the vault is opened again.
                Abandon();
                throw new SegmentStoreException($"segment {Place} cannot be written ({e.Message}): is the disk full?", e);
            }
        }
    }

    public void Close(SegmentEnd end)
    {
        lock (_writing)
        {
            if (_ended) throw new SegmentStoreException($"segment {Place} was ended, as for an erasure");
            End(end.To, end.Frames, end.Lost, isCut: false);
        }
    }

    public void Dispose()
    {
        lock (_writing)
        {
            if (_ended) return;
            try
            {
                End(null, 0, 0, isCut: true);
            }
            catch (SegmentStoreException)
            {
                // It stays as it is, to be ended when the vault is opened again.
            }
        }
    }

    private void End(DateTimeOffset? to, int frames, int lost, bool isCut)
    {
        try
        {
            _chunks.End();
            _file.Flush(flushToDisk: true);
            var bytes = _file.Length;
            _file.Dispose();
            _store.Closed(this, new SegmentLine(0, SegmentEvent.Closed, Place.Name, _header.From, to, frames, lost, bytes, _commitment, isCut, null, ""));
        }
        catch (IOException e)
        {
            throw new SegmentStoreException($"segment {Place} cannot be closed ({e.Message}): is the disk full? What came of it is kept when the vault is opened again", e);
        }
        finally
        {
            Abandon();
        }
    }

    private void Abandon()
    {
        if (_ended) return;
        _ended = true;
        try
        {
            _file.Dispose();
        }
        catch (IOException)
        {
            // What waited for the disk is lost with it.
        }

        _chunks.Dispose();
        _store.Ended(this);
    }
}
