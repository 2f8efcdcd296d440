using TrafficFlow.Actors.Tests.Support;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Junctions;
using TrafficFlow.Wire.Topics;
using static TrafficFlow.Actors.Tests.Support.Counts;

namespace TrafficFlow.Actors.Tests.Topics;

/// <summary>Journeys as a server publishes them and answers with them.</summary>
internal static class PublishedJourneys
{
    public static JourneyEnded Ended(long cursor, double second) => new(
        TestSites.Kokandori,
        new Journey(cursor, TestSites.North, null, At(second), null, VehicleClass.Bus, 0.9) { FirstSeenAt = At(second), LastSeenAt = At(second) },
        TestSites.Motion,
        cursor);

    public static JourneysAfter Page(TopicPlace? asked, TopicPlace reached, bool more, long last, params JourneyEnded[] journeys) =>
        new(TestSites.Kokandori, asked, [.. journeys], reached, more, last);
}
