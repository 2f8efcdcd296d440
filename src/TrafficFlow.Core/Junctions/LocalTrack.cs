using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Sites;
using TrafficFlow.Core.Tracking;

namespace TrafficFlow.Core.Junctions;

/// <summary>Names one camera's track within that camera's present run.</summary>
public readonly record struct LocalTrackId(CameraId Camera, long Number);

/// <summary>What one camera says of one vehicle in one frame.</summary>
/// <param name="IsSeen">A detection supported it in this very frame; else the camera's tracker predicts it.</param>
/// <param name="ClassConfidence">Share of the track's votes, 0..1.</param>
public readonly record struct LocalTrack(
    long Number,
    GroundState State,
    bool IsSeen,
    VehicleClass Class,
    double ClassConfidence,
    VehicleColour Colour = VehicleColour.Unknown,
    double ColourConfidence = 0);

/// <summary>All that one camera says of one frame.</summary>
/// <param name="Tracks">Those that are on the ground plane, confirmed ones only.</param>
public sealed record CameraSight(CameraId Camera, DateTimeOffset Time, IReadOnlyList<LocalTrack> Tracks);
