namespace TrafficFlow.Roadside.Cameras;

/// <summary>Counts frames over all runs of a tracker and says when a report is due.</summary>
internal sealed class ProgressMeter(TimeProvider time, TimeSpan interval)
{
    private long _reportedAt = time.GetTimestamp();
    private long _reportedFrames;
    private long _droppedInEarlierRuns;
    private long _droppedInRun;

    public long Frames { get; private set; }
    public long Dropped => _droppedInEarlierRuns + _droppedInRun;
    public DateTimeOffset? LastFrame { get; private set; }

    public void BeginRun()
    {
        _droppedInEarlierRuns += _droppedInRun;
        _droppedInRun = 0;
    }

    /// <returns>True where a report is due.</returns>
    public bool Frame(DateTimeOffset eventTime, long droppedInRun)
    {
        Frames++;
        LastFrame = eventTime;
        _droppedInRun = droppedInRun;
        return time.GetElapsedTime(_reportedAt) >= interval;
    }

    public TrackerProgress Report(int run, long epoch, long pending)
    {
        var elapsed = time.GetElapsedTime(_reportedAt).TotalSeconds;
        var rate = elapsed > 0 ? (Frames - _reportedFrames) / elapsed : 0;
        _reportedAt = time.GetTimestamp();
        _reportedFrames = Frames;
        return new TrackerProgress(run, Frames, Dropped, rate, LastFrame, epoch, pending);
    }
}
