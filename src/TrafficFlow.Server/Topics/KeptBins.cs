using TrafficFlow.Core.Sites;
using TrafficFlow.Wire.Aggregation;
using TrafficFlow.Wire.Routing;
using TrafficFlow.Wire.Serialization;
using TrafficFlow.Wire.Topics;

namespace TrafficFlow.Server.Topics;

/// <summary>Closed and revised bins of an approach. Without a place a reader begins with the last closed ones.</summary>
internal sealed record KeptBins(SiteId Site, ApproachId Approach) : KeptTopic
{
    private const int PageSize = 500;

    public override IApproachMessage Query(TopicPlace? place) => new GetBinsAfter(Site, Approach, place?.Cursor, PageSize);

    public override KeptPage? Page(object answer, TopicPlace? asked)
    {
        // One that is older than what is known already answers a question that was asked twice.
        if (answer is not BinsAfter page || (page.Reached < asked?.Cursor && asked.Cursor <= page.Last)) return null;
        var messages = page.Bins.Where(b => asked?.Cursor is not { } known || b.Cursor > known).Select(b => Kept(new FlowBinClosed(b.Bin, b.Cursor)));
        return new KeptPage([.. messages], TopicPlace.After(page.Reached), page.More, page.Last);
    }

    public override KeptMessage? Published(IWireMessage message) => message is FlowBinClosed closed ? Kept(closed) : null;

    private static KeptMessage Kept(FlowBinClosed closed) => new(closed.Cursor, closed, TopicPlace.After(closed.Cursor));
}
