using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using TrafficFlow.Wire.Tls;

namespace TrafficFlow.Benchmarks.Fuzz.Readers;

/// <summary>What anybody can send to the port, before a certificate was seen: each input over a socket of its own.</summary>
internal sealed class TlsReader : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly NodeCertificates _certificates;

    public TlsReader()
    {
        _listener.Start();
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var own = new CertificateRequest("CN=fuzz", key, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));
        _certificates = new NodeCertificates(own, own, PinList.Parse("", out _));
        // A handshake costs a thousand times what the others cost.
        Reader = new FuzzReader("tls", Read) { Seeds = [.. SeedFiles.Of("tls"), ClientHello(), "GET / HTTP/1.1\r\n\r\n"u8.ToArray(), [22, 3, 1, 0, 0]], Words = SeedFiles.Words("\x16\x03\x01", "h2", "localhost"), Share = 1 };
    }

    public FuzzReader Reader { get; }

    public void Dispose() => _listener.Dispose();

    private bool Read(byte[] input)
    {
        using var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        client.Connect(_listener.LocalEndpoint);
        using var server = _listener.AcceptSocket();
        client.Send(input);
        client.Shutdown(SocketShutdown.Send);
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            if (new TlsHandshake(_certificates, TimeProvider.System).AcceptAsync(server, patience.Token).GetAwaiter().GetResult() is null) return false;
            throw new WrongAcceptanceException("a peer without a certificate was let in");
        }
        catch (Exception e) when (e is PeerRefusedException or SocketException or IOException)
        {
            return false;
        }
    }

    /// <summary>As .NET's own client begins.</summary>
    private byte[] ClientHello()
    {
        using var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        client.Connect(_listener.LocalEndpoint);
        using var server = _listener.AcceptSocket();
        using var stream = new SslStream(new NetworkStream(client));
        var dialling = stream.AuthenticateAsClientAsync("localhost");
        var hello = new byte[4096];
        var length = server.Receive(hello);
        server.Close();
        try
        {
            dialling.GetAwaiter().GetResult();
        }
        catch (Exception e) when (e is IOException or SocketException or System.Security.Authentication.AuthenticationException)
        {
            // Nobody answered.
        }

        return hello[..length];
    }
}
