using TrafficFlow.Core.Sites;
using TrafficFlow.Wire.Routing;
using TrafficFlow.Wire.Serialization;
using TrafficFlow.Wire.Topics;

namespace TrafficFlow.Server.Topics;

/// <summary>Journeys over a site's junction. Without a place a reader begins with the next one that is stored.</summary>
internal sealed record KeptJourneys(SiteId Site) : KeptTopic
{
    private const int PageSize = 500;

    public override IApproachMessage Query(TopicPlace? place) => new GetJourneysAfter(Site, place, PageSize);

    public override KeptPage? Page(object answer, TopicPlace? asked)
    {
        if (answer is not JourneysAfter page || page.Asked != asked) return null;
        // Where a replay ends: what it holds lies up to here in the order of cursors.
        var through = asked?.Replay is null ? null : page.Reached.Cursor;
        var messages = page.Journeys.Select(j => new KeptMessage(
            j.Cursor, j, through is null ? TopicPlace.After(j.Cursor) : new TopicPlace(through, new ReplayPlace(j.Journey.LastSeenAt, j.Cursor))));
        return new KeptPage([.. messages], page.Reached, page.More, page.Last);
    }

    public override KeptMessage? Published(IWireMessage message) =>
        message is JourneyEnded { Cursor: > 0 } ended ? new KeptMessage(ended.Cursor, ended, TopicPlace.After(ended.Cursor)) : null;
}
