using System.Collections.Immutable;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;
using TrafficFlow.Wire.Cameras;
using TrafficFlow.Wire.Serialization;

namespace TrafficFlow.Wire.Health;

/// <summary>What a node says of itself, to the health board, every few seconds.</summary>
/// <param name="Node">Its address in the cluster: akka.tcp://SYSTEM@HOST:PORT.</param>
/// <param name="Time">By the node's own clock, which may be wrong.</param>
/// <param name="ClockOffset">The node's clock minus the server's; null where nobody has measured it.</param>
/// <param name="Sites">Whose cameras it has; none for a node without.</param>
/// <param name="Problem">Why it could not say all, a sentence without its end; empty where it could.</param>
public sealed record NodeReport(
    string Node,
    ImmutableArray<string> Roles,
    string Version,
    DateTimeOffset Time,
    TimeSpan? ClockOffset,
    ImmutableArray<DiskReport> Disks,
    ImmutableArray<SiteId> Sites,
    ImmutableArray<CameraReport> Cameras,
    string Problem = "") : IWireMessage
{
    /// <summary>HOST:PORT, as it is shown.</summary>
    public string ShortName => Node[(Node.IndexOf('@', StringComparison.Ordinal) + 1)..];

    /// <summary>Whether what it keeps, and what its cameras send, is encrypted, by sites that say something of custody; none of a node that has not looked yet, or does not know how.</summary>
    public ImmutableArray<ProtectionReport> Protection { get; init; } = [];

    /// <summary>What somebody has to be told of its recordings: copies, bundles, holds, keys. At most <see cref="MostDue"/>.</summary>
    public ImmutableArray<DueReport> Due { get; init; } = [];

    public const int MostDue = 32;
}

public enum ProtectionKind
{
    /// <summary>Of the node's data folder.</summary>
    Disk = 0,

    /// <summary>Between a camera and the node.</summary>
    Link = 1,
}

/// <summary>Whether something is encrypted, or as good as that.</summary>
/// <param name="Target">The folder, or the camera.</param>
/// <param name="IsMet">Null where the node cannot tell.</param>
/// <param name="Text">What was found.</param>
public sealed record ProtectionReport(SiteId Site, ProtectionKind Kind, string Target, bool? IsMet, string Text);

/// <summary>Something that somebody has to be told, once.</summary>
/// <param name="Id">The same for the same thing, among all nodes.</param>
/// <param name="Title">One line, English and Japanese.</param>
/// <param name="Text">What it is, and what to do; English and Japanese.</param>
public sealed record DueReport(string Id, string Title, string Text);

/// <summary>A disk on which the node writes.</summary>
/// <param name="Path">The folder that it writes to.</param>
public readonly record struct DiskReport(string Path, long FreeBytes, long TotalBytes);

/// <summary>One camera, its detector and its outbox.</summary>
/// <param name="Detector">As the site file names it.</param>
/// <param name="Coverage">What its counts of now are worth; null where nothing is counted.</param>
/// <param name="Outbox">Null where its outbox did not answer.</param>
public sealed record CameraReport(CameraStatus Status, string Detector, WatchState? Coverage, OutboxReport? Outbox);

/// <param name="Pending">Entries that are stored and not yet accepted by every approach.</param>
/// <param name="Dropped">Entries given up at the bound since the camera was installed.</param>
public readonly record struct OutboxReport(long Pending, long Dropped);

/// <summary>Asks the health board. Answered with <see cref="HealthOverview"/>.</summary>
/// <param name="Site">Nodes without it are left out; null for all nodes.</param>
public sealed record GetHealth(SiteId? Site) : IWireMessage;

/// <summary>The last report of each node.</summary>
/// <param name="Time">Of the answer, by the server's clock.</param>
/// <param name="SilentAfter">Without a report for longer, a node is silent and its last values are history.</param>
public sealed record HealthOverview(DateTimeOffset Time, ImmutableArray<KnownNode> Nodes, TimeSpan SilentAfter) : IWireMessage
{
    public bool IsSilent(KnownNode node) => Time - node.ReceivedAt > SilentAfter;
}

/// <param name="ReceivedAt">By the server's clock.</param>
public sealed record KnownNode(NodeReport Report, DateTimeOffset ReceivedAt);

/// <summary>What the health board stores.</summary>
public sealed record HealthBoardSnapshot(ImmutableArray<KnownNode> Nodes) : IWireMessage;
