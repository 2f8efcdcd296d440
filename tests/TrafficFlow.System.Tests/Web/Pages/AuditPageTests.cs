using System.Globalization;
using System.Net;
using System.Text.Json;
using TrafficFlow.SystemTests.Settings;
using TrafficFlow.Vault.Accounts;
using TrafficFlow.Vault.Audit;
using TrafficFlow.Web.Pages.Audit;
using Xunit;

namespace TrafficFlow.SystemTests.Web.Pages;

/// <summary>A real audit of several files, read and taken away through the web host.</summary>
public sealed class AuditPageTests : IAsyncLifetime
{
    private const int Records = 60;

    private readonly SettingsFolder _folder = new();
    private readonly List<AuditEvent> _recorded = [];
    private WebHost _host = null!;

    private AuditPlace Place => new(_folder.Path);

    public async ValueTask InitializeAsync()
    {
        await using (var log = await AuditLog.OpenAsync(_folder.Path, new AuditOptions { RotateBytes = 4_000 }, TimeProvider.System))
        {
            for (var i = 1; i < Records; i++)
                await log.RecordAsync(new AuditEvent(i % 3 == 0 ? AuditKind.Change : AuditKind.View, i % 2 == 0 ? "anna" : "bert", "account[operator]:x", $"action {i}", "鋼管通り"));
        }

        _host = await WebHost.StartAsync(with: ports => ports with
        {
            Audit = new AuditBook(Place, []),
            Record = e =>
            {
                lock (_recorded) _recorded.Add(e);
                return Task.FromResult(true);
            },
        });
    }

    [Fact]
    public void The_newest_come_first_over_all_files_and_no_more_than_wanted()
    {
        Assert.True(Place.Rotated().Count > 2, "one file alone: this test proves nothing");

        var newest = AuditReader.Newest(Place, new AuditFilter(), null, 25);
        var older = AuditReader.Newest(Place, new AuditFilter(), newest[^1].Number, 100);

        Assert.Equal(Enumerable.Range(0, 25).Select(i => (long)(Records - i)), newest.Select(r => r.Number));
        Assert.Equal(Enumerable.Range(1, Records - 25).Reverse().Select(i => (long)i), older.Select(r => r.Number));
    }

    [Fact]
    public void Only_those_that_fit_are_taken()
    {
        var changes = AuditReader.Newest(Place, new AuditFilter(By: "ANNA", Kind: AuditKind.Change), null, 5);

        Assert.Equal(["action 54", "action 48", "action 42", "action 36", "action 30"], changes.Select(r => r.Event.Action));
        Assert.Empty(AuditReader.Newest(Place, new AuditFilter(From: DateTimeOffset.UtcNow.AddHours(1)), null, 5));
    }

    [Fact]
    public async Task The_book_finds_what_was_changed()
    {
        var book = new AuditBook(Place, []);
        Assert.True((await book.VerifyAsync(TestContext.Current.CancellationToken)).IsWhole);
        var file = Place.Rotated()[0];
        var text = await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(file, text.Replace("action 7\"", "action 8\"", StringComparison.Ordinal), TestContext.Current.CancellationToken);

        var report = await book.VerifyAsync(TestContext.Current.CancellationToken);

        Assert.Equal(AuditFault.Altered, Assert.Single(report.Findings).Fault);
    }

    [Fact]
    public async Task Whoever_takes_the_audit_away_is_in_it()
    {
        using var answer = await _host.SendAsync("GET", "/audit/download?kind=change&by=anna", Role.Custodian);
        var lines = (await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal("attachment", answer.Content.Headers.ContentDisposition?.DispositionType);
        Assert.EndsWith(".jsonl", answer.Content.Headers.ContentDisposition?.FileName);
        var records = lines.Select(l => JsonDocument.Parse(l).RootElement).ToList();
        Assert.Equal(Enumerable.Range(1, 9).Select(i => $"action {6 * i}"), records.Select(r => r.GetProperty("action").GetString()));
        Assert.All(records, r => Assert.Equal(64, r.GetProperty("hash").GetString()!.Length));
        var export = Assert.Single(_recorded);
        Assert.Equal((AuditKind.Export, "anna", "audit export", "kind=change by=anna"), (export.Kind, export.By, export.Action, export.Details));
    }

    [Theory]
    [InlineData("kind=nothing", "kind")]
    [InlineData("from=2026-13-01", "from")]
    [InlineData("to=yesterday", "to")]
    [InlineData("from=2026-11-29&to=2026-11-28", "to")]
    public async Task What_is_no_choice_is_refused_and_nothing_is_recorded(string query, string parameter)
    {
        using var answer = await _host.SendAsync("GET", $"/audit/download?{query}", Role.Custodian);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains($"\"parameter\":\"{parameter}\"", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Empty(_recorded);
    }

    [Fact]
    public void A_choice_is_read_as_it_was_written()
    {
        var choice = new AuditChoice(AuditKind.FailedTry, "account[city]:a&b=c", new DateOnly(2026, 11, 1), new DateOnly(2026, 11, 30));
        var query = Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(choice.Query);

        Assert.Equal(choice, AuditChoice.Parse(name => query.TryGetValue(name, out var value) ? value.ToString() : null, out var problem));
        Assert.Null(problem);
        // The last day is included.
        Assert.Equal(DateTimeOffset.Parse("2026-12-01T00:00:00Z", CultureInfo.InvariantCulture), choice.Filter.To);
        Assert.Equal(DateTimeOffset.Parse("2026-11-01T00:00:00Z", CultureInfo.InvariantCulture), choice.Filter.From);
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        _folder.Dispose();
    }
}
