using TrafficFlow.Core.Sites;

namespace TrafficFlow.Wire.Operations;

/// <summary>
/// What an operator may ask of a running node. Answered with an <see cref="OperatorReply"/>. Nothing here leaves the process: the
/// words of the command line become these messages in <see cref="CommandCatalog"/>, inside the node that carries them out.
/// </summary>
public abstract record OperatorCommand
{
    /// <summary>False where it only looks: such commands are not recorded.</summary>
    public virtual bool Changes => false;

    /// <summary>The one camera that it is for; null where it is for none, or for all.</summary>
    internal virtual CameraId? OneCamera => null;
}

// --- To the operator actor of each actor system ---

/// <summary>The tree of the actors that were made by us; with <paramref name="System"/>, also of Akka's own.</summary>
public sealed record ShowHierarchy(bool System) : OperatorCommand;

/// <param name="Path">/user/cameras, or with its system akka://SYSTEM/user/cameras.</param>
public sealed record ShowChildren(string Path) : OperatorCommand;

// --- To the operator actor of the cluster's actor system ---

public sealed record ShowCluster : OperatorCommand
{
    public static readonly ShowCluster Instance = new();
}

/// <summary>Has a member leave gracefully.</summary>
/// <param name="Address">HOST:PORT or the full address; null for this node.</param>
public sealed record LeaveCluster(string? Address) : OperatorCommand
{
    public override bool Changes => true;
}

/// <summary>Declares a member dead. One that still lives goes on counting and comes back as a new member.</summary>
/// <param name="Address">HOST:PORT or the full address.</param>
public sealed record DownMember(string Address) : OperatorCommand
{
    public override bool Changes => true;
}

/// <param name="Approach">SITE/APPROACH; null for all that this node knows.</param>
public sealed record ShowApproaches(string? Approach) : OperatorCommand;

/// <summary>What was taken of an approach's cameras; with <paramref name="To"/>, the mark of one is set there.</summary>
/// <param name="Which">SITE/APPROACH, or SITE/APPROACH/CAMERA.</param>
/// <param name="To">EPOCH/SEQUENCE, or "plausible".</param>
public sealed record RepairApproach(string Which, string? To) : OperatorCommand
{
    public override bool Changes => To is not null;
}

/// <summary>Entries of a wrong clock that wait for a decision.</summary>
/// <param name="Approach">SITE/APPROACH; null for all that this node knows.</param>
public sealed record ShowQuarantine(string? Approach) : OperatorCommand;

public enum QuarantineDecision
{
    /// <summary>Count them as they are stamped.</summary>
    Release,

    /// <summary>Count them, their stamps moved.</summary>
    Redate,

    /// <summary>Never count them.</summary>
    Discard,
}

/// <param name="Which">SITE/APPROACH/CAMERA/EPOCH, as the quarantine lists it; or its beginning, for all that has it, but not to discard it.</param>
/// <param name="Shift">Added to each stamp, as of -2h or +90s; null for what was measured.</param>
public sealed record DecideQuarantine(string Which, QuarantineDecision Decision, string? Shift) : OperatorCommand
{
    public override bool Changes => true;
}

// --- To the operator actor of the actor system that holds the cameras ---

public sealed record ListCameras : OperatorCommand
{
    public static readonly ListCameras Instance = new();
}

public sealed record ShowCamera(CameraId Camera) : OperatorCommand
{
    internal override CameraId? OneCamera => Camera;
}

/// <summary>Stops one camera gracefully and starts it again; the others do not notice.</summary>
public sealed record RestartOneCamera(CameraId Camera) : OperatorCommand
{
    public override bool Changes => true;

    internal override CameraId? OneCamera => Camera;
}

/// <summary>The camera's scene as it is now is the right one.</summary>
public sealed record AcceptOneScene(CameraId Camera) : OperatorCommand
{
    public override bool Changes => true;

    internal override CameraId? OneCamera => Camera;
}

/// <param name="Camera">Null for all.</param>
public sealed record ShowOutboxes(CameraId? Camera) : OperatorCommand
{
    internal override CameraId? OneCamera => Camera;
}

// --- To the operator actor of the actor system that has the node's audit ---

/// <param name="Most">So many of the last ones; null for 100.</param>
public sealed record ShowAudit(int? Most) : OperatorCommand;

// --- To the server's health board, from any node ---

/// <summary>Nodes, cameras, disks and clocks as they were reported last.</summary>
/// <param name="Site">Null for all.</param>
public sealed record ShowHealth(SiteId? Site) : OperatorCommand;

// --- To the process ---

/// <param name="Key">Only the settings that have it as a part of their key: outbox, node.remoting; null for all.</param>
public sealed record ShowConfig(string? Key) : OperatorCommand;

/// <summary>The log level of each area.</summary>
public sealed record ShowLog : OperatorCommand
{
    public static readonly ShowLog Instance = new();
}

/// <summary>Changes a log level until the process ends.</summary>
/// <param name="Level">As the settings write it.</param>
public sealed record SetLogLevel(string Area, string Level) : OperatorCommand
{
    public override bool Changes => true;
}

/// <summary>Reads the site files again; only what changed is restarted.</summary>
public sealed record ReloadSites : OperatorCommand
{
    public static readonly ReloadSites Instance = new();

    public override bool Changes => true;
}
