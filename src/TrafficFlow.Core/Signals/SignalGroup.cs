using System.Collections.Immutable;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Core.Signals;

/// <summary>Lamps that always show the same: a signal group (信号灯器群) of one approach.</summary>
/// <param name="Approach">The arm on which its vehicles arrive; of a group for people on foot, the arm that they cross.</param>
/// <param name="Movements">Those that it controls; none for people on foot.</param>
public sealed record SignalGroup(string Name, ApproachId Approach, ImmutableArray<Movement> Movements)
{
    public bool IsForPedestrians => Movements.IsDefaultOrEmpty;

    public bool Equals(SignalGroup? other) =>
        other is not null && Name == other.Name && Approach == other.Approach && Movements.AsSpan().SequenceEqual(other.Movements.AsSpan());

    public override int GetHashCode() => HashCode.Combine(Name, Approach, Movements.Length);
}
