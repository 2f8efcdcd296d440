using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Sites;
using TrafficFlow.Core.Tracking;
using TrafficFlow.Core.Tracking.Ground;

namespace TrafficFlow.Core.Counting;

/// <summary>
/// Follows who may ride a motorcycle beside the vehicles. The classifier stage decides late, often behind the gate, so everybody on two wheels is
/// followed from the start, and what crossed a gate is counted when the looks have said motorcycle. Bicycles and pedestrians drop out.
/// </summary>
internal sealed class RiderWatch(CameraSetup camera, ScoreBands scores, TrackerSettings tracker, GateSettings gates, TrackNumbers numbers)
{
    /// <summary>Overlap (over union) from which rider and vehicle are the same thing, seen twice.</summary>
    private const float Same = 0.4f;

    private readonly VehicleTracker _tracker = new(
        tracker,
        // A rider's score is split over person, bicycle and vehicle: half of a vehicle's is sure.
        scores with { High = scores.High / 2, New = scores.New / 2 },
        camera.Frame,
        DetectedKind.Rider,
        numbers);

    private readonly GateCounter _counter = new(camera, gates, scores.High / 2);
    private readonly PipelineOutput _output = new();
    private readonly List<Detection.Detection> _riders = [];
    private bool _isInUse;

    public ReadOnlySpan<Track> Tracks => _tracker.Tracks;

    /// <summary>Takes one step, after the vehicles' tracker, and adds the motorcycles' crossings to the output.</summary>
    /// <param name="ground">Null where the camera has no ground plane.</param>
    /// <returns>Seconds up to which everything was given out.</returns>
    public double Follow(
        double now, IReadOnlyList<Detection.Detection> detections, VehicleTracker vehicles, GroundFollower? ground, DateTimeOffset origin, PipelineOutput output, long frame)
    {
        _riders.Clear();
        for (var d = 0; d < detections.Count; d++)
        {
            if (detections[d].Kind == DetectedKind.Rider && detections[d].IsSureForItsSize(camera.Frame.Width, camera.Frame.Height) && !IsVehicle(detections[d], vehicles)) _riders.Add(detections[d]);
        }

        _isInUse |= _riders.Count > 0;
        if (!_isInUse) return now;
        _tracker.Update(now, _riders);
        ground?.Follow(now, _tracker.Tracks);
        return Emit(now, origin, output, frame);
    }

    /// <summary>Ends every track and gives out what is pending.</summary>
    public void Finish(double now, DateTimeOffset origin, PipelineOutput output, long frame)
    {
        if (!_isInUse) return;
        _tracker.Clear();
        Emit(now, origin, output, frame);
    }

    private double Emit(double now, DateTimeOffset origin, PipelineOutput output, long frame)
    {
        _output.Clear();
        var watermark = _counter.Count(now, _tracker, origin, _output, frame);
        foreach (var crossing in _output.Crossings)
        {
            if (crossing.Class == VehicleClass.Motorcycle) output.Crossings.Add(crossing with { Evidence = AsRider(crossing.Evidence) });
        }

        foreach (var passage in _output.Passages)
        {
            if (passage.Class == VehicleClass.Motorcycle) output.Passages.Add(passage with { From = AsRider(passage.From), To = AsRider(passage.To) });
        }

        GateCounter.Sort(output);
        return watermark;
    }

    private static CrossingEvidence? AsRider(CrossingEvidence? evidence) =>
        evidence is null ? null : evidence with { Reasons = evidence.Reasons | CrossingReasons.FollowedAsRider };

    private static bool IsVehicle(in Detection.Detection rider, VehicleTracker vehicles)
    {
        foreach (var track in vehicles.Tracks)
        {
            if (track.IsConfirmed && track.Box.IntersectionOverUnion(rider.Box) > Same) return true;
        }

        return false;
    }
}
