namespace TrafficFlow.Web.Pages.Periods;

/// <summary>
/// Figures that a page asks for as soon as its circuit is open are read while the browser still fetches scripts: begun with the document, taken once by the circuit. What nobody
/// takes soon is forgotten, and only few are read at a time. Thread-safe.
/// </summary>
public sealed class ReadAhead(TimeProvider time)
{
    private const int Most = 8;

    private static readonly TimeSpan GoodFor = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private readonly Dictionary<object, (Task Reading, long BegunAt)> _begun = [];

    /// <param name="key">All that the figures depend on.</param>
    public void Begin<T>(object key, Func<CancellationToken, Task<T>> read)
    {
        lock (_lock)
        {
            foreach (var old in _begun.Where(b => b.Value.Reading.IsCompleted && time.GetElapsedTime(b.Value.BegunAt) > GoodFor).Select(b => b.Key).ToList()) _begun.Remove(old);
            if (_begun.Count >= Most || _begun.ContainsKey(key)) return;
            _begun[key] = (Task.Run(() => read(CancellationToken.None)), time.GetTimestamp());
        }
    }

    /// <summary>What was begun for this; null where nothing was, or where it has failed: it is read by its page then, which tells what is wrong.</summary>
    public async Task<T?> TakeAsync<T>(object key, CancellationToken cancellation)
        where T : class
    {
        if (Take(key) is not Task<T> begun) return null;
        try
        {
            return await begun.WaitAsync(cancellation);
        }
        catch (Exception) when (!cancellation.IsCancellationRequested)
        {
            return null;
        }
    }

    private Task? Take(object key)
    {
        lock (_lock) return _begun.Remove(key, out var begun) && time.GetElapsedTime(begun.BegunAt) <= GoodFor ? begun.Reading : null;
    }
}
