using System.Collections.Immutable;
using TrafficFlow.Node.ControlServer;
using TrafficFlow.Vault.Accounts;
using TrafficFlow.Vault.Authorization;

namespace TrafficFlow.Node.Run;

/// <summary>The table of commands and roles, with those that the process itself carries out.</summary>
internal static class NodeCommandRoles
{
    public static ImmutableDictionary<Type, ImmutableArray<Role>> Table { get; } =
        CommandRoles.OfWire.Add(typeof(TopicStreams.WatchTopics), [Role.Custodian, Role.Operator, Role.Analyst]);
}
