namespace TrafficFlow.Wire.Access;

/// <summary>What the short manifests of Akka.NET's serializers stand for, by the names of the messages in its sources.</summary>
internal static class KnownManifests
{
    /// <summary>ClusterMessageSerializer, and the older manifests by type.</summary>
    public static class Cluster
    {
        public const string InitJoin = "Akka.Cluster.InternalClusterAction+InitJoin, Akka.Cluster";
        public const string InitJoinAck = "Akka.Cluster.InternalClusterAction+InitJoinAck, Akka.Cluster";
        public const string InitJoinNack = "Akka.Cluster.InternalClusterAction+InitJoinNack, Akka.Cluster";
        public const string Join = "Akka.Cluster.InternalClusterAction+Join, Akka.Cluster";
        public const string Welcome = "Akka.Cluster.InternalClusterAction+Welcome, Akka.Cluster";
        public const string ExitingConfirmed = "Akka.Cluster.InternalClusterAction+ExitingConfirmed, Akka.Cluster";
        public const string GossipStatus = "Akka.Cluster.GossipStatus, Akka.Cluster";
        public const string GossipEnvelope = "Akka.Cluster.GossipEnvelope, Akka.Cluster";
        public const string Heartbeat = "HB";
        public const string HeartbeatResponse = "HBR";
    }

    /// <summary>ClusterShardingMessageSerializer.</summary>
    public static class Sharding
    {
        public const string Register = "BA";
        public const string RegisterProxy = "BB";
        public const string RegisterAck = "BC";
        public const string GetShardHome = "BD";
        public const string ShardHome = "BE";
        public const string HostShard = "BF";
        public const string ShardStarted = "BG";
        public const string BeginHandOff = "BH";
        public const string BeginHandOffAck = "BI";
        public const string HandOff = "BJ";
        public const string ShardStopped = "BK";
        public const string GracefulShutdownRequest = "BL";
        public const string RegionStopped = "BM";
        public const string GetShardRegionStats = "DC";
        public const string ShardRegionStats = "DD";
        public const string GetClusterShardingStats = "GS";
        public const string ClusterShardingStats = "CS";
    }

    /// <summary>ClusterSingletonMessageSerializer.</summary>
    public static class Singleton
    {
        public const string HandOverToMe = "A";
        public const string HandOverInProgress = "B";
        public const string HandOverDone = "C";
        public const string TakeOverFromMe = "D";
    }

    /// <summary>ReplicatorMessageSerializer: between replicators only.</summary>
    public static class Replicator
    {
        public const string Write = "I";
        public const string WriteAck = "J";
        public const string Read = "K";
        public const string ReadResult = "L";
        public const string Status = "M";
        public const string Gossip = "N";
        public const string WriteNack = "O";
        public const string DeltaPropagation = "Q";
        public const string DeltaNack = "R";
    }

    /// <summary>DistributedPubSubMessageSerializer: who subscribes to what.</summary>
    public static class Topics
    {
        public const string Status = "A";
        public const string Delta = "B";
    }

    /// <summary>MiscMessageSerializer.</summary>
    public static class Actors
    {
        public const string Identify = "ID";
        public const string ActorIdentity = "AID";
        public const string WatcherHeartbeat = "RWHB";
        public const string WatcherHeartbeatResponse = "RWHR";
    }

    /// <summary>SystemMessageSerializer.</summary>
    public static class SystemMessages
    {
        public const string Watch = "Akka.Dispatch.SysMsg.Watch, Akka";
        public const string Unwatch = "Akka.Dispatch.SysMsg.Unwatch, Akka";
        public const string DeathWatchNotification = "Akka.Dispatch.SysMsg.DeathWatchNotification, Akka";
    }
}
