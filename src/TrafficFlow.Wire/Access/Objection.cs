namespace TrafficFlow.Wire.Access;

/// <summary>Why a message is dropped.</summary>
/// <param name="Text">Goes on after "Dropped a message of PEER to ACTOR: ".</param>
/// <param name="IsUsual">Honest nodes send it now and then too, because they heard of a change first: only one that does not stop is told.</param>
internal sealed record Objection(string Text, bool IsUsual = false);
