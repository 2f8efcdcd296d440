using System.Net;
using System.Reflection;
using System.Text.Json;
using Microsoft.AspNetCore.Routing;
using TrafficFlow.Vault.Accounts;
using TrafficFlow.Vault.Audit;
using TrafficFlow.Web.Released;
using TrafficFlow.Web.Routes;
using Xunit;

namespace TrafficFlow.SystemTests.Web;

/// <summary>What leaves for the city and the public, out of real tables; and that nothing else does.</summary>
public sealed class ReleasedTests : IAsyncLifetime
{
    private const string Flows = "/v1/released/sites/a/flows";

    /// <summary>Routes without counts that whoever is signed in may use: the page's own, and what describes the routes.</summary>
    private static readonly string[] WithoutCounts =
        ["/_framework/opaque-redirect", "/_blazor", "/_blazor/negotiate", "/_blazor/disconnect/", "/_blazor/initializers/", "/v1/openapi.json", "/api", "/accounts",
            "/accounts/own/password", "/accounts/own/second-factor", "/accounts/own/second-factor/confirm", "/accounts/own/second-factor/remove", "/accounts/tokens", "/accounts/tokens/revoke", "/notices", "/notices/{site}/{version}/{file}"];

    private readonly FilledTables _tables = new();
    private WebHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await WebHost.StartAsync(ports: await _tables.FillAsync());

    [Fact]
    public async Task The_city_reads_hours_whose_small_cells_are_suppressed_and_say_so()
    {
        var rows = await RowsAsync($"{Flows}?from=2026-04-01T06:00%2B09:00&to=2026-04-01T07:00%2B09:00&bin=60&approach=north&movement=to%20south");

        Assert.Equal((188, "counted"), (rows["all"].Count, rows["all"].State));
        Assert.Equal((160, "counted"), (rows["passenger-car"].Count, rows["passenger-car"].State));
        Assert.All(["heavy-goods", "light-goods", "motorcycle", "unclassified"], c => Assert.Equal((null, "suppressed"), (rows[c].Count, rows[c].State)));
        Assert.All(rows.Values, r => Assert.Equal(r.State == "suppressed", r.Suppressed));
    }

    [Fact]
    public async Task Every_length_has_its_totals_and_what_is_told_of_longer_periods_only_says_so()
    {
        Assert.Equal(("counted", "coarsened"), await OfAsync("1", "2026-04-01T06:00%2B09:00", "2026-04-01T06:01%2B09:00"));
        Assert.Equal(("counted", "coarsened"), await OfAsync("5", "2026-04-01T06:00%2B09:00", "2026-04-01T06:05%2B09:00"));
        Assert.Equal(("counted", "counted"), await OfAsync("15", "2026-04-01T06:00%2B09:00", "2026-04-01T06:15%2B09:00"));
        Assert.Equal(("counted", "counted"), await OfAsync("day", FilledTables.Day, "2026-04-02"));
        Assert.Equal(("counted", "counted"), await OfAsync("month", FilledTables.Day, "2026-05-01"));
        Assert.Equal(("missing", "missing"), await OfAsync("15", "2026-04-01T12:00%2B09:00", "2026-04-01T12:15%2B09:00"));
        Assert.Equal(("pending", "pending"), await OfAsync("month", "2026-05-01", "2026-06-01"));

        async Task<(string Entering, string South)> OfAsync(string bin, string from, string to)
        {
            var query = $"{Flows}?from={from}&to={to}&bin={bin}&approach=north&class=all";
            return ((await RowsAsync($"{query}&movement=entering"))["all"].State, (await RowsAsync($"{query}&movement=to%20south"))["all"].State);
        }
    }

    [Fact]
    public async Task Pages_of_hours_join_and_a_month_is_a_page()
    {
        var hours = new List<string>();
        var path = $"{Flows}?from={FilledTables.Day}&to=2026-04-03&bin=60&class=all&movement=entering&limit=7";
        string? cursor = null;
        do
        {
            using var page = await JsonAsync(cursor is null ? path : $"{path}&cursor={cursor}");
            hours.AddRange(page.RootElement.GetProperty("items").EnumerateArray().Select(r => $"{r.GetProperty("approach")} {r.GetProperty("start")}"));
            cursor = page.RootElement.GetProperty("next").GetString();
        }
        while (cursor is not null);

        Assert.Equal(48, hours.Count);
        Assert.Equal(hours.Distinct(), hours);
    }

    [Theory]
    [InlineData("bin=week&from=2026-04-01&to=2026-04-02", "bin")]
    [InlineData("bin=day&from=2026-04-01T06:00:00%2B09:00&to=2026-04-02", "from")]
    [InlineData("bin=month&from=2026-04-01&to=2026-04-20", "to")]
    [InlineData("bin=60&from=2010-04-01&to=2010-04-02", "from")]
    [InlineData("bin=month&from=2016-05-01&to=2016-06-01", "from")]
    [InlineData("bin=day&from=2026-04-01&to=2026-04-02&limit=100", "limit")]
    public async Task A_slip_is_told_by_its_parameter(string query, string parameter)
    {
        using var answer = await _host.SendAsync("GET", $"{Flows}?{query}", Role.City);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        using var problem = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal(parameter, problem.RootElement.GetProperty("parameter").GetString());
    }

    [Theory]
    [InlineData("text/csv", "60", "suppressed")]
    [InlineData("application/x-ndjson", "60", "suppressed")]
    [InlineData("application/ld+json", "60", "suppressed")]
    [InlineData("application/xml", "60", "suppressed")]
    [InlineData("text/csv;profile=jartic", "5", "収集時間フラグ")]
    [InlineData("application/vnd.apache.parquet", "60", "PAR1")]
    [InlineData("application/vnd.apache.arrow.stream", "60", "")]
    public async Task Every_format_is_made_of_released_rows_and_an_export_is_recorded(string accept, string bin, string holds)
    {
        var text = await TextAsync($"{Flows}?from={FilledTables.Day}T06:00%2B09:00&to={FilledTables.Day}T07:00%2B09:00&bin={bin}&approach=north", accept, Role.City);

        Assert.Contains(holds, text);
        // The provenance and the queue of a bin are not released, nor its sizes.
        Assert.DoesNotContain("c0ffee", text);
        Assert.Equal([AuditKind.Export], _tables.Recorded.Select(r => r.Kind));
        Assert.Equal(("account[city]:anna", "export released flows", "a"), (_tables.Recorded[0].Account, _tables.Recorded[0].Action, _tables.Recorded[0].Target));
    }

    [Theory]
    [InlineData("application/ld+json", "15", "TrafficFlowObserved")]
    [InlineData("application/xml", "15", "MeasuredDataPublication")]
    [InlineData("text/csv; profile=jartic", "5", "常時観測点コード")]
    public async Task Staff_pulls_the_formats_of_cities_as_counted(string accept, string bin, string holds)
    {
        var text = await TextAsync($"/v1/sites/a/flows?from={FilledTables.Day}T06:00%2B09:00&to={FilledTables.Day}T07:00%2B09:00&bin={bin}&approach=north", accept, Role.Analyst);

        Assert.Contains(holds, text);
        Assert.DoesNotContain("suppressed\":true", text);
    }

    [Fact]
    public async Task Data_of_DATEX_II_refer_to_a_table_that_is_there()
    {
        Assert.Contains("MeasurementSiteTablePublication", await TextAsync("/v1/released/sites/a", "application/xml", Role.City));
        Assert.Contains("FeatureCollection", await TextAsync("/v1/released/sites/a", "application/geo+json", Role.City));
        var site = await TextAsync("/v1/released/sites/a", "application/json", Role.City);
        Assert.Contains("\"movements\"", site);
        Assert.DoesNotContain("cam1", site);
    }

    [Fact]
    public async Task What_cannot_be_said_in_a_format_is_told_before_anything_is_sent()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{Flows}?from={FilledTables.Day}&to=2026-04-02&bin=60");
        request.Headers.Add("X-Test-Role", "City");
        request.Headers.Add("Accept", "text/csv; profile=jartic");
        using var answer = await _host.SendAsync(request);

        Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
        Assert.Contains("5 minutes", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task What_is_released_is_for_everybody_where_the_settings_say_so_and_nothing_else_is()
    {
        using var tables = new FilledTables();
        await using var open = await WebHost.StartAsync(ports: await tables.FillAsync(), settings: s => s with { IsReleasePublic = true });
        foreach (var row in RouteTable.All.Where(r => r.Kind == RouteKind.Data))
        {
            using var closed = await _host.SendAsync("GET", PathOf(row), null);
            Assert.Equal(HttpStatusCode.Unauthorized, closed.StatusCode);
            using var answer = await open.SendAsync("GET", PathOf(row), null);
            Assert.Equal(row.IsReleased, answer.StatusCode != HttpStatusCode.Unauthorized);
        }
    }

    [Fact]
    public async Task Journeys_come_in_pages_for_operators_and_analysts_and_who_read_them_is_recorded()
    {
        const string Path = $"/v1/sites/a/journeys?from={FilledTables.Day}&to=2026-04-02&limit=10";
        var seen = new List<string>();
        string? cursor = null;
        do
        {
            using var page = await JsonAsync(cursor is null ? Path : $"{Path}&cursor={cursor}", Role.Operator);
            Assert.All(page.RootElement.GetProperty("items").EnumerateArray(), j => Assert.Equal((-1.5, 12.0), (j.GetProperty("lateral_m").GetDouble(), j.GetProperty("queued_m").GetDouble())));
            seen.AddRange(page.RootElement.GetProperty("items").EnumerateArray().Select(j => j.GetProperty("id").GetString()!));
            cursor = page.RootElement.GetProperty("next").GetString();
        }
        while (cursor is not null);

        Assert.Equal(25, seen.Distinct().Count());
        // Each page: whoever has a cursor need not have begun at the beginning.
        Assert.True(_tables.Recorded.Count() > 1);
        Assert.All(_tables.Recorded, r => Assert.Equal(("read journeys", AuditKind.View), (r.Action, r.Kind)));
        foreach (var (query, parameter) in new[] { ("from=2026-04-01&to=2026-05-01", "from"), ("from=2026-04-01&to=2026-04-02&cursor=00", "cursor"), ("from=2026-04-02&to=2026-04-01", "to"), ("from=2026-04-01&to=2026-04-02&exit=nord", "exit") })
        {
            using var answer = await _host.SendAsync("GET", $"/v1/sites/a/journeys?{query}", Role.Analyst);
            Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
            Assert.Contains($"\"parameter\":\"{parameter}\"", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        }
    }

    [Fact]
    public async Task Journeys_stay_here_while_nobody_can_record_who_reads_them_and_counts_do_not()
    {
        using var tables = new FilledTables();
        await using var host = await WebHost.StartAsync(ports: await tables.FillAsync() with { Record = _ => Task.FromResult(false) });

        using var journeys = await host.SendAsync("GET", $"/v1/sites/a/journeys?from={FilledTables.Day}&to=2026-04-02", Role.Operator);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, journeys.StatusCode);
        using var counts = await host.SendAsync("GET", $"/v1/sites/a/flows?from={FilledTables.Day}T06:00%2B09:00&to={FilledTables.Day}T07:00%2B09:00&bin=15&format=csv", Role.Operator);
        Assert.Equal(HttpStatusCode.OK, counts.StatusCode);
    }

    [Fact]
    public async Task A_topic_of_journeys_is_followed_by_nobody_who_cannot_be_recorded()
    {
        await using var host = await WebHost.StartAsync(with: ports => ports with { Record = _ => Task.FromResult(false) });

        using var topic = await host.SendAsync("GET", "/v1/sites/demo/topics/journeys.demo", Role.Operator);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, topic.StatusCode);
        Assert.Contains("the audit of this server cannot be written now", await topic.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Journeys_are_for_nobody_outside()
    {
        foreach (var role in new Role?[] { null, Role.City, Role.Custodian })
        {
            using var answer = await _host.SendAsync("GET", $"/v1/sites/a/journeys?from={FilledTables.Day}&to=2026-04-02", role);
            Assert.Equal(role is null ? HttpStatusCode.Unauthorized : HttpStatusCode.Forbidden, answer.StatusCode);
        }

        Assert.DoesNotContain(RouteTable.All, r => r.Pattern.Contains("journeys", StringComparison.Ordinal) && (r.IsReleased || r.Roles is null || r.Roles.Contains(Role.City) || r.Roles.Count == 0));
    }

    /// <summary>The wall: what the city may use is answered by this namespace, and this namespace knows the release port and none of what is behind it.</summary>
    [Fact]
    public void Every_route_that_is_open_to_the_city_is_answered_out_of_the_release_port()
    {
        var city = new HashSet<Role> { Role.City };
        var open = RouteTable.All.Where(r => r.Kind != RouteKind.Asset && r.Roles is not null && r.IsOpenTo(city) && !WithoutCounts.Contains(r.Pattern)).ToList();
        var endpoints = _host.Server.Endpoints.OfType<RouteEndpoint>().ToList();

        Assert.Equal(RouteTable.All.Where(r => r.IsReleased), open);
        Assert.All(open, row =>
        {
            var endpoint = endpoints.Single(e => e.RoutePattern.RawText == row.Pattern);
            var handler = endpoint.Metadata.GetMetadata<MethodInfo>()!;
            Assert.Equal(typeof(ReleasePort).Namespace, handler.DeclaringType!.Namespace);
        });
    }

    private static string PathOf(WebRoute row) => row.Pattern.Replace("{site}", "a", StringComparison.Ordinal);

    private async Task<Dictionary<string, (int? Count, string State, bool Suppressed)>> RowsAsync(string path)
    {
        using var page = await JsonAsync(path);
        return page.RootElement.GetProperty("items").EnumerateArray().ToDictionary(
            r => r.GetProperty("class").GetString()!,
            r => (r.GetProperty("count") is { ValueKind: JsonValueKind.Number } n ? n.GetInt32() : (int?)null, r.GetProperty("state").GetString()!, r.GetProperty("suppressed").GetBoolean()));
    }

    private async Task<JsonDocument> JsonAsync(string path, Role role = Role.City) => JsonDocument.Parse(await TextAsync(path, "application/json", role));

    private async Task<string> TextAsync(string path, string accept, Role role)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("X-Test-Role", role.ToString());
        request.Headers.Add("Accept", accept);
        using var answer = await _host.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(answer.StatusCode == HttpStatusCode.OK, $"{path}: {answer.StatusCode} {text}");
        Assert.StartsWith(accept.Split(';')[0], answer.Content.Headers.ContentType!.ToString());
        return text;
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        _tables.Dispose();
    }
}
