using System.Net;
using System.Text.Json;
using TrafficFlow.Synthetic;
using TrafficFlow.Vault.Accounts;
using TrafficFlow.Vault.Audit;
using TrafficFlow.Web.Pages.Reports;
using Xunit;

namespace TrafficFlow.SystemTests.Web.Analysis;

/// <summary>Studies as programs get them, and their reports as files.</summary>
public sealed class StudyPagesTests
{
    private static readonly string s_id = StudiesInMemory.IdOf(StudySample.Of(SyntheticJunction.Site));
    private static readonly string s_report = $"/sites/{SyntheticJunction.Site.Id}/studies/{s_id}/report";

    [Fact]
    public async Task Programs_list_the_studies_of_a_site_and_read_one_as_it_is_kept()
    {
        var recorded = new List<AuditEvent>();
        await using var host = await StartAsync(recorded);

        using var list = JsonDocument.Parse(await TextAsync(host, $"/v1/sites/{SyntheticJunction.Site.Id}/studies", Role.Custodian));
        Assert.Equal(s_id, Assert.Single(list.RootElement.GetProperty("items").EnumerateArray()).GetProperty("id").GetString());
        Assert.Equal($$"""{"id":"{{s_id}}"}""", await TextAsync(host, $"/v1/sites/{SyntheticJunction.Site.Id}/studies/{s_id}", Role.Analyst));
        Assert.Equal(("read study", s_id), (Assert.Single(recorded).Action, recorded[0].Details));
    }

    [Theory]
    [InlineData("/v1/sites/demo/studies/none", 404)]
    [InlineData("/sites/demo/studies/none/report/en/html", 404)]
    [InlineData("/v1/sites/nowhere/studies", 404)]
    public async Task What_there_is_not_is_told_with_what_to_do(string path, int status)
    {
        await using var host = await StartAsync([]);
        using var answer = await host.SendAsync("GET", path.Replace("/demo/", $"/{SyntheticJunction.Site.Id}/", StringComparison.Ordinal), Role.Operator);

        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Contains("\"remedy\"", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData(Role.Operator, true)]
    [InlineData(Role.Custodian, false)]
    public async Task A_report_shows_single_arrivals_to_whom_journeys_are_for_and_is_recorded(Role role, bool isShown)
    {
        var recorded = new List<AuditEvent>();
        await using var host = await StartAsync(recorded);
        var html = await TextAsync(host, $"{s_report}/ja/html", role);

        Assert.Contains("<html lang=\"ja\">", html);
        Assert.Equal(!isShown, html.Contains(TrafficFlow.Web.Pages.Analysis.StudyWords.For("ja").NotForYou, StringComparison.Ordinal));
        Assert.Equal($"{s_id} ja html", Assert.Single(recorded).Details);
    }

    [Fact]
    public async Task Without_a_printer_there_is_html_and_the_answer_says_so()
    {
        await using var host = await StartAsync([]);
        using var answer = await host.SendAsync("GET", $"{s_report}/en/pdf", Role.Operator);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Contains("take the HTML", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_study_whose_file_is_cut_is_told_and_not_shown()
    {
        await using var host = await WebHost.StartAsync(with: p => p with { Studies = new StudiesInMemory(StudySample.Of(SyntheticJunction.Site)) { Fault = new InvalidDataException("study.json ends early: make the study anew") } });
        using var answer = await host.SendAsync("GET", $"{s_report}/en/html", Role.Operator);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Contains("study.json ends early", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Nothing_goes_out_that_cannot_be_recorded()
    {
        await using var host = await WebHost.StartAsync(with: p => p with { Studies = new StudiesInMemory(StudySample.Of(SyntheticJunction.Site)), Record = _ => Task.FromResult(false) });
        foreach (var path in new[] { $"{s_report}/en/html", $"/v1/sites/{SyntheticJunction.Site.Id}/studies/{s_id}" })
        {
            using var answer = await host.SendAsync("GET", path, Role.Operator);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        }
    }

    private static Task<WebHost> StartAsync(List<AuditEvent> recorded) => WebHost.StartAsync(with: p => p with
    {
        Studies = new StudiesInMemory(StudySample.Of(SyntheticJunction.Site)),
        Printer = new NoPdf(),
        Record = e =>
        {
            recorded.Add(e);
            return Task.FromResult(true);
        },
    });

    private static async Task<string> TextAsync(WebHost host, string path, Role role)
    {
        using var answer = await host.SendAsync("GET", path, role);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }

    private sealed class NoPdf : IPdfPrinter
    {
        public Task<byte[]> PrintAsync(string html, CancellationToken cancellation) => throw new PdfException("no printer here");
    }
}
