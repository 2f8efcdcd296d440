using TrafficFlow.Core.Custody;
using TrafficFlow.Vault.Approvals;
using TrafficFlow.Vault.Persons;
using TrafficFlow.Vault.Registers;
using Xunit;

namespace TrafficFlow.SystemTests.Vault.Custody;

public sealed class ApprovalStoreTests : IDisposable
{
    private const string Erasure = "erase site kokandori camera cam1 2026-11-01T00:00:00Z to 2026-11-02T00:00:00Z";

    private static readonly RegisterAuthor s_anna = new("anna", "account[custodian]:anna");
    private static readonly RegisterAuthor s_berta = new("berta", "account[custodian]:berta");

    private readonly VaultFolder _vault = new();
    private TwoPersonRule _policy = TwoPersonRule.Both;

    /// <summary>A new one each time, as after a restart.</summary>
    private ApprovalStore Approvals => new(_vault.Path, () => ApprovalRules.Default with { Policy = _policy }, Person, _vault.Clock);

    private static AppointedPerson? Person(RegisterAuthor by) => !by.IsLoggedIn ? null : by.Name switch
    {
        "anna" or "anna-admin" => new AppointedPerson("管理 花子", IsCustodian: true),
        "berta" => new AppointedPerson("berta", IsCustodian: true),
        "carl" => new AppointedPerson("操作 太郎", IsCustodian: false),
        "hanako" => new AppointedPerson("管理　花子", IsCustodian: true),
        _ => null,
    };

    private Task<ApprovalAnswer> RequireAsync(string what = Erasure, RegisterAuthor? by = null) => Approvals.RequireAsync(ApprovalKind.Erase, what, by ?? s_anna);

    [Fact]
    public async Task What_was_given_back_is_good_once_more_until_its_own_end_and_never_where_the_deed_is_over()
    {
        var asked = await Approvals.RequestAsync(ApprovalKind.Erase, Erasure, s_anna);
        await Approvals.ApproveAsync(asked.Id, asked.Sha256, s_berta);
        var until = Approvals.Read().Get(asked.Id).ValidUntil;
        await RequireAsync();
        Assert.Equal((ApprovalState.Approved, until), (await Approvals.ReturnAsync(asked.Id, "every roadside was away", s_anna)) is var back ? (back.State, back.ValidUntil) : default);
        // Not in use any more.
        await Assert.ThrowsAsync<RegisterException>(() => Approvals.ReturnAsync(asked.Id, "once more", s_anna));

        Assert.Equal(asked.Id, Assert.IsType<ApprovalAnswer.Allowed>(await RequireAsync()).ApprovalId);
        await Approvals.EndAsync(asked.Id, "receipt 1", s_anna);
        await Assert.ThrowsAsync<RegisterException>(() => Approvals.ReturnAsync(asked.Id, "it was done", s_anna));
        Assert.IsType<ApprovalAnswer.NeedsApproval>(await RequireAsync());
    }

    [Fact]
    public async Task What_another_person_approves_is_done_once()
    {
        Assert.Contains("needs two persons", Assert.IsType<ApprovalAnswer.NeedsApproval>(await RequireAsync()).Message, StringComparison.Ordinal);
        var asked = await Approvals.RequestAsync(ApprovalKind.Erase, Erasure, s_anna);
        Assert.Equal(asked.Id, Assert.IsType<ApprovalAnswer.NeedsApproval>(await RequireAsync()).RequestId);

        var given = await Approvals.ApproveAsync(asked.Id, asked.Sha256, s_berta);

        Assert.Equal(_vault.Clock.GetUtcNow().AddHours(24), given.ValidUntil);
        Assert.Equal(asked.Id, Assert.IsType<ApprovalAnswer.Allowed>(await RequireAsync()).ApprovalId);
        Assert.Contains("good once", Assert.IsType<ApprovalAnswer.NeedsApproval>(await RequireAsync()).Message, StringComparison.Ordinal);
        await Approvals.EndAsync(asked.Id, "receipt 7", s_anna);
        Assert.Equal((ApprovalState.Used, "receipt 7"), (Approvals.Read().Get(asked.Id).State, Approvals.Read().Get(asked.Id).Outcome));
        await Assert.ThrowsAsync<RegisterException>(() => Approvals.EndAsync(asked.Id, "receipt 8", s_anna));
    }

    [Fact]
    public async Task Of_many_who_use_an_approval_at_once_one_gets_it()
    {
        var asked = await Approvals.RequestAsync(ApprovalKind.Erase, Erasure, s_anna);
        await Approvals.ApproveAsync(asked.Id, asked.Sha256, s_berta);

        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => Task.Run(() => RequireAsync())));

        Assert.Single(answers.OfType<ApprovalAnswer.Allowed>());
    }

    [Fact]
    public async Task Nobody_approves_what_the_same_person_asked_for_be_it_by_another_account()
    {
        var asked = await Approvals.RequestAsync(ApprovalKind.Erase, Erasure, s_anna);

        foreach (var self in new[] { s_anna, s_anna with { Account = "unix:anna" }, new RegisterAuthor("anna-admin", "account[custodian]:anna-admin"), new RegisterAuthor("hanako", "account[custodian]:hanako") })
            Assert.Contains("another person has to approve it", (await Assert.ThrowsAsync<RegisterException>(() => Approvals.ApproveAsync(asked.Id, asked.Sha256, self))).Message, StringComparison.Ordinal);
        Assert.Contains("what was shown is not", (await Assert.ThrowsAsync<RegisterException>(() => Approvals.ApproveAsync(asked.Id, Approval.HashOf("something else"), s_berta))).Message, StringComparison.Ordinal);
        Assert.IsType<ApprovalAnswer.NeedsApproval>(await RequireAsync());
    }

    [Fact]
    public async Task Only_persons_of_the_register_who_have_logged_in_ask_and_only_custodians_answer()
    {
        foreach (var nobody in new[] { new RegisterAuthor("root", "unix:root"), new RegisterAuthor("berta", "unix:berta"), new RegisterAuthor("dora", "account[custodian]:dora") })
        {
            Assert.Contains("persons of the register", (await Assert.ThrowsAsync<RegisterException>(() => Approvals.RequestAsync(ApprovalKind.Erase, Erasure, nobody))).Message, StringComparison.Ordinal);
            Assert.Contains("persons of the register", (await Assert.ThrowsAsync<RegisterException>(() => RequireAsync(by: nobody))).Message, StringComparison.Ordinal);
        }

        var asked = await Approvals.RequestAsync(ApprovalKind.Erase, Erasure, s_anna);
        Assert.Contains("persons of the register", (await Assert.ThrowsAsync<RegisterException>(() => Approvals.ApproveAsync(asked.Id, asked.Sha256, new RegisterAuthor("root", "unix:root")))).Message, StringComparison.Ordinal);
        var carl = new RegisterAuthor("carl", "account[operator]:carl");
        Assert.Contains("is no custodian now", (await Assert.ThrowsAsync<RegisterException>(() => Approvals.ApproveAsync(asked.Id, asked.Sha256, carl))).Message, StringComparison.Ordinal);
        Assert.Contains("is no custodian now", (await Assert.ThrowsAsync<RegisterException>(() => Approvals.RefuseAsync(asked.Id, "x", carl))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_approval_is_for_just_that_deed_of_just_that_person()
    {
        var asked = await Approvals.RequestAsync(ApprovalKind.Erase, Erasure, s_anna);
        await Approvals.ApproveAsync(asked.Id, asked.Sha256, s_berta);

        Assert.IsType<ApprovalAnswer.NeedsApproval>(await RequireAsync(Erasure.Replace("11-02", "11-03", StringComparison.Ordinal)));
        Assert.IsType<ApprovalAnswer.NeedsApproval>(await RequireAsync(by: s_berta));
        Assert.IsType<ApprovalAnswer.NeedsApproval>(await Approvals.RequireAsync(ApprovalKind.Export, Erasure, s_anna));
        Assert.IsType<ApprovalAnswer.Allowed>(await RequireAsync());
    }

    [Fact]
    public async Task An_approval_lapses_after_a_day_and_no_clock_that_is_set_back_revives_it()
    {
        var asked = await Approvals.RequestAsync(ApprovalKind.Erase, Erasure, s_anna);
        await Approvals.ApproveAsync(asked.Id, asked.Sha256, s_berta);
        _vault.Clock.Move(TimeSpan.FromHours(-1));
        Assert.Contains("the clock of this machine stands before", Assert.IsType<ApprovalAnswer.Refused>(await RequireAsync()).Message, StringComparison.Ordinal);

        _vault.Clock.Move(TimeSpan.FromHours(25));
        await Approvals.LapseAsync();
        Assert.Contains("has lapsed", Assert.IsType<ApprovalAnswer.NeedsApproval>(await RequireAsync()).Message, StringComparison.Ordinal);
        _vault.Clock.Move(TimeSpan.FromHours(-23));

        Assert.Contains("has lapsed", Assert.IsType<ApprovalAnswer.NeedsApproval>(await RequireAsync()).Message, StringComparison.Ordinal);
        Assert.Equal(ApprovalState.Lapsed, Approvals.Read().Get(asked.Id).State);
        Assert.Equal("r2", (await Approvals.RequestAsync(ApprovalKind.Erase, Erasure, s_anna)).Id);
    }

    [Fact]
    public async Task A_request_is_refused_or_withdrawn_with_a_reason_and_lapses_when_nobody_answers()
    {
        var refused = await Approvals.RequestAsync(ApprovalKind.Erase, Erasure, s_anna);
        Assert.Contains("reason is missing", (await Assert.ThrowsAsync<RegisterException>(() => Approvals.RefuseAsync(refused.Id, " ", s_berta))).Message, StringComparison.Ordinal);
        await Approvals.RefuseAsync(refused.Id, "a legal hold stands on it", s_berta);
        Assert.Equal("r1 was refused by berta: a legal hold stands on it", Assert.IsType<ApprovalAnswer.Refused>(await RequireAsync()).Message);

        var withdrawn = await Approvals.RequestAsync(ApprovalKind.Erase, Erasure, s_anna);
        await Approvals.ApproveAsync(withdrawn.Id, withdrawn.Sha256, s_berta);
        Assert.Contains("by whoever requested it", (await Assert.ThrowsAsync<RegisterException>(() => Approvals.WithdrawAsync(withdrawn.Id, "x", s_berta))).Message, StringComparison.Ordinal);
        await Approvals.WithdrawAsync(withdrawn.Id, "wrong day", s_anna);
        Assert.Contains("was withdrawn", Assert.IsType<ApprovalAnswer.NeedsApproval>(await RequireAsync()).Message, StringComparison.Ordinal);

        var open = await Approvals.RequestAsync(ApprovalKind.Erase, Erasure, s_anna);
        Assert.Contains("requested already", (await Assert.ThrowsAsync<RegisterException>(() => Approvals.RequestAsync(ApprovalKind.Erase, Erasure, s_anna))).Message, StringComparison.Ordinal);
        _vault.Clock.Move(TimeSpan.FromDays(7));
        Assert.Contains("lapsed already", (await Assert.ThrowsAsync<RegisterException>(() => Approvals.ApproveAsync(open.Id, open.Sha256, s_berta))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(TwoPersonRule.Off, true, true)]
    [InlineData(TwoPersonRule.Export, false, true)]
    [InlineData(TwoPersonRule.Erase, true, false)]
    [InlineData(TwoPersonRule.Both, false, false)]
    public async Task The_policy_says_for_what_two_persons_are_needed(TwoPersonRule policy, bool exportsAlone, bool erasesAlone)
    {
        _policy = policy;

        Assert.Equal(exportsAlone, await Approvals.RequireAsync(ApprovalKind.Export, "x", s_anna) is ApprovalAnswer.Allowed { ApprovalId: null });
        Assert.Equal(erasesAlone, await Approvals.RequireAsync(ApprovalKind.Erase, "x", s_anna) is ApprovalAnswer.Allowed { ApprovalId: null });
    }

    public void Dispose() => _vault.Dispose();
}
