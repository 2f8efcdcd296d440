using TrafficFlow.Wire.Membership;
using TrafficFlow.Wire.Tls;

namespace TrafficFlow.Server.Membership;

/// <summary>How a node joins the cluster.</summary>
/// <param name="Host">Name or address that other nodes can reach.</param>
/// <param name="Port">0 lets the system choose, which only fits a node without peers.</param>
/// <param name="Roles">Of <see cref="TrafficFlowRoles"/>.</param>
/// <param name="Seeds">akka.tcp://SYSTEM@HOST:PORT of nodes to join; empty: the node forms a cluster of its own.</param>
/// <param name="Tls">Certificates; null only on a loopback address, where the link is in plain text.</param>
public sealed record ClusterMembership(string Host, int Port, IReadOnlyList<string> Roles, IReadOnlyList<string> Seeds, TlsFiles? Tls = null)
{
    public static ClusterMembership Alone(params IReadOnlyList<string> roles) => new("127.0.0.1", 0, roles, []);
}
