using System.Collections.Immutable;
using TrafficFlow.Core.Counting;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Junctions;
using TrafficFlow.Core.Junctions.Queues;
using TrafficFlow.Core.Sites;
using TrafficFlow.Core.Tracking;
using TrafficFlow.Core.Tracking.Ground;

namespace TrafficFlow.Core;

/// <summary>
/// Detections -> tracks -> crossings and passages of one camera. Pure: no clock, no I/O; the same input gives the same output to the
/// last bit. `count` and the live node's tracker actor both use this class.
/// </summary>
public sealed class CameraPipeline
{
    private readonly VehicleTracker _tracker;
    private readonly GateCounter _counter;
    private readonly RiderWatch _riders;
    private readonly GroundFollower? _ground;
    private readonly GroundGateWatch? _junction;
    private QueueMeter? _queues;
    private DateTimeOffset? _origin;
    private DateTimeOffset _last;
    private long _frame = -1;

    /// <param name="scores">Of the detector whose detections will come.</param>
    /// <param name="site">Where the site's tracks are joined: then it is also noticed how they pass the other cameras' gates.</param>
    public CameraPipeline(CameraSetup camera, ScoreBands scores, TrackerSettings? tracker = null, GateSettings? gates = null,
        GroundMotionSettings? ground = null, Site? site = null)
    {
        Camera = camera;
        var numbers = new TrackNumbers();
        _tracker = new VehicleTracker(tracker ?? TrackerSettings.Default, scores, camera.Frame, DetectedKind.Vehicle, numbers);
        _riders = new RiderWatch(camera, scores, tracker ?? TrackerSettings.Default, gates ?? GateSettings.Default, numbers);
        _counter = new GateCounter(camera, scores.AreBlobs ? (gates ?? GateSettings.Default).ForBlobs() : gates ?? GateSettings.Default, scores.High);
        _ground = GroundFollower.Of(camera, (gates ?? GateSettings.Default).HoldSeconds, ground ?? GroundMotionSettings.Default);
        if (_ground is null) return;
        _junction = new GroundGateWatch(ground ?? GroundMotionSettings.Default);
        ApplyJunctionOf(site);
    }

    public CameraSetup Camera { get; }

    /// <summary>One frame's detections, in order of event time.</summary>
    /// <param name="frame">Its number, for whoever asks why something was counted; null: they are numbered from 0 as they come here.</param>
    /// <exception cref="ArgumentOutOfRangeException">The time is not after that of the frame before.</exception>
    public void Process(DateTimeOffset eventTime, IReadOnlyList<Detection.Detection> detections, PipelineOutput output, long? frame = null)
    {
        if (_origin is not null && eventTime <= _last)
            throw new ArgumentOutOfRangeException(nameof(eventTime), eventTime, $"frames must come in order of event time; the last was of {_last:O}");
        var origin = _origin ??= eventTime;
        _last = eventTime;
        output.Clear();
        output.Frame = _frame = frame ?? _frame + 1;
        var now = (eventTime - origin).TotalSeconds;
        _tracker.Update(now, detections);
        _ground?.Follow(now, _tracker.Tracks);
        var watermark = _counter.Count(now, _tracker, origin, output, _frame);
        watermark = Math.Min(watermark, _riders.Follow(now, detections, _tracker, _ground, origin, output, _frame));
        output.Watermark = GateCounter.At(origin, watermark);
        if (_junction is not null)
        {
            _junction.Follow(_tracker.Tracks);
            _junction.Follow(_riders.Tracks);
            _junction.Emit(now, origin, output.LocalPassages);
        }

        foreach (var track in _tracker.Tracks)
        {
            if (track.IsConfirmed) output.Tracks.Add(ViewOf(track));
        }

        foreach (var track in _riders.Tracks)
        {
            if (!track.IsConfirmed) continue;
            if (track.Votes.Winner().Class == VehicleClass.Motorcycle) output.Tracks.Add(ViewOf(track));
            else output.Riders.Add(ViewOf(track));
        }

        _queues?.Watch(Camera.Id, now);
        if (_queues?.IsDue(now) ?? false) _queues.Measure(now, output.Tracks.Select(t => QueueCandidate.Of(t)).OfType<QueueCandidate>());
    }

    /// <summary>
    /// The queues that were measured before this event time, by approach and minute; they are forgotten. None without a ground plane, or
    /// where the site's tracks are joined: the junction measures them.
    /// </summary>
    public ImmutableArray<QueueReading> TakeQueues(DateTimeOffset before) =>
        _origin is { } origin && _queues is { } queues ? queues.Take((before - origin).TotalSeconds, origin) : [];

    /// <summary>From now on notices how the tracks pass these gates, where they lie on the ground.</summary>
    public void ApplyJunctionOf(Site? site)
    {
        if (_junction is null) return;
        _junction.Watch(site is null ? [] : GroundGates.Of(site));
        _queues = site is null ? _queues ?? new QueueMeter(GroundGates.Of(Camera)) : null;
    }

    private static TrackView ViewOf(Track track)
    {
        var (colour, confidence) = track.Colours.Winner();
        var (vehicleClass, _, share) = track.Kind();
        return new TrackView(track.Number, track.Box, vehicleClass, track.IsSeen, track.Ground?.State())
        {
            ClassConfidence = share,
            Colour = colour,
            ColourConfidence = confidence,
            Standing = track.Standing,
        };
    }

    /// <summary>The source ended or was interrupted: gives out what is pending and forgets all tracks. Numbers go on.</summary>
    public void Finish(PipelineOutput output)
    {
        output.Clear();
        if (_origin is not { } origin) return;
        _tracker.Clear();
        _counter.Count((_last - origin).TotalSeconds, _tracker, origin, output, _frame);
        _riders.Finish((_last - origin).TotalSeconds, origin, output, _frame);
        output.Watermark = _last;
    }
}
