using TrafficFlow.Core.Custody;
using TrafficFlow.Vault.Accounts;
using TrafficFlow.Vault.Persons;
using TrafficFlow.Vault.Registers;
using Xunit;

namespace TrafficFlow.SystemTests.Vault.Custody;

public sealed class PersonStoreTests : IAsyncLifetime
{
    private static readonly RegisterAuthor s_anna = new("anna", "account[custodian]:anna");

    private readonly VaultFolder _vault = new();

    private PersonStore Persons => new(_vault.Path, _vault.Accounts, _vault.Clock);

    private DateTimeOffset Now => _vault.Clock.GetUtcNow();

    public async ValueTask InitializeAsync()
    {
        await _vault.AddAsync("anna", Role.Custodian);
        await _vault.AddAsync("berta", Role.Custodian, Role.Operator);
        await _vault.AddAsync("carl", Role.Operator);
        await Persons.AppointAsync(s_anna, "管理 花子", "anna", Duty.Custodian, Now);
        await Persons.AppointAsync(s_anna, "操作 太郎", "carl", Duty.Operator, Now);
    }

    [Fact]
    public async Task A_dismissal_ends_log_in_sessions_and_tokens_before_it_is_answered()
    {
        var session = (await _vault.TryAsync("carl", VaultFolder.GoodPassword)).Session!.Text;
        var token = await _vault.Tokens.CreateAsync("board", "carl", ApiScope.Parse(["*"], ["read"]), [Role.Operator], TimeSpan.FromDays(9), "carl");
        var told = 0;
        _vault.Accounts.Changed += () => told++;

        var (entry, enforced) = await Persons.DismissAsync(s_anna, "carl", null, "left the company");

        Assert.Equal("disabled", Assert.Single(enforced.Done).Account);
        Assert.Equal(("a2", "left the company"), (((PersonDismissed)entry.Event).Id, ((PersonDismissed)entry.Event).Reason));
        Assert.Null(_vault.Sessions.Check(session));
        Assert.Null(_vault.Tokens.Check(token).Principal);
        Assert.Null((await _vault.TryAsync("carl", VaultFolder.GoodPassword)).Session);
        Assert.True(told > 0);
        Assert.Equal(AppointmentState.Dismissed, Persons.Read().Get("a2").State(Now));
        Assert.Equal(["appointed", "appointed", "dismissed", "took effect"], Persons.History().Select(e => e.Event switch { PersonAppointed => "appointed", PersonDismissed => "dismissed", _ => "took effect" }));
    }

    [Fact]
    public async Task A_dismissed_persons_account_is_enabled_only_after_a_new_appointment_and_by_hand()
    {
        var token = await _vault.Tokens.CreateAsync("board", "carl", ApiScope.Parse(["*"], ["read"]), [Role.Operator], TimeSpan.FromDays(9), "carl");
        await Persons.DismissAsync(s_anna, "a2", null, "left");
        Assert.Contains("was dismissed on", (await Assert.ThrowsAsync<AccountException>(() => _vault.Accounts.EnableAsync("carl"))).Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<AccountException>(() => _vault.Accounts.InviteAsync("carl"));

        await Persons.AppointAsync(s_anna, "操作 太郎", "carl", Duty.Operator, Now);
        Assert.True(_vault.Accounts.List().Get("carl").IsDisabled);
        await _vault.Accounts.EnableAsync("carl");
        await Persons.EnforceAsync();

        Assert.NotNull((await _vault.TryAsync("carl", VaultFolder.GoodPassword)).Session);
        Assert.Null(_vault.Tokens.Check(token).Principal);
    }

    [Fact]
    public async Task A_dismissal_that_comes_takes_effect_by_itself_then_and_no_clock_undoes_it()
    {
        await Persons.DismissAsync(s_anna, "a2", Now.AddDays(3), "contract ends");
        Assert.Empty((await Persons.EnforceAsync()).Done);
        Assert.Equal(AppointmentState.Leaving, Persons.Read().Get("a2").State(Now));
        Assert.NotNull((await _vault.TryAsync("carl", VaultFolder.GoodPassword)).Session);

        _vault.Clock.Move(TimeSpan.FromDays(3));
        // Another process, as after a restart.
        Assert.Single((await Persons.EnforceAsync()).Done);
        Assert.Empty((await Persons.EnforceAsync()).Done);

        _vault.Clock.Move(TimeSpan.FromDays(-300));
        await Persons.EnforceAsync();
        Assert.Equal(AppointmentState.Dismissed, Persons.Read().Get("a2").State(Now));
        Assert.Null((await _vault.TryAsync("carl", VaultFolder.GoodPassword)).Session);
        Assert.Contains("was dismissed on", (await Refused(() => Persons.WithdrawAsync(s_anna, "a2", "no"))).Message + (await Refused(() => Persons.DismissAsync(s_anna, "a2", null, "again"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_dismissal_is_made_good_after_a_crash_between_its_entry_and_the_account_and_after_an_old_accounts_file_is_put_back()
    {
        var before = await File.ReadAllBytesAsync(_vault.File, TestContext.Current.CancellationToken);
        await Persons.DismissAsync(s_anna, "a2", null, "left");

        // As a backup of before would be put back, or as the crash would have left it.
        await File.WriteAllBytesAsync(_vault.File, before, TestContext.Current.CancellationToken);
        File.SetLastWriteTimeUtc(_vault.File, DateTime.UtcNow.AddSeconds(9));
        Assert.NotNull((await _vault.TryAsync("carl", VaultFolder.GoodPassword)).Session);
        Assert.Equal(["carl"], (await Persons.EnforceAsync()).Again);

        Assert.Null((await _vault.TryAsync("carl", VaultFolder.GoodPassword)).Session);
        Assert.Empty((await Persons.EnforceAsync()).Again);
    }

    [Fact]
    public async Task A_custodian_always_remains_now_and_on_the_day_that_comes()
    {
        Assert.Contains("would be the last custodian", (await Refused(() => Persons.DismissAsync(s_anna, "a1", null, "x"))).Message, StringComparison.Ordinal);
        Assert.Contains("would be the last custodian", (await Refused(() => Persons.DismissAsync(s_anna, "a1", Now.AddDays(9), "x"))).Message, StringComparison.Ordinal);
        await Persons.AppointAsync(s_anna, "管理 次郎", "berta", Duty.Custodian, Now.AddDays(5));
        Assert.Contains("would be the last custodian", (await Refused(() => Persons.DismissAsync(s_anna, "a1", Now.AddDays(4), "x"))).Message, StringComparison.Ordinal);
        await Persons.DismissAsync(s_anna, "a1", Now.AddDays(5), "x");
        Assert.Contains("would be the last custodian", (await Refused(() => Persons.DismissAsync(s_anna, "a3", Now.AddDays(6), "x"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_dismissal_whose_day_finds_no_other_custodian_who_can_log_in_is_held_and_told_and_carried_out_when_there_is()
    {
        await Persons.AppointAsync(s_anna, "管理 次郎", "berta", Duty.Custodian, Now);
        await Persons.DismissAsync(s_anna, "a1", Now.AddDays(1), "x");
        await _vault.Accounts.DisableAsync("berta", "root");
        _vault.Clock.Move(TimeSpan.FromDays(1));

        Assert.Contains("only custodian who can log in", Assert.Single((await Persons.EnforceAsync()).Held).Why, StringComparison.Ordinal);
        Assert.Equal(AppointmentState.DismissalHeld, Persons.Read().Get("a1").State(Now));

        await _vault.Accounts.EnableAsync("berta");
        Assert.Single((await Persons.EnforceAsync()).Done);
        Assert.False(_vault.Accounts.List().Get("anna").CanLogIn);
    }

    [Fact]
    public async Task Who_has_another_duty_left_keeps_the_account_and_loses_the_role()
    {
        await Persons.AppointAsync(s_anna, "管理 次郎", "berta", Duty.Custodian, Now);
        await Persons.AppointAsync(s_anna, "管理 次郎", "berta", Duty.Operator, Now);
        var session = (await _vault.TryAsync("berta", VaultFolder.GoodPassword)).Session!.Text;

        var (_, enforced) = await Persons.DismissAsync(s_anna, "a3", null, "steps back");

        Assert.Equal("role custodian taken", Assert.Single(enforced.Done).Account);
        Assert.Equal([Role.Operator], _vault.Accounts.List().Get("berta").Roles);
        Assert.Null(_vault.Sessions.Check(session));
        Assert.Contains("2 appointments", (await Refused(async () =>
        {
            await Persons.AppointAsync(s_anna, "管理 次郎", "berta", Duty.Custodian, Now);
            await Persons.DismissAsync(s_anna, "berta", null, "x");
        })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_cannot_be_entered_is_told_with_what_to_do()
    {
        Assert.Contains("no account dora: make it first", (await Refused(() => Persons.AppointAsync(s_anna, "D", "dora", Duty.Operator, Now))).Message, StringComparison.Ordinal);
        Assert.Contains("appointed for this already", (await Refused(() => Persons.AppointAsync(s_anna, "操作 太郎", "carl", Duty.Operator, Now))).Message, StringComparison.Ordinal);
        Assert.Contains("an account is of one person", (await Refused(() => Persons.AppointAsync(s_anna, "Somebody", "carl", Duty.Custodian, Now))).Message, StringComparison.Ordinal);
        Assert.Contains("name is missing", (await Refused(() => Persons.AppointAsync(s_anna, "  ", null, Duty.Operator, Now))).Message, StringComparison.Ordinal);
        Assert.Contains("cannot be shown", (await Refused(() => Persons.AppointAsync(s_anna, "a\u001b[2J", null, Duty.Operator, Now))).Message, StringComparison.Ordinal);
        Assert.Contains("reason is missing", (await Refused(() => Persons.DismissAsync(s_anna, "a2", null, ""))).Message, StringComparison.Ordinal);
        Assert.Contains("no appointment a9: there are a1", (await Refused(() => Persons.DismissAsync(s_anna, "a9", null, "x"))).Message, StringComparison.Ordinal);
        Assert.Equal(2, Persons.History().Length);
    }

    [Fact]
    public async Task Whoever_leaves_and_comes_back_is_appointed_for_the_day_and_let_in_from_then_on()
    {
        var (leaves, returns) = (Now.AddDays(10), Now.AddDays(20));
        await Persons.DismissAsync(s_anna, "a2", leaves, "contract ends");
        Assert.Contains("appoint anew from then on", (await Refused(() => Persons.AppointAsync(s_anna, "操作 太郎", "carl", Duty.Operator, Now.AddDays(5)))).Message, StringComparison.Ordinal);
        await Persons.AppointAsync(s_anna, "操作 太郎", "carl", Duty.Operator, returns);
        _vault.Clock.Move(TimeSpan.FromDays(11));
        await Persons.EnforceAsync();
        Assert.True(_vault.Accounts.List().Get("carl").IsDismissed);
        await Assert.ThrowsAsync<AccountException>(() => _vault.Accounts.ChangeAsync(l => (l.Enable("carl"), true)));

        _vault.Clock.Move(TimeSpan.FromDays(10));
        await Persons.EnforceAsync();

        Assert.Equal(AppointmentState.InForce, Persons.Read().Get("a3").State(Now));
        await _vault.Accounts.ChangeAsync(l => (l.Enable("carl"), true));
        Assert.Empty((await Persons.EnforceAsync()).Again);
        Assert.NotNull((await _vault.TryAsync("carl", VaultFolder.GoodPassword)).Session);
    }

    [Fact]
    public async Task A_duty_that_goes_on_without_a_gap_keeps_its_role()
    {
        var day = Now.AddDays(10);
        await Persons.DismissAsync(s_anna, "a2", day, "contract is renewed");
        await Persons.AppointAsync(s_anna, "操作 太郎", "carl", Duty.Operator, day);
        _vault.Clock.Move(TimeSpan.FromDays(11));

        Assert.Equal("kept: appointed anew", Assert.Single((await Persons.EnforceAsync()).Done).Account);

        Assert.Equal([Role.Operator], _vault.Accounts.List().Get("carl").Roles);
        Assert.NotNull((await _vault.TryAsync("carl", VaultFolder.GoodPassword)).Session);
    }

    public ValueTask DisposeAsync()
    {
        _vault.Dispose();
        return ValueTask.CompletedTask;
    }

    private static Task<RegisterException> Refused(Func<Task> change) => Assert.ThrowsAsync<RegisterException>(change);
}
