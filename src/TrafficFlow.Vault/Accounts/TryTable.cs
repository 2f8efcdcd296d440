namespace TrafficFlow.Vault.Accounts;

/// <summary>Failed tries by account, device or address. Bounded: beyond it the one that failed longest ago is forgotten. Thread-safe.</summary>
internal sealed class TryTable(Backoff backoff, int most = 10_000)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, LinkedListNode<(string Key, Tries Tries)>> _byKey = new(StringComparer.Ordinal);

    // The one that failed longest ago first.
    private readonly LinkedList<(string Key, Tries Tries)> _order = [];

    public int Count
    {
        get
        {
            lock (_gate) return _byKey.Count;
        }
    }

    /// <param name="stored">What is known from before this process; the later one counts.</param>
    public TimeSpan Wait(string key, DateTimeOffset now, Tries stored = default)
    {
        lock (_gate) return backoff.Wait(Known(key, stored), now);
    }

    public Tries Add(string key, DateTimeOffset now, Tries stored = default)
    {
        lock (_gate)
        {
            var tries = backoff.Add(Known(key, stored), now);
            Forget(key);
            if (_byKey.Count >= most) Forget(_order.First!.Value.Key);
            _byKey[key] = _order.AddLast((key, tries));
            return tries;
        }
    }

    public void Clear(string key)
    {
        lock (_gate) Forget(key);
    }

    private Tries Known(string key, Tries stored) => _byKey.TryGetValue(key, out var node) && node.Value.Tries.LastAt >= stored.LastAt ? node.Value.Tries : stored;

    private void Forget(string key)
    {
        if (!_byKey.Remove(key, out var node)) return;
        _order.Remove(node);
    }
}
