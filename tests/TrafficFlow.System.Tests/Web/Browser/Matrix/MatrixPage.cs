using Microsoft.Playwright;
using TrafficFlow.Core.Sites;
using Xunit;

namespace TrafficFlow.SystemTests.Web.Browser.Matrix;

/// <summary>One page in one state.</summary>
/// <param name="Ready">A condition of the document, as JavaScript: all that is read is there.</param>
/// <param name="Account">Who looks; null for nobody.</param>
internal sealed record MatrixPage(string Name, string Path, string Ready, string? Account = "anna")
{
    private const string PeriodRead = "document.querySelector('p.status')?.textContent.trim() === '' && [...document.querySelectorAll('.chart')].every((c) => c.dataset.drawn)";
    private const string StudyRead = "!!document.querySelector('main section, main .notice')";
    private const string HasHeading = "!!document.querySelector('h1')";

    public static readonly IReadOnlyList<MatrixPage> OfServer =
    [
        new("sites", "/", "!!document.querySelector('.cards')"),
        new("health", "/health", "document.querySelectorAll('main table').length > 2"),
        new("accounts", "/accounts", HasHeading),
        new("account", "/accounts/carla-roadside-maintenance", HasHeading),
        new("released", "/released", "!!document.querySelector('.cards')"),
        new("custody", "/custody", "!!document.querySelector('main table')"),
        new("custody-persons", "/custody/persons", "!!document.querySelector('main table')"),
        new("custody-inspections", $"/custody/inspections?site={MatrixSites.Heavy.Id}&kind=hand-carry", "document.querySelectorAll('main table').length > 1 && !!document.querySelector('#record fieldset')"),
        new("custody-requests", "/custody/requests", "!!document.querySelector('main table')"),
        new("custody-request", "/custody/requests/q1", "document.querySelectorAll('main table').length > 0 || !!document.querySelector('main .notice')"),
        new("custody-contact", "/custody/requests/q1/contact", HasHeading),
        new("notices", "/notices", "!!document.querySelector('main table') || !!document.querySelector('main .notice')"),
        new("recordings", $"/custody/recordings?site={MatrixSites.Heavy.Id}&camera={MatrixSites.Heavy.Cameras[0].Id}&day={MatrixRecordings.Day:yyyy-MM-dd}&hour=9", "document.querySelectorAll('main table').length > 1"),
        new("recording", $"/custody/recordings?site={MatrixSites.Heavy.Id}&camera={MatrixSites.Heavy.Cameras[0].Id}&day={MatrixRecordings.Day:yyyy-MM-dd}&at=09:05:30", "!!document.querySelector('.player.gone') || document.querySelector('video')?.readyState > 1"),
        new("holds", "/custody/holds", "document.querySelectorAll('main table').length > 1"),
        new("receipts", "/custody/receipts", "document.querySelectorAll('main table').length > 1"),
        new("copies", "/custody/copies", "document.querySelectorAll('main table').length > 2"),
        new("vaults", "/custody/vaults", "document.querySelectorAll('main table').length > 3"),
        new("carry", "/custody/carry", "document.querySelectorAll('main table').length > 3"),
        new("retention", "/custody/retention", "document.querySelectorAll('main table').length > 4"),
        new("audit", "/audit", "!!document.querySelector('main table')"),
        new("api", "/api", "!!document.querySelector('#api h1, #api h2')"),
        new("sign-in", "/sign-in?from=%2Fsites", HasHeading, null),
        new("invitation", "/invitation", HasHeading, null),
        new("error-404", "/nothing/at/all", HasHeading),
        new("error-403", "/audit", HasHeading, "bert"),
        new("no-such-site", "/sites/nowhere", "!!document.querySelector('main .notice')"),
    ];

    public static IReadOnlyList<MatrixPage> OfSite(Site site)
    {
        var (id, path) = (site.Id.Value, $"/sites/{site.Id}");
        var today = TimeZoneInfo.ConvertTime(DateTimeOffset.UtcNow, site.TimeZone).Date;
        var yesterday = $"{today.AddDays(-1):yyyy-MM-dd}";
        var counts = site == MatrixSites.Heavy || site == MatrixSites.Blind;
        return
        [
            new($"{id}-junction", path, $"document.querySelectorAll('.tables tbody tr').length >= {(counts ? 8 : 4)}"),
            new($"{id}-day", $"{path}?day={yesterday}", "!!document.querySelector('output')"),
            new($"{id}-counts", $"{path}/counts{(counts ? $"?from={yesterday}&to={yesterday}" : "")}", PeriodRead),
            new($"{id}-turning", $"{path}/turning{(counts ? $"?from={yesterday}&to={yesterday}" : "")}", PeriodRead),
            new($"{id}-speed", $"{path}/speed{(counts ? $"?from={yesterday}&to={yesterday}" : "")}", PeriodRead),
            new($"{id}-congestion", $"{path}/congestion", StudyRead),
            new($"{id}-signals", $"{path}/signals", StudyRead),
            new($"{id}-causes", $"{path}/causes", StudyRead),
            new($"{id}-proposals", $"{path}/proposals", StudyRead),
            new($"{id}-cameras", $"{path}/cameras", "!!document.querySelector('.calendar')"),
            new($"{id}-released", $"/released/{id}?by=hour&day={yesterday}", "!!document.querySelector('.figures, .notice')"),
            new($"{id}-accuracy", $"{path}/accuracy", HasHeading),
        ];
    }

    public async Task ShowAsync(IPage page)
    {
        await page.GotoAsync(Path);
        await UntilAsync(page, Ready);
    }

    /// <summary>Asked from outside: within the page a condition would be evaluated, which its policy forbids.</summary>
    public static async Task UntilAsync(IPage page, string condition)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!await page.EvaluateAsync<bool>(condition))
        {
            if (limit.IsCancellationRequested) Assert.Fail($"{page.Url}: it never came to {condition}");
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }
}
