using TrafficFlow.Wire.Aggregation;
using TrafficFlow.Wire.Audit;
using TrafficFlow.Wire.Cameras;
using TrafficFlow.Wire.Commands;
using TrafficFlow.Wire.Delivery;
using TrafficFlow.Wire.Health;
using TrafficFlow.Wire.Membership;
using TrafficFlow.Wire.Persons;
using TrafficFlow.Wire.Recordings;
using TrafficFlow.Wire.Serialization;
using TrafficFlow.Wire.Topics;

namespace TrafficFlow.Wire;

/// <summary>
/// Everything that has a wire form, from each feature's own lines. Extend only: a manifest that was written once stays readable, and a
/// changed meaning gets the next version beside it.
/// </summary>
internal static class WireManifest
{
    private static readonly List<WireLine> s_lines =
        [.. DeliveryWire.Lines, .. AggregationWire.Lines, .. TopicsWire.Lines, .. CamerasWire.Lines, .. MembershipWire.Lines, .. CommandsWire.Lines, .. AuditWire.Lines, .. HealthWire.Lines, .. RecordingsWire.Lines, .. PersonsWire.Lines, .. KeepingWire.Lines];

    /// <summary>What is written now: one line a type.</summary>
    public static IEnumerable<WireLine> Current => s_lines.Where(l => l.IsWritten);

    /// <summary>All that can be read, also what older versions persisted.</summary>
    public static IEnumerable<WireLine> All => s_lines;
}
