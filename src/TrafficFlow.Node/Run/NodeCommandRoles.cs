using System.Collections.Immutable;
using TrafficFlow.Node.ControlServer;
using TrafficFlow.Node.Settings;
using TrafficFlow.Vault.Accounts;
using TrafficFlow.Vault.Authorization;
using TrafficFlow.Wire.Recordings;

namespace TrafficFlow.Node.Run;

/// <summary>The table of commands and roles, with those that the process itself carries out.</summary>
internal static class NodeCommandRoles
{
    public static ImmutableDictionary<Type, ImmutableArray<Role>> Table { get; } =
        CommandRoles.OfWire.Add(typeof(TopicStreams.WatchTopics), [Role.Custodian, Role.Operator, Role.Analyst]);

    /// <summary>By the rule of the vault for recordings.</summary>
    public static ImmutableDictionary<Type, ImmutableArray<Role>> For(VaultSettings vault) =>
        vault.OperatorsMayPlay ? Table.SetItem(typeof(PlayRecording), [Role.Custodian, Role.Operator]) : Table;
}
