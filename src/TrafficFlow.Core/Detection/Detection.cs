using TrafficFlow.Core.Geometry;

namespace TrafficFlow.Core.Detection;

public enum DetectedKind
{
    Vehicle = 0,

    /// <summary>A person: never tracked or counted, pixelated in every picture that is shown or written.</summary>
    Person = 1,

    /// <summary>A bicycle or anything else that the model knows and we do not measure.</summary>
    Other = 2,
}

/// <summary>A box, a class and a score in one frame.</summary>
/// <param name="Box">In pixels of the frame.</param>
/// <param name="Score">The model's own confidence, 0..1; comparable only within one model.</param>
/// <param name="Class">Unclassified where the model does not tell vehicles apart.</param>
/// <param name="Colour">What the pixels in the box say of the vehicle's colour; no weight where nobody looked.</param>
public readonly record struct Detection(
    Box Box, float Score, VehicleClass Class, DetectedKind Kind = DetectedKind.Vehicle, ColourSample Colour = default);
