using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Sites;
using TrafficFlow.Core.Tracking;
using TrafficFlow.Core.Tracking.Ground;

namespace TrafficFlow.Core.Junctions;

/// <summary>Names one camera's track within that camera's present run.</summary>
public readonly record struct LocalTrackId(CameraId Camera, long Number);

/// <summary>What one camera says of one vehicle in one frame.</summary>
/// <param name="IsSeen">A detection supported it in this very frame; else the camera's tracker predicts it.</param>
/// <param name="ClassConfidence">Share of the track's votes, 0..1.</param>
/// <param name="IsRider">Somebody on two wheels: a vehicle only where its class says motorcycle.</param>
public readonly record struct LocalTrack(
    long Number,
    GroundState State,
    bool IsSeen,
    VehicleClass Class,
    double ClassConfidence,
    VehicleColour Colour = VehicleColour.Unknown,
    double ColourConfidence = 0,
    bool IsRider = false)
{
    /// <summary>How well its camera has seen it so far.</summary>
    public TrackStanding Standing { get; init; }
}

/// <summary>How one camera's track passed a gate of the site, seen from some time later: it lags behind nothing.</summary>
/// <param name="Time">Event time.</param>
/// <param name="SpeedErrorKmh">Standard deviation, the calibration's error included.</param>
/// <param name="Acceleration">Metres per second squared.</param>
public readonly record struct LocalPassage(
    long Track, GateRole Role, ApproachId Approach, DateTimeOffset Time, double SpeedKmh, double SpeedErrorKmh, double Acceleration);

/// <summary>All that one camera says of one frame.</summary>
/// <param name="Tracks">Those that are on the ground plane, confirmed ones only.</param>
public sealed record CameraObservation(CameraId Camera, DateTimeOffset Time, IReadOnlyList<LocalTrack> Tracks)
{
    /// <summary>Something is wrong with what this camera sees: it has moved, or is dirty or dark.</summary>
    public bool IsDegraded { get; init; }

    /// <summary>Number of the frame, as its camera counts.</summary>
    public long Frame { get; init; }

    /// <summary>Became known with this frame; their time lies a moment before it.</summary>
    public IReadOnlyList<LocalPassage> Passages { get; init; } = [];

    /// <summary>What a camera's pipeline says after a step.</summary>
    public static CameraObservation Of(CameraId camera, DateTimeOffset time, PipelineOutput output)
    {
        var tracks = new List<LocalTrack>(output.Tracks.Count);
        foreach (var track in output.Tracks)
        {
            if (Of(track, isRider: false) is { } seen) tracks.Add(seen);
        }

        foreach (var rider in output.Riders)
        {
            if (Of(rider, isRider: true) is { } seen) tracks.Add(seen);
        }

        return new CameraObservation(camera, time, tracks) { Frame = output.Frame, Passages = output.LocalPassages.Count == 0 ? [] : [.. output.LocalPassages] };
    }

    private static LocalTrack? Of(in TrackView track, bool isRider) => track.Ground is { } ground
        ? new LocalTrack(track.Number, ground, track.IsSeen, track.Class, track.ClassConfidence, track.Colour, track.ColourConfidence, isRider) { Standing = track.Standing }
        : null;
}
