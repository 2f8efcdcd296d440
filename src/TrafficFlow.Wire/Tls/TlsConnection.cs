using System.Buffers;
using System.Buffers.Binary;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Threading.Channels;
using Akka.Actor;
using Akka.Remote.Transport;
using Google.Protobuf;
using TrafficFlow.Wire.Peers;

namespace TrafficFlow.Wire.Tls;

/// <summary>
/// One authenticated link of <see cref="TlsTransport"/>: messages with their length before them, in both directions. What is waiting to be
/// written is bounded; beyond it Akka is told and tries again.
/// </summary>
internal sealed class TlsConnection : AssociationHandle
{
    private const int LengthBytes = 4;
    private const int WriteAtOnce = 64 * 1024;
    private const long MostWaitingBytes = 16_000_000;
    private const long MuchBytes = 1_000_000;
    private static readonly TimeSpan TakesNothingFor = TimeSpan.FromSeconds(60);

    private static long s_last;

    private readonly SslStream _stream;
    private readonly int _maximumMessage;
    private readonly TimeSpan _flushWithin;
    private readonly Func<ByteString, PeerLink?> _welcome;
    private readonly IPeerFilter _filter;
    private readonly Channel<ByteString> _outgoing = Channel.CreateUnbounded<ByteString>(new UnboundedChannelOptions { SingleReader = true });
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly WriteProgress _progress;
    private int _isClosing;

    /// <param name="filter">Looks at every message of the peer.</param>
    /// <param name="welcome">Looks at the peer's first message, in which it says who it is; null ends the link.</param>
    public TlsConnection(
        AuthenticatedPeer peer, Address local, Address remote, int maximumMessage, TimeSpan flushWithin, IPeerFilter filter, TimeProvider time,
        Func<ByteString, PeerLink?> welcome)
        : base(local, remote)
    {
        (_stream, Certificate) = (peer.Stream, peer.Certificate);
        _progress = new WriteProgress(time, MuchBytes, TakesNothingFor);
        (_maximumMessage, _flushWithin, _filter, _welcome) = (maximumMessage, flushWithin, filter, welcome);
    }

    /// <summary>In the order in which links were made.</summary>
    public long Number { get; } = Interlocked.Increment(ref s_last);

    /// <summary>The peer's.</summary>
    public X509Certificate2 Certificate { get; }

    /// <summary>Ends when nothing of the link is left.</summary>
    public Task Closed => _closed.Task;

    public void Start()
    {
        _ = WriteAllAsync();
        _ = ReadAllAsync();
    }

    public override bool Write(ByteString payload)
    {
        if (_progress.IsStuck) Abort();
        if (_progress.WaitingBytes > MostWaitingBytes) return false;
        // Before the writer can have taken it.
        _progress.Queued(payload.Length + LengthBytes);
        if (_outgoing.Writer.TryWrite(payload)) return true;
        _progress.Taken(payload.Length + LengthBytes);
        return false;
    }

    /// <summary>What was written goes out, then the link ends.</summary>
    [Obsolete("As in the base class: Akka calls it with a reason.")]
    public override void Disassociate() => CloseAfterFlush();

    public void CloseAfterFlush()
    {
        if (Interlocked.Exchange(ref _isClosing, 1) != 0) return;
        _outgoing.Writer.TryComplete();
        _ = AbortLaterAsync();
    }

    /// <summary>At once, without another byte.</summary>
    public void Abort()
    {
        _outgoing.Writer.TryComplete();
        _stream.Dispose();
    }

    private async Task AbortLaterAsync()
    {
        await Task.WhenAny(_closed.Task, Task.Delay(_flushWithin)).ConfigureAwait(false);
        Abort();
    }

    private async Task WriteAllAsync()
    {
        var reader = _outgoing.Reader;
        var buffer = new ArrayBufferWriter<byte>(WriteAtOnce);
        try
        {
            while (await reader.WaitToReadAsync().ConfigureAwait(false))
            {
                while (buffer.WrittenCount < WriteAtOnce && reader.TryRead(out var payload)) Append(payload, buffer);
                await _stream.WriteAsync(buffer.WrittenMemory).ConfigureAwait(false);
                _progress.Taken(buffer.WrittenCount);
                // A rare long message must not be paid for by every link for ever.
                if (buffer.Capacity > 4 * WriteAtOnce) buffer = new ArrayBufferWriter<byte>(WriteAtOnce);
                else buffer.ResetWrittenCount();
            }

            await _stream.ShutdownAsync().ConfigureAwait(false);
        }
        catch (Exception e) when (IsBroken(e))
        {
            Abort();
        }
    }

    private static void Append(ByteString payload, ArrayBufferWriter<byte> buffer)
    {
        BinaryPrimitives.WriteInt32LittleEndian(buffer.GetSpan(LengthBytes), payload.Length);
        buffer.Advance(LengthBytes);
        buffer.Write(payload.Span);
    }

    private async Task ReadAllAsync()
    {
        IHandleEventListener? listener = null;
        try
        {
            // Not on the thread of the actor that says it.
            listener = await ReadHandlerSource.Task.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
            var input = new BufferedStream(_stream, WriteAtOnce);
            PeerLink? link = null;
            while (await ReadAsync(input).ConfigureAwait(false) is { } message)
            {
                if (link is null && (link = _welcome(message)) is null) break;
                if (Volatile.Read(ref _isClosing) == 0 && _filter.Admits(link, message)) listener.Notify(new InboundPayload(message));
            }
        }
        catch (Exception e) when (IsBroken(e))
        {
            // The link broke or was closed: both end below.
        }
        finally
        {
            Abort();
            _closed.TrySetResult();
            listener?.Notify(new Disassociated(DisassociateInfo.Unknown));
        }
    }

    private async Task<ByteString?> ReadAsync(Stream input)
    {
        var length = new byte[LengthBytes];
        if (await input.ReadAtLeastAsync(length, LengthBytes, throwOnEndOfStream: false).ConfigureAwait(false) < LengthBytes) return null;
        var bytes = BinaryPrimitives.ReadInt32LittleEndian(length);
        if (bytes < 0 || bytes > _maximumMessage) return null;
        var payload = new byte[bytes];
        await input.ReadExactlyAsync(payload).ConfigureAwait(false);
        return UnsafeByteOperations.UnsafeWrap(payload);
    }

    private static bool IsBroken(Exception e) => e is IOException or ObjectDisposedException or InvalidOperationException or System.Net.Sockets.SocketException;
}
