using TrafficFlow.Core.Counting;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Core.Flow;

/// <summary>One vehicle to be added to one stream of one approach: what the aggregator counts.</summary>
public sealed record CountedVehicle(
    CameraId Camera,
    ApproachId Approach,
    Movement Movement,
    DateTimeOffset Time,
    VehicleClass Class,
    VehicleSize Size,
    double? SpeedKmh);

/// <summary>Says what a camera's crossings and passages mean for the approaches of its site. Pure; one per camera.</summary>
public sealed class MovementMap
{
    private readonly CameraSetup _camera;
    private readonly Dictionary<GateId, Gate> _gates;

    public MovementMap(CameraSetup camera)
    {
        _camera = camera;
        _gates = camera.Gates.ToDictionary(g => g.Id);
        Feeds = [.. camera.Gates.SelectMany(g => new[] { Feed(g.Forward), Feed(g.Backward) }).Distinct()];
        static ApproachId Feed(GateMeaning? meaning) => meaning?.Approach ?? ApproachId.Gates;
    }

    /// <summary>The approaches that this camera feeds, and that therefore need its coverage.</summary>
    public IReadOnlyList<ApproachId> Feeds { get; }

    public CountedVehicle Count(Crossing crossing)
    {
        var meaning = Meaning(crossing.Gate, crossing.Direction);
        var (approach, movement) = meaning switch
        {
            { Role: GateRole.Enters } m => (m.Approach, Movement.Entering),
            { Role: GateRole.Exits } m => (m.Approach, Movement.Exiting),
            _ => (ApproachId.Gates, Movement.OfGate(crossing.Camera, crossing.Gate, crossing.Direction)),
        };
        return new CountedVehicle(
            _camera.Id, approach, movement, crossing.Time, crossing.Class, crossing.Size, crossing.SpeedKmh);
    }

    /// <summary>Null where the passage does not lead from an approach to an exit. A movement belongs to the bin in which it ended.</summary>
    public CountedVehicle? Count(FlowPassage passage) =>
        Meaning(passage.FromGate, passage.FromDirection) is { Role: GateRole.Enters } from
        && Meaning(passage.ToGate, passage.ToDirection) is { Role: GateRole.Exits } to
            ? new CountedVehicle(
                _camera.Id, from.Approach, Movement.To(to.Approach), passage.LeftAt, passage.Class, passage.Size, null)
            : null;

    private GateMeaning? Meaning(GateId gate, CrossingDirection direction) =>
        _gates.TryGetValue(gate, out var g) ? (direction == CrossingDirection.Forward ? g.Forward : g.Backward) : null;
}
