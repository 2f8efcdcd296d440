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
        if (Relative(system, path) is not { } names) return new CommandFailed($"{path} is an actor of another system than {system.Name}", Remedy);
        var provider = ((ExtendedActorSystem)system).Provider;
        IActorRef actor = provider.RootGuardian;
        IReadOnlyList<IActorRef> children = [provider.Guardian, provider.SystemGuardian];
        for (var i = 0; i < names.Length; i++)
        {
            if (children.FirstOrDefault(c => c.Path.Name == names[i]) is not { } child)
            {
                var known = string.Join(", ", children.Select(c => c.Path.Name).Order(StringComparer.Ordinal).Take(20));
                var parent = i == 0 ? "the root" : $"/{string.Join('/', names[..i])}";
                return new CommandFailed(
                    $"{system.Name} has no actor /{string.Join('/', names)}: {parent} has {(known.Length == 0 ? "no children" : known)}", Remedy);
            }

            actor = child;
            children = ChildrenOf(actor);
        }

        var name = $"children of /{string.Join('/', names)} in {system.Name}";
        return new InspectionTables(InspectionTable.Of(
            name, Columns, children.Take(MostRows).Select(Row), children.Count > MostRows ? [$"{children.Count - MostRows} more are not shown"] : []));
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
    private static string? ClassOf(ICell? cell)
    {
        var type = cell?.Props.Type;
        return type is null || type.IsAbstract ? null : type.Name.Split('`')[0];
    }

    private static IReadOnlyList<IActorRef> ChildrenOf(IActorRef actor) =>
        actor is ActorRefWithCell parent
            ? [.. parent.Children.Where(c => !c.IsNobody()).OrderBy(c => c.Path.Name, StringComparer.Ordinal)]
            : [];
}
