using TrafficFlow.Core.Counting;
using TrafficFlow.Core.Geometry;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Core.Junctions.Queues;

/// <summary>The entering gates of a site on the ground: before which one a vehicle is, and how far.</summary>
internal sealed class EntryLines
{
    private readonly List<(ApproachId Approach, GateLine Line)> _lines;
    private readonly ILookup<ApproachId, CameraId> _cameras;
    private readonly double _leastCosine;

    public EntryLines(IEnumerable<GroundGate> gates, double angleDegrees)
    {
        var entering = gates.Where(g => g.Role == GateRole.Enters).ToList();
        _lines = [.. entering.Select(g => (g.Approach, g.Line))];
        _cameras = entering.ToLookup(g => g.Approach, g => g.Camera);
        _leastCosine = Math.Cos(angleDegrees * Math.PI / 180);
        Approaches = [.. _lines.Select(l => l.Approach).Distinct()];
    }

    public IReadOnlyList<ApproachId> Approaches { get; }

    /// <summary>Those that have an entering gate of the approach in view.</summary>
    public IEnumerable<CameraId> CamerasOf(ApproachId approach) => _cameras[approach];

    /// <summary>The nearest gate that the vehicle has before it and faces, and the way to it from the vehicle's middle in metres; null where there is none.</summary>
    public (ApproachId Approach, double Metres)? Before(in QueueCandidate vehicle)
    {
        (ApproachId Approach, double Metres)? nearest = null;
        foreach (var (approach, line) in _lines)
        {
            var side = line.Side(vehicle.Place.X, vehicle.Place.Y);
            if (side >= 0 || Cosine(line, vehicle) < _leastCosine) continue;
            var metres = Distance(line, vehicle.Place, side);
            if (nearest is null || metres < nearest.Value.Metres) nearest = (approach, metres);
        }

        return nearest;
    }

    /// <summary>Of the angle between the vehicle and the way over the gate.</summary>
    private static double Cosine(in GateLine line, in QueueCandidate vehicle) =>
        line.Side(vehicle.Place.X + vehicle.FacingX, vehicle.Place.Y + vehicle.FacingY) - line.Side(vehicle.Place.X, vehicle.Place.Y);

    private static double Distance(in GateLine line, GroundPoint place, double side)
    {
        var along = line.Along(place.X, place.Y);
        var beside = along < 0 ? -along : Math.Max(0, along - line.Length);
        return Math.Sqrt((side * side) + (beside * beside));
    }
}
