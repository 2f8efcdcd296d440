namespace TrafficFlow.Wire.Access;

/// <summary>Paths of the actors that nodes of a cluster send to each other, as the libraries and this product name them.</summary>
internal static class KnownActors
{
    public const string ClusterCore = "/system/cluster/core/daemon";
    public const string RemoteWatcher = "/system/remote-watcher";

    public const string CoordinatorSingleton = "/system/sharding/approachesCoordinator";
    public const string Coordinator = $"{CoordinatorSingleton}/singleton/coordinator";
    public const string Region = "/system/sharding/approaches";
    public const string Proxy = "/system/sharding/approachesProxy";
    public const string Replicator = "/system/sharding/serverReplicator";
    public const string Mediator = "/system/distributedPubSubMediator";

    public const string HealthBoardSingleton = "/user/health-board";
    public const string HealthBoard = $"{HealthBoardSingleton}/health-board";
    public const string HealthBoardProxy = "/user/health-board-proxy";
}
