namespace TrafficFlow.Server.Membership;

/// <summary>
/// Who is out of reach, for how long, and of whom it can be decided now. Pure. Servers are judged together, when their picture has been the
/// same for a while, or at the latest some time after the first of them was lost; other nodes each by itself. So a roadside node that comes
/// and goes does not put off the decision about a dead server.
/// </summary>
/// <param name="stableAfter">How long the servers' picture, and each other node, must be unchanged before it is acted on.</param>
/// <param name="decideAtLatest">After so long with some server out of reach it is decided, however the picture changes.</param>
internal sealed class ReachabilityHistory<T>(TimeSpan stableAfter, TimeSpan decideAtLatest)
    where T : notnull
{
    private readonly Dictionary<T, TimeSpan> _othersSince = [];
    private HashSet<T> _servers = [];
    private TimeSpan _serversSince;
    private TimeSpan _firstServerSince;

    /// <summary>What is seen at a monotonic time.</summary>
    /// <param name="servers">Servers out of reach.</param>
    /// <param name="others">Other nodes out of reach.</param>
    /// <returns>Whether the servers' picture has changed.</returns>
    public bool Observe(TimeSpan now, IReadOnlyCollection<T> servers, IReadOnlyCollection<T> others)
    {
        foreach (var back in _othersSince.Keys.Except(others).ToList()) _othersSince.Remove(back);
        foreach (var other in others) _othersSince.TryAdd(other, now);
        if (_servers.SetEquals(servers)) return false;
        if (_servers.Count == 0) _firstServerSince = now;
        (_servers, _serversSince) = ([.. servers], now);
        return true;
    }

    /// <summary>
    /// All of them are to be removed, or this side is; empty where it is too early. While the servers are undecided nobody else is removed:
    /// this may be the side that ends.
    /// </summary>
    public IReadOnlyList<T> Due(TimeSpan now)
    {
        if (_servers.Count > 0 && now - _serversSince < stableAfter && now - _firstServerSince < decideAtLatest) return [];
        return [.. _servers, .. _othersSince.Where(o => now - o.Value >= stableAfter).Select(o => o.Key)];
    }

    /// <summary>It was acted upon: what is seen from now on is judged anew.</summary>
    public void Reset()
    {
        _servers = [];
        _othersSince.Clear();
    }
}
