namespace TrafficFlow.Vision.Privacy;

/// <summary>A shown picture of a camera.</summary>
/// <param name="Taken">Event time of its frame.</param>
public sealed record TakenPicture(DateTimeOffset Taken, byte[] Jpeg);

/// <summary>Between a camera, which makes pictures, and those who look at them. Thread-safe.</summary>
internal sealed class LiveView(TimeProvider time)
{
    /// <summary>For so long after somebody asked, the next one is made.</summary>
    private static readonly TimeSpan s_lookedAt = TimeSpan.FromSeconds(10);

    /// <summary>A picture that came so lately is the one that is asked for.</summary>
    private static readonly TimeSpan s_isNew = TimeSpan.FromSeconds(1.5);

    private readonly Lock _gate = new();
    private TaskCompletionSource<TakenPicture> _next = New();
    private TakenPicture? _newest;
    private long _newestAt;
    private long? _askedAt;

    public bool IsLookedAt
    {
        get
        {
            lock (_gate) return _askedAt is { } at && time.GetElapsedTime(at) < s_lookedAt;
        }
    }

    /// <summary>The newest picture, or the next one where that is old.</summary>
    public Task<TakenPicture> NextAsync()
    {
        lock (_gate)
        {
            _askedAt = time.GetTimestamp();
            return _newest is { } newest && time.GetElapsedTime(_newestAt) < s_isNew ? Task.FromResult(newest) : _next.Task;
        }
    }

    public void Publish(TakenPicture picture)
    {
        TaskCompletionSource<TakenPicture> waiting;
        lock (_gate)
        {
            waiting = _next;
            (_newest, _newestAt, _next) = (picture, time.GetTimestamp(), New());
        }

        waiting.TrySetResult(picture);
    }

    private static TaskCompletionSource<TakenPicture> New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
