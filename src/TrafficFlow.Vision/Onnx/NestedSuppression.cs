using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Geometry;

namespace TrafficFlow.Vision.Onnx;

/// <summary>
/// Takes out what overlap over union leaves: a box around two vehicles beside a box around each, a loose box around a surer one, and pieces
/// of a vehicle. A smaller box that is about as sure stays: it may be a vehicle that is half hidden. In place, deterministic.
/// </summary>
internal static class NestedSuppression
{
    /// <summary>Share of the smaller box from which it lies in the larger one.</summary>
    private const float Within = 0.8f;

    /// <summary>The same for the boxes of two vehicles in a box around both.</summary>
    private const float WithinBoth = 0.7f;

    /// <summary>Share of the larger, less sure box that the smaller one has at least where both are the same vehicle: a bus before a car is larger.</summary>
    private const float SameSize = 0.3f;

    /// <summary>Share of a larger box's score below which a smaller box in it is a piece of the same vehicle.</summary>
    private const float PieceScore = 0.5f;

    /// <summary>Two vehicles are themselves about as sure as the box around them, overlap little, and fill it.</summary>
    private const float BothScore = 0.6f;
    private const float BothOverlap = 0.3f;
    private const float BothFill = 0.6f;

    /// <param name="detections">Best first.</param>
    public static void Apply(List<Detection> detections)
    {
        detections.RemoveAll(d => d.Kind == DetectedKind.Vehicle && HoldsTwo(d, detections));
        var kept = 0;
        for (var i = 0; i < detections.Count; i++)
        {
            var candidate = detections[i];
            var isSecond = false;
            for (var k = 0; k < kept && !isSecond; k++) isSecond = IsSecondBox(candidate, detections[k]);
            if (!isSecond) detections[kept++] = candidate;
        }

        detections.RemoveRange(kept, detections.Count - kept);
    }

    private static bool IsSecondBox(in Detection candidate, in Detection better)
    {
        if (candidate.Kind != DetectedKind.Vehicle || better.Kind != DetectedKind.Vehicle) return false;
        var (small, large) = (Math.Min(candidate.Box.Area, better.Box.Area), Math.Max(candidate.Box.Area, better.Box.Area));
        if (candidate.Box.IntersectionWith(better.Box) <= Within * small) return false;
        // A motorcycle in front of a car is within its box, and no piece of it.
        if (candidate.Class == VehicleClass.Motorcycle != (better.Class == VehicleClass.Motorcycle)) return false;
        return candidate.Box.Area > better.Box.Area ? small > SameSize * large : candidate.Score < PieceScore * better.Score;
    }

    private static bool HoldsTwo(in Detection around, List<Detection> detections)
    {
        for (var p = 0; p < detections.Count; p++)
        {
            if (!IsIn(detections[p], around)) continue;
            for (var q = p + 1; q < detections.Count; q++)
            {
                if (!IsIn(detections[q], around)) continue;
                var (a, b) = (detections[p].Box, detections[q].Box);
                if (a.IntersectionOverUnion(b) > BothOverlap) continue;
                if (Filled(around.Box, a) + Filled(around.Box, b) - (a.IntersectionWith(b) / around.Box.Area) > BothFill) return true;
            }
        }

        return false;
    }

    private static bool IsIn(in Detection inner, in Detection around) =>
        inner.Kind == DetectedKind.Vehicle && inner.Box.Area < 0.85f * around.Box.Area && inner.Score >= BothScore * around.Score
        && inner.Box.IntersectionWith(around.Box) > WithinBoth * inner.Box.Area;

    private static float Filled(in Box around, in Box box) => around.IntersectionWith(box) / around.Area;
}
