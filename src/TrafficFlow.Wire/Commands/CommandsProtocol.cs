using TrafficFlow.Core.Sites;
using TrafficFlow.Wire.Authorization;
using TrafficFlow.Wire.Operations;
using TrafficFlow.Wire.Serialization;

namespace TrafficFlow.Wire.Commands;

/// <summary>
/// A command for the cameras of a site, to /user/commands of a node that has them: its words, which the node reads by its own catalog.
/// Answered with <see cref="SiteCommandAnswer"/>.
/// </summary>
public sealed record SiteCommand(SiteId Site, IReadOnlyList<string> Words, Principal Principal) : IWireMessage;

public sealed record SiteCommandAnswer(OperatorReply Reply) : IWireMessage;

/// <summary>Asks /user/site-commands, on a server, to have a command carried out by all nodes that it concerns. Answered with an <see cref="OperatorReply"/>.</summary>
public sealed record RunOnSite(SiteCommand Command);
