using TrafficFlow.Core.Junctions;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Analysis.Records;

/// <summary>In which direction vehicles enter, told from the entering gates on the ground: across them.</summary>
public static class ApproachHeadings
{
    /// <returns>Degrees from north (where y grows) clockwise; an approach without a calibrated gate is missing.</returns>
    public static IReadOnlyDictionary<ApproachId, double> Of(Site site) =>
        GroundGates.Of(site).Where(g => g.Role == GateRole.Enters).GroupBy(g => g.Approach).ToDictionary(
            g => g.Key,
            g =>
            {
                // Forward is to the left of who walks along the gate; of several cameras each counts by the length of its gate.
                var (x, y) = (g.Sum(gate => gate.From.Y - gate.To.Y), g.Sum(gate => gate.To.X - gate.From.X));
                return ((Math.Atan2(x, y) * 180 / Math.PI) + 360) % 360;
            });
}
