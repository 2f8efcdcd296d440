using TrafficFlow.Core.Geometry;

namespace TrafficFlow.Core.Detection;

public enum DetectedKind
{
    Vehicle = 0,

    /// <summary>A person: never tracked or counted, pixelated in every picture that is shown or written.</summary>
    Person = 1,

    /// <summary>A bicycle or anything else that the model knows and we do not measure.</summary>
    Other = 2,

    /// <summary>
    /// Somebody who may ride a motorcycle, as far as the model tells: followed like a vehicle, and one only when the classifier stage says so. Like a
    /// person pixelated in every picture that is shown or written.
    /// </summary>
    Rider = 3,
}

/// <summary>What the classifier stage says in one picture of a vehicle of its class.</summary>
/// <param name="Class">Unclassified with a weight: it is none of ours, a bicycle for example.</param>
/// <param name="Weight">How sure, 0 (nobody looked) to 1.</param>
public readonly record struct ClassSample(VehicleClass Class, float Weight);

/// <summary>A box, a class and a score in one frame.</summary>
/// <param name="Box">In pixels of the frame.</param>
/// <param name="Score">The model's own confidence, 0..1; comparable only within one model.</param>
/// <param name="Class">Unclassified where the model does not tell vehicles apart.</param>
/// <param name="Colour">What the pixels in the box say of the vehicle's colour; no weight where nobody looked.</param>
public readonly record struct Detection(
    Box Box, float Score, VehicleClass Class, DetectedKind Kind = DetectedKind.Vehicle, ColourSample Colour = default)
{
    /// <summary>What the model says for the other classes too.</summary>
    public ClassScores Scores { get; init; }

    /// <summary>What a second model says of the class, where it had a look.</summary>
    public ClassSample Look { get; init; }

    /// <summary>
    /// A model is unsure of many things, and by night some of them fill half the picture where nothing is: what covers a share of a picture of
    /// this size, in pixels, must be that sure.
    /// </summary>
    public bool IsSureForItsSize(int width, int height) => Box.Area <= Score * width * height;
}
