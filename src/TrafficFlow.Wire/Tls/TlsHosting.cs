using Akka.Actor;
using Akka.Hosting;
using TrafficFlow.Wire.Peers;

namespace TrafficFlow.Wire.Tls;

/// <summary>Wires <see cref="TlsTransport"/> in place of Akka's own.</summary>
internal static class TlsHosting
{
    public static AkkaConfigurationBuilder WithTls(this AkkaConfigurationBuilder builder, TlsFiles files, Func<ExtendedActorSystem, IPeerFilter> filter, TimeProvider? time = null)
    {
        builder.Setups.Add(new TlsSetup(files, filter, time ?? TimeProvider.System));
        return builder.AddHocon(
            $"akka.remote.dot-netty.tcp.transport-class = \"{typeof(TlsTransport).FullName}, {typeof(TlsTransport).Assembly.GetName().Name}\"",
            HoconAddMode.Prepend);
    }
}
