using TrafficFlow.Core;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Scene;
using TrafficFlow.Core.Sites;
using TrafficFlow.Roadside.Evidence;

namespace TrafficFlow.Roadside.Cameras;

/// <summary>Takes what a camera counted and covered, in the order in which it is to be stored.</summary>
internal interface ICountSink
{
    void Add(CountedVehicle vehicle);

    /// <param name="evidence">Why it is counted; null where that is not known.</param>
    void Add(CountedVehicle vehicle, CountEvidence? evidence) => Add(vehicle);
    void Add(Coverage coverage);
}

/// <summary>
/// Frame by frame: detections to counted vehicles and coverage of one camera. Pure: no clock, no actor. Coverage never spans a gap and
/// follows every count that lies in it.
/// </summary>
internal sealed class CameraCounter(Site site, CameraSetup camera, ScoreBands scores, CameraPolicy policy, ICountSink sink)
{
    private Site _site = site;
    private MovementMapper _movements = new(camera, site);
    private readonly TimeSpan _period = TimeSpan.FromSeconds(1 / camera.Frame.FramesPerSecond);
    private CameraPipeline? _pipeline;
    private DateTimeOffset _from;
    private DateTimeOffset _last;
    private DateTimeOffset _lossFrom;
    private int _processed;
    private long _droppedBefore;
    private long _droppedNow;
    private bool _isPictureDegraded;
    private long _frame = -1;

    public PipelineOutput Output { get; } = new();

    /// <summary>How often tracks began anew: their numbers hold within one of these.</summary>
    public int Beginnings { get; private set; }

    /// <param name="detections">Null where nobody looked: the frame counts as watched, and its tracks go on in the next one.</param>
    /// <param name="dropped">Frames dropped since the source was opened.</param>
    /// <param name="scene">What is thought of the camera's scene: where it is not as calibrated, coverage is degraded.</param>
    /// <param name="isDamaged">The decoder complained of the picture: coverage is degraded too.</param>
    /// <returns>False where the frame's time is not after the last one's: it was not processed.</returns>
    public bool Process(DateTimeOffset eventTime, IReadOnlyList<Detection>? detections, long dropped, in SceneVerdict scene = default, bool isDamaged = false)
    {
        if (_pipeline is not null)
        {
            // Backwards by more than a gap: the source's clock was set. Less: a stray frame.
            if (eventTime - _last > policy.Gap || _last - eventTime > policy.Gap) Interrupt();
            else if (eventTime <= _last) return false;
        }

        if (_pipeline is null) Begin(eventTime, dropped);
        _last = eventTime;
        _droppedNow = dropped;
        _processed++;
        _frame++;
        _isPictureDegraded |= scene.IsDegraded || isDamaged;
        if (detections is null) return true;
        _pipeline!.Process(eventTime, detections, Output, _frame);
        EmitCounts();
        if (Output.Watermark - _from >= policy.CoverageInterval) Cover(Output.Watermark);
        return true;
    }

    /// <summary>Other cameras of the site have changed: which exits are shared may have too.</summary>
    public void ApplySite(Site changed)
    {
        _site = changed;
        _movements = new MovementMapper(camera, changed);
        _pipeline?.ApplyJunctionOf(JunctionSite);
    }

    private Site? JunctionSite => _site.Junction is null ? null : _site;

    /// <summary>The source ended or was interrupted: gives out what is pending. What follows begins anew.</summary>
    public void Interrupt()
    {
        if (_pipeline is null) return;
        _pipeline.Finish(Output);
        EmitCounts();
        // The last picture stands for its own frame period too; without it a whole minute of video would seem a frame short.
        Cover(_last + _period);
        _pipeline = null;
    }

    private void Begin(DateTimeOffset eventTime, long dropped)
    {
        _pipeline = new CameraPipeline(camera, scores, site: JunctionSite);
        Beginnings++;
        _from = _lossFrom = eventTime;
        _processed = 0;
        _droppedBefore = _droppedNow = dropped;
    }

    private void EmitCounts()
    {
        foreach (var crossing in Output.Crossings)
            if (_movements.Count(crossing) is { } vehicle) sink.Add(vehicle, new CrossingCounted(crossing));
        foreach (var passage in Output.Passages)
            foreach (var vehicle in _movements.Count(passage)) sink.Add(vehicle, new PassageCounted(passage));
    }

    private void Cover(DateTimeOffset to)
    {
        if (to <= _from) return;
        var dropped = (int)(_droppedNow - _droppedBefore);
        // Frames that never reached the reader are lost as well, though no reader counted them.
        var due = Math.Max((_last + _period - _lossFrom) / _period, _processed + dropped);
        var state = due - _processed > policy.DegradedLoss * due || _isPictureDegraded ? WatchState.Degraded : WatchState.Watching;
        sink.Add(new Coverage(camera.Id, _from, to, _processed, dropped, state) { Queues = _pipeline!.TakeQueues(to) });
        _from = to;
        _lossFrom = _last + _period;
        _processed = 0;
        _isPictureDegraded = false;
        _droppedBefore = _droppedNow;
    }
}
