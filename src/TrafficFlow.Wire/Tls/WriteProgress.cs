namespace TrafficFlow.Wire.Tls;

/// <summary>
/// Whether a peer still takes what is written for it. What waits here is bounded, but what Akka keeps behind it is not: a link whose peer
/// takes nothing has to end. Thread-safe.
/// </summary>
/// <param name="patience">How long much may wait without a byte of it being taken.</param>
internal sealed class WriteProgress(TimeProvider time, long muchBytes, TimeSpan patience)
{
    private readonly Lock _lock = new();
    private long _waiting;
    private long _lastTaken;

    public long WaitingBytes => Interlocked.Read(ref _waiting);

    /// <summary>Much waits, and nothing of it was taken for too long.</summary>
    public bool IsStuck
    {
        get
        {
            if (WaitingBytes <= muchBytes) return false;
            lock (_lock) return _waiting > muchBytes && time.GetElapsedTime(_lastTaken) > patience;
        }
    }

    public void Queued(long bytes)
    {
        lock (_lock)
        {
            // Nothing was there to be taken until now.
            if (_waiting == 0) _lastTaken = time.GetTimestamp();
            _waiting += bytes;
        }
    }

    public void Taken(long bytes)
    {
        lock (_lock)
        {
            _waiting -= bytes;
            _lastTaken = time.GetTimestamp();
        }
    }
}
