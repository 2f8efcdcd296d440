using TrafficFlow.SystemTests.Files;
using TrafficFlow.Vault.Accounts;
using TrafficFlow.Vault.Files;
using Xunit;

namespace TrafficFlow.SystemTests.Vault;

public sealed class AccountStoreTests : IDisposable
{
    private readonly VaultFolder _vault = new();

    private AccountStore Store => _vault.Accounts;

    [Fact]
    public async Task The_first_start_makes_one_link_with_which_the_first_custodian_chooses_name_and_password()
    {
        var former = (await Store.InviteFirstCustodianAsync())!;
        var link = (await Store.InviteFirstCustodianAsync())!;
        Assert.Null(Store.InvitedBy(former.Text));
        Assert.Equal("", Store.InvitedBy(link.Text));
        Assert.Equal($"/invitation#{link.Text}", link.Path);
        Assert.Contains("cannot be a name", (await Refused(() => Store.AcceptAsync(link.Text, VaultFolder.GoodPassword))).Message, StringComparison.Ordinal);

        await Store.AcceptAsync(link.Text, VaultFolder.GoodPassword, "anna");

        Assert.Equal([Role.Custodian], Store.List().Get("anna").Roles);
        Assert.Null(await Store.InviteFirstCustodianAsync());
        Assert.Contains("this link was used", (await Refused(() => Store.AcceptAsync(link.Text, VaultFolder.GoodPassword, "eve"))).Message, StringComparison.Ordinal);
        Assert.NotNull((await _vault.TryAsync("anna", VaultFolder.GoodPassword)).Session);
    }

    [Fact]
    public async Task Accounts_of_dismissed_persons_and_ended_tokens_are_forgotten_at_their_age_once_that_is_recorded()
    {
        await _vault.AddAsync("anna", Role.Custodian);
        await _vault.AddAsync("carl", Role.Operator);
        await _vault.AddAsync("dora", Role.Operator);
        var now = _vault.Clock.GetUtcNow();
        await Store.ChangeAsync(list => (list.CreateToken("old", "anna", new ApiScope(["kokandori"], [ApiUse.Read]), [Role.Custodian], now.AddDays(1), "anna", now).List, true));
        await Store.ChangeAsync(list => (list.CreateToken("of-carl", "carl", new ApiScope(["kokandori"], [ApiUse.Read]), [Role.Operator], now.AddDays(900), "carl", now).List, true));
        await Store.ChangeAsync(list => (list.Dismiss("carl", "anna", now), true));
        await Store.DisableAsync("dora", "anna");
        _vault.Clock.Move(TimeSpan.FromDays(100));
        var before = _vault.Clock.GetUtcNow().AddDays(-90);

        Assert.True((await Store.ForgetAsync(now, _ => Task.FromResult(true))).IsNone);
        Assert.True((await Store.ForgetAsync(before, _ => Task.FromResult(false))).IsNone);
        Assert.NotNull(Store.List().Find("carl"));
        var gone = await Store.ForgetAsync(before, _ => Task.FromResult(true));

        Assert.Equal(("carl", "old of-carl"), (string.Join(" ", gone.Accounts), string.Join(" ", gone.Tokens)));
        // Who is disabled may come back.
        Assert.Equal(["anna", "dora"], Store.List().Accounts.Select(a => a.Name));
        Assert.DoesNotContain("carl", File.ReadAllText(_vault.File), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_link_is_kept_as_its_hash_alone_for_the_owner_alone_and_opens_once_within_a_day()
    {
        var link = await Store.CreateAsync("berta", [Role.Analyst, Role.Analyst], "unix:root");
        Assert.DoesNotContain(link.Text[4..], File.ReadAllText(_vault.File), StringComparison.Ordinal);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_vault.File));
        Assert.Equal("invited", Store.List().Get("berta").State(_vault.Clock.GetUtcNow()));
        Assert.Contains("easily guessed", (await Refused(() => Store.AcceptAsync(link.Text, "password password"))).Message, StringComparison.Ordinal);

        _vault.Clock.Move(TimeSpan.FromHours(24));
        Assert.Null(Store.InvitedBy(link.Text));
        Assert.Equal("link expired", Store.List().Get("berta").State(_vault.Clock.GetUtcNow()));

        var next = await Store.InviteAsync("berta");
        await Store.AcceptAsync(next.Text, VaultFolder.GoodPassword);
        Assert.Null(Store.InvitedBy(next.Text));
        Assert.Equal("active", Store.List().Get("berta").State(_vault.Clock.GetUtcNow()));
        Assert.DoesNotContain(VaultFolder.GoodPassword, File.ReadAllText(_vault.File), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_change_of_a_password_hashes_each_of_the_two_once_and_is_refused_where_another_was_set_meanwhile()
    {
        const string Other = "four other words of somebody";
        await _vault.AddAsync("berta", Role.Analyst);
        var passwords = new PasswordCheck(Store);
        var before = Store.Hashing.Runs;

        await passwords.ChangeAsync("berta", VaultFolder.GoodPassword, Other);

        Assert.Equal(2, Store.Hashing.Runs - before);
        Assert.NotNull((await _vault.TryAsync("berta", Other)).Session);
        Assert.Contains("present password is wrong", (await Refused(() => passwords.ChangeAsync("berta", VaultFolder.GoodPassword, "yet another of four words"))).Message, StringComparison.Ordinal);
        var known = Store.List().Get("berta").Password!;
        await Store.AcceptAsync((await Store.InviteAsync("berta")).Text, VaultFolder.GoodPassword);
        Assert.Contains("changed meanwhile", (await Refused(() => Store.ReplacePasswordAsync("berta", known, "yet another of four words"))).Message, StringComparison.Ordinal);
        Assert.NotNull((await _vault.TryAsync("berta", VaultFolder.GoodPassword)).Session);
    }

    [Fact]
    public async Task The_only_custodian_is_neither_disabled_nor_made_something_else()
    {
        await _vault.AddAsync("anna", Role.Custodian);
        await Store.CreateAsync("berta", [Role.Custodian], "anna");
        Assert.Contains("only custodian", (await Refused(() => Store.DisableAsync("anna", "x"))).Message, StringComparison.Ordinal);
        Assert.Contains("only custodian", (await Refused(() => Store.SetRolesAsync("anna", [Role.Operator]))).Message, StringComparison.Ordinal);

        await Store.AcceptAsync((await Store.InviteAsync("berta")).Text, VaultFolder.GoodPassword);
        await Store.DisableAsync("anna", "berta");

        Assert.Equal("disabled", Store.List().Get("anna").State(_vault.Clock.GetUtcNow()));
    }

    [Theory]
    [InlineData("Anna")]
    [InlineData("")]
    [InlineData("a/b")]
    [InlineData("\u001b[31m")]
    public async Task A_name_of_another_alphabet_is_refused(string name) =>
        Assert.DoesNotContain('\u001b', (await Refused(() => Store.CreateAsync(name, [Role.City], "x"))).Message);

    [Fact]
    public async Task What_another_process_changed_is_seen_and_two_that_change_at_once_lose_nothing()
    {
        var other = AccountStore.Open(_vault.Path, _vault.Clock);
        Assert.Empty(other.List().Accounts);

        await Task.WhenAll(Enumerable.Range(0, 12).Select(i => Task.Run(() => (i % 2 == 0 ? Store : other).CreateAsync($"a{i}", [Role.City], "x"))));

        Assert.Equal(12, Store.List().Accounts.Length);
        Assert.Equal(12, other.List().Accounts.Length);
    }

    [Theory]
    [InlineData("", "line 1")]
    [InlineData("{", "line 1")]
    [InlineData("""{ "format": 2, "list": { "accounts": [], "tokens": [] } }""", "its format is not 1")]
    [InlineData("""{ "format": 1, "list": { "accounts": [], "tokens": [], "more": 1 } }""", "line 1")]
    [InlineData("""{ "format": 1, "list": { "accounts": [ { "name": "anna", "roles": ["root"], "created_at": "2026-01-01T00:00:00Z", "created_by": "x" } ], "tokens": [] } }""", "line 1, $.list.accounts[0].roles[0]")]
    [InlineData("""{ "format": 1, "list": { "accounts": [ { "name": "anna", "roles": [], "created_at": "2026-01-01T00:00:00Z", "created_by": "x" } ], "tokens": [] } }""", "anna has no role")]
    [InlineData("""{ "format": 1, "list": { "accounts": [ { "name": "anna", "roles": ["city"], "created_at": "2026-01-01T00:00:00Z", "created_by": "x", "password": "secret" } ], "tokens": [] } }""", "PHC")]
    public async Task A_damaged_file_is_told_and_never_written_over(string content, string told)
    {
        File.WriteAllText(_vault.File, content);
        File.SetUnixFileMode(_vault.File, UnixFileMode.UserRead | UnixFileMode.UserWrite);

        Assert.Contains(told, Assert.Throws<VaultFileException>(() => AccountStore.Open(_vault.Path, _vault.Clock)).Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<VaultFileException>(() => Store.CreateAsync("anna", [Role.City], "x"));
        await Assert.ThrowsAsync<VaultFileException>(Store.InviteFirstCustodianAsync);
        Assert.Equal(LogInRefusal.Unavailable, (await _vault.TryAsync("anna", "x")).Refusal);
        Assert.Equal(content, File.ReadAllText(_vault.File));
    }

    [Fact]
    public void A_file_that_others_can_read_or_that_is_a_link_is_refused()
    {
        File.WriteAllText(_vault.File, "");
        File.SetUnixFileMode(_vault.File, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        Assert.Contains($"chmod 600 {_vault.File}", Assert.Throws<VaultFileException>(() => AccountStore.Open(_vault.Path, _vault.Clock)).Message, StringComparison.Ordinal);

        using var links = new PlantedLinks();
        links.Plant(AccountStore.FileName);
        Assert.Contains("is a link", Assert.Throws<VaultFileException>(() => AccountStore.Open(links.Path, _vault.Clock)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_has_the_roles_that_it_and_its_account_have_now_and_ends_with_either()
    {
        await _vault.AddAsync("anna", Role.Custodian);
        await _vault.AddAsync("berta", Role.Operator, Role.Analyst);
        var until = _vault.Clock.GetUtcNow().AddDays(30);
        var scope = ApiScope.Parse(["kokandori"], ["read", "export"]);
        Assert.Contains("is no custodian", (await Refused(() => _vault.Tokens.CreateAsync("board", "berta", scope, [Role.Custodian], until, "x"))).Message, StringComparison.Ordinal);
        var text = await _vault.Tokens.CreateAsync("board", "berta", scope, [Role.Operator, Role.Analyst], until, "x");
        Assert.DoesNotContain(text[4..], File.ReadAllText(_vault.File), StringComparison.Ordinal);

        var principal = _vault.Tokens.Check(text).Principal!;
        Assert.Equal(("berta", CheckedBy.Token, "board"), (principal.Name, principal.How, principal.Token));
        Assert.True(principal.Covers("kokandori", ApiUse.Export));
        Assert.False(principal.Covers("kokandori", ApiUse.Command));
        Assert.False(principal.Covers("other", ApiUse.Read));
        Assert.Equal("token[operator+analyst]:board", principal.ToPrincipal().Account);

        await Store.SetRolesAsync("berta", [Role.Analyst]);
        Assert.Equal([Role.Analyst], _vault.Tokens.Check(text).Principal!.Roles);
        await Store.SetRolesAsync("berta", [Role.City]);
        Assert.Contains("none of the roles", _vault.Tokens.Check(text).WhyNot, StringComparison.Ordinal);
        await Store.SetRolesAsync("berta", [Role.Analyst]);
        await Store.DisableAsync("berta", "anna");
        Assert.Contains("is disabled", _vault.Tokens.Check(text).WhyNot, StringComparison.Ordinal);
        await Store.EnableAsync("berta");
        _vault.Clock.Move(TimeSpan.FromDays(30));
        Assert.Contains("has expired", _vault.Tokens.Check(text).WhyNot, StringComparison.Ordinal);
        _vault.Clock.Move(TimeSpan.FromDays(-1));
        await _vault.Tokens.RevokeAsync("board", "anna");
        Assert.Contains("was revoked", _vault.Tokens.Check(text).WhyNot, StringComparison.Ordinal);
        Assert.Null(_vault.Tokens.Check("tft_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA").Principal);
    }

    public void Dispose() => _vault.Dispose();

    private static Task<AccountException> Refused(Func<Task> what) => Assert.ThrowsAsync<AccountException>(what);
}
