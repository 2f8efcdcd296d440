namespace TrafficFlow.Server.Aggregation;

/// <summary>When a server says that deliveries come for approaches that it does not have: at the first, once an hour, and anew when the site files were read again. Safe for many threads.</summary>
internal sealed class UnknownDeliveries(TimeProvider time)
{
    private static readonly TimeSpan s_again = TimeSpan.FromHours(1);

    private readonly Lock _lock = new();
    private object? _sites;
    private long _saidAt;
    private long _silent;

    /// <param name="sites">What the site files have now.</param>
    /// <returns>Deliveries since it was last said, where it is to be said now.</returns>
    public long? Add(object sites)
    {
        lock (_lock)
        {
            if (ReferenceEquals(sites, _sites) && time.GetElapsedTime(_saidAt) < s_again)
            {
                _silent++;
                return null;
            }

            var silent = ReferenceEquals(sites, _sites) ? _silent : 0;
            (_sites, _saidAt, _silent) = (sites, time.GetTimestamp(), 0);
            return silent;
        }
    }
}
