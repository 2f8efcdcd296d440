using System.Diagnostics;
using TrafficFlow.Core.Sites;
using TrafficFlow.Wire.Telemetry;

namespace TrafficFlow.Roadside.Cameras.Lifecycle;

/// <summary>Tells the spans of the frames that made crossings: what a crossing is known by is complete only when the outbox has given its log an epoch.</summary>
internal sealed class FrameSpans(SiteId site, CameraId camera)
{
    // Those of some seconds; an outbox that is away longer leaves crossings without the spans of their frames.
    private const int MostWaiting = 256;

    private readonly Queue<(long Sequence, FrameTimes Frame, long TrackerBegan, long Counted)> _waiting = new();

    /// <param name="sequences">Of what the frame made.</param>
    public void Counted(IReadOnlyList<long> sequences, in FrameTimes frame, long trackerBegan)
    {
        var now = Stopwatch.GetTimestamp();
        foreach (var sequence in sequences)
        {
            if (_waiting.Count == MostWaiting) _waiting.Dequeue();
            _waiting.Enqueue((sequence, frame, trackerBegan, now));
        }
    }

    /// <param name="epoch">0 where it is not known yet.</param>
    public void Tell(long epoch)
    {
        if (epoch == 0) return;
        while (_waiting.TryDequeue(out var made))
        {
            var crossing = new CrossingIdentity(site, camera, epoch, made.Sequence);
            if (!CrossingTrace.Span("frame decode", crossing, made.Frame.Requested, made.Frame.Read)) continue;
            if (made.Frame.Detected > 0) CrossingTrace.Span("detect", crossing, made.Frame.DetectorBegan, made.Frame.Detected);
            CrossingTrace.Span("track and count", crossing, made.TrackerBegan, made.Counted);
        }
    }

    /// <summary>The log has ended before its epoch was known.</summary>
    public void Forget() => _waiting.Clear();
}
