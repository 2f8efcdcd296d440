using System.Net;
using System.Text.RegularExpressions;
using TrafficFlow.Vault.Accounts;
using Xunit;

namespace TrafficFlow.SystemTests.Web;

/// <summary>The page of the city: the same numbers as its programs get, and none that these do not.</summary>
public sealed partial class ReleasedPageTests : IAsyncLifetime
{
    private readonly FilledTables _tables = new();
    private WebHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await WebHost.StartAsync(ports: await _tables.FillAsync());

    [Fact]
    public async Task The_city_begins_at_its_own_page_and_finds_the_sites_there()
    {
        using var home = await _host.SendAsync("GET", "/", Role.City);
        var list = await PageAsync("/released");

        Assert.Equal((HttpStatusCode.Redirect, "/released"), (home.StatusCode, home.Headers.Location?.ToString()));
        Assert.Contains("href=\"/released/a\"", list);
    }

    [Fact]
    public async Task Hours_of_a_day_have_their_numbers_and_say_what_is_withheld()
    {
        var page = await PageAsync($"/released/a?by=hour&day={FilledTables.Day}&approach=north&show=to%20south");
        var six = Cells(page, "06:00");

        // As the programs' table has them: all classes together are told, and few of a class are not.
        using var answer = await _host.SendAsync("GET", $"/v1/released/sites/a/flows?from={FilledTables.Day}T06:00%2B09:00&to={FilledTables.Day}T07:00%2B09:00&bin=60&approach=north&movement=to%20south&class=all&format=csv", Role.City);
        var csv = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Contains($",{six[0]},", csv);
        Assert.True(six.Contains("withheld"), string.Join(" ", six));
        Assert.Equal(24, Rows().Count(page) - 1);
        Assert.Contains("not watched", Cells(page, "12:00"));
    }

    [Fact]
    public async Task Days_and_months_are_tables_too_and_their_downloads_are_the_same_tables()
    {
        var days = await PageAsync($"/released/a?by=day&day={FilledTables.Day}");
        var months = await PageAsync($"/released/a?by=month&day={FilledTables.Day}");
        var download = WebUtility.HtmlDecode(Download().Match(days).Groups[1].Value);
        using var csv = await _host.SendAsync("GET", download, Role.City);

        Assert.Contains(">2026-04-01<", days);
        Assert.Contains(">2026-04<", months);
        Assert.Equal(HttpStatusCode.OK, csv.StatusCode);
        Assert.Equal("text/csv", csv.Content.Headers.ContentType?.MediaType);
    }

    [Theory]
    [InlineData("day=2026-13-01")]
    [InlineData("by=week")]
    [InlineData("approach=nowhere")]
    [InlineData("show=journeys")]
    public async Task What_is_no_choice_is_told_and_the_usual_table_shown(string query) => Assert.Contains("role=\"alert\"", await PageAsync($"/released/a?{query}"));

    [Fact]
    public async Task Of_a_time_that_is_kept_no_more_nothing_is_shown()
    {
        var page = await PageAsync("/released/a?by=month&day=2004-01-01");

        Assert.Contains("Nothing is released of that time", page);
        Assert.DoesNotContain("<table", page);
    }

    [Fact]
    public async Task A_site_that_there_is_not_is_told()
    {
        using var answer = await _host.SendAsync("GET", "/released/nowhere", Role.City);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    private async Task<string> PageAsync(string path)
    {
        using var answer = await _host.SendAsync("GET", path, Role.City);
        var page = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(answer.StatusCode == HttpStatusCode.OK, $"{path}: {answer.StatusCode} {page}");
        Assert.DoesNotContain(" style=", page);
        return page;
    }

    private static IReadOnlyList<string> Cells(string page, string begin)
    {
        var row = page.Split("<tr>").Single(r => r.Contains($">{begin}</th>", StringComparison.Ordinal));
        return [.. Cell().Matches(row).Select(m => m.Groups[1].Value)];
    }

    [GeneratedRegex("<tr>")]
    private static partial Regex Rows();

    [GeneratedRegex("<td[^>]*>([^<]*)</td>")]
    private static partial Regex Cell();

    [GeneratedRegex("href=\"(/v1/released/[^\"]*format=csv)\"")]
    private static partial Regex Download();

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        _tables.Dispose();
    }
}
