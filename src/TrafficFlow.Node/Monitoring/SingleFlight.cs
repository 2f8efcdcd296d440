namespace TrafficFlow.Node.Monitoring;

/// <summary>An answer that many may ask for: it is found once at a time, and holds for a while. However often somebody asks, the node does not work more.</summary>
internal sealed class SingleFlight<T>(Func<CancellationToken, Task<T>> find, TimeSpan holds, TimeProvider time)
{
    private readonly Lock _gate = new();
    private Task<T>? _found;
    private long _foundAt;

    /// <param name="stopping">Of the node; nobody else may end a search that others wait for.</param>
    public Task<T> GetAsync(CancellationToken stopping)
    {
        lock (_gate)
        {
            if (_found is { } known && (!known.IsCompleted || (known.IsCompletedSuccessfully && time.GetElapsedTime(_foundAt) < holds))) return known;
            return _found = FindAsync(stopping);
        }
    }

    private async Task<T> FindAsync(CancellationToken stopping)
    {
        await Task.Yield();
        var found = await find(stopping);
        lock (_gate) _foundAt = time.GetTimestamp();
        return found;
    }
}
