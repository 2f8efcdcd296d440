using Akka.Actor;
using TrafficFlow.Node.Run;
using TrafficFlow.Node.Settings;
using TrafficFlow.Server.Membership;
using TrafficFlow.Wire.Membership;

namespace TrafficFlow.Node.Watch;

/// <summary>How `watch` joins the cluster: as the settings file of a subscriber says.</summary>
internal static class WatchMembership
{
    /// <exception cref="SettingsException">The file is wrong.</exception>
    public static ClusterMembership From(string file)
    {
        var remoting = NodeSettings.Load(file).Remoting;
        return new ClusterMembership(
            remoting.Hostname, remoting.Port, [TrafficFlowRoles.Subscriber], [.. remoting.SeedNodes.Select(s => Seed(s.Host, s.Port))], remoting.Tls);
    }

    private static string Seed(string host, int port) => new Address("akka.tcp", NodeHost.SystemName, host, port).ToString();
}
