using System.Collections.Immutable;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Geometry;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Core.Junctions;

/// <summary>What is on the ground plane of a junction at one instant, once a second of event time: for whoever looks at places rather than at journeys.</summary>
/// <param name="Time">Event time.</param>
/// <param name="Vehicles">Those that have moved since they were first seen; what has stood all the while is not among them.</param>
/// <param name="Cameras">All that have given a frame.</param>
public sealed record JunctionScene(DateTimeOffset Time, ImmutableArray<SceneVehicle> Vehicles, ImmutableArray<SceneCamera> Cameras);

/// <summary>One vehicle of a <see cref="JunctionScene"/>.</summary>
/// <param name="Number">The same from scene to scene.</param>
/// <param name="Place">Its middle, metres.</param>
/// <param name="VelocityX">Metres per second to the east, smoothed.</param>
/// <param name="VelocityY">The same, to the north.</param>
/// <param name="FacingX">Unit vector of where its front points, to the east.</param>
/// <param name="FacingY">The same, to the north.</param>
/// <param name="LengthMetres">Zero where it is not known.</param>
/// <param name="SeenAt">When a camera saw it last.</param>
/// <param name="Cameras">Whose tracks of it have not ended.</param>
public readonly record struct SceneVehicle(
    long Number, GroundPoint Place, double VelocityX, double VelocityY, double FacingX, double FacingY, double LengthMetres, VehicleClass Class, DateTimeOffset SeenAt,
    ImmutableArray<CameraId> Cameras)
{
    /// <summary>Somebody on two wheels who is no vehicle: in the way of those behind, and no more.</summary>
    public bool IsRider { get; init; }

    /// <summary>Metres per second.</summary>
    public double Speed => Math.Sqrt((VelocityX * VelocityX) + (VelocityY * VelocityY));

    public double SpeedKmh => Speed * 3.6;
}

/// <summary>Whether a camera watches.</summary>
/// <param name="FrameAt">Of its last frame.</param>
/// <param name="TrackAt">When it last had any vehicle or rider in view; null where it never had.</param>
/// <param name="IsDegraded">Something is wrong with what it sees: it has moved, or is dirty or dark.</param>
public readonly record struct SceneCamera(CameraId Camera, DateTimeOffset FrameAt, DateTimeOffset? TrackAt, bool IsDegraded);
