using System.Collections.Immutable;
using TrafficFlow.Core.Sites;
using TrafficFlow.Wire.Aggregation;
using TrafficFlow.Wire.Routing;
using TrafficFlow.Wire.Serialization;

namespace TrafficFlow.Wire.Topics;

/// <summary>
/// Journeys over a site's junction from the read tables. Answered with <see cref="JourneysAfter"/>, or <see cref="ApproachNotFound"/> where
/// the site has no junction.
/// </summary>
/// <param name="Place">What is known already; null for nothing but where the journeys have come to now.</param>
/// <param name="Limit">Most journeys of one answer.</param>
public sealed record GetJourneysAfter(SiteId Site, TopicPlace? Place, int Limit) : IApproachMessage, IWireMessage
{
    public ApproachId Approach => ApproachId.Journeys;
}

/// <param name="Asked">The place that was asked for.</param>
/// <param name="Journeys">In a replay in the order of their end, else in that of their cursors.</param>
/// <param name="Reached">Ask from here on for what follows.</param>
/// <param name="More">There is more already.</param>
/// <param name="Last">Cursor of the site's last journey; less than what was asked from only where the tables come from a backup.</param>
public sealed record JourneysAfter(
    SiteId Site, TopicPlace? Asked, ImmutableArray<JourneyEnded> Journeys, TopicPlace Reached, bool More, long Last) : IWireMessage;
