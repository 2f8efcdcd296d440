using System.Collections.Immutable;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Junctions;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Analysis.Signals;

/// <summary>When the vehicles of one movement passed their stop line (or a gate close behind it); <see cref="Movement.Entering"/> where nobody knows where they went.</summary>
public sealed record DischargeStream(ApproachId Approach, Movement Movement, ImmutableArray<DateTimeOffset> Crossings);

/// <summary>What cameras saw of a junction's discharge.</summary>
/// <param name="Watched">When all of its approaches were watched: outside of it there is nothing to conclude from the absence of vehicles.</param>
public sealed record Discharge(ImmutableArray<DischargeStream> Streams, IntervalSet Watched)
{
    /// <summary>From journeys over the junction, by approach and exit; those that nobody saw enter tell nothing.</summary>
    public static Discharge Of(IEnumerable<Journey> journeys, IntervalSet watched) => new(
        [
            .. journeys
                .Where(j => j is { Approach: not null, EnteredAt: not null })
                .GroupBy(j => (Approach: j.Approach!.Value, Movement: j.Exit is { } exit ? Movement.To(exit) : Movement.Entering))
                .OrderBy(g => g.Key.Approach.Value, StringComparer.Ordinal).ThenBy(g => g.Key.Movement)
                .Select(g => new DischargeStream(g.Key.Approach, g.Key.Movement, [.. g.Select(j => j.EnteredAt!.Value).Order()])),
        ],
        watched);
}
