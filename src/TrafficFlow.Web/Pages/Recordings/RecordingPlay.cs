using System.Runtime.InteropServices;
using System.Security.Cryptography;
using TrafficFlow.Core.Segments;
using TrafficFlow.Core.Sites;
using TrafficFlow.Vault.Segments;
using TrafficFlow.Web.Access;
using TrafficFlow.Wire.Authorization;
using TrafficFlow.Wire.Recordings;

namespace TrafficFlow.Web.Pages.Recordings;

/// <summary>Which segment of which node.</summary>
public sealed record PlayedSegment(string Node, SiteId Site, CameraId Camera, string Name)
{
    public override string ToString() => $"{Site}/{Camera}/{Name}";
}

/// <summary>It does not play; the message says why and what to do.</summary>
/// <param name="why">Null where the node does not answer.</param>
internal sealed class PlayException(RecordingsRefusal? why, string message) : Exception(message)
{
    public RecordingsRefusal? Why { get; } = why;
}

/// <summary>
/// One look of one session at one segment: the key pair is made for it, the ciphertext comes block by block as the browser takes it, and is decrypted here, in memory that is overwritten at the end. Of the pictures no more
/// than one block is held, and nothing is written.
/// </summary>
internal sealed class RecordingPlay : IDisposable
{
    private const int BlockBytes = ReadRecording.MostChunks * ViewedSegment.ChunkBytes;

    private readonly IRecordings _recordings;
    private readonly PlayedSegment _which;
    private readonly Principal _by;
    private readonly TimeProvider _time;
    private readonly SemaphoreSlim _turn = new(1);
    private readonly CancellationTokenSource _end = new();

    // Pinned: it is overwritten where it lies, and no copy of it stays behind.
    private readonly byte[] _block = GC.AllocateUninitializedArray<byte>(BlockBytes, pinned: true);
    private ViewedSegment? _opened;
    private string _name = "";
    private long _held = -1;
    private int _heldBytes;
    private bool _isDisposed;

    public RecordingPlay(IRecordings recordings, PlayedSegment which, Caller caller, TimeProvider time)
    {
        (_recordings, _which, Caller, _by, _time, AskedAt) = (recordings, which, caller, CallerAudit.PrincipalOf(caller), time, time.GetTimestamp());
        Ended = _end.Token;
    }

    public Caller Caller { get; }

    /// <summary>When somebody asked for it, or took a part of it.</summary>
    public long AskedAt { get; set; }

    /// <summary>The reader is let in no more, or the server stops.</summary>
    public CancellationToken Ended { get; }

    /// <summary>Bytes of pictures.</summary>
    public long Length { get; private set; }

    public DateTimeOffset From { get; private set; }

    public DateTimeOffset Until { get; private set; }

    /// <summary>Why it stopped in the middle; null where it did not.</summary>
    public string? Problem { get; set; }

    /// <exception cref="PlayException">It does not open.</exception>
    public async Task OpenAsync(CancellationToken cancellation)
    {
        using var key = new ViewerKey();
        var answer = await _recordings.AskAsync<RecordingOpened>(_which.Node, new OpenRecording(_by, _which.Site, _which.Camera, _which.Name, ImmutableCollectionsMarshal.AsImmutableArray(key.PublicKey)), cancellation);
        if (answer.Answer is not { } opened) throw new PlayException(answer.Refused?.Why, answer.Why ?? "");
        try
        {
            var head = new SealedSegmentHead(_which.ToString(), [.. opened.SealedKey], [.. opened.Context], [.. opened.Prefix], opened.SealedBytes, opened.IsWhole);
            var segment = key.Open(head, _which.ToString());
            if (_opened is not null && segment.Length != Length)
            {
                segment.Dispose();
                throw new PlayException(RecordingsRefusal.NotNow, "the segment is another one than before: load the page anew");
            }

            if (_isDisposed)
            {
                segment.Dispose();
                throw new OperationCanceledException(Ended);
            }

            _opened?.Dispose();
            (_opened, _name, Length, From, Until, _held) = (segment, opened.Play, segment.Length, opened.From, opened.Until, -1);
        }
        catch (SegmentStoreException e)
        {
            throw new PlayException(RecordingsRefusal.Wrong, e.Message);
        }
    }

    /// <returns>How many bytes were read; 0 at the end.</returns>
    /// <exception cref="PlayException">They do not come, or do not open.</exception>
    /// <exception cref="OperationCanceledException">It was ended.</exception>
    public async Task<int> ReadAsync(long at, Memory<byte> into, CancellationToken cancellation)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation, Ended);
        await _turn.WaitAsync(end.Token);
        try
        {
            end.Token.ThrowIfCancellationRequested();
            AskedAt = _time.GetTimestamp();
            if (at >= Length) return 0;
            var first = at / BlockBytes * ReadRecording.MostChunks;
            if (_held != first) await FetchAsync(first, end.Token);
            var from = (int)(at - (first * ViewedSegment.ChunkBytes));
            var count = Math.Min(into.Length, _heldBytes - from);
            _block.AsSpan(from, count).CopyTo(into.Span);
            return count;
        }
        finally
        {
            _turn.Release();
            if (_isDisposed) Forget();
        }
    }

    /// <summary>An answer has ended: no picture is held until the next one, which asks the node anew. What was erased meanwhile does not come from here.</summary>
    public async Task RestAsync()
    {
        await _turn.WaitAsync(CancellationToken.None);
        CryptographicOperations.ZeroMemory(_block);
        _held = -1;
        _turn.Release();
    }

    /// <summary>Ends it, while it is read too.</summary>
    public void Dispose()
    {
        if (_isDisposed) return;
        _isDisposed = true;
        _end.Cancel();
        // Not answered, and of no use to wait for: the other side closes it by itself too.
        if (_name.Length > 0) _ = _recordings.AskAsync<object>(_which.Node, new EndRecording(_name), CancellationToken.None);
        if (!_turn.Wait(0)) return;
        Forget();
        _turn.Release();
    }

    private async Task FetchAsync(long first, CancellationToken cancellation)
    {
        _held = -1;
        for (var tries = 0; ; tries++)
        {
            var answer = await _recordings.AskAsync<RecordingChunks>(_which.Node, new ReadRecording(_name, first, ReadRecording.MostChunks), cancellation);
            if (answer.Answer is { } chunks)
            {
                try
                {
                    _heldBytes = chunks.Chunk == first ? _opened!.Open(first, chunks.Chunks.AsSpan(), _block) : 0;
                }
                catch (SegmentDamagedException e)
                {
                    throw new PlayException(RecordingsRefusal.NotThere, $"{e.Message}: what is before plays; the rest plays with trafficflow vault play --as-far-as-it-goes at the node");
                }

                if (_heldBytes == 0) throw new PlayException(RecordingsRefusal.Wrong, "nothing came of what the segment should have there");
                _held = first;
                return;
            }

            // A node that was restarted, or a look that had paused: once more, with a new key, and recorded anew.
            if (answer.Refused?.Why != RecordingsRefusal.Closed || tries > 0) throw new PlayException(answer.Refused?.Why, answer.Why ?? "");
            await OpenAsync(cancellation);
        }
    }

    private void Forget()
    {
        CryptographicOperations.ZeroMemory(_block);
        _held = -1;
        _opened?.Dispose();
    }
}
