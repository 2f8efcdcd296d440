using Akka.Actor;
using Akka.Configuration;
using Akka.Remote.Transport;

namespace TrafficFlow.Wire.Tls;

/// <summary>
/// The transport of a node without peers: a cluster of one member works on it as on any other, but no socket is opened, so that no local
/// account can speak to the node. The address that it gives is a name only, and nothing listens there.
/// </summary>
public sealed class PeerlessTransport : Transport
{
    /// <summary>The port in the node's name where none is set: a name that stays the same over a restart.</summary>
    private const int PortInName = 4053;

    private readonly Address _name;

    /// <summary>Akka calls it.</summary>
    /// <param name="config">akka.remote.dot-netty.tcp: hostname, port, maximum-frame-size.</param>
    public PeerlessTransport(ActorSystem system, Config config)
    {
        ArgumentNullException.ThrowIfNull(system);
        ArgumentNullException.ThrowIfNull(config);
        (System, Config, SchemeIdentifier) = (system, config, "tcp");
        MaximumPayloadBytes = config.GetByteSize("maximum-frame-size", null) ?? throw new ConfigurationException("maximum-frame-size is missing");
        var port = config.GetInt("port");
        _name = new Address(SchemeIdentifier, system.Name, config.GetString("hostname"), port == 0 ? PortInName : port);
    }

    /// <summary>Sets this transport in place of Akka's own.</summary>
    internal static string Hocon { get; } =
        $"akka.remote.dot-netty.tcp.transport-class = \"{typeof(PeerlessTransport).FullName}, {typeof(PeerlessTransport).Assembly.GetName().Name}\"";

    public override bool IsResponsibleFor(Address remote) => true;

    /// <summary>Nobody ever comes in.</summary>
    public override Task<(Address, TaskCompletionSource<IAssociationEventListener>)> Listen() =>
        Task.FromResult((_name, new TaskCompletionSource<IAssociationEventListener>(TaskCreationOptions.RunContinuationsAsynchronously)));

    public override Task<AssociationHandle> Associate(Address remoteAddress) => Task.FromException<AssociationHandle>(new InvalidAssociationException(
        $"{remoteAddress} is not reached: this node has no peers. Write trafficflow.node.remoting with tls (deploy/CERTIFICATES.md) where it is to have some"));

    public override Task<bool> Shutdown() => Task.FromResult(true);
}
