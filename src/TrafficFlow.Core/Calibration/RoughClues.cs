using TrafficFlow.Core.Geometry;

namespace TrafficFlow.Core.Calibration;

/// <summary>What is known of a road that nobody surveyed.</summary>
/// <param name="LaneLines">Lines along the lanes, neighbours one lane width apart, in order across the road; none or two and more.</param>
/// <param name="LaneWidthMetres">Between two neighbouring lines.</param>
/// <param name="Vehicles">Passing vehicles as they were seen.</param>
/// <param name="FieldOfViewDegrees">Of the camera from left to right, where it is known; null takes that of an ordinary one.</param>
public sealed record RoughClues(
    IReadOnlyList<LaneLine> LaneLines, double LaneWidthMetres, IReadOnlyList<SeenVehicle> Vehicles, double? FieldOfViewDegrees = null);

/// <summary>A straight line on the road along the traffic, by two places in the picture.</summary>
public sealed record LaneLine(PicturePoint From, PicturePoint To);

/// <summary>The box of a vehicle in the picture, in fractions, and the way that its lower middle went.</summary>
public sealed record SeenVehicle(double Left, double Top, double Right, double Bottom, double MovedX, double MovedY, VehicleSizes Sizes)
{
    public PicturePoint Foot => new((Left + Right) / 2, Bottom);
}

/// <summary>Mean outer measures of a kind of vehicle, and by how much single ones differ (a share).</summary>
public sealed record VehicleSizes(double Length, double Width, double Height, double Spread)
{
    /// <summary>Passenger cars on European and Japanese roads: most are 3.9 to 4.8 m long.</summary>
    public static readonly VehicleSizes Car = new(4.35, 1.77, 1.52, 0.1);

    /// <summary>Whatever drives, where nobody tells cars from lorries.</summary>
    public static readonly VehicleSizes Any = new(4.6, 1.82, 1.65, 0.2);
}

/// <summary>A ground plane from clues instead of a survey.</summary>
/// <param name="Points">Places in the picture and where they lie, metres from the point under the camera, y away from it: to be written as `ground`.</param>
/// <param name="RelativeError">One standard deviation of any length on the ground, as a share.</param>
/// <param name="ErrorMetres">The same for places among the points.</param>
public sealed record RoughFit(
    IReadOnlyList<GroundReference> Points, double RelativeError, double ErrorMetres, double HeightMetres, double TiltDegrees, double FieldOfViewDegrees);
