using TrafficFlow.Core.Sites;
using TrafficFlow.Node.Run;
using TrafficFlow.Node.Settings;
using TrafficFlow.Vault.Accounts;
using TrafficFlow.Vault.Authorization;
using TrafficFlow.Wire.Authorization;
using TrafficFlow.Wire.Operations;
using TrafficFlow.Wire.Recordings;
using Xunit;

namespace TrafficFlow.SystemTests.Vault;

public sealed class RoleAuthorizationTests
{
    private static IEnumerable<Type> Commands => new[] { typeof(OperatorCommand).Assembly, typeof(NodeCommandRoles).Assembly, typeof(Roadside.Operations.CameraOperations).Assembly, typeof(Server.Operations.ClusterOperations).Assembly }
        .SelectMany(a => a.GetTypes()).Where(t => t.IsSubclassOf(typeof(OperatorCommand)) && !t.IsAbstract);

    private static readonly RoleAuthorization s_authorization = new(NodeCommandRoles.Table);

    /// <summary>A new command is a decision: give it a row in CommandRoles.</summary>
    [Fact]
    public void Every_command_there_is_has_a_row_and_no_row_is_of_none()
    {
        Assert.True(Commands.Count() > 25);
        Assert.Equal(Commands.Select(c => c.Name).Order(), NodeCommandRoles.Table.Keys.Select(k => k.Name).Order());
    }

    [Theory]
    [InlineData("unix:root", true, true, true)]
    [InlineData("account[custodian]:anna", true, false, true)]
    [InlineData("account[operator]:anna", true, true, false)]
    [InlineData("token[operator]:board", true, true, false)]
    [InlineData("account[analyst]:anna", false, false, false)]
    [InlineData("account[city]:anna", false, false, false)]
    [InlineData("account[operator+custodian]:anna", true, true, true)]
    [InlineData("account[]:anna", false, false, false)]
    [InlineData("account:anna", false, false, false)]
    [InlineData("address:[operator]:1", false, false, false)]
    [InlineData("operator", false, false, false)]
    [InlineData("", false, false, false)]
    public void A_role_may_what_its_row_says_and_whoever_is_on_the_socket_all(string account, bool sees, bool changes, bool audits)
    {
        Assert.Equal(sees, IsAllowed(account, ListCameras.Instance));
        Assert.Equal(changes, IsAllowed(account, new RestartOneCamera(new CameraId("cam1"))));
        Assert.Equal(audits, IsAllowed(account, new ShowAudit(null)));
        // Nobody but the machine's own accounts may what has no row.
        Assert.Equal(account.StartsWith("unix:", StringComparison.Ordinal), IsAllowed(account, new Unheard()));
    }

    [Fact]
    public void Recordings_are_seen_by_custodians_and_by_operators_where_the_vault_says_so()
    {
        var anna = new AccountPrincipal("anna", [Role.Operator], CheckedBy.Session).ToPrincipal();

        Assert.NotNull(s_authorization.Refuse(anna, PlayRecording.Instance, "kokandori/cam1"));
        Assert.Null(new RoleAuthorization(NodeCommandRoles.For(VaultSettings.Usual with { OperatorsMayPlay = true })).Refuse(anna, PlayRecording.Instance, "kokandori/cam1"));
        Assert.NotNull(new RoleAuthorization(NodeCommandRoles.For(VaultSettings.Usual with { OperatorsMayPlay = true })).Refuse(anna, ChangeRecordings.Instance, "kokandori/cam1"));
    }

    [Fact]
    public void What_changes_something_is_for_operators_alone()
    {
        var changing = Commands.Where(c => c.GetProperty(nameof(OperatorCommand.Changes))!.DeclaringType != typeof(OperatorCommand)).ToList();

        Assert.Contains(typeof(RestartOneCamera), changing);
        // Recordings are in custody: who runs the machines does not erase them.
        Assert.Equal([Role.Custodian], NodeCommandRoles.Table[typeof(ChangeRecordings)]);
        Assert.Equal([Role.Custodian, Role.Operator], NodeCommandRoles.Table[typeof(EndCopyOfRecordings)]);
        Assert.Equal([Role.Custodian, Role.Operator], NodeCommandRoles.Table[typeof(CarryRecordings)]);
        Assert.All(changing.Except([typeof(ChangeRecordings), typeof(EndCopyOfRecordings), typeof(CarryRecordings)]), c => Assert.Equal([Role.Operator], NodeCommandRoles.Table[c]));
    }

    [Fact]
    public void Whoever_is_refused_is_told_which_role_it_takes()
    {
        var refused = s_authorization.Refuse(new AccountPrincipal("anna", [Role.Analyst], CheckedBy.Session).ToPrincipal(), new RestartOneCamera(new CameraId("cam1")), "kokandori");

        Assert.Equal("account[analyst]:anna may not do this", refused?.Reason);
        Assert.Contains("role operator", refused?.Remedy, StringComparison.Ordinal);
    }

    private static bool IsAllowed(string account, OperatorCommand command) => s_authorization.Refuse(new Principal("anna", account), command, "this node") is null;

    private sealed record Unheard : OperatorCommand;
}
