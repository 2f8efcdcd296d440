using TrafficFlow.Core.Custody;
using TrafficFlow.Node.Endings;
using TrafficFlow.Node.Recordings;
using TrafficFlow.Node.Registers;
using TrafficFlow.Node.Settings;
using TrafficFlow.Synthetic;
using TrafficFlow.SystemTests.Vault;
using TrafficFlow.Vault.Accounts;
using TrafficFlow.Vault.Approvals;
using TrafficFlow.Vault.Audit;
using TrafficFlow.Vault.Registers;
using TrafficFlow.Web.Pages.Custody;
using TrafficFlow.Wire.Authorization;
using Xunit;

namespace TrafficFlow.SystemTests.Retention;

/// <summary>Whoever says at the machine that its clock is right has recordings erased by it: the rule of two persons is asked as at the page.</summary>
public sealed class ClockDeskTests : IAsyncLifetime
{
    private const string Reason = "compared with the radio clock";

    private static readonly Principal s_root = new("root", "unix:root");

    private readonly VaultFolder _vault = new();
    private readonly List<AuditEvent> _recorded = [];
    private readonly List<string> _confirmed = [];
    private TwoPersonRule _rule = TwoPersonRule.Erase;
    private bool _auditWorks = true;

    private CustodyBooks Books => NodeCustody.Open(_vault.Path, CustodySettings.Default, _vault.Accounts, () => [SyntheticJunction.Site with
    {
        Custody = new CustodyPolicy(new OperatorContact(new BilingualText("協議会", "Council")), [new BilingualText("計測", "counting")]) { TwoPersons = _rule },
    }], null, _vault.Clock);

    private ClockDesk Desk => new(Books.Approvals, new PersonLogIn(_vault.Accounts, RecordAsync), RecordAsync, (reason, by) =>
        ConfirmedClock.RunAsync(_vault.Path, reason, by, e => Task.FromResult(_auditWorks), _vault.Clock, () => _confirmed.Add($"{by.Name}: {reason}")));

    public async ValueTask InitializeAsync()
    {
        foreach (var (name, person) in new[] { ("anna", "管理 花子"), ("berta", "管理 次郎") })
        {
            await _vault.AddAsync(name, Role.Custodian);
            await Books.Persons.AppointAsync(RegisterAuthor.Node, person, name, Duty.Custodian, _vault.Clock.GetUtcNow());
        }
    }

    [Fact]
    public async Task Nobody_confirms_it_alone_where_erasures_take_two_persons()
    {
        var byRoot = await Desk.ConfirmAsync(new VaultRequest("confirm-clock") { Reason = Reason }, s_root);
        Assert.Contains("unix:root is an account of the machine and no person", byRoot.Lines[0], StringComparison.Ordinal);

        var asked = await Desk.ConfirmAsync(ByAnna(Reason), s_root);
        Assert.True(asked.IsWaiting, asked.Lines[0]);
        Assert.Empty(_confirmed);
        var request = Books.Approvals.Read().Get("r1");
        Assert.Equal((ApprovalKind.Erase, $"take the clock of the machine to be right, so that what has reached its age is erased: {Reason}"), (request.Kind, request.Description));

        await Books.Approvals.ApproveAsync("r1", request.Sha256, new RegisterAuthor("berta", "account[custodian]:berta"));
        var done = await Desk.ConfirmAsync(ByAnna(Reason), s_root);
        Assert.Equal((VaultAnswer.OfDone, $"anna: {Reason} (r1)"), (done.Outcome, Assert.Single(_confirmed)));
        Assert.True((await Desk.ConfirmAsync(ByAnna(Reason), s_root)).IsWaiting);
    }

    [Fact]
    public async Task An_approval_is_good_once_more_where_the_audit_could_not_be_written()
    {
        await Desk.ConfirmAsync(ByAnna(Reason), s_root);
        await Books.Approvals.ApproveAsync("r1", Books.Approvals.Read().Get("r1").Sha256, new RegisterAuthor("berta", "account[custodian]:berta"));

        _auditWorks = false;
        var undone = await Desk.ConfirmAsync(ByAnna(Reason), s_root);

        Assert.Equal((VaultAnswer.OfFailed, true), (undone.Outcome, undone.IsUndone));
        Assert.Empty(_confirmed);
        Assert.Equal(ApprovalState.Approved, Books.Approvals.Read().Get("r1").State);
    }

    [Fact]
    public async Task Without_the_rule_the_user_of_the_machine_confirms_it_and_a_reason_is_asked_for()
    {
        _rule = TwoPersonRule.Export;

        Assert.Equal(VaultAnswer.OfRefused, (await Desk.ConfirmAsync(new VaultRequest("confirm-clock") { Reason = " " }, s_root)).Outcome);
        Assert.Equal(VaultAnswer.OfRefused, (await Desk.ConfirmAsync(new VaultRequest("confirm-clock") { Reason = new string('x', 401) }, s_root)).Outcome);
        Assert.Equal(VaultAnswer.OfDone, (await Desk.ConfirmAsync(new VaultRequest("confirm-clock") { Reason = Reason }, s_root)).Outcome);
        Assert.Equal($"root: {Reason}", Assert.Single(_confirmed));
    }

    [Fact]
    public async Task Without_settings_the_rule_is_what_the_site_files_asked_for_last()
    {
        await Books.Policies.LookAsync();
        var unnamed = NodeCustody.Open(_vault.Path, CustodySettings.Default, _vault.Accounts, () => [], null, _vault.Clock);

        Assert.True(unnamed.Approvals.Rules.Covers(ApprovalKind.Erase));
    }

    public ValueTask DisposeAsync()
    {
        _vault.Dispose();
        return ValueTask.CompletedTask;
    }

    private static VaultRequest ByAnna(string reason) => new("confirm-clock") { Reason = reason, As = "anna", AsPassword = VaultFolder.GoodPassword };

    private Task<bool> RecordAsync(AuditEvent e)
    {
        _recorded.Add(e);
        return Task.FromResult(true);
    }
}
