using TrafficFlow.Core.Counting;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Core.Flow;

/// <summary>
/// Which stream of an approach is counted: everything that enters by it ("entering"), everything that leaves on it ("exiting"), or the
/// vehicles that go from it to one exit ("to NAME"). Crossings of gates that mean neither are "GATE forward|backward" of
/// <see cref="ApproachId.Gates"/>.
/// </summary>
public readonly record struct Movement(string Name) : IComparable<Movement>
{
    public static readonly Movement Entering = new("entering");
    public static readonly Movement Exiting = new("exiting");

    public static Movement To(ApproachId exit) => new($"to {exit.Value}");

    public static Movement OfGate(CameraId camera, GateId gate, CrossingDirection direction) =>
        new($"{camera.Value} {gate.Value} {(direction == CrossingDirection.Forward ? "forward" : "backward")}");

    /// <summary>Whether a name is one of a movement.</summary>
    public static bool IsName(string name) => name.Split(' ') switch
    {
        ["entering" or "exiting"] => true,
        ["to", var exit] => NameRule.IsKnown(exit),
        [var camera, var gate, "forward" or "backward"] => NameRule.IsKnown(camera) && IsGate(gate),
        _ => false,
    };

    /// <summary>A junction's gates are called CAMERA/GATE.</summary>
    private static bool IsGate(string gate) => gate.Split('/') is { Length: 1 or 2 } parts && parts.All(p => NameRule.IsKnown(p));

    public int CompareTo(Movement other) => string.CompareOrdinal(Name, other.Name);

    public override string ToString() => Name;
}
