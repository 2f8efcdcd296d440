using Akka.Actor;
using TrafficFlow.Wire.Membership;
using TrafficFlow.Wire.Tls;

namespace TrafficFlow.Server.Membership;

/// <summary>How a node joins the cluster.</summary>
/// <param name="Host">Name or address that other nodes can reach.</param>
/// <param name="Port">0 lets the system choose, which only fits a node that no other one joins through.</param>
/// <param name="Roles">Of <see cref="TrafficFlowRoles"/>.</param>
/// <param name="Seeds">akka.tcp://SYSTEM@HOST:PORT of nodes to join; empty: the node forms a cluster of its own.</param>
/// <param name="Tls">Certificates; null for a node without peers, which opens no port: host and port are then only its name.</param>
/// <exception cref="ArgumentException">There are seeds and no certificates: nodes speak TLS, on one machine too.</exception>
public sealed record ClusterMembership(string Host, int Port, IReadOnlyList<string> Roles, IReadOnlyList<string> Seeds, TlsFiles? Tls = null)
{
    public IReadOnlyList<string> Seeds { get; } = Seeds.Count == 0 || Tls is not null
        ? Seeds
        : throw new ArgumentException($"{string.Join(", ", Seeds)}: a node with peers needs certificates, on the loopback too (deploy/CERTIFICATES.md)", nameof(Tls));

    /// <summary>
    /// How long the first seed node waits for an answer of the others, before it forms a cluster. Where one says at once that it is in none, it
    /// waits no longer. Restarted beside others on a busy machine it would else form a second cluster, which the others give up theirs for.
    /// </summary>
    internal static readonly TimeSpan LooksForOthers = TimeSpan.FromSeconds(6);

    /// <summary>Nodes that others find each other by, and this is the one of them that may form the cluster.</summary>
    internal bool IsFirstOfSeveralSeeds => Seeds.Count > 1 && Address.Parse(Seeds[0]) is var first && first.Host == Host && first.Port == Port;

    /// <summary>A node without peers.</summary>
    public static ClusterMembership Alone(params IReadOnlyList<string> roles) => new("127.0.0.1", 0, roles, []);
}
