using Akka.Actor;
using Akka.Actor.Setup;
using TrafficFlow.Wire.Peers;

namespace TrafficFlow.Wire.Tls;

/// <summary>Hands the certificates to <see cref="TlsTransport"/>, which Akka makes itself.</summary>
internal sealed class TlsSetup(TlsFiles files, Func<ExtendedActorSystem, IPeerFilter> filter, TimeProvider time) : Setup
{
    /// <summary>What of the peers' messages is read at all.</summary>
    public Func<ExtendedActorSystem, IPeerFilter> Filter { get; } = filter;

    public TlsFiles Files { get; } = files;

    public TimeProvider Time { get; } = time;
}
