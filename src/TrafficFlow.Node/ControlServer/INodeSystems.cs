using Akka.Actor;
using TrafficFlow.Core.Sites;
using TrafficFlow.Node.Settings;
using TrafficFlow.Wire.Operations;

namespace TrafficFlow.Node.ControlServer;

/// <summary>What of a running node can be inspected. Each is looked up anew for each question.</summary>
public interface INodeSystems
{
    /// <summary>Holds the cameras; null where the node has none.</summary>
    ActorSystem? Roadside { get; }

    /// <summary>The member of the cluster; null while it is made anew.</summary>
    ActorSystem? Cluster { get; }

    IReadOnlyList<EffectiveSetting> Settings { get; }

    /// <summary>As their files are in force now; empty for a server that has none.</summary>
    IReadOnlyList<Site> Sites { get; }

    Task<OperatorReply> ReloadSitesAsync(CancellationToken cancellation);
}
