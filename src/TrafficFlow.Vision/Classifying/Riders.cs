using TrafficFlow.Core.Detection;

namespace TrafficFlow.Vision.Classifying;

/// <summary>
/// Names who may ride a motorcycle: whom the first model calls something else on wheels, or a person. One box a rider, and none where the
/// first model is sure of a vehicle.
/// </summary>
internal static class Riders
{
    private const float Same = 0.45f;

    /// <summary>A rider on a machine is higher than wide, but not as slender as somebody who walks.</summary>
    private const float MostSlender = 3.2f;

    public static void Name(List<Detection> detections, ScoreBands scores)
    {
        for (var d = 0; d < detections.Count; d++)
        {
            var detection = detections[d];
            if (detection.Kind is not (DetectedKind.Other or DetectedKind.Person) || detection.Score < scores.Low) continue;
            if (detection.Box.Height > MostSlender * detection.Box.Width || IsTold(d, detections, scores)) continue;
            detections[d] = detection with { Kind = DetectedKind.Rider };
        }
    }

    /// <summary>A better box tells the same one.</summary>
    private static bool IsTold(int index, List<Detection> detections, ScoreBands scores)
    {
        var box = detections[index].Box;
        for (var d = 0; d < detections.Count; d++)
        {
            if (d == index || box.IntersectionOverUnion(detections[d].Box) < Same) continue;
            if (detections[d].Kind == DetectedKind.Rider) return true;
            if (detections[d].Kind == DetectedKind.Vehicle && detections[d].Score >= scores.High) return true;
        }

        return false;
    }
}
