namespace TrafficFlow.Node.Logging;

/// <summary>A part of the program whose log level can be set by itself: what is logged by classes of its namespaces.</summary>
/// <param name="Name">As settings and `ctl log level` call it.</param>
/// <param name="Prefixes">Of the namespaces; of two that fit a class the longer one says which area it is.</param>
public sealed record LogArea(string Name, string About, params string[] Prefixes)
{
    /// <summary>What no other area has.</summary>
    public static readonly LogArea Node = new("node", "start, stop and the line of each minute", "TrafficFlow");

    public static readonly LogArea Akka = new("akka", "the actor library", "Akka");

    public static readonly IReadOnlyList<LogArea> All =
    [
        Node,
        new("cameras", "sources, detection, tracking, scenes", "TrafficFlow.Roadside.Cameras", "TrafficFlow.Vision"),
        new("delivery", "outboxes and the way to the server", "TrafficFlow.Roadside.Outbox", "TrafficFlow.Roadside.Uplink"),
        new("counting", "aggregators and flow bins", "TrafficFlow.Server.Aggregation"),
        new("storage", "journals, databases, read tables", "TrafficFlow.Wire.Journals", "TrafficFlow.Server.Tables"),
        new("cluster", "membership, topics and health of the nodes", "TrafficFlow.Server.Membership", "TrafficFlow.Server.Topics", "TrafficFlow.Server.Health", "TrafficFlow.Wire.Health", "TrafficFlow.Wire.Membership"),
        new("security", "certificates, who is let in, commands", "TrafficFlow.Node.Subscriptions", "TrafficFlow.Node.Tokens", "TrafficFlow.Wire.Tls", "TrafficFlow.Wire.Access", "TrafficFlow.Wire.Audit", "TrafficFlow.Wire.Commands", "TrafficFlow.Wire.Authorization"),
        Akka,
        new("web", "the HTTP server behind sockets and pages", "Microsoft", "System"),
    ];

    /// <summary>Of a logger's name: the full name of a class, or any other word.</summary>
    public static LogArea Of(string source) => All
        .SelectMany(a => a.Prefixes, (area, prefix) => (Area: area, Prefix: prefix))
        .Where(p => source == p.Prefix || source.StartsWith($"{p.Prefix}.", StringComparison.Ordinal))
        .OrderByDescending(p => p.Prefix.Length)
        .Select(p => p.Area)
        .FirstOrDefault(Node);
}
