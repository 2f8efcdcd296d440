namespace TrafficFlow.Node.Monitoring;

/// <summary>What of a node's settings its metrics tell of.</summary>
/// <param name="Name">By which a collector tells this node from others: HOST:PORT of its cluster, or the machine's name.</param>
/// <param name="Databases">Files by what they hold; none of a database elsewhere.</param>
/// <param name="Certificate">Null for a node without peers.</param>
/// <param name="SubscriberCertificate">What subscribers with a token see; null where none are let in.</param>
internal sealed record MonitoredNode(string Name, IReadOnlyDictionary<string, string> Databases, string? Certificate, string? SubscriberCertificate = null);
