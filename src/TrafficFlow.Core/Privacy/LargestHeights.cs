using TrafficFlow.Core.Geometry;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Core.Privacy;

/// <summary>What in a picture tells who somebody is.</summary>
public enum IdentifyingKind
{
    /// <summary>The figures of a plate of the usual size (中板, 330 x 165 mm).</summary>
    MediumPlate = 0,

    /// <summary>The figures of a plate of large vehicles (大板, 440 x 220 mm).</summary>
    LargePlate = 1,

    /// <summary>The face of somebody on foot or on a cycle.</summary>
    FaceOnFoot = 2,

    /// <summary>The face of somebody at the wheel of a lorry or bus, which is nearer to the camera.</summary>
    FaceAtWheel = 3,
}

/// <summary>How large such things are, and how high above the road, metres.</summary>
/// <param name="Size">Height of one figure of the plate, or of the face.</param>
/// <param name="Highest">Of its middle above the road; it may be anywhere below.</param>
public readonly record struct IdentifyingThing(IdentifyingKind Kind, double Size, double Highest)
{
    /// <summary>
    /// Plates of 330 x 165 mm and 440 x 220 mm, figures 80 and 120 mm high: forms 1 and 3 of 自動車登録規則 (the sizes of the plates as published at large; the heights of the figures are to be
    /// compared with the forms where the limit is close). Their middles are at most 1.5 m above the road: of rear plates of lorries and buses. A face is 0.23 m high from the hairline to the chin:
    /// an average of 0.20 m and three times its spread of 10 mm. Heads on foot and on cycles are at most 1.9 m high, kerb included; at the wheel of a lorry, on top of a bus, 2.7 m.
    /// </summary>
    public static IReadOnlyList<IdentifyingThing> All { get; } =
    [
        new(IdentifyingKind.MediumPlate, 0.08, 1.5),
        new(IdentifyingKind.LargePlate, 0.12, 1.5),
        new(IdentifyingKind.FaceOnFoot, 0.23, 1.9),
        new(IdentifyingKind.FaceAtWheel, 0.23, 2.7),
    ];

    public bool IsPlate => Kind is IdentifyingKind.MediumPlate or IdentifyingKind.LargePlate;
}

/// <summary>The largest that one kind can be anywhere in the unmasked picture: an upper bound, however it is turned and tilted.</summary>
/// <param name="Pixels">Of the picture as it is processed; 0 where it can be nowhere; infinite where it may come as near to the camera as it likes.</param>
/// <param name="At">Where in the picture; null where it can be nowhere.</param>
/// <param name="DistanceMetres">From the camera to it there.</param>
public sealed record LargestHeight(IdentifyingThing Thing, double Pixels, PicturePoint? At, double DistanceMetres);

/// <summary>How large plates and faces can be in the pictures of one camera.</summary>
/// <param name="Heights">By kind; empty where it cannot be said.</param>
/// <param name="WhyUnknown">With what to do; null where it is known.</param>
public sealed record LargestHeights(CameraId Camera, FrameFormat Frame, IReadOnlyList<LargestHeight> Heights, string? WhyUnknown)
{
    /// <summary>Of the figures of plates, pixels; null where it cannot be said.</summary>
    public double? Plate => Of(h => h.Thing.IsPlate);

    /// <summary>Of faces, pixels; null where it cannot be said.</summary>
    public double? Face => Of(h => !h.Thing.IsPlate);

    public LargestHeight? LargestPlate => Heights.Where(h => h.Thing.IsPlate).MaxBy(h => h.Pixels);

    public LargestHeight? LargestFace => Heights.Where(h => !h.Thing.IsPlate).MaxBy(h => h.Pixels);

    private double? Of(Func<LargestHeight, bool> kind) => Heights.Count == 0 ? null : Heights.Where(kind).Max(h => h.Pixels);
}
