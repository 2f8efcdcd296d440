using TrafficFlow.Core.Sites;
using TrafficFlow.Wire.Flow;
using TrafficFlow.Wire.Serialization;

namespace TrafficFlow.Wire.Topics;

/// <summary>What is published to topics.</summary>
internal static class TopicsWire
{
    /// <summary>What this feature sends and persists.</summary>
    public static readonly IReadOnlyList<WireLine> Lines =
    [
        WireLine.For<FlowBinClosed, Proto.Bin>("flow-bin-closed-v1", Write, m => new FlowBinClosed(FlowWire.Read(m), m.Cursor)),
        WireLine.For<FlowBinsOpen, Proto.FlowBinsOpen>("flow-bins-open-v1", Write, Read),
        .. JourneysWire.Lines,
        .. IncidentsWire.Lines,
    ];

    public static Proto.Bin Write(FlowBinClosed closed)
    {
        var bin = FlowWire.Write(closed.Bin);
        bin.Cursor = closed.Cursor;
        return bin;
    }

    public static Proto.FlowBinsOpen Write(FlowBinsOpen open) =>
        new() { Site = open.Site.Value, Approach = open.Approach.Value, Bins = { open.Bins.Select(FlowWire.Write) } };

    public static FlowBinsOpen Read(Proto.FlowBinsOpen open) =>
        new(new SiteId(open.Site), new ApproachId(open.Approach), [.. open.Bins.Select(FlowWire.Read)]);
}
