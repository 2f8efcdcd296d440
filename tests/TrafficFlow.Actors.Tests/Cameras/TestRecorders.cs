using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Frames;
using TrafficFlow.Core.Segments;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Actors.Tests.Cameras;

/// <summary>Recorders that do what the test says, and tell what they were shown.</summary>
internal sealed class TestRecorders : ICameraRecorderFactory
{
    private readonly List<TestRecorder> _made = [];

    public IReadOnlyList<TestRecorder> Made
    {
        get
        {
            lock (_made) return [.. _made];
        }
    }

    /// <summary>Done to each as it is made, with its number from 1.</summary>
    public Action<TestRecorder, int> Making { get; init; } = (_, _) => { };

    public ICameraRecorder Create(CameraSetup camera, DetectorIdentity detector, RecordingOrder order)
    {
        var recorder = new TestRecorder(detector, order);
        lock (_made)
        {
            _made.Add(recorder);
            Making(recorder, _made.Count);
        }

        return recorder;
    }
}

internal sealed class TestRecorder(DetectorIdentity detector, RecordingOrder order) : ICameraRecorder
{
    private readonly TaskCompletionSource<string> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<long> _frames = [];
    private volatile RecorderProgress _progress = RecorderProgress.None;

    public DetectorIdentity Detector => detector;

    public RecordingOrder Order { get; private set; } = order;

    public RecorderProgress Progress
    {
        get => _progress;
        set => _progress = value;
    }

    public Task<string> Completion => _completion.Task;

    /// <summary>Of a recorder that hangs: it is asked to end, and does not.</summary>
    public bool Hangs { get; set; }

    public bool IsAskedToEnd { get; private set; }

    public bool IsDisposed { get; private set; }

    public IReadOnlyList<long> Frames
    {
        get
        {
            lock (_frames) return [.. _frames];
        }
    }

    public void Observe(AnonymizedFrame frame, IReadOnlyList<Detection>? detections)
    {
        lock (_frames) _frames.Add(frame.Index);
    }

    public void Use(RecordingOrder next) => Order = next;

    public void End()
    {
        IsAskedToEnd = true;
        if (!Hangs) _completion.TrySetResult("");
    }

    public void Fail(string reason) => _completion.TrySetResult(reason);

    public void Dispose()
    {
        IsDisposed = true;
        _completion.TrySetResult("");
    }
}
