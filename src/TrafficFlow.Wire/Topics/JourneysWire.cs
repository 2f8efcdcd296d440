using TrafficFlow.Core.Sites;
using TrafficFlow.Wire.Flow;

namespace TrafficFlow.Wire.Topics;

/// <summary>Journeys over a junction, as they are published.</summary>
internal static class JourneysWire
{
    public static Proto.JourneyEnded Write(JourneyEnded ended)
    {
        var wire = JourneyWire.Write(ended.Journey);
        wire.Site = ended.Site.Value;
        wire.Provenance = FlowWire.Write(ended.Provenance);
        return wire;
    }

    public static JourneyEnded Read(Proto.JourneyEnded w) => new(new SiteId(w.Site), JourneyWire.Read(w), FlowWire.Read(w.Provenance));
}
