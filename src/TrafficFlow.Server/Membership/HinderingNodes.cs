namespace TrafficFlow.Server.Membership;

/// <summary>
/// Nodes that are no servers and keep the servers from agreeing on who is in the cluster, although they are there: those that say that they do
/// not reach this server, which hears them, and those that take no gossip while all servers have. Pure.
/// </summary>
internal static class HinderingNodes
{
    /// <param name="reachable">Nodes that are up, in reach, and no servers.</param>
    /// <param name="servers">All servers of the cluster.</param>
    /// <param name="seenBy">Who has seen the newest gossip.</param>
    /// <param name="accusers">Who says that it does not reach this server.</param>
    public static IReadOnlyList<T> Of<T>(IEnumerable<T> reachable, IEnumerable<T> servers, Func<T, bool> seenBy, Func<T, bool> accusers)
    {
        var isSeenByServers = servers.All(seenBy);
        return [.. reachable.Where(n => accusers(n) || (isSeenByServers && !seenBy(n)))];
    }
}
