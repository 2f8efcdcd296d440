namespace TrafficFlow.Core.Proposal;

/// <summary>Vehicles that go one way, and the line on which they are counted best.</summary>
/// <param name="Line">Across their motion.</param>
/// <param name="From">Where the gate begins, pixels along the line from its centre.</param>
/// <param name="To">Where it ends.</param>
/// <param name="Through">Vehicles that pass the gate.</param>
/// <param name="Followers">Vehicles that go the same way and were lost before the gate, or found behind it.</param>
/// <param name="Evidence">How many vehicles' worth of sure passages.</param>
public sealed record MotionStream(
    SectionLine Line, double From, double To, IReadOnlyList<Meeting> Through, IReadOnlyList<MotionPath> Followers, double Evidence)
{
    /// <summary>Where a path passes the gate in the stream's direction.</summary>
    public IEnumerable<Meeting> Passages(MotionPath path) =>
        path.Meet(Line).Where(m => m.Aside >= From && m.Aside <= To && m.Cosine > 0);
}
