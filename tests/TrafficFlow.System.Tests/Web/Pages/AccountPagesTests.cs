using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using OtpNet;
using TrafficFlow.SystemTests.Vault;
using TrafficFlow.Vault.Accounts;
using TrafficFlow.Vault.Audit;
using TrafficFlow.Web.Access;
using Xunit;

namespace TrafficFlow.SystemTests.Web.Pages;

/// <summary>Accounts by the forms of their pages: with a real file of accounts, and sessions of real log-ins.</summary>
public sealed partial class AccountPagesTests : IAsyncLifetime
{
    private const string Password = "three grey herons on a roof";

    private readonly string _folder = Directory.CreateTempSubdirectory("trafficflow-account-pages-").FullName;
    private readonly List<AuditEvent> _recorded = [];
    private AccountStore _store = null!;
    private Sessions _sessions = null!;
    private WebHost _host = null!;

    public async ValueTask InitializeAsync()
    {
        _store = AccountStore.Open(_folder, TimeProvider.System);
        _sessions = new Sessions(_store, SessionLimits.Default);
        _host = await WebHost.StartAsync(new AccountCallers(_store, _sessions, new Login(_store, _sessions), new ApiTokens(_store), e =>
        {
            lock (_recorded) _recorded.Add(e);
            return Task.CompletedTask;
        }));
        await CreateAsync("anna", Role.Custodian);
        await CreateAsync("bert", Role.Analyst);
    }

    [Fact]
    public async Task A_custodian_makes_an_account_whose_link_is_shown_once_and_good()
    {
        var anna = await SignInAsync("anna");
        var shown = await PageAsync("/accounts/add", anna, HttpStatusCode.OK, ("name", "carla"), ("role", "operator"), ("role", "analyst"));

        var link = LinkShown().Match(shown);
        Assert.True(link.Success, shown);
        Assert.Equal("carla", _store.InvitedBy(link.Groups[1].Value));
        Assert.Equal([Role.Operator, Role.Analyst], _store.List().Get("carla").Roles);
        using var page = await GetAsync("/accounts/carla", anna);
        Assert.DoesNotContain(link.Groups[1].Value, await TextAsync(page));
        await PageAsync("/accounts/add", anna, HttpStatusCode.BadRequest, ("name", "carla"), ("role", "operator"));
        await PageAsync("/accounts/add", anna, HttpStatusCode.BadRequest, ("name", "dora"));
        await PageAsync("/accounts/add", anna, HttpStatusCode.BadRequest, ("name", "dora"), ("role", "emperor"));
        Assert.Null(_store.List().Find("dora"));
        var changes = _recorded.Where(r => r.Action == "account add").ToList();
        Assert.Equal(["done", "refused", "refused"], changes.Select(r => r.Outcome.Split(':')[0]));
        Assert.All(changes, r => Assert.Equal((AuditKind.Change, "anna", "account[custodian]:anna"), (r.Kind, r.By, r.Account)));
        Assert.DoesNotContain(_recorded, r => $"{r}".Contains(link.Groups[1].Value, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_last_custodian_stays_one()
    {
        var anna = await SignInAsync("anna");

        Assert.Contains("only custodian", await PageAsync("/accounts/disable", anna, HttpStatusCode.BadRequest, ("name", "anna")));
        Assert.Contains("only custodian", await PageAsync("/accounts/roles", anna, HttpStatusCode.BadRequest, ("name", "anna"), ("role", "analyst")));
        Assert.True(_store.List().Get("anna") is { IsDisabled: false } kept && kept.Roles.Contains(Role.Custodian));
    }

    [Fact]
    public async Task Roles_links_and_the_right_to_log_in_are_changed_and_end_sessions()
    {
        var (anna, bert) = (await SignInAsync("anna"), await SignInAsync("bert"));

        await PageAsync("/accounts/roles", anna, HttpStatusCode.Redirect, ("name", "bert"), ("role", "operator"));
        Assert.Equal([Role.Operator], _store.List().Get("bert").Roles);
        using var ended = await GetAsync("/accounts", bert);
        Assert.Equal("/sign-in", ended.Headers.Location?.ToString().Split('?')[0]);
        Assert.Matches(LinkShown(), await PageAsync("/accounts/invite", anna, HttpStatusCode.OK, ("name", "bert")));
        await PageAsync("/accounts/disable", anna, HttpStatusCode.Redirect, ("name", "bert"));
        Assert.True(_store.List().Get("bert").IsDisabled);
        await PageAsync("/accounts/enable", anna, HttpStatusCode.Redirect, ("name", "bert"));
        Assert.False(_store.List().Get("bert").IsDisabled);
        await PageAsync("/accounts/disable", anna, HttpStatusCode.BadRequest, ("name", "nobody"));
    }

    [Theory]
    [InlineData("/accounts/add", "name", "eve")]
    [InlineData("/accounts/invite", "name", "anna")]
    [InlineData("/accounts/roles", "name", "bert")]
    [InlineData("/accounts/disable", "name", "anna")]
    [InlineData("/accounts/enable", "name", "anna")]
    public async Task Who_is_no_custodian_changes_no_account(string path, string field, string value)
    {
        await PageAsync(path, await SignInAsync("bert"), HttpStatusCode.Forbidden, (field, value), ("role", "custodian"));
        await PageAsync(path, null, HttpStatusCode.Unauthorized, (field, value), ("role", "custodian"));

        Assert.Null(_store.List().Find("eve"));
        Assert.Equal([Role.Analyst], _store.List().Get("bert").Roles);
        Assert.False(_store.List().Get("anna").IsDisabled);
        Assert.Null(_store.List().Get("anna").InvitedUntil);
    }

    [Fact]
    public async Task A_page_that_is_open_still_when_its_session_has_ended_changes_nothing()
    {
        var anna = await SignInAsync("anna");
        using var page = await GetAsync("/accounts", anna);
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        _sessions.EndAllOf("anna");

        await PageAsync("/accounts/disable", anna, HttpStatusCode.Unauthorized, ("name", "bert"));
        await PageAsync("/accounts/own/password", anna, HttpStatusCode.Unauthorized, ("old", Password), ("password", $"{Password} two"), ("again", $"{Password} two"));

        Assert.False(_store.List().Get("bert").IsDisabled);
    }

    [Fact]
    public async Task A_page_of_another_site_changes_nothing()
    {
        var anna = await SignInAsync("anna");
        using var request = Form("/accounts/disable", [("name", "bert")], anna);
        request.Headers.Add("Sec-Fetch-Site", "cross-site");
        using var answer = await _host.SendAsync(request);

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.False(_store.List().Get("bert").IsDisabled);
    }

    [Fact]
    public async Task Everybody_changes_the_own_password_by_the_present_one()
    {
        var bert = await SignInAsync("bert");
        const string Other = "seven brown owls in a barn";

        await PageAsync("/accounts/own/password", bert, HttpStatusCode.BadRequest, ("old", "wrong wrong wrong"), ("password", Other), ("again", Other));
        await PageAsync("/accounts/own/password", bert, HttpStatusCode.BadRequest, ("old", Password), ("password", Other), ("again", $"{Other} x"));
        await PageAsync("/accounts/own/password", bert, HttpStatusCode.BadRequest, ("old", Password), ("password", "short"), ("again", "short"));
        await PageAsync("/accounts/own/password", bert, HttpStatusCode.OK, ("old", Password), ("password", Other), ("again", Other));

        using var ended = await GetAsync("/accounts", bert);
        Assert.Equal(HttpStatusCode.Redirect, ended.StatusCode);
        await SignInAsync("bert", Other);
        Assert.DoesNotContain(_recorded, r => $"{r}".Contains("owls", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Whoever_guesses_passwords_with_a_stolen_session_waits()
    {
        var bert = await SignInAsync("bert");
        for (var i = 0; i < 5; i++) await PageAsync("/accounts/own/second-factor", bert, HttpStatusCode.BadRequest, ("password", $"wrong wrong {i}"));

        Assert.Contains("too many tries", await PageAsync("/accounts/own/second-factor", bert, HttpStatusCode.BadRequest, ("password", Password)));
    }

    [Fact]
    public async Task A_second_factor_is_good_once_a_code_of_it_was_shown()
    {
        var bert = await SignInAsync("bert");
        var begun = await PageAsync("/accounts/own/second-factor", bert, HttpStatusCode.OK, ("password", Password));
        var secret = SecretShown().Match(begun).Groups[1].Value;
        Assert.Contains("<path class=\"qr-ink\" d=\"M", begun);
        Assert.False(_store.List().Get("bert").HasSecondFactor);
        await PageAsync("/accounts/own/second-factor/confirm", bert, HttpStatusCode.BadRequest, ("code", "000000"));

        var code = new Totp(Base32Encoding.ToBytes(secret)).ComputeTotp();
        var codes = RecoveryShown().Matches(await PageAsync("/accounts/own/second-factor/confirm", bert, HttpStatusCode.OK, ("code", code)));

        Assert.Equal(10, codes.Count);
        Assert.True(_store.List().Get("bert").HasSecondFactor);
        using var without = await _host.SendAsync(Form("/sign-in", [("name", "bert"), ("password", Password)]));
        Assert.Equal(HttpStatusCode.Unauthorized, without.StatusCode);
        var again = await SignInAsync("bert", Password, codes[0].Groups[1].Value);
        await PageAsync("/accounts/own/second-factor/remove", again, HttpStatusCode.BadRequest, ("password", "wrong wrong wrong"));
        await PageAsync("/accounts/own/second-factor/remove", again, HttpStatusCode.OK, ("password", Password));
        Assert.False(_store.List().Get("bert").HasSecondFactor);
        Assert.DoesNotContain(_recorded, r => $"{r}".Contains(secret, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_token_is_of_the_own_account_is_shown_once_and_never_more_than_its_account_may()
    {
        var (anna, bert) = (await SignInAsync("anna"), await SignInAsync("bert"));
        (string, string)[] scope = [("site", "demo"), ("use", "read"), ("role", "analyst"), ("days", "30")];
        var shown = await PageAsync("/accounts/tokens", bert, HttpStatusCode.OK, [("name", "board"), .. scope]);
        var text = TokenShown().Match(shown).Groups[1].Value;
        Assert.Equal("bert", new ApiTokens(_store).Check(text).Principal?.Name);

        await PageAsync("/accounts/tokens", bert, HttpStatusCode.BadRequest, [("name", "more"), ("site", "demo"), ("use", "read"), ("role", "custodian"), ("days", "30")]);
        await PageAsync("/accounts/tokens", bert, HttpStatusCode.BadRequest, [("name", "others"), ("account", "anna"), .. scope]);
        await PageAsync("/accounts/tokens", bert, HttpStatusCode.BadRequest, [("name", "long"), ("site", "demo"), ("use", "read"), ("role", "analyst"), ("days", "367")]);
        await PageAsync("/accounts/tokens", bert, HttpStatusCode.BadRequest, [("name", "days"), ("site", "demo"), ("use", "read"), ("role", "analyst"), ("days", "soon")]);
        await PageAsync("/accounts/tokens", anna, HttpStatusCode.OK, [("name", "second"), ("account", "bert"), .. scope]);
        await PageAsync("/accounts/tokens", anna, HttpStatusCode.OK, [("name", "annas"), ("site", "*"), ("use", "read"), ("role", "custodian"), ("days", "1")]);
        Assert.Equal(["annas", "board", "second"], _store.List().Tokens.Select(t => t.Name).Order());

        await PageAsync("/accounts/tokens/revoke", bert, HttpStatusCode.BadRequest, ("name", "annas"));
        await PageAsync("/accounts/tokens/revoke", bert, HttpStatusCode.BadRequest, ("name", "nothing"));
        await PageAsync("/accounts/tokens/revoke", bert, HttpStatusCode.Redirect, ("name", "board"));
        await PageAsync("/accounts/tokens/revoke", anna, HttpStatusCode.Redirect, ("name", "second"));
        Assert.Null(new ApiTokens(_store).Check(text).Principal);
        Assert.Equal(["annas"], _store.List().Tokens.Where(t => t.RevokedAt is null).Select(t => t.Name));
        Assert.DoesNotContain(_recorded, r => $"{r}".Contains(text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Where_accounts_cannot_be_read_the_page_says_so_and_nothing_is_written_over()
    {
        var file = Path.Combine(_folder, AccountStore.FileName);
        var anna = await SignInAsync("anna");
        await File.WriteAllTextAsync(file, "{", TestContext.Current.CancellationToken);

        await PageAsync("/accounts/add", anna, HttpStatusCode.ServiceUnavailable, ("name", "carla"), ("role", "operator"));

        Assert.Equal("{", await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_page_lists_all_accounts_for_custodians_and_the_own_one_for_others()
    {
        using var all = await GetAsync("/accounts", await SignInAsync("anna"));
        using var own = await GetAsync("/accounts", await SignInAsync("bert"));

        Assert.Contains("href=\"/accounts/bert\"", await TextAsync(all));
        var text = await TextAsync(own);
        Assert.Contains("action=\"/accounts/own/password\"", text);
        Assert.DoesNotContain("anna", text);
        Assert.DoesNotContain(" style=", text);
    }

    private async Task CreateAsync(string name, Role role) => await _store.AcceptAsync((await _store.CreateAsync(name, [role], "test")).Text, Password);

    private async Task<string> SignInAsync(string name, string password = Password, string? code = null)
    {
        using var answer = await _host.SendAsync(Form("/sign-in", [("name", name), ("password", password), ("code", code ?? "")]));
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        var cookie = answer.Headers.GetValues("Set-Cookie").Single(c => c.StartsWith("trafficflow-session=", StringComparison.Ordinal));
        return cookie[..cookie.IndexOf(';')];
    }

    private Task<HttpResponseMessage> GetAsync(string path, string cookie) => _host.SendAsync("GET", path, null, cookie);

    private async Task<string> PageAsync(string path, string? cookie, HttpStatusCode status, params (string Name, string Value)[] fields)
    {
        using var answer = await _host.SendAsync(Form(path, fields, cookie));
        var text = WebUtility.HtmlDecode(await TextAsync(answer));
        Assert.True(status == answer.StatusCode, string.Create(CultureInfo.InvariantCulture, $"{path}: {(int)answer.StatusCode} {text}"));
        return text;
    }

    private static Task<string> TextAsync(HttpResponseMessage answer) => answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

    private static HttpRequestMessage Form(string path, IEnumerable<(string Name, string Value)> fields, string? cookie = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new FormUrlEncodedContent(fields.Select(f => KeyValuePair.Create(f.Name, f.Value))) };
        if (cookie is not null) request.Headers.Add("Cookie", cookie);
        return request;
    }

    [GeneratedRegex("<code>http://[^<]+/invitation#(tfi_[^<]+)</code>")]
    private static partial Regex LinkShown();

    [GeneratedRegex("<code>([A-Z2-7]{32})</code>")]
    private static partial Regex SecretShown();

    [GeneratedRegex("<code>([a-z2-7]{4}(?:-[a-z2-7]{4}){3})</code>")]
    private static partial Regex RecoveryShown();

    [GeneratedRegex("<code>(tft_[^<]+)</code>")]
    private static partial Regex TokenShown();

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        _sessions.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
