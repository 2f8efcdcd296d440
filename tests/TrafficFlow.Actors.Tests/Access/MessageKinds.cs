using TrafficFlow.Wire;

namespace TrafficFlow.Actors.Tests.Access;

/// <summary>
/// Every kind of message that a node could read, by serializer and manifest: all of ours, and those of the libraries as their serializers name
/// them (Akka.NET's sources), the harmless and the deadly.
/// </summary>
internal static class MessageKinds
{
    private static readonly string[] Cluster =
    [
        "InternalClusterAction+Join", "InternalClusterAction+Welcome", "ClusterUserAction+Leave", "ClusterUserAction+Down", "InternalClusterAction+InitJoin",
        "InternalClusterAction+InitJoinAck", "InternalClusterAction+InitJoinNack", "ClusterHeartbeatSender+Heartbeat", "ClusterHeartbeatSender+HeartbeatRsp",
        "InternalClusterAction+ExitingConfirmed", "GossipStatus", "GossipEnvelope", "Routing.ClusterRouterPool",
    ];

    private static readonly string[] Sharding =
    [
        "a", "AA", "AB", "AC", "AD", "AE", "AF", "AG", "BA", "BB", "BC", "BD", "BE", "BF", "BG", "BH", "BI", "BJ", "BK", "BL", "BM", "CA", "CB", "CD", "CE", "CF",
        "EA", "EB", "DA", "DB", "DC", "DD", "GS", "CS", "DG", "DH", "FA", "FB", "FC", "FD", "FE", "SM", "SS",
    ];

    private static readonly string[] Actors =
    [
        "ID", "AID", "AR", "PP", "K", "RWHB", "RWHR", "LS", "RS", "CF", "FC", "DR", "RORRP", "ROBP", "RORP", "ROSGP", "ROTCP", "ROCHP", "RORRC", "STF", "STS",
    ];

    private static readonly string[] SystemMessages =
    [
        "Create", "Recreate", "Suspend", "Resume", "Terminate", "Supervise", "Watch", "Unwatch", "Failed", "DeathWatchNotification", "NoMessage",
    ];

    public static IReadOnlyList<(int Serializer, string Manifest)> All { get; } =
    [
        (1, "SkiaSharp.SKFileWStream, SkiaSharp"), (1, "System.Object, System.Private.CoreLib"),
        (2, "TrafficFlow.Wire.Proto.ApproachSnapshot, TrafficFlow.Wire"),
        (3, ""),
        (4, ""),
        .. Cluster.Select(m => (5, $"Akka.Cluster.{m}, Akka.Cluster")), (5, "HB"), (5, "HBR"),
        (6, ""),
        .. Letters("A", "B", "C", "D", "E", "F").Select(m => (9, m)),
        .. Letters("A", "B", "C", "Ca", "D", "E", "F", "G", "H", "I", "J", "K", "L").Select(m => (11, m)),
        .. Enumerable.Range('A', 18).Select(c => (12, ((char)c).ToString())),
        .. Sharding.Select(m => (13, m)),
        .. Letters("A", "B", "C", "D").Select(m => (14, m)),
        .. Letters("A", "B", "C", "D", "E", "AA", "AB", "AC").Select(m => (15, m)),
        .. Actors.Select(m => (16, m)),
        .. Letters("S", "I", "L").Select(m => (17, m)),
        .. SystemMessages.Select(m => (22, $"Akka.Dispatch.SysMsg.{m}, Akka")),
        (30, ""),
        .. Letters("a", "b", "c", "d", "e", "f", "g", "h", "i").Select(m => (36, m)),
        .. WireManifest.All.Select(l => (7321, l.Manifest)),
        (7322, "System.Object, System.Private.CoreLib"), (7322, "Akka.Actor.PoisonPill, Akka"), (7322, "SkiaSharp.SKFileWStream, SkiaSharp"),
        (9999, "x"),
    ];

    private static string[] Letters(params string[] manifests) => manifests;
}
