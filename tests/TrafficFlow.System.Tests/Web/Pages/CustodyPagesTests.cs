using System.Globalization;
using System.Net;
using TrafficFlow.Core.Custody;
using TrafficFlow.Core.Workdays;
using TrafficFlow.Synthetic;
using TrafficFlow.SystemTests.Vault;
using TrafficFlow.Vault.Accounts;
using TrafficFlow.Vault.Approvals;
using TrafficFlow.Vault.Audit;
using TrafficFlow.Vault.Inspections;
using TrafficFlow.Vault.Persons;
using TrafficFlow.Vault.Policies;
using TrafficFlow.Vault.Requests;
using TrafficFlow.Web.Access;
using TrafficFlow.Web.Pages.Custody;
using TrafficFlow.Web.Pages.Reports;
using Xunit;

namespace TrafficFlow.SystemTests.Web.Pages;

/// <summary>Custody by the forms of its pages: with real registers, and sessions of real log-ins.</summary>
public sealed class CustodyPagesTests : IAsyncLifetime
{
    private static readonly string s_site = SyntheticJunction.Site.Id.Value;

    private readonly VaultFolder _vault = new();
    private readonly List<AuditEvent> _recorded = [];
    private CustodyBooks _books = null!;
    private WebHost _host = null!;
    private bool _auditWorks = true;

    public async ValueTask InitializeAsync()
    {
        await _vault.AddAsync("anna", Role.Custodian);
        await _vault.AddAsync("berta", Role.Custodian);
        await _vault.AddAsync("carl", Role.Operator);
        var persons = new PersonStore(_vault.Path, _vault.Accounts, _vault.Clock);
        IReadOnlyList<(InspectionPlan, TimeZoneInfo)> plans = [(new InspectionPlan(s_site, InspectionKind.Remote, null, new DateOnly(2026, 11, 27)), TimeZoneInfo.Utc)];
        _books = new CustodyBooks(
            persons, new ApprovalStore(_vault.Path, () => ApprovalRules.Default with { Policy = TwoPersonRule.Both }, author => persons.Read().Appointed(author, _vault.Clock.GetUtcNow()), _vault.Clock),
            new InspectionStore(_vault.Path, () => plans, _ => WorkCalendar.National, null, name => persons.Read().PersonOf(name), _vault.Clock),
            new RequestStore(_vault.Path, _ => new RequestTerms(30), _ => WorkCalendar.National, TimeSpan.FromDays(180), _vault.Clock))
        { Zone = _ => SyntheticJunction.Site.TimeZone, Policies = new PolicyStore(_vault.Path, () => [], _vault.Clock) };
        var callers = new AccountCallers(_vault.Accounts, _vault.Sessions, _vault.Login, _vault.Tokens, _ => Task.CompletedTask);
        _host = await WebHost.StartAsync(callers, with: ports => ports with { Custody = _books, Time = _vault.Clock, Record = RecordAsync, Printer = new Printer() });
    }

    [Fact]
    public async Task A_custodian_appoints_and_dismisses_and_the_dismissed_is_out_at_once()
    {
        var (anna, carl) = (await SignInAsync("anna"), await SignInAsync("carl"));
        await PostAsync("/custody/persons/appoint", anna, HttpStatusCode.Redirect, ("person", "管理 花子"), ("account", "anna"), ("duty", "custodian"));
        await PostAsync("/custody/persons/appoint", anna, HttpStatusCode.Redirect, ("person", "操作 太郎"), ("account", "carl"), ("duty", "operator"));
        Assert.Contains("操作 太郎", await GetAsync("/custody/persons", anna));
        Assert.Contains("/custody/inspections", await GetAsync("/custody", carl));
        Assert.Contains("appointed for this already", await PostAsync("/custody/persons/appoint", anna, HttpStatusCode.BadRequest, ("person", "操作 太郎"), ("account", "carl"), ("duty", "operator")));
        await PostAsync("/custody/persons/dismiss", carl, HttpStatusCode.Forbidden, ("id", "a1"), ("reason", "x"));

        await PostAsync("/custody/persons/dismiss", anna, HttpStatusCode.Redirect, ("id", "a2"), ("effective", ""), ("reason", "left"));

        using var gone = await _host.SendAsync("GET", "/custody", null, carl);
        Assert.Equal(HttpStatusCode.Redirect, gone.StatusCode);
        Assert.Contains("was dismissed on", await PostAsync("/accounts/enable", anna, HttpStatusCode.BadRequest, ("name", "carl")));
        var change = _recorded.Single(e => e is { Action: "custody person dismiss", Outcome: "done" });
        Assert.Equal($"at once; entry 4 {_books.Persons.History()[^1].Hash[..16]}", change.Details);
        Assert.Contains(_recorded, e => e.Action == "custody person appoint" && e.Outcome.StartsWith("refused", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_approval_is_asked_for_by_one_and_given_by_another()
    {
        var (anna, berta, carl) = (await SignInAsync("anna"), await SignInAsync("berta"), await SignInAsync("carl"));
        Assert.Contains("account of nobody who has a duty now", await PostAsync("/custody/approvals/request", carl, HttpStatusCode.BadRequest, ("kind", "export"), ("description", "export bundle 7")));
        foreach (var (account, person, duty) in new[] { ("anna", "管理 花子", "custodian"), ("berta", "管理 次郎", "custodian"), ("carl", "操作 太郎", "operator") })
            await PostAsync("/custody/persons/appoint", anna, HttpStatusCode.Redirect, ("person", person), ("account", account), ("duty", duty));
        await PostAsync("/custody/approvals/request", carl, HttpStatusCode.Redirect, ("kind", "export"), ("description", "export bundle 7"));
        var page = await GetAsync("/custody", anna);
        Assert.Contains("export bundle 7", page);
        await PostAsync("/custody/approvals/approve", carl, HttpStatusCode.Forbidden, ("id", "r1"), ("sha256", Approval.HashOf("export bundle 7")));
        await PostAsync("/custody/approvals/request", anna, HttpStatusCode.Redirect, ("kind", "erase"), ("description", "erase all"));
        Assert.Contains("another person has to approve", await PostAsync("/custody/approvals/approve", anna, HttpStatusCode.BadRequest, ("id", "r2"), ("sha256", Approval.HashOf("erase all"))));

        await PostAsync("/custody/approvals/approve", berta, HttpStatusCode.Redirect, ("id", "r1"), ("sha256", Approval.HashOf("export bundle 7")));

        Assert.Equal(ApprovalState.Approved, _books.Approvals.Read().Get("r1").State);
        // What others asked for is not shown to operators.
        Assert.DoesNotContain("erase all", await GetAsync("/custody", carl));
    }

    [Fact]
    public async Task An_operator_records_an_inspection_which_is_printed_and_corrected()
    {
        var carl = await SignInAsync("carl");
        Assert.Contains("id=\"record\"", await GetAsync($"/custody/inspections?site={s_site}&kind=remote", carl));
        (string, string)[] form = [("site", s_site), ("kind", "remote"), .. InspectionPlan.ItemsOf(InspectionKind.Remote).Select(i => ($"result-{CustodyForm.Word(i)}", "ok"))];
        Assert.Contains("write what was found", await PostAsync("/custody/inspections/record", carl, HttpStatusCode.BadRequest, [.. form.Where(f => f.Item1 != "result-masks"), ("result-masks", "not-ok")]));
        await PostAsync("/custody/inspections/record", carl, HttpStatusCode.Redirect, [.. form.Where(f => f.Item1 != "result-masks"), ("result-masks", "not-ok"), ("finding-masks", "<b>one mask lies beside the house</b>"), ("todo-masks", "draw it anew"), ("by-masks", "2026-12-02")]);

        var paper = await GetAsync("/custody/inspections/i1/record/html", carl);
        Assert.Contains("&lt;b&gt;one mask lies beside the house&lt;/b&gt;", paper);
        Assert.Contains(_books.Inspections.Read().Get("i1").Entry, paper);
        Assert.StartsWith("%PDF", await GetAsync("/custody/inspections/i1/record/pdf", carl), StringComparison.Ordinal);
        await PostAsync("/custody/inspections/record", carl, HttpStatusCode.Redirect, [.. form, ("corrects", "i1"), ("reason", "it was another camera")]);
        Assert.Equal("i2", _books.Inspections.Read().Get("i1").CorrectedBy);
        await PostAsync("/custody/inspections/follow-up/close", carl, HttpStatusCode.Redirect, ("id", "f1"), ("done", "drawn"));
        Assert.Empty(_books.Inspections.Read().Open);
        Assert.Contains(_recorded, e => e is { Kind: AuditKind.Export, Action: "custody inspection print", Target: "i1" });
    }

    [Fact]
    public async Task A_request_is_entered_answered_and_its_letter_names_who_asked_which_is_recorded_each_time()
    {
        var anna = await SignInAsync("anna");
        await PostAsync("/custody/requests/receive", anna, HttpStatusCode.Redirect, ("kind", "disclosure"), ("received", "2026-11-27"), ("site", s_site), ("camera", "cam-north"), ("from", "2026-11-26T09:00"), ("to", "2026-11-26T10:00"), ("subject", "a blue car"), ("name", "請求 <一郎> {text}"), ("address", "川崎市"));
        Assert.DoesNotContain("一郎", await GetAsync("/custody/requests/q1", anna));
        Assert.Contains("請求 &lt;一郎&gt;", await GetAsync("/custody/requests/q1/contact", anna));
        using (var early = await _host.SendAsync("GET", "/custody/requests/q1/letter/ja/html", null, anna)) Assert.Equal(HttpStatusCode.NotFound, early.StatusCode);
        await PostAsync("/custody/requests/assign", anna, HttpStatusCode.Redirect, ("id", "q1"), ("handler", "anna"));
        await PostAsync("/custody/requests/answer", anna, HttpStatusCode.Redirect, ("id", "q1"), ("outcome", "nothing-held"), ("text", "対象の記録はありません。"));

        var letter = await GetAsync("/custody/requests/q1/letter/ja/html", anna);

        Assert.Contains("請求 &lt;一郎&gt; {text} 様", letter);
        Assert.Contains("対象の記録はありません。", letter);
        Assert.Contains("2026年11月26日9時00分から2026年11月26日10時00分まで", letter);
        Assert.Equal(2, _recorded.Count(e => e.Target == "q1" && e.Kind is AuditKind.View or AuditKind.Export && e.Action is "custody request contact" or "custody request letter"));
        Assert.DoesNotContain(_recorded, e => $"{e}".Contains("一郎", StringComparison.Ordinal));
        await PostAsync("/custody/requests/close", anna, HttpStatusCode.Redirect, ("id", "q1"));
        Assert.Equal(RequestState.Closed, _books.Requests.Read().Get("q1").State);
    }

    [Fact]
    public async Task Who_asked_is_shown_to_nobody_while_the_look_cannot_be_recorded_nor_to_programs()
    {
        var anna = await SignInAsync("anna");
        await PostAsync("/custody/requests/receive", anna, HttpStatusCode.Redirect, ("kind", "purpose"), ("received", "2026-11-27"), ("site", s_site), ("subject", "x"), ("name", "請求 一郎"));
        await PostAsync("/custody/requests/answer", anna, HttpStatusCode.Redirect, ("id", "q1"), ("outcome", "granted"), ("text", "y"));
        _auditWorks = false;
        foreach (var path in new[] { "/custody/requests/q1/contact", "/custody/requests/q1/letter/ja/html" })
        {
            using var refused = await _host.SendAsync("GET", path, null, anna);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
            Assert.DoesNotContain("一郎", await TextAsync(refused));
        }

        _auditWorks = true;
        var token = await _vault.Tokens.CreateAsync("all", "anna", ApiScope.Parse(["*"], ["read", "export"]), [Role.Custodian], TimeSpan.FromDays(1), "anna");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/custody/requests/q1/contact");
        request.Headers.Add("Authorization", $"Bearer {token}");
        using var program = await _host.SendAsync(request);
        Assert.Equal(HttpStatusCode.Forbidden, program.StatusCode);
    }

    [Fact]
    public async Task A_letter_of_ones_own_is_taken_and_a_wrong_place_in_it_is_told()
    {
        var anna = await SignInAsync("anna");
        await PostAsync("/custody/requests/receive", anna, HttpStatusCode.Redirect, ("kind", "purpose"), ("received", "2026-11-27"), ("site", s_site), ("subject", "x"));
        await PostAsync("/custody/requests/answer", anna, HttpStatusCode.Redirect, ("id", "q1"), ("outcome", "granted"), ("text", "y"));
        var letters = Directory.CreateDirectory(Path.Combine(_vault.Path, "custody", "letters"));
        var file = Path.Combine(letters.FullName, "answer.en.txt");
        await File.WriteAllTextAsync(file, "Our answer\n\nNumber {id}: {outcome}", TestContext.Current.CancellationToken);
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Assert.Contains("Number q1: told", await GetAsync("/custody/requests/q1/letter/en/html", anna));

        await File.WriteAllTextAsync(file, "Number {number}", TestContext.Current.CancellationToken);
        using var wrong = await _host.SendAsync("GET", "/custody/requests/q1/letter/en/html", null, anna);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, wrong.StatusCode);
        Assert.Contains("is no place of a letter", await TextAsync(wrong));
    }

    [Fact]
    public async Task A_damaged_register_is_told_and_not_written_over()
    {
        var anna = await SignInAsync("anna");
        await PostAsync("/custody/persons/appoint", anna, HttpStatusCode.Redirect, ("person", "管理 花子"), ("account", "anna"), ("duty", "custodian"));
        var file = Path.Combine(_vault.Path, "custody", "persons.jsonl");
        await File.WriteAllTextAsync(file, "{}\n", TestContext.Current.CancellationToken);

        Assert.Contains("is not as trafficflow wrote it", await GetAsync("/custody/persons", anna));
        Assert.Contains("put back the folder custody", await PostAsync("/custody/persons/appoint", anna, HttpStatusCode.ServiceUnavailable, ("person", "B"), ("duty", "operator")));
        Assert.Equal("{}\n", await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Forms_with_anything_in_them_are_refused_and_enter_nothing()
    {
        var anna = await SignInAsync("anna");
        await PostAsync("/custody/persons/appoint", anna, HttpStatusCode.BadRequest, ("person", "A"), ("duty", "emperor"));
        await PostAsync("/custody/persons/appoint", anna, HttpStatusCode.BadRequest, ("person", "A"), ("duty", "operator"), ("from", "tomorrow"));
        foreach (var day in new[] { "0001-01-01", "9999-12-31" })
        {
            await PostAsync("/custody/persons/appoint", anna, HttpStatusCode.BadRequest, ("person", "A"), ("duty", "operator"), ("from", day));
            await PostAsync("/custody/requests/receive", anna, HttpStatusCode.BadRequest, ("kind", "disclosure"), ("received", day), ("site", s_site), ("subject", "x"));
            await PostAsync("/custody/requests/receive", anna, HttpStatusCode.BadRequest, ("kind", "disclosure"), ("received", "2026-11-27"), ("site", s_site), ("from", $"{day}T00:00"), ("to", $"{day}T23:59"), ("subject", "x"));
        }

        await PostAsync("/custody/requests/receive", anna, HttpStatusCode.BadRequest, ("kind", "disclosure"), ("received", "2026-11-27"), ("site", "nowhere"), ("subject", "x"));
        await PostAsync("/custody/requests/receive", anna, HttpStatusCode.BadRequest, ("kind", "disclosure"), ("received", "2026-11-27"), ("site", s_site), ("camera", "../../etc"), ("subject", "x"));
        await PostAsync("/custody/requests/note", anna, HttpStatusCode.BadRequest, ("id", "../q1"), ("text", "x"));
        await PostAsync("/custody/requests/erase", anna, HttpStatusCode.BadRequest, ("id", "q1"));
        Assert.Empty(_books.Persons.History());
        Assert.Empty(_books.Requests.History());
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        _vault.Sessions.Dispose();
        _vault.Dispose();
    }

    private Task<bool> RecordAsync(AuditEvent e)
    {
        if (!_auditWorks) return Task.FromResult(false);
        lock (_recorded) _recorded.Add(e);
        return Task.FromResult(true);
    }

    private async Task<string> SignInAsync(string name)
    {
        var session = (await _vault.TryAsync(name, VaultFolder.GoodPassword)).Session!.Text;
        return $"trafficflow-session={session}";
    }

    private async Task<string> GetAsync(string path, string cookie)
    {
        using var answer = await _host.SendAsync("GET", path, null, cookie);
        var text = await TextAsync(answer);
        Assert.True(answer.StatusCode == HttpStatusCode.OK, $"{path}: {answer.StatusCode} {text}");
        return text;
    }

    private async Task<string> PostAsync(string path, string cookie, HttpStatusCode status, params (string Name, string Value)[] fields)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new FormUrlEncodedContent(fields.Select(f => KeyValuePair.Create(f.Name, f.Value))) };
        request.Headers.Add("Cookie", cookie);
        using var answer = await _host.SendAsync(request);
        var text = WebUtility.HtmlDecode(await TextAsync(answer));
        Assert.True(status == answer.StatusCode, string.Create(CultureInfo.InvariantCulture, $"{path}: {(int)answer.StatusCode} {text}"));
        return text;
    }

    private static Task<string> TextAsync(HttpResponseMessage answer) => answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

    private sealed class Printer : IPdfPrinter
    {
        public Task<byte[]> PrintAsync(string html, CancellationToken cancellation) => Task.FromResult("%PDF-1.7"u8.ToArray());
    }
}
