using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Privacy;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Vision.Privacy;

/// <summary>
/// What must be coarse in pictures of a camera that runs: it looks at every frame all the time, so that it knows who was there before; a picture is shown <see cref="Lag"/> after it
/// was taken, so that it knows who was found afterwards. Until it has looked for long enough, and after each pause, pictures are coarse as a whole. Not thread-safe.
/// </summary>
internal sealed class LiveCoarsening(DetectorIdentity detector, FrameFormat format)
{
    /// <summary>Event time that a picture waits, as for a still picture of a camera.</summary>
    public static readonly TimeSpan Lag = TimeSpan.FromSeconds(2);

    /// <summary>Without detections for longer nobody knows who has come.</summary>
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(2);

    /// <summary>Event time between two times of forgetting what nobody asks about.</summary>
    private static readonly TimeSpan s_trim = TimeSpan.FromSeconds(2);

    private PrivacyWatch _privacy = new(detector, format);
    private DateTimeOffset? _since;
    private DateTimeOffset _last;
    private DateTimeOffset _trimmed;

    /// <summary>Before a frame of this time is observed: it begins anew with it, and pictures that wait are to be shown as a whole, or never.</summary>
    public bool IsInterruptedBy(DateTimeOffset time) => _since is null || time <= _last || time - _last > s_pause;

    /// <param name="detections">Of the frame of this time, the unsure ones too.</param>
    public void Observe(DateTimeOffset time, IReadOnlyList<Detection> detections)
    {
        if (IsInterruptedBy(time)) (_privacy, _since, _trimmed) = (new PrivacyWatch(detector, format), time, time);
        _last = time;
        _privacy.Observe(time, detections, [], []);
    }

    /// <summary>Enough is known of what came after the frame of this time.</summary>
    public bool IsDue(DateTimeOffset taken) => _last - taken >= Lag;

    /// <summary>Frames are asked for in order of time.</summary>
    /// <param name="isWhole">All of the picture, whatever is known.</param>
    public PictureAreas At(DateTimeOffset taken, bool isWhole = false)
    {
        _trimmed = taken;
        return _privacy.At(taken, isWhole || _since is not { } since || taken - since < _privacy.Horizon);
    }

    /// <summary>While no picture waits: what nobody asks about is forgotten all the same.</summary>
    public void Trim()
    {
        if (_since is not null && _last - _trimmed >= s_trim) _ = At(_last);
    }
}
