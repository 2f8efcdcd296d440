using System.Net;
using OtpNet;
using TrafficFlow.Vault.Accounts;
using TrafficFlow.Vault.Secrets;
using Xunit;

namespace TrafficFlow.SystemTests.Vault;

public sealed class LoginTests : IDisposable
{
    private static readonly IPAddress s_elsewhere = IPAddress.Parse("198.51.100.9");

    private readonly VaultFolder _vault = new();

    [Fact]
    public async Task A_session_goes_on_while_it_is_used_and_ends_idle_or_after_half_a_day()
    {
        await _vault.AddAsync("anna", Role.Custodian);
        var session = (await _vault.TryAsync("anna", VaultFolder.GoodPassword)).Session!;
        for (var used = TimeSpan.Zero; used < TimeSpan.FromHours(11.5); used += TimeSpan.FromMinutes(29))
        {
            Assert.Equal("account[custodian]:anna", _vault.Sessions.Check(session.Text)?.ToPrincipal().Account);
            _vault.Clock.Move(TimeSpan.FromMinutes(29));
        }

        _vault.Clock.Move(TimeSpan.FromMinutes(29));
        Assert.Null(_vault.Sessions.Check(session.Text));

        var idle = (await _vault.TryAsync("anna", VaultFolder.GoodPassword)).Session!;
        _vault.Clock.Move(TimeSpan.FromMinutes(30));
        Assert.Null(_vault.Sessions.Check(idle.Text));
        Assert.Null(_vault.Sessions.Check("tfs_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"));
        Assert.Null(_vault.Sessions.Check(null));
    }

    [Fact]
    public async Task A_session_ends_by_log_out_and_when_its_account_changes_in_another_process_too()
    {
        await _vault.AddAsync("anna", Role.Custodian);
        await _vault.AddAsync("berta", Role.Operator);
        var elsewhere = AccountStore.Open(_vault.Path, _vault.Clock);
        Func<Task>[] changes =
        [
            () => elsewhere.SetRolesAsync("berta", [Role.Analyst]),
            () => elsewhere.ChangePasswordAsync("berta", VaultFolder.GoodPassword, "another of four words"),
            async () => await elsewhere.AcceptAsync((await elsewhere.InviteAsync("berta")).Text, VaultFolder.GoodPassword),
            () => elsewhere.DisableAsync("berta", "anna"),
        ];
        foreach (var change in changes)
        {
            var session = (await _vault.TryAsync("berta", VaultFolder.GoodPassword)).Session ?? (await _vault.TryAsync("berta", "another of four words")).Session;
            Assert.NotNull(_vault.Sessions.Check(session!.Text));
            await change();
            Assert.Null(_vault.Sessions.Check(session.Text));
        }

        Assert.Equal(LogInRefusal.Wrong, (await _vault.TryAsync("berta", VaultFolder.GoodPassword)).Refusal);
        var anna = (await _vault.TryAsync("anna", VaultFolder.GoodPassword)).Session!;
        _vault.Sessions.End(anna.Text);
        Assert.Null(_vault.Sessions.Check(anna.Text));
    }

    [Fact]
    public async Task Sessions_outlive_a_restart_as_hashes_and_a_damaged_file_of_them_ends_them()
    {
        await _vault.AddAsync("anna", Role.Custodian);
        var session = (await _vault.TryAsync("anna", VaultFolder.GoodPassword)).Session!;
        var file = Path.Combine(_vault.Path, Sessions.FileName);
        Assert.DoesNotContain(session.Text[4..], File.ReadAllText(file), StringComparison.Ordinal);

        Assert.NotNull(new Sessions(_vault.Accounts, SessionLimits.Default, _vault.Path).Check(session.Text));
        File.WriteAllText(file, "[{}, null]");
        Assert.Null(new Sessions(_vault.Accounts, SessionLimits.Default, _vault.Path).Check(session.Text));
    }

    [Fact]
    public async Task Who_fails_waits_ever_longer_whether_the_name_exists_or_not_and_the_count_outlives_the_process()
    {
        await _vault.AddAsync("anna", Role.Custodian);
        foreach (var name in new[] { "anna", "nobody" })
        {
            var waits = new List<double>();
            for (var i = 0; i < 8; i++)
            {
                var failed = await _vault.TryAsync(name, "wrong wrong wrong", from: IPAddress.Parse($"203.0.113.{i}"));
                Assert.Equal(LogInRefusal.Wrong, failed.Refusal);
                waits.Add(failed.RetryAfter.TotalSeconds);
                if (failed.RetryAfter > TimeSpan.Zero) Assert.Equal(LogInRefusal.Wait, (await _vault.TryAsync(name, VaultFolder.GoodPassword)).Refusal);
                _vault.Clock.Move(failed.RetryAfter);
            }

            Assert.Equal([0, 0, 0, 0, 2, 4, 8, 16], waits);
        }

        await _vault.Login.FlushAsync();
        Assert.Equal(8, _vault.Accounts.List().Get("anna").Failures.Count);
        var restarted = new Login(AccountStore.Open(_vault.Path, _vault.Clock), _vault.Sessions);
        Assert.Equal(TimeSpan.FromSeconds(32), (await restarted.TryAsync(new LogInRequest("anna", "wrong", null, null, s_elsewhere))).RetryAfter);
        _vault.Clock.Move(TimeSpan.FromSeconds(32));
        Assert.NotNull((await restarted.TryAsync(new LogInRequest("anna", VaultFolder.GoodPassword, null, null, s_elsewhere))).Session);
        Assert.Equal(0, _vault.Accounts.List().Get("anna").Failures.Count);
    }

    [Fact]
    public async Task A_device_that_has_logged_in_before_is_not_kept_out_by_the_tries_of_others()
    {
        await _vault.AddAsync("anna", Role.Custodian);
        var device = (await _vault.TryAsync("anna", VaultFolder.GoodPassword)).Device!;
        for (var i = 0; i < 30; i++)
        {
            var failed = await _vault.TryAsync("anna", "wrong wrong wrong", from: VaultFolder.Home);
            _vault.Clock.Move(failed.RetryAfter > TimeSpan.FromMinutes(1) ? TimeSpan.Zero : failed.RetryAfter);
        }

        Assert.Equal(LogInRefusal.Wait, (await _vault.TryAsync("anna", VaultFolder.GoodPassword)).Refusal);
        var known = await _vault.TryAsync("anna", VaultFolder.GoodPassword, device: device);
        Assert.NotNull(known.Session);
        Assert.Null(known.Device);
        Assert.Equal(LogInRefusal.Wait, (await _vault.TryAsync("anna", VaultFolder.GoodPassword, device: SecretText.Create(SecretText.OfDevice))).Refusal);
    }

    [Fact]
    public void What_is_remembered_of_tries_is_bounded()
    {
        var table = new TryTable(Backoff.OfAddresses, most: 100);
        for (var i = 0; i < 1_000; i++) table.Add($"a{i}", _vault.Clock.GetUtcNow());

        Assert.Equal(100, table.Count);
    }

    [Fact]
    public void Waits_double_to_a_bound_and_are_a_day_beyond_a_hundred_tries()
    {
        var now = _vault.Clock.GetUtcNow();

        Assert.Equal(TimeSpan.Zero, Backoff.OfAccounts.Wait(new Tries(4, now), now));
        Assert.Equal(TimeSpan.FromSeconds(2), Backoff.OfAccounts.Wait(new Tries(5, now), now));
        Assert.Equal(TimeSpan.FromMinutes(15), Backoff.OfAccounts.Wait(new Tries(99, now), now));
        Assert.Equal(TimeSpan.FromDays(1), Backoff.OfAccounts.Wait(new Tries(100, now), now));
        Assert.Equal(TimeSpan.Zero, Backoff.OfAccounts.Wait(new Tries(100, now), now.AddDays(1)));
        Assert.Equal(TimeSpan.FromSeconds(2), Backoff.OfAccounts.Wait(new Tries(5, now), now.AddYears(-1)));
    }

    [Fact]
    public async Task A_second_factor_asks_for_a_code_takes_each_once_and_has_codes_for_a_lost_device()
    {
        await _vault.AddAsync("anna", Role.Custodian);
        var begun = await _vault.Accounts.BeginSecondFactorAsync("anna");
        Assert.StartsWith("otpauth://totp/TrafficFlow:anna?secret=", begun.Uri, StringComparison.Ordinal);
        Assert.DoesNotContain(begun.Secret, File.ReadAllText(_vault.File), StringComparison.Ordinal);
        Assert.NotNull((await _vault.TryAsync("anna", VaultFolder.GoodPassword)).Session);
        await Assert.ThrowsAsync<AccountException>(() => _vault.Accounts.ConfirmSecondFactorAsync("anna", "000000x"));
        var codes = await _vault.Accounts.ConfirmSecondFactorAsync("anna", Code(begun));
        Assert.Equal(10, codes.Length);
        Assert.DoesNotContain(codes[0], File.ReadAllText(_vault.File), StringComparison.Ordinal);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(_vault.Path, AccountStore.KeyFileName)));

        Assert.Equal(LogInRefusal.CodeNeeded, (await _vault.TryAsync("anna", VaultFolder.GoodPassword)).Refusal);
        Assert.Equal(LogInRefusal.Wrong, (await _vault.TryAsync("anna", "not the password", Code(begun))).Refusal);
        Assert.Equal(LogInRefusal.Wrong, (await _vault.TryAsync("anna", VaultFolder.GoodPassword, Code(begun))).Refusal);
        _vault.Clock.Move(TimeSpan.FromSeconds(30));
        var twice = await Task.WhenAll(_vault.TryAsync("anna", VaultFolder.GoodPassword, Code(begun)), _vault.TryAsync("anna", VaultFolder.GoodPassword, Code(begun)));
        Assert.Single(twice, t => t.Session is not null);

        Assert.NotNull((await _vault.TryAsync("anna", VaultFolder.GoodPassword, codes[3].ToUpperInvariant())).Session);
        Assert.Equal(LogInRefusal.Wrong, (await _vault.TryAsync("anna", VaultFolder.GoodPassword, codes[3])).Refusal);

        File.Delete(Path.Combine(_vault.Path, AccountStore.KeyFileName));
        Assert.Equal(LogInRefusal.Unavailable, (await _vault.TryAsync("anna", VaultFolder.GoodPassword, Code(begun))).Refusal);
        Assert.NotNull((await _vault.TryAsync("anna", VaultFolder.GoodPassword, codes[4])).Session);
        await _vault.Accounts.AcceptAsync((await _vault.Accounts.InviteAsync("anna", dropsSecondFactor: true)).Text, VaultFolder.GoodPassword);
        Assert.NotNull((await _vault.TryAsync("anna", VaultFolder.GoodPassword)).Session);
    }

    [Fact]
    public async Task A_hash_of_older_parameters_is_made_anew_at_the_log_in()
    {
        await _vault.AddAsync("anna", Role.Custodian);
        await _vault.Accounts.ChangeAsync(list => (list.SetPassword("anna", PasswordHash.Create(VaultFolder.GoodPassword, kibiBytes: 64, passes: 1)), true));

        Assert.NotNull((await _vault.TryAsync("anna", VaultFolder.GoodPassword)).Session);

        Assert.False(PasswordHash.IsOld(_vault.Accounts.List().Get("anna").Password!));
        Assert.NotNull((await _vault.TryAsync("anna", VaultFolder.GoodPassword)).Session);
    }

    public void Dispose() => _vault.Dispose();

    private string Code(SecondFactorBegun begun) => new Totp(Base32Encoding.ToBytes(begun.Secret)).ComputeTotp(_vault.Clock.GetUtcNow().UtcDateTime);
}
