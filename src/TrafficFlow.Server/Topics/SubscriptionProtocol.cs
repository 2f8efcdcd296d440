using TrafficFlow.Wire.Topics;

namespace TrafficFlow.Server.Topics;

// To a SubscriptionActor, inside the client's process.

/// <summary>Answered with <see cref="TopicAdded"/>, also where it is subscribed to already, or <see cref="TopicRefused"/>.</summary>
/// <param name="Place">
/// For flow.SITE.APPROACH and journeys.SITE, whose messages are kept: what is known already. Null begins with the last closed bins, or the next journey.
/// </param>
public sealed record AddTopic(string Topic, TopicPlace? Place = null);

/// <summary>What waits of the topic goes too. Answered with <see cref="TopicRemoved"/> once nothing more comes of it.</summary>
public sealed record RemoveTopic(string Topic);

public sealed record TopicAdded(string Topic);

public sealed record TopicRemoved(string Topic);

/// <param name="Remedy">What to do.</param>
public sealed record TopicRefused(string Topic, string Reason, string Remedy);
