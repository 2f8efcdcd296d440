using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Frames;
using TrafficFlow.Core.Segments;
using TrafficFlow.Core.Sites;
using TrafficFlow.Vision.Privacy;

namespace TrafficFlow.Vision.Recording;

/// <summary>
/// Records one camera on a thread of its own. Frames that it borrowed wait until it is known who was found after them, are coarsened as live pictures are, and go to the encoder one by
/// one: there is no other way from here. It holds so many and no more; what does not fit is lost by the recording.
/// </summary>
internal sealed class CameraRecorder : ICameraRecorder
{
    /// <summary>Without frames: detections are small, but a recorder that hangs must not collect them for ever.</summary>
    private static readonly TimeSpan s_mostQueued = TimeSpan.FromSeconds(120);

    /// <summary>A store that answers is done with a segment that was cut.</summary>
    private static readonly TimeSpan s_leaves = TimeSpan.FromSeconds(1);

    private readonly CameraSetup _camera;
    private readonly DetectorIdentity _detector;
    private readonly ISegmentStore _store;
    private readonly RecorderLimits _limits;
    private readonly TimeProvider _time;
    private readonly Action<CameraId, Task> _leftBehind;
    private readonly LiveCoarsening _coarsening;
    private readonly ShownPicture _shown = new();
    private readonly object _gate = new();
    private readonly Queue<ObservedFrame> _queue = new();
    private readonly Queue<ObservedFrame> _waiting = new();
    private readonly TaskCompletionSource<string> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ITimer _watch;
    private readonly int _mostHeld;
    private readonly int _mostQueued;
    private readonly TimeSpan _gap;
    private readonly OrderedTimes _times;
    private SegmentRecording? _segment;
    private DateTimeOffset? _lastTaken;
    private int _held;
    private bool _isEnding;
    private bool _isClosed;
    private long _segments;
    private long _frames;
    private long _lost;

    /// <param name="leftBehind">Told of a segment that has not ended when the recorder has: its store does not return.</param>
    public CameraRecorder(
        CameraSetup camera, DetectorIdentity detector, RecordingOrder order, ISegmentStore store, RecorderLimits limits, TimeProvider time, Action<CameraId, Task> leftBehind)
    {
        (_camera, _detector, _store, _limits, _time, _leftBehind) = (camera, detector, store, limits, time, leftBehind);
        _times = new OrderedTimes(order);
        _coarsening = new LiveCoarsening(detector, camera.Frame);
        _mostHeld = limits.FramesOf(camera.Frame);
        _mostQueued = (int)Math.Max(600, s_mostQueued.TotalSeconds * camera.Frame.FramesPerSecond);
        _gap = RecorderLimits.GapOf(camera.Frame);
        _watch = time.CreateTimer(_ => Volatile.Read(ref _segment)?.Check(), null, limits.Check, limits.Check);
        new Thread(Run) { IsBackground = true, Name = "recorder" }.Start();
    }

    public Task<string> Completion => _completion.Task;

    public RecorderProgress Progress
    {
        get
        {
            var segment = Volatile.Read(ref _segment);
            var waits = segment?.InStoreFor ?? TimeSpan.Zero;
            lock (_gate) return new RecorderProgress(segment is not null, _segments, _frames, _lost, waits >= _limits.Told ? SegmentRecording.StoreHangs(waits) : "");
        }
    }

    public void Observe(AnonymizedFrame frame, IReadOnlyList<Detection>? detections)
    {
        lock (_gate)
        {
            if (_isEnding) return;
            var isWanted = _times.Contain(frame.EventTime);
            var hasRoom = !_isClosed && _held < _mostHeld && _queue.Count < _mostQueued;
            if (isWanted && !hasRoom) _lost++;
            if (_isClosed || _queue.Count >= _mostQueued) return;
            if (isWanted && hasRoom) _held++;
            _queue.Enqueue(new ObservedFrame(frame.EventTime, isWanted && hasRoom ? frame.Lend() : null, isWanted && !hasRoom, frame.IsDamaged, detections is null ? null : [.. detections]));
            Monitor.Pulse(_gate);
        }
    }

    public void Use(RecordingOrder order)
    {
        lock (_gate) _times.Use(order);
    }

    public void End()
    {
        lock (_gate)
        {
            _isEnding = true;
            Monitor.Pulse(_gate);
        }
    }

    /// <summary>At once: the segment is cut where it stands.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _isClosed = _isEnding = true;
            Monitor.Pulse(_gate);
        }

        Volatile.Read(ref _segment)?.Dispose();
    }

    private void Run()
    {
        var failure = "";
        try
        {
            while (TryTake(out var frame)) Process(frame);
            if (!IsClosed) Flush();
            EndSegment();
        }
        catch (RecordingException e)
        {
            failure = IsClosed ? "" : e.Message;
        }
        catch (Exception e)
        {
            // Whatever it is ends this recorder, and not the process.
            failure = $"the recorder failed: {e.GetBaseException().Message}: look into the node's log";
        }

        CleanUp();
        _completion.TrySetResult(failure);
    }

    private void CleanUp()
    {
        lock (_gate)
        {
            _isClosed = true;
            while (_queue.TryDequeue(out var left)) Lose(left);
            while (_waiting.TryDequeue(out var left)) Lose(left);
        }

        _watch.Dispose();
        _shown.Dispose();
        if (_segment is not { } segment) return;
        segment.Dispose();
        // Whoever records next needs the store's leave.
        if (!((IAsyncResult)segment.Ended).AsyncWaitHandle.WaitOne(s_leaves)) _leftBehind(_camera.Id, segment.Ended);
        Volatile.Write(ref _segment, null);
    }

    /// <summary>Under the gate.</summary>
    private void Lose(in ObservedFrame observed)
    {
        if (observed.Frame is not { } frame) return;
        frame.Dispose();
        _lost++;
    }

    private bool TryTake(out ObservedFrame frame)
    {
        while (true)
        {
            lock (_gate)
            {
                frame = default;
                if (_isClosed) return false;
                if (_queue.TryDequeue(out frame)) return true;
                if (_isEnding) return false;
                if ((_segment is null && _waiting.Count == 0 ? Monitor.Wait(_gate, Timeout.Infinite) : Monitor.Wait(_gate, _gap + TimeSpan.FromSeconds(1))) || _queue.Count > 0) continue;
            }

            // A camera that is away: nobody knows for how long.
            Flush();
            EndSegment();
        }
    }

    private void Process(in ObservedFrame frame)
    {
        // Set back, or away for a while: what follows is another segment.
        if (_lastTaken is { } last && (frame.Time <= last || frame.Time - last > _gap))
        {
            Flush();
            EndSegment();
        }

        _lastTaken = frame.Time;
        if (frame.Detections is { } detections)
        {
            if (_coarsening.IsInterruptedBy(frame.Time)) Flush();
            _coarsening.Observe(frame.Time, detections);
        }

        if (frame.Frame is not null || frame.IsLost) _waiting.Enqueue(frame);
        while (_waiting.TryPeek(out var oldest) && !IsClosed)
        {
            // Where nobody looks for long nothing will be known.
            var isTooOld = frame.Time - oldest.Time > LiveCoarsening.Lag + LiveCoarsening.Lag;
            if (!_coarsening.IsDue(oldest.Time) && !isTooOld) break;
            Show(_waiting.Dequeue(), isWhole: isTooOld && !_coarsening.IsDue(oldest.Time));
        }

        if (_waiting.Count > 0) return;
        _coarsening.Trim();
        if (frame.Frame is null && !frame.IsLost) EndSegment();
    }

    /// <summary>What waits, as a whole: nobody knows who would have been found afterwards.</summary>
    private void Flush()
    {
        while (_waiting.TryDequeue(out var waiting)) Show(waiting, isWhole: true);
    }

    private void Show(in ObservedFrame observed, bool isWhole)
    {
        if (observed.Frame is not { } frame)
        {
            if (_segment is { } open) open.Lost++;
            return;
        }

        var isRecorded = false;
        try
        {
            IndexedFrame indexed;
            SegmentRecording segment;
            using (frame)
            {
                var areas = _coarsening.At(frame.EventTime, isWhole || observed.IsDamaged);
                segment = SegmentFor(frame);
                _shown.Show(frame, areas);
                indexed = new IndexedFrame(frame.EventTime, MarksOf(observed, areas.IsWhole), observed.Detections ?? []);
            }

            // Before the encoder takes its time.
            lock (_gate) _held--;
            segment.Write(_shown, indexed);
            isRecorded = true;
        }
        finally
        {
            lock (_gate)
            {
                if (isRecorded) _frames++;
                else _lost++;
            }
        }
    }

    private SegmentRecording SegmentFor(AnonymizedFrame frame)
    {
        RecordingOrder order;
        lock (_gate) order = _times.Order;
        var format = new FrameFormat(frame.Width, frame.Height, _camera.Frame.FramesPerSecond);
        if (_segment is { } open)
        {
            var start = open.Start;
            if (frame.EventTime - start.From < order.Settings.SegmentLength && frame.EventTime > open.Last && frame.EventTime - open.Last <= _gap
                && start.Frame == format && start.Site == order.Site && start.SiteHash == order.SiteHash) return open;
            EndSegment();
        }

        var next = new SegmentStart(order.Site, _camera.Id, frame.EventTime, format, order.SiteHash, $"{_detector.Name} {_detector.Version}");
        var segment = new SegmentRecording(_store, next, order.Settings, _limits, _time);
        Volatile.Write(ref _segment, segment);
        // Disposed of meanwhile: nobody else would end it.
        if (IsClosed) segment.Dispose();
        return segment;
    }

    private void EndSegment()
    {
        if (_segment is not { Frames: > 0 } segment || IsClosed) return;
        segment.Close(new SegmentEnd(segment.Last + TimeSpan.FromSeconds(1 / _camera.Frame.FramesPerSecond), segment.Frames, segment.Lost));
        Volatile.Write(ref _segment, null);
        lock (_gate) _segments++;
    }

    private bool IsClosed
    {
        get
        {
            lock (_gate) return _isClosed;
        }
    }

    private static IndexedMarks MarksOf(in ObservedFrame frame, bool isWhole) =>
        (isWhole ? IndexedMarks.IsWhole : IndexedMarks.None)
        | (frame.IsDamaged ? IndexedMarks.IsDamaged : IndexedMarks.None)
        | (frame.Detections is null ? IndexedMarks.IsPassedOver : IndexedMarks.None);

    /// <param name="Frame">Null where none was borrowed.</param>
    /// <param name="IsLost">It should have been recorded, and there was no room.</param>
    private readonly record struct ObservedFrame(DateTimeOffset Time, AnonymizedFrame? Frame, bool IsLost, bool IsDamaged, IReadOnlyList<Detection>? Detections);
}
