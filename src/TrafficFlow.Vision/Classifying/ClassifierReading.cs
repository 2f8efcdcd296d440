using TrafficFlow.Core.Detection;

namespace TrafficFlow.Vision.Classifying;

/// <summary>What a second model's boxes say of a first model's find. Pure.</summary>
internal sealed class ClassifierReading(float same)
{
    public ClassSample Of(in Detection detection, List<Detection> found)
    {
        ClassSample best = default;
        foreach (var other in found)
        {
            if (other.Score <= best.Weight || !IsSame(detection, other)) continue;
            best = other.Kind switch
            {
                DetectedKind.Vehicle => new ClassSample(other.Class, other.Score),
                // A bicycle speaks against a motorcycle.
                DetectedKind.Other or DetectedKind.Rider => new ClassSample(VehicleClass.Unclassified, other.Score),
                _ => best,
            };
        }

        return best;
    }

    private bool IsSame(in Detection detection, in Detection other)
    {
        var common = detection.Box.IntersectionWith(other.Box);
        if (detection.Kind != DetectedKind.Rider) return common > same * (detection.Box.Area + other.Box.Area - common);
        // A motorcycle's box may leave its rider out, or a rider's box the wheels.
        return common > same * Math.Min(detection.Box.Area, other.Box.Area) && other.Box.Area < 4 * detection.Box.Area && detection.Box.Area < 5 * other.Box.Area;
    }
}
