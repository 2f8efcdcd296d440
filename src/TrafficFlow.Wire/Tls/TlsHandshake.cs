using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using TrafficFlow.Wire.Peers;

namespace TrafficFlow.Wire.Tls;

/// <summary>A peer whose certificate is good.</summary>
internal sealed record AuthenticatedPeer(SslStream Stream, X509Certificate2 Certificate, PeerIdentity Identity);

/// <summary>
/// Mutual TLS over one socket. After it the side that accepts says so in one byte: in TLS 1.3 the side that dials has ended its handshake
/// before the other one has looked at its certificate, and would take a refusal for a broken line.
/// </summary>
internal sealed class TlsHandshake(NodeCertificates certificates, TimeProvider time)
{
    private const byte Welcome = 1;
    private const byte TlsHandshakeRecord = 22;
    private const SslProtocols Protocols = SslProtocols.Tls12 | SslProtocols.Tls13;

    private Refusal? _refusal;
    private X509Certificate2? _peer;

    /// <summary>Waits for the first byte, and leaves it there.</summary>
    /// <returns>False where the peer went away without a word, as a probe does.</returns>
    /// <exception cref="PeerRefusedException">It speaks something else.</exception>
    public static async Task<bool> SpeaksAsync(Socket socket, CancellationToken patience)
    {
        var first = new byte[1];
        if (await socket.ReceiveAsync(first, SocketFlags.Peek, patience).ConfigureAwait(false) == 0) return false;
        return first[0] == TlsHandshakeRecord ? true : throw NotTls();
    }

    /// <summary>The accepting side, of one that <see cref="SpeaksAsync"/>.</summary>
    /// <exception cref="PeerRefusedException">The peer may not join.</exception>
    public async Task<AuthenticatedPeer> AcceptAsync(Socket socket, CancellationToken patience)
    {
        var stream = new SslStream(new NetworkStream(socket, ownsSocket: true));
        try
        {
            await stream.AuthenticateAsServerAsync(
                new SslServerAuthenticationOptions
                {
                    ServerCertificate = certificates.Own,
                    ClientCertificateRequired = true,
                    EnabledSslProtocols = Protocols,
                    AllowRenegotiation = false,
                    // A resumed session would skip the look at the pin list.
                    AllowTlsResume = false,
                    CertificateChainPolicy = CertificateCheck.Policy(certificates.Ca),
                    RemoteCertificateValidationCallback = (_, certificate, _, _) => Check(certificate, host: null),
                },
                patience).ConfigureAwait(false);
            await stream.WriteAsync(new[] { Welcome }, patience).ConfigureAwait(false);
            return new AuthenticatedPeer(stream, _peer!, PeerIdentity.Of(_peer!)!);
        }
        catch (Exception e) when (IsBroken(e))
        {
            await stream.DisposeAsync().ConfigureAwait(false);
            throw new PeerRefusedException(_refusal ?? Broken("it broke off the handshake; if it is a node of ours, its log says why", e), e);
        }
    }

    /// <param name="host">What this node calls the peer: its certificate must name it.</param>
    /// <exception cref="PeerRefusedException">The peer is not the one that it should be, or does not let this node in.</exception>
    public async Task<AuthenticatedPeer> DialAsync(Socket socket, string host, CancellationToken patience)
    {
        var stream = new SslStream(new NetworkStream(socket, ownsSocket: true));
        var isAuthenticated = false;
        try
        {
            await stream.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions
                {
                    TargetHost = host,
                    ClientCertificateContext = SslStreamCertificateContext.Create(certificates.Own, null, offline: true),
                    EnabledSslProtocols = Protocols,
                    AllowRenegotiation = false,
                    AllowTlsResume = false,
                    CertificateChainPolicy = CertificateCheck.Policy(certificates.Ca),
                    RemoteCertificateValidationCallback = (_, certificate, _, _) => Check(certificate, host),
                },
                patience).ConfigureAwait(false);
            isAuthenticated = true;
            var answer = new byte[1];
            if (await stream.ReadAsync(answer, patience).ConfigureAwait(false) == 0 || answer[0] != Welcome) throw new IOException("the link was closed without a welcome");
            return new AuthenticatedPeer(stream, _peer!, PeerIdentity.Of(_peer!)!);
        }
        catch (Exception e) when (IsBroken(e))
        {
            await stream.DisposeAsync().ConfigureAwait(false);
            throw new PeerRefusedException(_refusal ?? Dialled(isAuthenticated, e), e);
        }
    }

    private bool Check(X509Certificate? certificate, string? host)
    {
        _peer = certificate as X509Certificate2;
        _refusal = _peer is null
            ? new Refusal(RefusalReason.NoCertificate, "it shows no certificate: make one with 'ca.sh node' and name it in trafficflow.node.remoting.tls")
            : certificates.Refuse(_peer, host, time.GetUtcNow());
        return _refusal is null;
    }

    private Refusal Dialled(bool isAuthenticated, Exception e) =>
        isAuthenticated ? Broken("it does not let this node in: likely it refuses this node's certificate; its own log says why", e)
        : _peer is null && e is AuthenticationException ? NotTls().Refusal
        : Broken("it broke off the handshake: does it speak TLS, and does it take this node's certificate? Its own log says why", e);

    private static PeerRefusedException NotTls() => new(new Refusal(
        RefusalReason.NotTls, "it does not speak TLS (plain text): a node without trafficflow.node.remoting.tls, or no node of ours"));

    private static Refusal Broken(string text, Exception e) =>
        new(RefusalReason.BrokenHandshake, $"{text} ({(e is OperationCanceledException ? "no answer in time" : e.Message)})");

    /// <summary>ArgumentException too: what SslStream throws at a ClientHello whose lengths contradict each other.</summary>
    private static bool IsBroken(Exception e) =>
        e is AuthenticationException or IOException or SocketException or ObjectDisposedException or OperationCanceledException or InvalidOperationException or ArgumentException;
}
