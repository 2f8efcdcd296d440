using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Sites;
using TrafficFlow.Core.Tracking;

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
    bool IsRider = false);

/// <summary>All that one camera says of one frame.</summary>
/// <param name="Tracks">Those that are on the ground plane, confirmed ones only.</param>
public sealed record CameraSight(CameraId Camera, DateTimeOffset Time, IReadOnlyList<LocalTrack> Tracks)
{
    /// <summary>What a camera's pipeline says after a step.</summary>
    public static CameraSight Of(CameraId camera, DateTimeOffset time, PipelineOutput output)
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

        return new CameraSight(camera, time, tracks);
    }

    private static LocalTrack? Of(in TrackView track, bool isRider) => track.Ground is { } ground
        ? new LocalTrack(track.Number, ground, track.IsSeen, track.Class, track.ClassConfidence, track.Colour, track.ColourConfidence, isRider)
        : null;
}
