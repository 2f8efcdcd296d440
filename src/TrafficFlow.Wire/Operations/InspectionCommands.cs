namespace TrafficFlow.Wire.Operations;

// --- To the operator actor of each actor system ---

/// <summary>One actor: its mailbox, its dispatcher, its restarts, and its own state as it tells it.</summary>
/// <param name="Path">/user/cameras, or with its system akka://SYSTEM/user/cameras.</param>
public sealed record ShowActor(string Path) : OperatorCommand;

/// <summary>The actors before which most messages wait.</summary>
/// <param name="Most">So many of them; null for 20.</param>
public sealed record ShowMailboxes(int? Most) : OperatorCommand;

/// <summary>The dispatchers, and the thread pool that some of them share.</summary>
public sealed record ShowDispatchers : OperatorCommand
{
    public static readonly ShowDispatchers Instance = new();
}

// --- To the operator actor of the cluster's actor system ---

/// <summary>Which node holds which shard of the approaches.</summary>
public sealed record ShowShards : OperatorCommand
{
    public static readonly ShowShards Instance = new();
}

/// <summary>The catalog's lines that look into a node: none of them changes anything.</summary>
internal static class InspectionCommands
{
    public static readonly IReadOnlyList<CatalogCommand> OfActors =
    [
        CommandCatalog.Line("actor show", "One actor: mailbox, restarts, its own state.", CommandTarget.Each, ["PATH"], a => new ShowActor(a[0]!)),
        CommandCatalog.Line("actor mailboxes", "Where messages pile up; 20 actors, or COUNT.", CommandTarget.Each, ["[COUNT]"], a => new ShowMailboxes(CommandCatalog.Count(a[0], "actor mailboxes 20"))),
    ];

    public static readonly IReadOnlyList<CatalogCommand> OfCluster =
    [
        CommandCatalog.Line("cluster shards", "Which node holds which shard, and entities.", CommandTarget.Cluster, [], _ => ShowShards.Instance),
    ];

    public static readonly IReadOnlyList<CatalogCommand> OfDispatchers =
    [
        CommandCatalog.Line("dispatcher list", "Threads, what waits for one, and how long.", CommandTarget.Each, [], _ => ShowDispatchers.Instance),
    ];
}
