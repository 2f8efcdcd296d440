using System.Collections.Concurrent;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Frames;
using TrafficFlow.Core.Segments;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Vision.Recording;

/// <summary>The recorders of this process. Thread-safe.</summary>
/// <param name="store">Null where the node has none.</param>
public sealed class CameraRecorders(ISegmentStore? store, TimeProvider time) : ICameraRecorderFactory
{
    private const string NoVault = "this node has no vault for recordings: set one up (deploy/NODES.md, Recording), or set recording { record = off } in the site file";

    /// <summary>Segments whose store has not returned.</summary>
    private readonly ConcurrentDictionary<CameraId, Task> _leftBehind = new();

    internal RecorderLimits Limits { get; init; } = new();

    public ICameraRecorder Create(CameraSetup camera, DetectorIdentity detector, RecordingOrder order)
    {
        if (store is null) return new NoRecorder(NoVault, order);
        if (Limits.IsTooLarge(camera.Frame))
        {
            return new NoRecorder($"pictures of {camera.Frame.Width}x{camera.Frame.Height} at {camera.Frame.FramesPerSecond:0.#} frames/s do not fit into the memory that a recording may take "
                + $"({Limits.MostBytes >> 20} MB): set a smaller frame {{ … }} for the camera", order);
        }

        // Another one would hang there too, and the store lets nobody write beside it.
        if (_leftBehind.TryGetValue(camera.Id, out var before) && !before.IsCompleted)
            return new NoRecorder("the store of recordings has not returned from an earlier segment: look whether its disk is full, away or failing (dmesg); if it never returns, restart the node", order);
        return new CameraRecorder(camera, detector, order, store, Limits, time, (id, segment) => _leftBehind[id] = segment);
    }

    /// <summary>Has failed before it began, and counts what is lost by that.</summary>
    private sealed class NoRecorder(string reason, RecordingOrder order) : ICameraRecorder
    {
        private readonly Lock _gate = new();
        private readonly OrderedTimes _times = new(order);
        private long _lost;

        public RecorderProgress Progress => RecorderProgress.None with { Lost = Interlocked.Read(ref _lost) };

        public Task<string> Completion { get; } = Task.FromResult(reason);

        public void Observe(AnonymizedFrame frame, IReadOnlyList<Detection>? detections)
        {
            lock (_gate)
            {
                if (_times.Contain(frame.EventTime)) _lost++;
            }
        }

        public void Use(RecordingOrder next)
        {
            lock (_gate) _times.Use(next);
        }

        public void End()
        {
        }

        public void Dispose()
        {
        }
    }
}
