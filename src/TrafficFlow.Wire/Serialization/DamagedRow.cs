namespace TrafficFlow.Wire.Serialization;

/// <summary>
/// Stands for a row of the journal, or a snapshot, whose bytes are not what was written. Recovery gets it in the row's place: one bad sector
/// must not end an entity. What it means for the history is for the entity to say.
/// </summary>
/// <param name="Manifest">What the row was, as it says itself.</param>
public sealed record DamagedRow(string Manifest, string Reason);
