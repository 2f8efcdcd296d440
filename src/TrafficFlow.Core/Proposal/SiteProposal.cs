using TrafficFlow.Core.Sites;

namespace TrafficFlow.Core.Proposal;

/// <summary>Gates and approaches for a camera that nobody has set up yet; a start to be edited.</summary>
/// <param name="Gates">The strongest stream first; second gates after all first ones. Empty where nothing moved.</param>
/// <param name="Movements">Pairs of gates that vehicles passed one after the other, the most frequent first.</param>
public sealed record SiteProposal(
    IReadOnlyList<Approach> Approaches, IReadOnlyList<ProposedGate> Gates, IReadOnlyList<ProposedMovement> Movements);

/// <param name="Gate">Its forward direction is that of the stream.</param>
/// <param name="IsSecond">It tells where the vehicles of a first gate go, or come from.</param>
/// <param name="Doubts">Why it should be looked at; empty where nothing speaks against it.</param>
public sealed record ProposedGate(Gate Gate, MotionStream Stream, bool IsSecond, IReadOnlyList<GateDoubt> Doubts)
{
    public bool IsDoubtful => Doubts.Count > 0;

    /// <summary>All doubts in words; empty where there is none.</summary>
    public string DoubtsInWords => string.Join(", ", Doubts.Select(d => d.Explain(Stream)));
}

/// <param name="Vehicles">How many paths of the first look passed both gates forward.</param>
public sealed record ProposedMovement(GateId From, GateId To, int Vehicles);
