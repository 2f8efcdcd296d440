namespace TrafficFlow.Vision.Ffmpeg;

/// <summary>
/// Event time of frame i: start + i / rate. A file's start is given. A live source starts when its first frame arrives; because the
/// camera's clock runs a little fast or slow, and a stalled network swallows frames, the line is laid anew when it and the arrival
/// differ by more than the tolerance. Elapsed time is monotonic, so that a wall clock that is nudged does not move a running camera's
/// events; one that is set, because it was wrong, moves them at once, forward or back.
/// </summary>
internal sealed class FrameClock(double framesPerSecond, DateTimeOffset? start, TimeProvider time)
{
    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(1);

    // What the wall clock may be nudged by before it counts as set.
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(2);

    private DateTimeOffset? _anchor;
    private long _anchorFrame;
    private DateTimeOffset _wallAtFirst;
    private long _monotonicAtFirst;
    private DateTimeOffset? _last;

    public DateTimeOffset Stamp(long frame)
    {
        if (start is not null) return start.Value + Length(frame);

        if (_anchor is null || (time.GetUtcNow() - _wallAtFirst - time.GetElapsedTime(_monotonicAtFirst)).Duration() > Step)
        {
            _last = null;
            _wallAtFirst = time.GetUtcNow();
            _monotonicAtFirst = time.GetTimestamp();
            _anchor = _wallAtFirst;
            _anchorFrame = frame;
        }

        var arrived = _wallAtFirst + time.GetElapsedTime(_monotonicAtFirst);
        var stamp = _anchor.Value + Length(frame - _anchorFrame);
        if ((arrived - stamp).Duration() > Tolerance)
        {
            // Event time never goes back or stands still: a camera that runs fast goes half as far with each frame until the arrivals
            // have caught up.
            stamp = _last is { } last && arrived <= last + (Length(1) / 2) ? last + (Length(1) / 2) : arrived;
            _anchor = stamp;
            _anchorFrame = frame;
        }

        _last = stamp;
        return stamp;
    }

    private TimeSpan Length(long frames) => TimeSpan.FromTicks((long)Math.Round(frames * TimeSpan.TicksPerSecond / framesPerSecond));
}
