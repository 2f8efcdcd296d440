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

/// <summary>
/// Says what a camera's crossings and passages mean for the approaches of its site. Pure; one per camera. Where several cameras of the
/// site see the same exit, a vehicle that leaves by it is counted once: with the entry that it came from, by the camera that saw both.
/// Where the site's junction counts journeys, a camera counts only gates that neither enter nor exit.
/// </summary>
public sealed class MovementMapper
{
    private readonly CameraSetup _camera;
    private readonly Dictionary<GateId, Gate> _gates;
    private readonly HashSet<ApproachId> _sharedExits;
    private readonly bool _junctionCounts;

    /// <param name="site">The site of the camera, whose other cameras may see the same exits; null for a camera alone.</param>
    public MovementMapper(CameraSetup camera, Site? site = null)
    {
        _camera = camera;
        _junctionCounts = site?.Junction is not null;
        _gates = camera.Gates.ToDictionary(g => g.Id);
        _sharedExits = [.. ExitsOf(camera).Intersect((site?.Cameras ?? []).Where(c => c.Id != camera.Id).SelectMany(ExitsOf))];
        Feeds = [.. camera.Gates.SelectMany(g => new[] { Feed(g.Forward), Feed(g.Backward) }).Distinct()];
        static ApproachId Feed(GateMeaning? meaning) => meaning?.Approach ?? ApproachId.Gates;
    }

    /// <summary>The approaches that this camera feeds, and that therefore need its coverage.</summary>
    public IReadOnlyList<ApproachId> Feeds { get; }

    /// <summary>
    /// What this camera's gates can tell: entries, exits, each way from an entry to another exit, and both directions of gates that mean
    /// neither.
    /// </summary>
    public IEnumerable<(ApproachId Approach, Movement Movement)> Streams
    {
        get
        {
            var meanings = _camera.Gates.SelectMany(g => new[] { g.Forward, g.Backward }).OfType<GateMeaning>().Distinct().ToList();
            foreach (var meaning in meanings) yield return (meaning.Approach, meaning.Role == GateRole.Enters ? Movement.Entering : Movement.Exiting);
            foreach (var from in meanings.Where(m => m.Role == GateRole.Enters))
            {
                foreach (var to in meanings.Where(m => m.Role == GateRole.Exits && m.Approach != from.Approach))
                    yield return (from.Approach, Movement.To(to.Approach));
            }

            foreach (var gate in _camera.Gates.Where(g => g.Forward is null && g.Backward is null))
            {
                foreach (var direction in Enum.GetValues<CrossingDirection>()) yield return (ApproachId.Gates, Movement.OfGate(_camera.Id, gate.Id, direction));
            }
        }
    }

    /// <summary>Null where another camera sees the same exit: the passage is counted instead. Null too where the junction counts it.</summary>
    public CountedVehicle? Count(Crossing crossing)
    {
        var meaning = Meaning(crossing.Gate, crossing.Direction);
        if (_junctionCounts && meaning is not null) return null;
        if (meaning is { Role: GateRole.Exits } exit && _sharedExits.Contains(exit.Approach)) return null;
        var (approach, movement) = meaning switch
        {
            { Role: GateRole.Enters } m => (m.Approach, Movement.Entering),
            { Role: GateRole.Exits } m => (m.Approach, Movement.Exiting),
            _ => (ApproachId.Gates, Movement.OfGate(crossing.Camera, crossing.Gate, crossing.Direction)),
        };
        return new CountedVehicle(
            _camera.Id, approach, movement, crossing.Time, crossing.Class, crossing.Size, crossing.SpeedKmh);
    }

    /// <summary>The movement, in the bin in which it ended, and the exit where it is shared; nothing where the passage is no movement.</summary>
    public IEnumerable<CountedVehicle> Count(FlowPassage passage)
    {
        if (_junctionCounts) yield break;
        if (Meaning(passage.FromGate, passage.FromDirection) is not { Role: GateRole.Enters } from) yield break;
        if (Meaning(passage.ToGate, passage.ToDirection) is not { Role: GateRole.Exits } to) yield break;
        yield return new CountedVehicle(
            _camera.Id, from.Approach, Movement.To(to.Approach), passage.LeftAt, passage.Class, passage.Size, passage.SpeedKmh);
        if (_sharedExits.Contains(to.Approach))
            yield return new CountedVehicle(_camera.Id, to.Approach, Movement.Exiting, passage.LeftAt, passage.Class, passage.Size, passage.SpeedKmh);
    }

    private static IEnumerable<ApproachId> ExitsOf(CameraSetup camera) =>
        from gate in camera.Gates
        from meaning in new[] { gate.Forward, gate.Backward }
        where meaning is { Role: GateRole.Exits }
        select meaning.Approach;

    private GateMeaning? Meaning(GateId gate, CrossingDirection direction) =>
        _gates.TryGetValue(gate, out var g) ? (direction == CrossingDirection.Forward ? g.Forward : g.Backward) : null;
}
