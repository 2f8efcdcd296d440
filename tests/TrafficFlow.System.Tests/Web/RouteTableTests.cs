using System.Net;
using Microsoft.AspNetCore.Routing;
using TrafficFlow.SystemTests.Settings;
using TrafficFlow.Vault.Accounts;
using TrafficFlow.Web.Access;
using TrafficFlow.Web.Routes;
using Xunit;

namespace TrafficFlow.SystemTests.Web;

/// <summary>Who may use which route, tried with every role and none; a route without a row, or a row without a route, fails.</summary>
public sealed class RouteTableTests : IAsyncLifetime
{
    private WebHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await WebHost.StartAsync();

    [Fact]
    public void Every_route_that_is_mapped_has_a_row()
    {
        var mapped = Mapped();

        Assert.NotEmpty(mapped);
        Assert.All(mapped, m => Assert.NotNull(RouteTable.Find(m.Method, m.Pattern)));
    }

    [Fact]
    public async Task Every_row_is_of_a_route_that_is_mapped()
    {
        // The demo has one of its own, and a node with accounts has others.
        await using var demo = await WebHost.StartAsync(new LinkCallers());
        using var folder = new SettingsFolder();
        var store = AccountStore.Open(folder.Path, TimeProvider.System);
        using var sessions = new Sessions(store, SessionLimits.Default);
        await using var accounts = await WebHost.StartAsync(new AccountCallers(store, sessions, new Login(store, sessions), new ApiTokens(store), _ => Task.CompletedTask));
        var mapped = Mapped().Concat(Mapped(demo)).Concat(Mapped(accounts)).ToList();

        Assert.All(RouteTable.All, row => Assert.Contains(mapped, m => RouteTable.Find(m.Method, m.Pattern) == row));
    }

    [Fact]
    public async Task Each_route_lets_in_whom_its_row_names_and_refuses_everybody_else()
    {
        Role?[] everybody = [null, .. Enum.GetValues<Role>()];
        foreach (var row in RouteTable.All)
        {
            foreach (var role in everybody)
            {
                var method = row.Method == "*" ? "GET" : row.Method;
                using var answer = await _host.SendAsync(method, PathOf(row), role);
                var status = (int)answer.StatusCode;
                if (row.IsOpenTo(role is { } r ? new HashSet<Role> { r } : null)) Assert.True(status is not (401 or 403), $"{row} as {role}: {status}");
                else if (role is null && row.Kind == RouteKind.Page && method == "GET") Assert.Equal((HttpStatusCode.Redirect, "/sign-in"), (answer.StatusCode, answer.Headers.Location?.ToString().Split('?')[0]));
                else if (row.Pattern == "/" && role == Role.City) Assert.Equal((HttpStatusCode.Redirect, "/released"), (answer.StatusCode, answer.Headers.Location?.ToString()));
                else Assert.Equal(role is null ? 401 : 403, status);
            }
        }
    }

    [Theory]
    [InlineData("GET", "/v1/sites/nowhere", 404)]
    [InlineData("GET", "/admin", 404)]
    [InlineData("GET", "/_content/../WebServer.cs", 404)]
    [InlineData("DELETE", "/v1/sites", 404)]
    [InlineData("POST", "/v1/sites", 404)]
    [InlineData("TRACE", "/", 404)]
    public async Task What_there_is_not_is_told_in_one_way_and_nothing_else(string method, string path, int status)
    {
        using var answer = await _host.SendAsync(method, path, Role.Operator);

        Assert.Equal(status, (int)answer.StatusCode);
        var body = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Contains("\"remedy\"", body);
        Assert.DoesNotContain("   at ", body);
    }

    [Theory]
    [InlineData("/nothing", "en", 404, "There is no such page")]
    [InlineData("/nothing", "ja", 404, "ページが見つかりません")]
    [InlineData("/audit", "ja", 403, "この画面を見る権限がありません")]
    [InlineData("/sites/demo/cameras/cam-north/picture", "en", 404, "There is no such page")]
    [InlineData("/v1/sites/nowhere", "ja", 404, null)]
    public async Task A_browser_gets_a_page_in_its_language_and_whoever_asks_for_data_the_problem_as_data(string path, string language, int status, string? title)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("X-Test-Role", "Operator");
        request.Headers.Add("Accept", "text/html,application/xhtml+xml,*/*;q=0.8");
        request.Headers.Add("Accept-Language", language);
        using var answer = await _host.SendAsync(request);
        var body = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal(title is null ? "application/problem+json" : "text/html", answer.Content.Headers.ContentType?.MediaType);
        if (title is null) return;
        Assert.Contains($"<html lang=\"{language}\">", body);
        Assert.Contains($"<h1>{title}</h1>", body);
        Assert.DoesNotContain(" style=", body);
    }

    [Fact]
    public async Task Who_is_not_signed_in_is_led_back_to_the_very_page()
    {
        using var answer = await _host.SendAsync("GET", "/sites/demo/counts?from=2026-05-01&to=2026-05-02", null);

        Assert.Equal("/sign-in?from=%2Fsites%2Fdemo%2Fcounts%3Ffrom%3D2026-05-01%26to%3D2026-05-02", answer.Headers.Location?.ToString());
    }

    [Fact]
    public async Task Every_answer_says_what_a_browser_may_load_and_that_nothing_is_kept()
    {
        foreach (var path in new[] { "/", "/sites/demo", "/v1/sites", "/v1/sites/nowhere", "/nothing", "/_content/trafficflow/site.css" })
        {
            using var answer = await _host.SendAsync("GET", path, Role.Operator);
            var policy = Assert.Single(answer.Headers.GetValues("Content-Security-Policy"));
            Assert.DoesNotContain("unsafe", policy);
            Assert.Contains("default-src 'none'", policy);
            Assert.Contains("frame-ancestors 'none'", policy);
            Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
            Assert.Equal("same-origin", Assert.Single(answer.Headers.GetValues("Referrer-Policy")));
            Assert.False(answer.Headers.Contains("Server"));
        }
    }

    [Fact]
    public async Task A_page_has_no_style_or_script_of_its_own_that_the_policy_would_stop()
    {
        using var answer = await _host.SendAsync("GET", "/sites/demo", Role.Operator);
        var page = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        Assert.Contains("デモ交差点", page);
        Assert.DoesNotContain(" style=", page);
        Assert.DoesNotContain("<style", page);
        Assert.DoesNotContain("onclick=", page);
        Assert.All(page.Split("<script").Skip(1), s => Assert.Contains("src=", s[..s.IndexOf('>')]));
    }

    [Fact]
    public async Task Who_has_the_demos_link_is_in_and_who_has_another_one_is_not()
    {
        var callers = new LinkCallers();
        await using var demo = await WebHost.StartAsync(callers);
        var link = callers.LinkAt(demo.Server.Address!);
        using var wrong = await demo.SendAsync("GET", $"{LinkCallers.Path}?key=0{link[(link.IndexOf('=') + 2)..]}", null);
        Assert.Equal(HttpStatusCode.Unauthorized, wrong.StatusCode);
        Assert.False(wrong.Headers.Contains("Set-Cookie"));

        using var right = await demo.SendAsync("GET", new Uri(link).PathAndQuery, null);
        Assert.Equal(HttpStatusCode.Redirect, right.StatusCode);
        var set = Assert.Single(right.Headers.GetValues("Set-Cookie"));
        Assert.Contains("httponly", set);
        Assert.Contains("samesite=strict", set);
        var cookie = set[..set.IndexOf(';')];
        using var page = await demo.SendAsync("GET", "/sites/demo", null, cookie);
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        using var tampered = await demo.SendAsync("GET", "/v1/sites", null, $"{cookie}x");
        Assert.Equal(HttpStatusCode.Unauthorized, tampered.StatusCode);
    }

    [Fact]
    public async Task Who_has_an_answer_already_gets_none_again()
    {
        using var first = await _host.SendAsync("GET", "/v1/sites/demo", Role.Analyst);
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(_host.Server.Address!, "/v1/sites/demo"));
        request.Headers.Add("X-Test-Role", "Analyst");
        request.Headers.IfNoneMatch.Add(first.Headers.ETag!);
        using var client = new HttpClient();
        using var again = await client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
    }

    private List<(string Method, string Pattern)> Mapped(WebHost? host = null) =>
    [
        .. from endpoint in (host ?? _host).Server.Endpoints.OfType<RouteEndpoint>()
           from method in endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["GET", "POST"]
           select (method, endpoint.RoutePattern.RawText ?? ""),
    ];

    private static string PathOf(WebRoute row) => row.Pattern.Replace("{**file}", "trafficflow/site.css", StringComparison.Ordinal)
        .Replace("{site}", "demo", StringComparison.Ordinal).Replace("{Site}", "demo", StringComparison.Ordinal);

    public ValueTask DisposeAsync() => _host.DisposeAsync();
}
