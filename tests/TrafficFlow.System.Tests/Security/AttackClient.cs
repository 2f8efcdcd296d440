using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Google.Protobuf;

namespace TrafficFlow.SystemTests.Security;

/// <summary>
/// A peer with a good certificate that speaks Akka's protocol by hand, and says what it likes: the attacker who has opened the cabinet. Its
/// bytes are written here and not with the product's classes, so that a slip there cannot hide here.
/// </summary>
internal sealed class AttackClient : IDisposable
{
    private const int SelectionSerializer = 6;
    private const int ChildByName = 2;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly SslStream _tls;
    private readonly X509Certificate2 _certificate;

    private AttackClient(TcpClient socket, X509Certificate2 certificate) =>
        (_tls, _certificate) = (new SslStream(socket.GetStream(), leaveInnerStreamOpen: false, (_, _, _, _) => true), certificate);

    /// <summary>Dials a node, shows a certificate, and says that it is HOST.</summary>
    /// <exception cref="IOException">It is not let in.</exception>
    public static async Task<AttackClient> DialAsync(string node, int port, string certificate, string key, string host, int hostPort = 4711)
    {
        using var patience = new CancellationTokenSource(Patience);
        var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Parse(node), port, patience.Token);
        var client = new AttackClient(socket, X509Certificate2.CreateFromPemFile(certificate, key));
        try
        {
            await client._tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = node, ClientCertificates = [client._certificate] }, patience.Token);
            await client._tls.ReadExactlyAsync(new byte[1], patience.Token);
            await client.WriteAsync(Message(w => Part(w, 2, Association(host, hostPort))), patience.Token);
            var length = new byte[4];
            await client._tls.ReadExactlyAsync(length, patience.Token);
            await client._tls.ReadExactlyAsync(new byte[BitConverter.ToInt32(length)], patience.Token);
            return client;
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    /// <summary>One message to one actor.</summary>
    /// <param name="recipient">akka.tcp://SYSTEM@HOST:PORT/user/x.</param>
    /// <param name="sender">The same of the actor that is answered; null for none.</param>
    /// <param name="sequence">Of messages that are delivered in order; all ones for the others.</param>
    public Task SendAsync(string recipient, int serializer, string manifest, byte[] payload, string? sender = null, ulong sequence = ulong.MaxValue) =>
        WriteAsync(Envelope(recipient, serializer, manifest, payload, sender, sequence));

    /// <summary>The same by a selection: from the anchor down by names.</summary>
    public Task SelectAsync(string anchor, IReadOnlyList<string> names, int serializer, string manifest, byte[] payload, int type = ChildByName) =>
        WriteAsync(Envelope(anchor, SelectionSerializer, "", Message(w =>
        {
            Part(w, 1, Payload(serializer, manifest, payload));
            foreach (var name in names)
            {
                Part(w, 2, Message(e =>
                {
                    Whole(e, 1, type);
                    Part(e, 2, Encoding.UTF8.GetBytes(name));
                }));
            }
        }), null));

    /// <summary>Bytes in place of a message, with their true length before them.</summary>
    public async Task WriteAsync(byte[] frame, CancellationToken cancellation = default)
    {
        await _tls.WriteAsync(BitConverter.GetBytes(frame.Length), cancellation);
        await _tls.WriteAsync(frame, cancellation);
    }

    /// <summary>An address as Akka writes it.</summary>
    public static byte[] Address(string host, int port) => Message(w =>
    {
        Part(w, 1, "trafficflow"u8);
        Part(w, 2, Encoding.UTF8.GetBytes(host));
        Whole(w, 3, port);
        Part(w, 4, "akka.tcp"u8);
    });

    /// <summary>Protobuf by hand.</summary>
    public static byte[] Message(Action<CodedOutputStream> write)
    {
        using var bytes = new MemoryStream();
        using (var output = new CodedOutputStream(bytes, leaveOpen: true)) write(output);
        return bytes.ToArray();
    }

    public static void Part(CodedOutputStream output, int number, ReadOnlySpan<byte> part)
    {
        output.WriteTag(number, WireFormat.WireType.LengthDelimited);
        output.WriteBytes(ByteString.CopyFrom(part));
    }

    public static void Whole(CodedOutputStream output, int number, long value)
    {
        output.WriteTag(number, WireFormat.WireType.Varint);
        output.WriteInt64(value);
    }

    public void Dispose()
    {
        _tls.Dispose();
        _certificate.Dispose();
    }

    private static byte[] Envelope(string recipient, int serializer, string manifest, byte[] payload, string? sender, ulong sequence = ulong.MaxValue) =>
        Message(w => Part(w, 1, Message(container => Part(container, 2, Message(envelope =>
        {
            Part(envelope, 1, Actor(recipient));
            Part(envelope, 2, Payload(serializer, manifest, payload));
            if (sender is not null) Part(envelope, 4, Actor(sender));
            envelope.WriteTag(5, WireFormat.WireType.Fixed64);
            envelope.WriteFixed64(sequence);
        })))));

    private static byte[] Actor(string path) => Message(w => Part(w, 1, Encoding.UTF8.GetBytes(path)));

    private static byte[] Payload(int serializer, string manifest, byte[] payload) => Message(w =>
    {
        Part(w, 1, payload);
        Whole(w, 2, serializer);
        Part(w, 3, Encoding.UTF8.GetBytes(manifest));
    });

    private static byte[] Association(string host, int port) => Message(w =>
    {
        Whole(w, 1, 1);
        Part(w, 2, Message(info =>
        {
            Part(info, 1, Address(host, port));
            info.WriteTag(2, WireFormat.WireType.Fixed64);
            info.WriteFixed64(42);
        }));
    });
}
