using System.Diagnostics;
using System.Net;
using TrafficFlow.Client;
using TrafficFlow.SystemTests.Processes;
using TrafficFlow.SystemTests.Settings;
using TrafficFlow.SystemTests.Web.Streams;
using TrafficFlow.Vault.Accounts;
using TrafficFlow.Web.Access;
using Xunit;

namespace TrafficFlow.SystemTests.Web;

/// <summary>The package for analysts and the examples of deploy/examples, against a server with tables, topics, accounts and a token.</summary>
public sealed class ClientTests : IAsyncLifetime
{
    private static readonly string Examples = Path.Combine(SharedFiles.Repository, "deploy", "examples");
    private static readonly DateTimeOffset Morning = new(2026, 4, 1, 8, 0, 0, TimeSpan.FromHours(9));

    private readonly SettingsFolder _folder = new();
    private Sessions _sessions = null!;
    private TopicServer _server = null!;
    private string _token = "";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var store = AccountStore.Open(_folder.Path, TimeProvider.System);
        var first = await store.InviteFirstCustodianAsync();
        await store.AcceptAsync(first!.Text, "three grey herons on a roof", "anna");
        var tokens = new ApiTokens(store);
        _token = await tokens.CreateAsync("board", "anna", ApiScope.Parse(["demo"], ["read", "subscribe"]), [Role.Custodian], TimeProvider.System.GetUtcNow().AddDays(1), "test");
        _sessions = new Sessions(store, SessionLimits.Default);
        _server = await TopicServer.StartAsync(callers: new AccountCallers(store, _sessions, new Login(store, _sessions), tokens, _ => Task.CompletedTask));
        // 1 to 10 buses in a minute each, and 55 in the hour.
        await _server.CloseAsync([.. Enumerable.Range(1, 10).Select(c => TopicServer.Bin(c)), Hour]);
    }

    [Fact]
    public async Task Rows_come_page_by_page_and_what_is_missing_is_null()
    {
        using var client = Client();
        Assert.Equal([("demo", "Asia/Tokyo")], (await client.SitesAsync(Cancel)).Select(s => (s.Id, s.TimeZone)));
        var rows = new List<FlowRow>();
        // Two days of minutes are many pages.
        await foreach (var row in client.FlowsAsync("demo", Morning.AddDays(-1), Morning.AddDays(1), 1, "north", "entering", "bus", Cancel)) rows.Add(row);

        Assert.Equal(2 * 24 * 60, rows.Count);
        Assert.Equal(Enumerable.Range(1, 10).Select(c => (int?)c), rows.Where(r => r.Count is not null).Select(r => r.Count));
        Assert.Equal((Morning.AddMinutes(1), "complete", "counted", 1), rows.Where(r => r.Count == 1).Select(r => (r.Start, r.Quality, r.State, r.Revision)).Single());
        Assert.All(rows.Where(r => r.Count is null), r => Assert.Equal("missing", r.State));
    }

    [Fact]
    public async Task A_subscription_goes_on_by_itself_when_the_server_is_back()
    {
        using var client = Client();
        await using var events = client.SubscribeAsync("demo", TopicServer.Topic, after: "8", cancellation: Cancel).GetAsyncEnumerator(Cancel);
        Assert.Equal(["9", "10", "11"], [await NextAsync(events), await NextAsync(events), await NextAsync(events)]);
        var port = _server.Address.Port;
        await _server.StopAsync();
        await _server.StartAgainAsync(port);
        await _server.CloseAsync(TopicServer.Bin(12));

        Assert.Equal("12", await NextAsync(events));
    }

    [Fact]
    public async Task A_refusal_is_told_in_the_words_of_the_server()
    {
        using var wrong = new TrafficFlowClient(_server.Address, "tft_nothing");
        var refused = await Assert.ThrowsAsync<TrafficFlowException>(() => wrong.SitesAsync(Cancel));
        Assert.Equal(HttpStatusCode.Unauthorized, refused.Status);
        Assert.Contains("Authorization: Bearer", refused.Message);
        using var client = Client();
        await using var gone = client.SubscribeAsync("demo", TopicServer.Topic, after: "900", cancellation: Cancel).GetAsyncEnumerator(Cancel);
        Assert.Equal(HttpStatusCode.Gone, (await Assert.ThrowsAsync<TrafficFlowException>(() => gone.MoveNextAsync().AsTask())).Status);
    }

    [Fact]
    public async Task Each_example_prints_the_vehicles_of_the_day_and_what_comes_next()
    {
        string[] args = [_server.Address.GetLeftPart(UriPartial.Authority), "demo", "2026-04-01T00:00:00+09:00"];
        var csharp = await RunAsync("dotnet", [Path.Combine(Examples, "csharp", "bin", Configuration, "net10.0", "flows.dll"), .. args, "2", "9"]);
        Assert.Equal(["north 55", "10 2026-04-01T08:10:00+09:00 complete", "11 2026-04-01T08:00:00+09:00 complete"], csharp);
        Assert.Equal(csharp, await RunAsync("/usr/bin/python3", [Path.Combine(Examples, "python", "flows.py"), .. args, "2", "9"]));
        Assert.SkipUnless(File.Exists("/usr/bin/Rscript") && Directory.Exists("/usr/lib/R/site-library/jsonlite"), "the example in R was not run: install Debian's packages r-base-core and r-cran-jsonlite");
        Assert.Equal(["north 55"], await RunAsync("/usr/bin/Rscript", [Path.Combine(Examples, "r", "flows.R"), .. args, "2026-04-02T00:00:00+09:00"]));
    }

    private static string Configuration => Path.GetFileName(Path.GetDirectoryName(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar)))!;

    private static Wire.Aggregation.ClosedBin Hour => Tables.StoredBins.Closed(
        11, new Core.Flow.Interval(Morning, Morning.AddHours(1)), 1, 55, 60, new Core.Sites.ApproachId("north"), site: new Core.Sites.SiteId("demo"));

    private TrafficFlowClient Client() => new(_server.Address, _token);

    private async Task<IReadOnlyList<string>> RunAsync(string program, IReadOnlyList<string> args)
    {
        var start = new ProcessStartInfo(program, args) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["TRAFFICFLOW_TOKEN"] = _token;
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(Cancel), process.StandardError.ReadToEndAsync(Cancel));
        await process.WaitForExitAsync(Cancel);
        Assert.True(process.ExitCode == 0, await error);
        return [.. (await output).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Trim())];
    }

    private static async Task<string?> NextAsync(IAsyncEnumerator<TopicEvent> events) => await events.MoveNextAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(60), Cancel) ? events.Current.Place : null;

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _sessions.Dispose();
        _folder.Dispose();
    }
}
