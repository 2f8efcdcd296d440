using TrafficFlow.Wire.Routing;
using TrafficFlow.Wire.Serialization;
using TrafficFlow.Wire.Topics;

namespace TrafficFlow.Server.Topics;

/// <summary>A message of a kept topic.</summary>
/// <param name="Cursor">Each has a higher one than those that were kept before it; 0 for one that has none.</param>
/// <param name="Place">Where a reader is who has it.</param>
public sealed record KeptMessage(long Cursor, IWireMessage Message, TopicPlace Place);

/// <summary>A page of kept messages.</summary>
/// <param name="Reached">Ask from here on for what follows.</param>
/// <param name="More">There is more already.</param>
/// <param name="Last">Cursor of the last message that is kept.</param>
public sealed record KeptPage(IReadOnlyList<KeptMessage> Messages, TopicPlace Reached, bool More, long Last);

/// <summary>
/// A topic whose messages are in the read tables before they are published: what is asked of the tables, what they answer, and what of the
/// published follows it.
/// </summary>
internal abstract record KeptTopic
{
    /// <summary>Null for a topic whose messages nobody keeps.</summary>
    public static KeptTopic? Of(string topic) =>
        TopicNames.ParseJourneys(topic) is { } site ? new KeptJourneys(site)
        : TopicNames.ParseFlow(topic) is var (flowSite, approach) && topic == TopicNames.Flow(flowSite, approach) ? new KeptBins(flowSite, approach)
        : null;

    /// <summary>Asks for what follows a place.</summary>
    public abstract IApproachMessage Query(TopicPlace? place);

    /// <summary>The answer to <see cref="Query"/> from this place; null for any other message, and for an answer to another question.</summary>
    public abstract KeptPage? Page(object answer, TopicPlace? asked);

    /// <summary>A message that was published; null for one that is of no use, because it comes again.</summary>
    public abstract KeptMessage? Published(IWireMessage message);
}
