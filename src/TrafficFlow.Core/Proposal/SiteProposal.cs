using TrafficFlow.Core.Sites;

namespace TrafficFlow.Core.Proposal;

/// <summary>Gates and approaches for a camera that nobody has set up yet; a start to be edited.</summary>
/// <param name="Gates">The strongest stream first; second gates after all first ones. Empty where nothing moved.</param>
/// <param name="Movements">Pairs of gates that vehicles passed one after the other, the most frequent first.</param>
public sealed record SiteProposal(
    IReadOnlyList<Approach> Approaches, IReadOnlyList<ProposedGate> Gates, IReadOnlyList<ProposedMovement> Movements);

/// <param name="Gate">Its forward direction is that of the stream.</param>
/// <param name="IsSecond">It tells where the vehicles of a first gate go, or come from.</param>
public sealed record ProposedGate(Gate Gate, MotionStream Stream, bool IsSecond);

/// <param name="Vehicles">How many paths of the first look passed both gates forward.</param>
public sealed record ProposedMovement(GateId From, GateId To, int Vehicles);
