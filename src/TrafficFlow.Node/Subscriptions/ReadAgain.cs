namespace TrafficFlow.Node.Subscriptions;

/// <summary>
/// When a file that could not be used is read again though it looks the same: its owner or mode may have changed, or the fault was passing. A fault is told
/// once. Not for several threads at a time.
/// </summary>
internal sealed class ReadAgain(TimeProvider time)
{
    private static readonly TimeSpan After = TimeSpan.FromSeconds(5);

    private long? _failedAt;
    private string _told = "";

    public bool IsDue => _failedAt is { } at && time.GetElapsedTime(at) >= After;

    public void Succeeded() => (_failedAt, _told) = (null, "");

    /// <returns>Whether this fault was not told yet.</returns>
    public bool Failed(string problem)
    {
        var isNew = problem != _told;
        (_failedAt, _told) = (time.GetTimestamp(), problem);
        return isNew;
    }
}
