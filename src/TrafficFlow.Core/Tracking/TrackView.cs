using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Geometry;
using TrafficFlow.Core.Tracking.Ground;

namespace TrafficFlow.Core.Tracking;

/// <summary>A track as it stands after a frame, for drawing and inspection.</summary>
/// <param name="Box">In pixels of the frame; predicted when <paramref name="IsSeen"/> is false.</param>
/// <param name="IsSeen">A detection supported the track in this very frame.</param>
/// <param name="Ground">Null where the camera has no ground plane, or the vehicle's place has no ground.</param>
public readonly record struct TrackView(long Number, Box Box, VehicleClass Class, bool IsSeen, GroundState? Ground = null)
{
    /// <summary>Share of the track's weighted class votes that went to <see cref="Class"/>, 0..1.</summary>
    public double ClassConfidence { get; init; }

    public VehicleColour Colour { get; init; }

    /// <summary>How well it has been seen so far.</summary>
    public TrackStanding Standing { get; init; }

    /// <summary>Share of the track's weighted colour votes that went to <see cref="Colour"/>, 0..1.</summary>
    public double ColourConfidence { get; init; }
}
