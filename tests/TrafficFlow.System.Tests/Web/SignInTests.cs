using System.Net;
using TrafficFlow.Vault.Accounts;
using TrafficFlow.Vault.Audit;
using TrafficFlow.Web.Access;
using Xunit;

namespace TrafficFlow.SystemTests.Web;

/// <summary>From the first custodian's link to a session, and tokens of programs: with a real file of accounts.</summary>
public sealed class SignInTests : IAsyncLifetime
{
    private const string Password = "three grey herons on a roof";

    private readonly string _folder = Directory.CreateTempSubdirectory("trafficflow-sign-in-").FullName;
    private readonly List<AuditEvent> _recorded = [];
    private AccountStore _store = null!;
    private WebHost _host = null!;

    public async ValueTask InitializeAsync()
    {
        _store = AccountStore.Open(_folder, TimeProvider.System);
        var sessions = new Sessions(_store, SessionLimits.Default);
        _host = await WebHost.StartAsync(new AccountCallers(_store, sessions, new Login(_store, sessions), new ApiTokens(_store), e =>
        {
            lock (_recorded) _recorded.Add(e);
            return Task.CompletedTask;
        }));
    }

    [Fact]
    public async Task The_first_custodian_comes_in_by_a_link_that_is_good_once()
    {
        var invitation = await _store.InviteFirstCustodianAsync();
        using var without = await GetAsync("/sites/demo");
        Assert.Equal("/sign-in?from=%2Fsites%2Fdemo", without.Headers.Location?.ToString());

        var form = new[] { ("invitation", invitation!.Text), ("name", "anna"), ("password", Password), ("again", Password) };
        using var unlike = await PostAsync("/invitation", [.. form[..3], ("again", "another one altogether")]);
        Assert.Equal(HttpStatusCode.BadRequest, unlike.StatusCode);
        using var accepted = await PostAsync("/invitation", form);
        Assert.Equal((HttpStatusCode.Redirect, "/sign-in"), (accepted.StatusCode, accepted.Headers.Location?.ToString()));
        using var again = await PostAsync("/invitation", form);
        Assert.Equal(HttpStatusCode.BadRequest, again.StatusCode);

        var cookie = await SignInAsync("anna", Password);
        using var page = await GetAsync("/sites/demo", cookie);
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        using var tampered = await GetAsync("/v1/sites", $"{cookie[..^1]}{(cookie[^1] == 'x' ? 'y' : 'x')}");
        Assert.Equal(HttpStatusCode.Unauthorized, tampered.StatusCode);

        using var left = await PostAsync("/sign-out", [], cookie);
        Assert.Equal(HttpStatusCode.Redirect, left.StatusCode);
        using var gone = await GetAsync("/v1/sites", cookie);
        Assert.Equal(HttpStatusCode.Unauthorized, gone.StatusCode);
        Assert.Equal([AuditKind.Change, AuditKind.FailedTry, AuditKind.LogIn, AuditKind.LogOut], _recorded.Select(r => r.Kind));
    }

    [Fact]
    public async Task Who_is_wrong_is_not_told_what_is_and_is_recorded_and_waits_ever_longer()
    {
        await CreateAsync("bert", Role.Analyst);
        var told = new HashSet<string>();
        var status = HttpStatusCode.Unauthorized;
        for (var i = 0; status == HttpStatusCode.Unauthorized && i < 20; i++)
        {
            using var answer = await PostAsync("/sign-in", [("name", i % 2 == 0 ? "bert" : "nobody"), ("password", "wrong wrong wrong")]);
            status = answer.StatusCode;
            Assert.False(answer.Headers.Contains("Set-Cookie"));
            if (i < 2) told.Add((await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).Replace("nobody", "bert", StringComparison.Ordinal));
        }

        Assert.Equal(HttpStatusCode.TooManyRequests, status);
        Assert.Single(told);
        Assert.All(_recorded, r => Assert.Equal(AuditKind.FailedTry, r.Kind));
        Assert.All(_recorded, r => Assert.DoesNotContain("wrong wrong", $"{r}"));
        Assert.Equal(["bert", "unknown"], _recorded.Select(r => r.By).Distinct().Order());
    }

    [Fact]
    public async Task Who_shows_bad_tokens_again_and_again_waits_and_fills_no_audit_and_a_good_token_is_let_in_all_the_same()
    {
        await CreateAsync("bert", Role.Analyst);
        var good = await new ApiTokens(_store).CreateAsync("board", "bert", ApiScope.Parse(["demo"], ["read"]), [Role.Analyst], new DateTimeOffset(2100, 1, 1, 0, 0, 0, TimeSpan.Zero), "test");
        var statuses = new List<HttpStatusCode>();
        for (var i = 0; i < 40; i++) statuses.Add(await WithTokenAsync("/v1/sites", $"tft_{i}"));

        Assert.Equal(HttpStatusCode.Unauthorized, statuses[0]);
        Assert.Equal(HttpStatusCode.TooManyRequests, statuses[^1]);
        Assert.Equal(FailedTryRecords.MostOfAddress, _recorded.Count);
        Assert.Equal(HttpStatusCode.OK, await WithTokenAsync("/v1/sites/demo", good));
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/sites");
        request.Headers.Add("Authorization", "Bearer tft_x");
        using var told = await _host.SendAsync(request);
        Assert.NotNull(told.Headers.RetryAfter?.Delta);
    }

    [Fact]
    public async Task Who_guesses_invitations_waits()
    {
        await _store.InviteFirstCustodianAsync();
        var status = HttpStatusCode.BadRequest;
        for (var i = 0; status == HttpStatusCode.BadRequest && i < 20; i++)
        {
            using var answer = await PostAsync("/invitation", [("invitation", $"tfi_{i}"), ("name", "anna"), ("password", Password), ("again", Password)]);
            status = answer.StatusCode;
            if (status == HttpStatusCode.TooManyRequests) Assert.NotNull(answer.Headers.RetryAfter?.Delta);
        }

        Assert.Equal(HttpStatusCode.TooManyRequests, status);
    }

    [Fact]
    public async Task Behind_tls_cookies_are_for_tls_and_this_host_alone()
    {
        await CreateAsync("bert", Role.Analyst);
        using var sessions = new Sessions(_store, SessionLimits.Default);
        await using var host = await WebHost.StartAsync(new AccountCallers(_store, sessions, new Login(_store, sessions), new ApiTokens(_store), _ => Task.CompletedTask, isHttps: true));
        using var request = Form("/sign-in", [("name", "bert"), ("password", Password)]);
        using var answer = await host.SendAsync(request);

        var cookies = answer.Headers.GetValues("Set-Cookie").ToList();
        Assert.Equal(2, cookies.Count);
        Assert.All(cookies, c => Assert.Matches("^__Host-trafficflow-(session|device)=.*; path=/; secure; samesite=strict; httponly$", c.Replace("max-age=7776000; ", "", StringComparison.Ordinal)));
        using var page = await host.SendAsync("GET", "/sites/demo", null, cookies[0][..cookies[0].IndexOf(';')]);
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
    }

    [Fact]
    public async Task A_node_starts_whatever_its_file_of_accounts_holds_and_tells_who_wants_to_sign_in()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, AccountStore.FileName), "{", TestContext.Current.CancellationToken);
        var store = AccountStore.Over(_folder, TimeProvider.System);
        using var sessions = new Sessions(store, SessionLimits.Default);
        await using var host = await WebHost.StartAsync(new AccountCallers(store, sessions, new Login(store, sessions), new ApiTokens(store), _ => Task.CompletedTask));

        foreach (var (path, fields) in new[] { ("/sign-in", new[] { ("name", "bert"), ("password", Password) }), ("/invitation", [("invitation", "tfi_x"), ("password", Password), ("again", Password)]) })
        {
            using var answer = await host.SendAsync(Form(path, fields));
            Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        }
    }

    [Theory]
    [InlineData("https://evil.example/", "/")]
    [InlineData("//evil.example/", "/")]
    [InlineData("/\\evil.example", "/")]
    [InlineData("/é", "/")]
    [InlineData("/sites/demo", "/sites/demo")]
    public async Task A_link_to_the_form_leads_to_no_other_host(string from, string to)
    {
        await CreateAsync("bert", Role.Analyst);

        using var answer = await PostAsync("/sign-in", [("name", "bert"), ("password", Password), ("from", from)]);

        Assert.Equal((HttpStatusCode.Redirect, to), (answer.StatusCode, answer.Headers.Location?.ToString()));
    }

    [Fact]
    public async Task A_page_of_another_site_can_post_nothing_here()
    {
        await CreateAsync("bert", Role.Analyst);
        foreach (var (header, value) in new[] { ("Origin", "https://evil.example"), ("Origin", "null"), ("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Site", "same-site") })
        {
            using var request = Form("/sign-in", [("name", "bert"), ("password", Password)]);
            request.Headers.Add(header, value);
            using var answer = await _host.SendAsync(request);
            Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        }
    }

    [Fact]
    public async Task A_program_reads_what_its_token_is_for_and_has_no_pages()
    {
        await CreateAsync("bert", Role.Analyst);
        var tokens = new ApiTokens(_store);
        var until = DateTimeOffset.Parse("2100-01-01T00:00:00Z", System.Globalization.CultureInfo.InvariantCulture);
        var good = await tokens.CreateAsync("board", "bert", ApiScope.Parse(["demo"], ["read"]), [Role.Analyst], until, "test");
        var elsewhere = await tokens.CreateAsync("other", "bert", ApiScope.Parse(["kokandori"], ["read"]), [Role.Analyst], until, "test");

        Assert.Equal(HttpStatusCode.OK, await WithTokenAsync("/v1/sites/demo", good));
        Assert.Equal(HttpStatusCode.Forbidden, await WithTokenAsync("/v1/sites/demo/flows?from=2026-05-01&to=2026-05-02", good, "text/csv"));
        Assert.Equal(HttpStatusCode.Forbidden, await WithTokenAsync("/", good));
        Assert.Equal(HttpStatusCode.Forbidden, await WithTokenAsync("/_blazor", good));
        Assert.Equal(HttpStatusCode.Forbidden, await WithTokenAsync("/v1/sites/demo", elsewhere));
        Assert.Equal(HttpStatusCode.Unauthorized, await WithTokenAsync("/v1/sites/demo", $"{good}x"));
        await tokens.RevokeAsync("board", "test");
        Assert.Equal(HttpStatusCode.Unauthorized, await WithTokenAsync("/v1/sites/demo", good));
    }

    private async Task CreateAsync(string name, Role role)
    {
        var invitation = await _store.CreateAsync(name, [role], "test");
        await _store.AcceptAsync(invitation.Text, Password);
    }

    private async Task<string> SignInAsync(string name, string password)
    {
        using var answer = await PostAsync("/sign-in", [("name", name), ("password", password)]);
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        var cookie = answer.Headers.GetValues("Set-Cookie").Single(c => c.StartsWith("trafficflow-session=", StringComparison.Ordinal));
        Assert.Contains("httponly", cookie);
        Assert.Contains("samesite=strict", cookie);
        return cookie[..cookie.IndexOf(';')];
    }

    [Fact]
    public async Task Where_accounts_cannot_be_read_nobody_is_let_in_and_that_is_told()
    {
        await CreateAsync("bert", Role.Analyst);
        var cookie = await SignInAsync("bert", Password);
        await File.WriteAllTextAsync(Path.Combine(_folder, AccountStore.FileName), "{", TestContext.Current.CancellationToken);

        using var answer = await GetAsync("/v1/sites", cookie);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Contains("cannot be read", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        using var left = await PostAsync("/sign-out", [], cookie);
        Assert.Equal(HttpStatusCode.Redirect, left.StatusCode);
    }

    private async Task<HttpStatusCode> WithTokenAsync(string path, string token, string? accept = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (accept is not null) request.Headers.Add("Accept", accept);
        request.Headers.Add("Authorization", $"Bearer {token}");
        using var answer = await _host.SendAsync(request);
        return answer.StatusCode;
    }

    private Task<HttpResponseMessage> GetAsync(string path, string? cookie = null) => _host.SendAsync("GET", path, null, cookie);

    private async Task<HttpResponseMessage> PostAsync(string path, IEnumerable<(string Name, string Value)> fields, string? cookie = null)
    {
        using var request = Form(path, fields);
        if (cookie is not null) request.Headers.Add("Cookie", cookie);
        return await _host.SendAsync(request);
    }

    private static HttpRequestMessage Form(string path, IEnumerable<(string Name, string Value)> fields) =>
        new(HttpMethod.Post, path) { Content = new FormUrlEncodedContent(fields.Select(f => KeyValuePair.Create(f.Name, f.Value))) };

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
