using System.Globalization;
using System.Net;
using Akka.Actor;
using TrafficFlow.Node.Run;
using TrafficFlow.Node.Settings;
using TrafficFlow.Server.Membership;
using TrafficFlow.Wire.Membership;

namespace TrafficFlow.Node.Watch;

/// <summary>How `watch` joins the cluster: beside a node of this machine in plain text, or as its settings file says.</summary>
internal static class WatchMembership
{
    /// <exception cref="UsageException">No address, or one of another machine.</exception>
    public static ClusterMembership Beside(string node)
    {
        var colon = node.LastIndexOf(':');
        if (colon <= 0 || !int.TryParse(node.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port is 0 or > 65535)
            throw new UsageException($"--node {node}: write HOST:PORT, for example 127.0.0.1:4053");
        var host = node[..colon];
        if (host != "localhost" && !(IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address)))
            throw new UsageException($"--node {node}: another machine is reached with certificates only: write --config FILE (hocon/subscriber.conf shows one)");
        return new ClusterMembership("127.0.0.1", 0, [TrafficFlowRoles.Subscriber], [Seed(host, port)]);
    }

    /// <exception cref="SettingsException">The file is wrong.</exception>
    /// <exception cref="UsageException">The file is that of another kind of node.</exception>
    public static ClusterMembership From(string file)
    {
        var settings = NodeSettings.Load(file);
        if (settings.Roles is not [NodeRole.Subscriber])
            throw new UsageException($"{file}: roles = [{string.Join(", ", settings.Roles).ToLowerInvariant()}], and `watch` joins as roles = [subscriber] only: take a file of its own, as hocon/subscriber.conf");
        var remoting = settings.Remoting;
        return new ClusterMembership(
            remoting.Hostname, remoting.Port, [TrafficFlowRoles.Subscriber], [.. remoting.SeedNodes.Select(s => Seed(s.Host, s.Port))], remoting.Tls);
    }

    private static string Seed(string host, int port) => new Address("akka.tcp", NodeHost.SystemName, host, port).ToString();
}
