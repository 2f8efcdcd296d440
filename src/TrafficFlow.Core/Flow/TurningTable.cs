using TrafficFlow.Core.Counting;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Core.Flow;

/// <summary>Vehicles that came from one approach and left on one exit.</summary>
/// <param name="From">Null where the entry was not seen.</param>
/// <param name="To">Null where the exit was not seen.</param>
public readonly record struct Turning(ApproachId? From, ApproachId? To, VehicleClass Class, int Count);

/// <summary>
/// Which way the vehicles turned, each counted once: with entry and exit where both were seen, else with the one that was. So a row adds up
/// to all that entered by an approach, and a column to all that left on an exit.
/// </summary>
public sealed class TurningTable
{
    private readonly Dictionary<(ApproachId? From, ApproachId? To, VehicleClass Class), int> _counts = [];

    private TurningTable(IReadOnlyList<ApproachId> approaches, IReadOnlyList<ApproachId> exits) => (Approaches, Exits) = (approaches, exits);

    /// <summary>Those with a gate that enters, in the order of the site file's gates.</summary>
    public IReadOnlyList<ApproachId> Approaches { get; }

    /// <summary>Those with a gate that exits.</summary>
    public IReadOnlyList<ApproachId> Exits { get; }

    public IReadOnlyList<VehicleClass> Classes => [.. _counts.Keys.Select(k => k.Class).Distinct().Order()];

    /// <summary>Null where the camera's gates tell no movement: they need entries and exits.</summary>
    public static TurningTable? Of(CameraSetup camera, IReadOnlyCollection<Crossing> crossings, IReadOnlyCollection<FlowPassage> passages)
    {
        var meanings = camera.Gates.SelectMany(g => new[] { g.Forward, g.Backward }).OfType<GateMeaning>().ToList();
        var table = new TurningTable(Arms(GateRole.Enters), Arms(GateRole.Exits));
        if (table.Approaches.Count == 0 || table.Exits.Count == 0) return null;
        var gates = camera.Gates.ToDictionary(g => g.Id);
        var turned = new HashSet<long>();
        foreach (var p in passages)
        {
            if (Meaning(p.FromGate, p.FromDirection) is not { Role: GateRole.Enters } from || Meaning(p.ToGate, p.ToDirection) is not { Role: GateRole.Exits } to) continue;
            turned.Add(p.Track);
            table.Add(from.Approach, to.Approach, p.Class);
        }

        foreach (var c in crossings.Where(c => !turned.Contains(c.Track)))
        {
            if (Meaning(c.Gate, c.Direction) is not { } meaning) continue;
            if (meaning.Role == GateRole.Enters) table.Add(meaning.Approach, null, c.Class);
            else table.Add(null, meaning.Approach, c.Class);
        }

        return table;

        IReadOnlyList<ApproachId> Arms(GateRole role) => [.. meanings.Where(m => m.Role == role).Select(m => m.Approach).Distinct()];

        GateMeaning? Meaning(GateId gate, CrossingDirection direction) =>
            gates.TryGetValue(gate, out var g) ? (direction == CrossingDirection.Forward ? g.Forward : g.Backward) : null;
    }

    /// <summary>All that was counted, in no order.</summary>
    public IEnumerable<Turning> All => _counts.Select(c => new Turning(c.Key.From, c.Key.To, c.Key.Class, c.Value));

    /// <param name="from">Null: those whose entry was not seen.</param>
    /// <param name="to">Null: those whose exit was not seen.</param>
    /// <param name="vehicleClass">Null: of every class.</param>
    public int Count(ApproachId? from, ApproachId? to, VehicleClass? vehicleClass = null) =>
        All.Where(t => t.From == from && t.To == to && (vehicleClass is null || t.Class == vehicleClass)).Sum(t => t.Count);

    private void Add(ApproachId? from, ApproachId? to, VehicleClass vehicleClass)
    {
        var key = (from, to, vehicleClass);
        _counts[key] = _counts.GetValueOrDefault(key) + 1;
    }
}
