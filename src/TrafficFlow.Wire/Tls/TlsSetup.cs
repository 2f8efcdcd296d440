using Akka.Actor.Setup;

namespace TrafficFlow.Wire.Tls;

/// <summary>Hands the certificates to <see cref="TlsTransport"/>, which Akka makes itself.</summary>
internal sealed class TlsSetup(TlsFiles files, TimeProvider time) : Setup
{
    public TlsFiles Files { get; } = files;

    public TimeProvider Time { get; } = time;
}
