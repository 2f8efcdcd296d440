using System.Collections.Immutable;
using TrafficFlow.Vault.Accounts;
using TrafficFlow.Wire.Operations;
using TrafficFlow.Wire.Recordings;

namespace TrafficFlow.Vault.Authorization;

/// <summary>The one table of commands and the roles that may give them. A new command needs a row: a test holds that.</summary>
public static class CommandRoles
{
    private static readonly ImmutableArray<Role> s_operators = [Role.Operator];
    private static readonly ImmutableArray<Role> s_readers = [Role.Custodian, Role.Operator, Role.Analyst];
    private static readonly ImmutableArray<Role> s_technicians = [Role.Custodian, Role.Operator];

    public static ImmutableDictionary<Type, ImmutableArray<Role>> OfWire { get; } = new Dictionary<Type, ImmutableArray<Role>>
    {
        // Looking into the node.
        [typeof(ShowHierarchy)] = s_technicians,
        [typeof(ShowChildren)] = s_technicians,
        [typeof(ShowActor)] = s_technicians,
        [typeof(ShowMailboxes)] = s_technicians,
        [typeof(ShowDispatchers)] = s_technicians,
        [typeof(ShowShards)] = s_technicians,
        [typeof(ShowCluster)] = s_technicians,
        [typeof(ListCameras)] = s_technicians,
        [typeof(ShowCamera)] = s_technicians,
        [typeof(ShowOutboxes)] = s_technicians,
        [typeof(PeekIntoOutbox)] = s_technicians,
        [typeof(ShowQuarantine)] = s_technicians,
        [typeof(ShowConfig)] = s_technicians,
        [typeof(ShowLog)] = s_technicians,
        // Counts, and how good they are.
        [typeof(ShowApproaches)] = s_readers,
        [typeof(ShowBin)] = s_readers,
        [typeof(ExplainCount)] = s_readers,
        [typeof(ShowHealth)] = s_readers,
        // Who did what.
        [typeof(ShowAudit)] = [Role.Custodian],
        // Changes.
        [typeof(LeaveCluster)] = s_operators,
        [typeof(DownMember)] = s_operators,
        [typeof(RepairApproach)] = s_operators,
        [typeof(DecideQuarantine)] = s_operators,
        [typeof(RestartOneCamera)] = s_operators,
        [typeof(AcceptOneScene)] = s_operators,
        [typeof(SetLogLevel)] = s_operators,
        [typeof(ReloadSites)] = s_operators,
        // Recordings. Operators see them where the vault's settings say so.
        [typeof(LookOverRecordings)] = s_technicians,
        [typeof(PlayRecording)] = [Role.Custodian],
        [typeof(ReadVaultRegisters)] = [Role.Custodian],
        [typeof(ChangeRecordings)] = [Role.Custodian],
        [typeof(EndCopyOfRecordings)] = s_technicians,
        [typeof(CarryRecordings)] = s_technicians,
    }.ToImmutableDictionary();
}
