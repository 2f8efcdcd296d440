using System.Net;
using TrafficFlow.Core.Custody;
using TrafficFlow.Core.Notices;
using TrafficFlow.Core.Sites;
using TrafficFlow.Synthetic;
using TrafficFlow.SystemTests.Vault;
using TrafficFlow.Vault.Accounts;
using TrafficFlow.Vault.Audit;
using TrafficFlow.Web.Access;
using TrafficFlow.Web.Pages.Notices;
using Xunit;

namespace TrafficFlow.SystemTests.Web.Pages;

public sealed class NoticePagesTests : IAsyncLifetime
{
    private static readonly Site s_site = SyntheticJunction.Site with
    {
        Custody = new CustodyPolicy(new OperatorContact(new BilingualText("協議会", "Council"), Telephone: "044-000-0000"), [new BilingualText("計測", "counting")]),
    };

    private readonly VaultFolder _vault = new();
    private readonly List<AuditEvent> _recorded = [];
    private IReadOnlyList<NoticePerson> _persons = [new("管理 花子", Duty.Custodian)];
    private WebHost _host = null!;
    private bool _auditWorks = true;

    public async ValueTask InitializeAsync()
    {
        await _vault.AddAsync("anna", Role.Custodian);
        await _vault.AddAsync("carl", Role.City);
        var callers = new AccountCallers(_vault.Accounts, _vault.Sessions, _vault.Login, _vault.Tokens, _ => Task.CompletedTask);
        _host = await WebHost.StartAsync(callers, [s_site, SyntheticJunction.Site with { Id = new SiteId("bare") }], with: ports => ports with { Notices = new NoticeDesk(new NoticeShelf(NoticeShelf.FolderIn(_vault.Path)), _ => _persons, _vault.Clock), Time = _vault.Clock, Record = RecordAsync });
    }

    [Fact]
    public async Task A_custodian_publishes_everybody_with_a_log_in_reads_and_it_stands_in_the_audit()
    {
        var (anna, carl) = (await SignInAsync("anna"), await SignInAsync("carl"));
        Assert.Contains("Nothing is published yet", await GetAsync("/notices", carl));
        Assert.Contains("The site file says nothing of custody", await GetAsync("/notices", carl));
        Assert.DoesNotContain("/draft/", await GetAsync("/notices", carl));
        Assert.Contains($"/notices/{s_site.Id}/draft/sign/ja", await GetAsync("/notices", anna));
        Assert.Contains("案（未公表）", await GetAsync($"/notices/{s_site.Id}/draft/guideline/ja", anna));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync("GET", $"/notices/{s_site.Id}/draft/guideline/ja", carl));
        Assert.Equal(HttpStatusCode.Forbidden, await PublishAsync(carl));

        Assert.Equal(HttpStatusCode.Redirect, await PublishAsync(anna));

        Assert.Contains("What is published is in force", await GetAsync("/notices", carl));
        Assert.Contains("管理 花子", await GetAsync($"/notices/{s_site.Id}/1/{s_site.Id}-sign-v1.ja.html", carl));
        Assert.Equal(["begun", "done"], _recorded.Where(e => e.Action == "notice publish").Select(e => e.Outcome));
        Assert.Contains($"version 1; {s_site.Id}-guideline-v1.en.html ", _recorded[^1].Details, StringComparison.Ordinal);
        _persons = [.. _persons, new NoticePerson("操作 太郎", Duty.Operator)];
        Assert.Contains("Changed since the last version: persons", await GetAsync("/notices", carl));
    }

    [Fact]
    public async Task Nothing_is_published_that_the_audit_cannot_take_and_no_other_file_is_sent()
    {
        var anna = await SignInAsync("anna");
        _auditWorks = false;
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await PublishAsync(anna));
        Assert.Contains("Nothing is published yet", await GetAsync("/notices", anna));

        _auditWorks = true;
        await PublishAsync(anna);
        foreach (var file in new[] { "version.json", "..%2F..%2F..%2Faccounts.json", $"{s_site.Id}-sign-v1.fr.html" }) Assert.Equal(HttpStatusCode.NotFound, await StatusAsync("GET", $"/notices/{s_site.Id}/1/{file}", anna));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync("GET", $"/notices/elsewhere/1/{s_site.Id}-sign-v1.ja.html", anna));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync("GET", $"/notices/{s_site.Id}/draft/poster/ja", anna));
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        _vault.Sessions.Dispose();
        _vault.Dispose();
    }

    private Task<bool> RecordAsync(AuditEvent e)
    {
        lock (_recorded) _recorded.Add(e);
        return Task.FromResult(_auditWorks);
    }

    private async Task<string> SignInAsync(string name) => $"trafficflow-session={(await _vault.TryAsync(name, VaultFolder.GoodPassword)).Session!.Text}";

    private async Task<HttpStatusCode> PublishAsync(string cookie)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/notices/publish") { Content = new FormUrlEncodedContent([KeyValuePair.Create("site", s_site.Id.Value)]) };
        request.Headers.Add("Cookie", cookie);
        using var answer = await _host.SendAsync(request);
        return answer.StatusCode;
    }

    private async Task<HttpStatusCode> StatusAsync(string method, string path, string cookie)
    {
        using var answer = await _host.SendAsync(method, path, null, cookie);
        return answer.StatusCode;
    }

    private async Task<string> GetAsync(string path, string cookie)
    {
        using var answer = await _host.SendAsync("GET", path, null, cookie);
        var text = WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.True(answer.StatusCode == HttpStatusCode.OK, $"{path}: {(int)answer.StatusCode} {text}");
        return text;
    }
}
