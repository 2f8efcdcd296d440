using TrafficFlow.Core.Sites;
using TrafficFlow.Wire.Flow;
using TrafficFlow.Wire.Serialization;

namespace TrafficFlow.Wire.Topics;

/// <summary>Journeys over a junction, as they are published and read back.</summary>
internal static class JourneysWire
{
    public static readonly IReadOnlyList<WireLine> Lines =
    [
        WireLine.For<JourneyEnded, Proto.JourneyEnded>("journey-ended-v1", Write, Read),
        WireLine.For<GetJourneysAfter, Proto.GetJourneysAfter>("get-journeys-after-v1", Write, Read),
        WireLine.For<JourneysAfter, Proto.JourneysAfter>("journeys-after-v1", Write, Read),
    ];

    private static Proto.JourneyEnded Write(JourneyEnded ended)
    {
        var wire = JourneyWire.Write(ended.Journey);
        wire.Site = ended.Site.Value;
        wire.Provenance = FlowWire.Write(ended.Provenance);
        wire.Cursor = ended.Cursor;
        wire.Epoch = ended.Epoch;
        return wire;
    }

    private static JourneyEnded Read(Proto.JourneyEnded w) => new(new SiteId(w.Site), JourneyWire.Read(w), FlowWire.Read(w.Provenance), w.Cursor) { Epoch = w.Epoch };

    private static Proto.GetJourneysAfter Write(GetJourneysAfter q) => new() { Site = q.Site.Value, Place = Write(q.Place), Limit = q.Limit };

    private static GetJourneysAfter Read(Proto.GetJourneysAfter q) => new(new SiteId(q.Site), Read(q.Place), q.Limit);

    private static Proto.JourneysAfter Write(JourneysAfter a) => new()
    {
        Site = a.Site.Value,
        Asked = Write(a.Asked),
        Journeys = { a.Journeys.Select(Write) },
        Reached = Write(a.Reached),
        More = a.More,
        Last = a.Last,
    };

    private static JourneysAfter Read(Proto.JourneysAfter a) => new(
        new SiteId(a.Site), Read(a.Asked), [.. a.Journeys.Select(Read)], Read(a.Reached) ?? TopicPlace.After(a.Last), a.More, a.Last);

    private static Proto.TopicPlace? Write(TopicPlace? place)
    {
        if (place is null) return null;
        var wire = new Proto.TopicPlace();
        if (place.Cursor is { } cursor) wire.Cursor = cursor;
        if (place.Replay is { } replay) (wire.ReplayedToTicks, wire.ReplayedCursor) = (WireValues.Ticks(replay.EndedAt), replay.Cursor);
        return wire;
    }

    private static TopicPlace? Read(Proto.TopicPlace? place) => place is null ? null : new TopicPlace(
        place.HasCursor ? place.Cursor : null, place.HasReplayedToTicks ? new ReplayPlace(WireValues.Time(place.ReplayedToTicks), place.ReplayedCursor) : null);
}
