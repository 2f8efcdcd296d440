namespace TrafficFlow.Wire.Tls;

/// <summary>Why a peer may not join.</summary>
public enum RefusalReason
{
    /// <summary>Plain text, or nothing that is TLS.</summary>
    NotTls,

    /// <summary>TLS without a certificate.</summary>
    NoCertificate,

    WrongCa,
    Expired,
    NotYetValid,

    /// <summary>Revoked, or never admitted.</summary>
    NotPinned,

    /// <summary>The certificate says not what its node may be: it is from before there were roles, or not by ca.sh.</summary>
    NoRole,

    /// <summary>The certificate does not name the host that the peer is, or says that it is.</summary>
    WrongHost,

    /// <summary>The handshake broke for another reason; the text tells it.</summary>
    BrokenHandshake,
}

/// <param name="Text">Goes on after the peer's address; says what is wrong and what to do.</param>
/// <param name="Certificate">Name of the peer's certificate, where it has shown one.</param>
public sealed record Refusal(RefusalReason Reason, string Text, string? Certificate = null);

/// <summary>A peer is not let in.</summary>
internal sealed class PeerRefusedException(Refusal refusal, Exception? inner = null) : Exception(refusal.Text, inner)
{
    public Refusal Refusal { get; } = refusal;
}
