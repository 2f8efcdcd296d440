namespace TrafficFlow.Server.Membership;

/// <summary>
/// When a node's place in its cluster is lost for good, so that only a new actor system can join again. Pure. A node that cannot see a
/// server is not lost by that alone: it is once a seed node answers that it does not know it (the server started anew and formed a
/// cluster without it, or removed it), or once no server was in reach for so long that the servers have surely removed it. A new system
/// that finds nobody just goes on trying to join, and cameras do not notice any of it: to start anew too early costs little.
/// </summary>
/// <param name="unknownAnswers">Answers in a row, of seed nodes that do not know this node, after which its place is lost.</param>
/// <param name="aloneFor">Time without any server in reach after which its place is lost.</param>
public sealed class RejoinPolicy(int unknownAnswers, TimeSpan aloneFor)
{
    private int _answersInARow;
    private TimeSpan? _aloneSince;

    /// <summary>An answer of a seed node. Returns why the node must start anew, or null.</summary>
    public string? Answered(bool isMember)
    {
        _answersInARow = isMember ? 0 : _answersInARow + 1;
        return _answersInARow >= unknownAnswers ? "a seed node answers that this node is no member of its cluster" : null;
    }

    /// <summary>What the node sees of its cluster at a monotonic time. Returns why it must start anew, or null.</summary>
    public string? Observed(TimeSpan now, bool seesServer)
    {
        if (seesServer) _aloneSince = null;
        else _aloneSince ??= now;
        return now - _aloneSince >= aloneFor ? $"no server was in reach for {aloneFor.TotalSeconds:0} s" : null;
    }
}
