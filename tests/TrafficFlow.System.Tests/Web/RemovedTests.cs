using System.Text.Json;
using TrafficFlow.Core.Custody;
using TrafficFlow.Server.Queries;
using TrafficFlow.Vault.Accounts;
using TrafficFlow.Web.Pages.Periods;
using Xunit;

namespace TrafficFlow.SystemTests.Web;

/// <summary>Who asks for what retention has removed is told so: it is missing, and no zero.</summary>
public sealed class RemovedTests : IAsyncLifetime
{
    private const string Flows = $"/v1/sites/a/flows?from={FilledTables.Day}T06:00%2B09:00&to={FilledTables.Day}T08:00%2B09:00&bin=15&approach=north&movement=entering&class=bus";
    private static readonly DateTimeOffset s_seven = new(2026, 4, 1, 7, 0, 0, TimeSpan.FromHours(9));

    private readonly FilledTables _tables = new();
    private WebHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await WebHost.StartAsync(ports: await _tables.FillAsync());

    [Fact]
    public async Task Bins_that_were_removed_have_no_count_and_the_answer_says_since_when()
    {
        Assert.Equal((8, 8, null), await AskAsync(Flows));
        await _tables.RemoveAsync(KeptKind.Counts, s_seven);

        Assert.Equal((4, 8, "before=2026-03-31T22:00:00Z, on=2026-05-03T12:00:00Z"), await AskAsync(Flows));
        // What is asked for of later is whole.
        Assert.Null((await AskAsync(Flows.Replace("T06:00", "T07:00", StringComparison.Ordinal))).Removed);
    }

    [Theory]
    [InlineData("text/csv")]
    [InlineData("application/vnd.apache.parquet")]
    [InlineData("application/vnd.apache.arrow.stream")]
    [InlineData("application/x-ndjson")]
    [InlineData("application/ld+json")]
    [InlineData("application/xml")]
    public async Task A_whole_file_that_covers_removed_time_says_so_too(string type)
    {
        Assert.Null(await FileAsync(Flows, type));
        await _tables.RemoveAsync(KeptKind.Counts, s_seven);

        Assert.Equal("before=2026-03-31T22:00:00Z, on=2026-05-03T12:00:00Z", await FileAsync(Flows, type));
        Assert.Null(await FileAsync(Flows.Replace("T06:00", "T07:00", StringComparison.Ordinal), type));
    }

    [Fact]
    public async Task Journeys_that_were_removed_are_told_too()
    {
        const string Journeys = $"/v1/sites/a/journeys?from={FilledTables.Day}&to=2026-04-02";
        Assert.Null((await HeaderAsync(Journeys)).Removed);
        await _tables.RemoveAsync(KeptKind.Journeys, s_seven);
        var (removed, json) = await HeaderAsync(Journeys);
        Assert.Equal("before=2026-03-31T22:00:00Z, on=2026-05-03T12:00:00Z", removed);
        Assert.Equal(0, json.GetProperty("items").GetArrayLength());
    }

    [Fact]
    public void A_page_tells_with_which_removal_the_last_of_its_days_went()
    {
        var tokyo = TimeZoneInfo.FindSystemTimeZoneById("Asia/Tokyo");
        var day = new Period(new DateOnly(2026, 4, 1), new DateOnly(2026, 4, 1));
        RemovedSpan Removed(int before, int at, KeptKind kind = KeptKind.Counts) => new(kind, new DateTimeOffset(2026, 4, before, 0, 0, 0, TimeSpan.FromHours(9)), new DateTimeOffset(2026, 5, at, 12, 0, 0, TimeSpan.Zero), 9, "x");

        Assert.Null(RemovedDays.Of([], day, tokyo));
        Assert.Null(RemovedDays.Of([Removed(1, 1), Removed(9, 9, KeptKind.Journeys)], day, tokyo));
        Assert.Equal(new RemovedDays(new DateTime(2026, 4, 2), new DateOnly(2026, 5, 2)), RemovedDays.Of([Removed(3, 3), Removed(2, 2), Removed(1, 1)], day, tokyo));
        Assert.Equal(new RemovedDays(new DateTime(2026, 4, 2), new DateOnly(2026, 5, 2)), RemovedDays.Of([Removed(2, 2)], day with { To = new DateOnly(2026, 4, 5) }, tokyo));
        Assert.Contains("removed by retention on 2026-05-02", PeriodTexts.For("en").Removed(new DateTime(2026, 4, 2), new DateOnly(2026, 5, 2)), StringComparison.Ordinal);
        Assert.Contains("2026年5月2日に消去", PeriodTexts.For("ja").Removed(new DateTime(2026, 4, 2), new DateOnly(2026, 5, 2)), StringComparison.Ordinal);
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        _tables.Dispose();
    }

    private async Task<string?> FileAsync(string question, string type)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, question) { Headers = { { WebHost.RoleHeader, nameof(Role.Analyst) }, { "Accept", type } } };
        using var answer = await _host.SendAsync(request);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal(type, answer.Content.Headers.ContentType!.MediaType);
        return answer.Headers.TryGetValues("TrafficFlow-Removed", out var told) ? told.Single() : null;
    }

    private async Task<(int Counted, int Bins, string? Removed)> AskAsync(string question)
    {
        var (removed, json) = await HeaderAsync(question);
        var rows = json.GetProperty("items").EnumerateArray().ToList();
        return (rows.Count(r => r.GetProperty("count").ValueKind == JsonValueKind.Number), rows.Count, removed);
    }

    private async Task<(string? Removed, JsonElement Json)> HeaderAsync(string question)
    {
        using var answer = await _host.SendAsync("GET", question, Role.Analyst);
        var body = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(answer.IsSuccessStatusCode, body);
        using var json = JsonDocument.Parse(body);
        return (answer.Headers.TryGetValues("TrafficFlow-Removed", out var told) ? told.Single() : null, json.RootElement.Clone());
    }
}
