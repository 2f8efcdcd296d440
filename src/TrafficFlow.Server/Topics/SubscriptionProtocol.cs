namespace TrafficFlow.Server.Topics;

// To a SubscriptionActor, inside the client's process.

/// <summary>Answered with <see cref="TopicAdded"/>, also where it is subscribed to already, or <see cref="TopicRefused"/>.</summary>
/// <param name="After">For a flow topic: the cursor of the last bin that is known already; null begins with the last closed bins.</param>
public sealed record AddTopic(string Topic, long? After = null);

/// <summary>What waits of the topic goes too. Answered with <see cref="TopicRemoved"/> once nothing more comes of it.</summary>
public sealed record RemoveTopic(string Topic);

public sealed record TopicAdded(string Topic);

public sealed record TopicRemoved(string Topic);

/// <param name="Remedy">What to do.</param>
public sealed record TopicRefused(string Topic, string Reason, string Remedy);
