namespace TrafficFlow.Web.Streams;

/// <summary>Only so many streams at a time, in all and of one account. Thread-safe.</summary>
internal sealed class StreamSeats(StreamLimits limits)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, int> _taken = new(StringComparer.Ordinal);
    private int _all;

    /// <param name="caller">NAME of a person, or NAME/TOKEN of a program: those of one account share its seats.</param>
    /// <param name="problem">Why there is none; empty where there is.</param>
    /// <returns>Disposed of at the end of the stream; null where there is none.</returns>
    public IDisposable? TryTake(string caller, out string problem)
    {
        var account = caller.Split('/')[0];
        lock (_lock)
        {
            var own = _taken.GetValueOrDefault(account);
            problem = own >= limits.OfAnAccount ? $"{own} streams of the account {account} are open already, and {limits.OfAnAccount} are the most"
                : _all >= limits.Most ? $"{_all} streams are open at this server already, and {limits.Most} are the most"
                : "";
            if (problem.Length > 0) return null;
            _taken[account] = own + 1;
            _all++;
            return new Seat(this, account);
        }
    }

    private void Free(string account)
    {
        lock (_lock)
        {
            _all--;
            if (--_taken[account] == 0) _taken.Remove(account);
        }
    }

    private sealed class Seat(StreamSeats seats, string account) : IDisposable
    {
        private int _isFree;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isFree, 1) == 0) seats.Free(account);
        }
    }
}
