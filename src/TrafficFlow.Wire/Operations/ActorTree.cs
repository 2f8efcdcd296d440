using Akka.Actor;

namespace TrafficFlow.Wire.Operations;

/// <summary>Walks the living actors of the local system. The tree changes while it is walked: what is gone is left out.</summary>
internal static class ActorTree
{
    private const int MostDepth = 12;
    private const int MostRows = 1_000;

    private static readonly InspectionColumn[] Columns =
    [
        new("actor", Kind: CellKind.Path), new("class"), new("children", Kind: CellKind.Number), new("waiting", "messages", CellKind.Number),
    ];

    public static InspectionTable Hierarchy(ActorSystem system, bool all)
    {
        var provider = ((ExtendedActorSystem)system).Provider;
        var rows = new List<object?[]>();
        var left = Walk(provider.Guardian, 0, rows);
        if (all) left += Walk(provider.SystemGuardian, 0, rows);
        return InspectionTable.Of(
            $"actors of {system.Name}", Columns, rows,
            left == 0 ? [] : [$"{left} more are not shown: look at one branch with actor children PATH"]);
    }

    public static OperatorReply Children(ActorSystem system, string path)
    {
        if (Find(system, path, out var actor) is { } missing) return missing;
        var children = actor == ((ExtendedActorSystem)system).Provider.RootGuardian ? Roots(system) : ChildrenOf(actor);
        return new InspectionTables(InspectionTable.Of(
            $"children of {actor.Path.ToStringWithoutAddress()} in {system.Name}",
            Columns, children.Take(MostRows).Select(Row), children.Count > MostRows ? [$"{children.Count - MostRows} more are not shown"] : []));
    }

    /// <returns>Why there is no such actor here; null where it is found.</returns>
    public static CommandFailed? Find(ActorSystem system, string path, out IActorRef actor)
    {
        actor = ((ExtendedActorSystem)system).Provider.RootGuardian;
        if (Relative(system, path) is not { } names) return new CommandFailed($"{path} is an actor of another system than {system.Name}", Remedy) { IsElsewhere = true };
        var children = Roots(system);
        for (var i = 0; i < names.Length; i++)
        {
            if (children.FirstOrDefault(c => c.Path.Name == names[i]) is not { } child)
            {
                var known = string.Join(", ", children.Select(c => c.Path.Name).Order(StringComparer.Ordinal).Take(20));
                var parent = i == 0 ? "the root" : $"/{string.Join('/', names[..i])}";
                return new CommandFailed(
                    $"{system.Name} has no actor /{string.Join('/', names)}: {parent} has {(known.Length == 0 ? "no children" : known)}", Remedy)
                { IsElsewhere = true };
            }

            actor = child;
            children = ChildrenOf(actor);
        }

        return null;
    }

    /// <summary>Every living actor of the system, in no order; so many at most.</summary>
    public static IReadOnlyList<ActorRefWithCell> All(ActorSystem system, int most)
    {
        var all = new List<ActorRefWithCell>();
        var left = new Queue<IActorRef>(Roots(system));
        while (all.Count < most && left.TryDequeue(out var actor))
        {
            if (actor is not ActorRefWithCell cell) continue;
            all.Add(cell);
            foreach (var child in cell.Children) left.Enqueue(child);
        }

        return all;
    }

    private static IReadOnlyList<IActorRef> Roots(ActorSystem system)
    {
        var provider = ((ExtendedActorSystem)system).Provider;
        return [provider.Guardian, provider.SystemGuardian];
    }

    private const string Remedy = "see actor hierarchy";

    private static string[]? Relative(ActorSystem system, string path)
    {
        var own = $"akka://{system.Name}";
        if (path.StartsWith(own + "/", StringComparison.Ordinal)) path = path[own.Length..];
        else if (path.Contains("://", StringComparison.Ordinal)) return null;
        return path.Split('/', StringSplitOptions.RemoveEmptyEntries);
    }

    /// <returns>How many were left out.</returns>
    private static int Walk(IActorRef actor, int depth, List<object?[]> rows)
    {
        var children = ChildrenOf(actor);
        if (rows.Count >= MostRows) return 1;
        rows.Add(Row(actor));
        return depth == MostDepth ? children.Count : children.Sum(c => Walk(c, depth + 1, rows));
    }

    private static object?[] Row(IActorRef actor)
    {
        var cell = (actor as ActorRefWithCell)?.Underlying;
        return [actor.Path.ToStringWithoutAddress(), ClassOf(cell), (long)ChildrenOf(actor).Count, cell is null ? null : (long)cell.NumberOfMessages];
    }

    /// <summary>Some libraries make their actors from a function, and name no class.</summary>
    public static string? ClassOf(ICell? cell)
    {
        var type = cell?.Props.Type;
        return type is null || type.IsAbstract ? null : type.Name.Split('`')[0];
    }

    public static IReadOnlyList<IActorRef> ChildrenOf(IActorRef actor) =>
        actor is ActorRefWithCell parent
            ? [.. parent.Children.Where(c => !c.IsNobody()).OrderBy(c => c.Path.Name, StringComparer.Ordinal)]
            : [];
}
