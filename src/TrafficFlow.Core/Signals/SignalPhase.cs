using System.Collections.Immutable;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Core.Signals;

public enum SignalColour
{
    Red = 0,
    Amber = 1,
    Green = 2,
}

/// <summary>What a signal group showed from one change to the next.</summary>
/// <param name="Movements">Those that the group controls.</param>
public sealed record SignalPhase(ApproachId Approach, ImmutableArray<Movement> Movements, SignalColour Colour, Interval Span);
