using TrafficFlow.Core.Detection;

namespace TrafficFlow.Vision.Onnx;

/// <summary>
/// Non-maximum suppression: of boxes of one kind that overlap more than the limit, the best-scored stays. Vehicle classes suppress each
/// other, because one van is often reported as a car and as a truck. In place, deterministic, no allocation.
/// </summary>
internal static class NonMaximumSuppression
{
    private static readonly Comparison<Detection> BestFirst = (a, b) =>
    {
        var byScore = b.Score.CompareTo(a.Score);
        if (byScore != 0) return byScore;
        var byX = a.Box.X.CompareTo(b.Box.X);
        return byX != 0 ? byX : a.Box.Y.CompareTo(b.Box.Y);
    };

    public static void Apply(List<Detection> detections, float limit)
    {
        detections.Sort(BestFirst);
        var kept = 0;
        for (var i = 0; i < detections.Count; i++)
        {
            var candidate = detections[i];
            var covered = false;
            for (var k = 0; k < kept && !covered; k++)
            {
                covered = detections[k].Kind == candidate.Kind && detections[k].Box.IntersectionOverUnion(candidate.Box) > limit;
            }

            if (!covered) detections[kept++] = candidate;
        }

        detections.RemoveRange(kept, detections.Count - kept);
    }
}
