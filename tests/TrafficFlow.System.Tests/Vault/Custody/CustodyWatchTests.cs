using Microsoft.Extensions.Logging.Abstractions;
using TrafficFlow.Core.Custody;
using TrafficFlow.Core.Sites;
using TrafficFlow.Node.Registers;
using TrafficFlow.Node.Settings;
using TrafficFlow.Synthetic;
using TrafficFlow.Vault.Accounts;
using TrafficFlow.Vault.Alerts;
using TrafficFlow.Vault.Approvals;
using TrafficFlow.Vault.Audit;
using TrafficFlow.Vault.Inspections;
using TrafficFlow.Vault.Persons;
using TrafficFlow.Vault.Registers;
using TrafficFlow.Vault.Requests;
using TrafficFlow.Web.Alerts;
using TrafficFlow.Web.Pages.Custody;
using TrafficFlow.Wire.Health;
using Xunit;

namespace TrafficFlow.SystemTests.Vault.Custody;

public sealed class CustodyWatchTests : IAsyncLifetime
{
    private static readonly RegisterAuthor s_anna = new("anna", "account[custodian]:anna");

    private readonly VaultFolder _vault = new();
    private readonly Channel _mail = new("mail");
    private readonly Channel _webhook = new("webhook");
    private readonly List<AuditEvent> _recorded = [];
    private readonly CustodySettings _settings = CustodySettings.Default;
    private Site _site = SyntheticJunction.Site with
    {
        Id = new SiteId("kokandori"),
        TimeZone = TimeZoneInfo.Utc,
        Custody = new CustodyPolicy(new OperatorContact(new BilingualText("協議会", "Council")), [new BilingualText("計測", "counting")])
        {
            Inspections = [new InspectionPlan("kokandori", InspectionKind.HandCarry, 14, new DateOnly(2026, 12, 1)), new InspectionPlan("kokandori", InspectionKind.Remote, null, new DateOnly(2026, 12, 1))],
            Requests = new RequestTerms(30),
        },
    };

    private CustodyBooks Books => NodeCustody.Open(_vault.Path, _settings, _vault.Accounts, () => [_site], null, _vault.Clock);

    public async ValueTask InitializeAsync()
    {
        await _vault.AddAsync("anna", Role.Custodian);
        await _vault.AddAsync("carl", Role.Operator);
        await Books.Persons.AppointAsync(s_anna, "管理 花子", "anna", Duty.Custodian, _vault.Clock.GetUtcNow());
        await Books.Persons.AppointAsync(s_anna, "操作 太郎", "carl", Duty.Operator, _vault.Clock.GetUtcNow());
    }

    [Fact]
    public async Task Before_pages_open_a_node_carries_out_what_came_into_force_while_it_was_down()
    {
        await Books.Persons.DismissAsync(s_anna, "carl", _vault.Clock.GetUtcNow().AddHours(1), "left");
        _vault.Clock.Move(TimeSpan.FromHours(2));
        await using var watch = Watch();

        await watch.StartAsync(CancellationToken.None);
        await watch.StopAsync(CancellationToken.None);

        Assert.True(_vault.Accounts.List().Get("carl").IsDismissed);
        Assert.Equal(("custody dismissal took effect", "carl", "node"), _recorded.Select(r => (r.Action, r.Target, r.Account)).First());
    }

    [Fact]
    public async Task What_another_process_has_done_to_accounts_is_seen()
    {
        await using var watch = Watch();
        await watch.LookAsync();
        var told = 0;
        _vault.Accounts.Changed += () => told++;
        await watch.LookAsync();
        Assert.Equal(0, told);

        await AccountStore.Open(_vault.Path, _vault.Clock).DisableAsync("carl", "unix:root");
        await watch.LookAsync();

        Assert.Equal(1, told);
    }

    [Fact]
    public async Task What_is_due_is_told_once_by_each_channel_over_restarts_too()
    {
        _vault.Clock.Move(TimeSpan.FromDays(3));
        await TellAsync();
        Assert.Equal(["inspection/kokandori/handcarry/2026-12-01/overdue", "inspection/kokandori/remote/2026-12-01/overdue"], _mail.Told.Order());
        Assert.Equal(_mail.Told.Order(), _webhook.Told.Order());

        await TellAsync();
        await TellAsync();
        Assert.Equal(2, _mail.Told.Count);

        await Books.Approvals.RequestAsync(ApprovalKind.Erase, "erase all", s_anna);
        await Books.Requests.ReceiveAsync(s_anna, RequestKind.Purpose, new DateOnly(2026, 10, 1), new RequestedSpan("kokandori", [], null, null), "x", new RequesterContact("請求 一郎", "", "", ""), new DateOnly(2026, 12, 2));
        await TellAsync();
        Assert.Equal(["approval/r1", "request/q1/2026-11-02/overdue"], _mail.Told.Skip(2).Order());
        Assert.DoesNotContain(_mail.Texts, t => t.Contains("一郎", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_channel_that_fails_stands_in_the_health_holds_up_no_other_and_is_told_later()
    {
        _vault.Clock.Move(TimeSpan.FromDays(3));
        _mail.Fails = true;
        await using (var watch = Watch())
        {
            await watch.LookAsync();
            await watch.TellAsync(CancellationToken.None);
            Assert.Contains("2 inspections are overdue: kokandori (at the site, 2026-12-01), kokandori (from afar, 2026-12-01)", watch.Problem, StringComparison.Ordinal);
            Assert.Contains("what is due is not told by mail: no server", watch.Problem, StringComparison.Ordinal);
        }

        Assert.Equal((0, 2), (_mail.Told.Count, _webhook.Told.Count));
        _mail.Fails = false;
        await TellAsync();
        Assert.Equal((2, 2), (_mail.Told.Count, _webhook.Told.Count));
    }

    [Fact]
    public async Task A_register_that_cannot_be_read_is_told_and_the_others_go_on()
    {
        await Books.Persons.DismissAsync(s_anna, "carl", _vault.Clock.GetUtcNow().AddHours(1), "left");
        Directory.CreateDirectory(Path.Combine(_vault.Path, "custody", "approvals.jsonl"));
        Directory.CreateDirectory(Path.Combine(_vault.Path, "custody", "inspections.jsonl"));
        _vault.Clock.Move(TimeSpan.FromHours(2));
        await using var watch = Watch();

        await watch.LookAsync();

        Assert.Contains("approvals.jsonl is a folder where a file should be", watch.Problem, StringComparison.Ordinal);
        Assert.Contains("inspections.jsonl is a folder where a file should be", watch.Problem, StringComparison.Ordinal);
        Assert.True(_vault.Accounts.List().Get("carl").IsDismissed);
    }

    [Fact]
    public async Task A_register_that_was_put_back_together_with_its_head_is_found_by_the_audit()
    {
        var (log, head) = (Path.Combine(_vault.Path, "custody", "persons.jsonl"), Path.Combine(_vault.Path, "custody", "persons.head"));
        var before = (await File.ReadAllBytesAsync(log, TestContext.Current.CancellationToken), await File.ReadAllBytesAsync(head, TestContext.Current.CancellationToken));
        await Books.Persons.DismissAsync(s_anna, "carl", null, "left");
        var entry = Books.Persons.History()[^1];
        await using (var audit = await AuditLog.OpenAsync(_vault.Path, new AuditOptions(), _vault.Clock))
            await audit.RecordAsync(new AuditEvent(AuditKind.Change, "anna", "account[custodian]:anna", "custody person dismiss", "carl", Details: $"at once; entry {entry.Number} {entry.Hash[..16]}"));
        await using (var well = Watch())
        {
            await well.LookAsync();
            Assert.DoesNotContain("put back", well.Problem ?? "", StringComparison.Ordinal);
        }

        await File.WriteAllBytesAsync(log, before.Item1, TestContext.Current.CancellationToken);
        await File.WriteAllBytesAsync(head, before.Item2, TestContext.Current.CancellationToken);
        await using var watch = Watch();
        await watch.LookAsync();

        Assert.Contains("the register of persons ends with entry 2, and the audit has entry 4", watch.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rule_that_is_loosened_stands_in_the_health_and_is_told_once()
    {
        _site = _site with { Custody = _site.Custody! with { TwoPersons = TwoPersonRule.Both } };
        await TellAsync();
        _site = _site with { Custody = _site.Custody! with { TwoPersons = TwoPersonRule.Off } };
        await using var watch = Watch();
        await watch.LookAsync();
        await watch.TellAsync(CancellationToken.None);

        Assert.Contains("the policy of custody protects less at kokandori since", watch.Problem, StringComparison.Ordinal);
        Assert.Contains("policy/2", _mail.Told);
        _site = _site with { Custody = _site.Custody! with { TwoPersons = TwoPersonRule.Both } };
        await watch.LookAsync();
        Assert.DoesNotContain("protects less", watch.Problem ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public async Task Encryption_retention_and_inspections_that_are_loosened_are_told_by_name_until_each_is_put_back()
    {
        var strict = _site.Custody! with { EncryptedDisk = Requirement.Refuse, Retention = RetentionPolicy.Unlimited with { Pictures = new KeepRule(TimeSpan.FromDays(14), null) } };
        _site = _site with { Custody = strict };
        await TellAsync();
        _site = _site with { Custody = strict with { EncryptedDisk = Requirement.Warn, Retention = RetentionPolicy.Unlimited with { Pictures = new KeepRule(TimeSpan.FromDays(30), null) }, Inspections = [strict.Inspections[0]] } };
        await using var watch = Watch();
        await watch.LookAsync();
        await watch.TellAsync(CancellationToken.None);

        const string All = "require-encrypted-disk: refuse, now warn; retention of pictures: 14 days, now 30 days; each-working-day: on, now off";
        Assert.Contains(All, watch.Problem, StringComparison.Ordinal);
        Assert.Contains(_mail.Texts, t => t.Contains(All, StringComparison.Ordinal) && t.Contains("データ管理方針の緩和", StringComparison.Ordinal));

        _site = _site with { Custody = _site.Custody! with { EncryptedDisk = Requirement.Refuse, Inspections = strict.Inspections } };
        await watch.LookAsync();
        Assert.Contains("(retention of pictures: 14 days, now 30 days)", watch.Problem, StringComparison.Ordinal);
        _site = _site with { Custody = strict };
        await watch.LookAsync();
        Assert.DoesNotContain("protects less", watch.Problem ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_due_of_recordings_anywhere_is_told_once_and_its_texts_obey_no_terminal()
    {
        var due = new DueReport("copy/pole/copy-1/2026-12-15/overdue", "pole: copy-1 is past its end\r\nBcc: x", "destroy it\n\u001b[2J");
        for (var i = 0; i < 2; i++)
        {
            await using var watch = Watch(_ => Task.FromResult<IReadOnlyList<DueReport>>([due]));
            await watch.TellAsync(CancellationToken.None);
        }

        Assert.Single(_mail.Told, due.Id);
        Assert.Single(_webhook.Told, due.Id);
        var told = Assert.Single(_mail.Texts, t => t.StartsWith("pole: copy-1 is past its end", StringComparison.Ordinal));
        Assert.DoesNotContain('\r', told);
        Assert.DoesNotContain('\u001b', told);
    }

    [Fact]
    public async Task A_node_that_reports_without_end_is_told_ten_times_a_day_and_keeps_nobody_else_from_being_told()
    {
        var round = 0;
        Task<IReadOnlyList<DueReport>> Flood(CancellationToken _)
        {
            round++;
            var own = new DueReport("copy/server/copy-1/2026-12-15/overdue", "server: copy-1 is past its end", "destroy it");
            return Task.FromResult<IReadOnlyList<DueReport>>(
            [
                .. Enumerable.Range(0, 32).Select(i => ReportedDues.Of("pole:4055", new DueReport($"x/{round}/{i}{new string('長', 150)}", "click here", "now"))), ReportedDues.Of("mast:4055", new DueReport("hold/mast/hold-1", "mast: hold-1 ends", "set another one")), own,
            ]);
        }

        for (var i = 0; i < 3; i++)
        {
            // Over restarts too.
            await using var watch = Watch(Flood);
            await watch.TellAsync(CancellationToken.None);
        }

        var today = _vault.Clock.GetUtcNow().UtcDateTime;
        Assert.Equal(10, _mail.Told.Count(t => t.StartsWith("node/pole:4055/", StringComparison.Ordinal)));
        Assert.Equal(10, _webhook.Told.Count(t => t.StartsWith("node/pole:4055/", StringComparison.Ordinal)));
        Assert.Single(_mail.Told, $"further/pole:4055/{today:yyyy-MM-dd}");
        Assert.Single(_mail.Told, "node/mast:4055/hold/mast/hold-1");
        Assert.Single(_mail.Told, "copy/server/copy-1/2026-12-15/overdue");
        Assert.Contains(_mail.Texts, t => t.StartsWith("click here", StringComparison.Ordinal) && t.Contains("(reported by node pole:4055; ノードpole:4055からの報告)", StringComparison.Ordinal));

        _vault.Clock.Move(TimeSpan.FromDays(1));
        await using var next = Watch(Flood);
        await next.TellAsync(CancellationToken.None);
        Assert.Equal(20, _mail.Told.Count(t => t.StartsWith("node/pole:4055/", StringComparison.Ordinal)));
        Assert.Single(_mail.Told, "node/mast:4055/hold/mast/hold-1");
    }

    [Fact]
    public void What_one_node_reports_makes_nothing_of_others_forgotten()
    {
        var sent = new SentAlerts(_vault.Path);
        var now = _vault.Clock.GetUtcNow();
        var mast = SentAlerts.Of("mail", "mast:4055", "hold/mast/hold-1");
        sent.Add("mail:copy/server/copy-1", now);
        sent.Add(mast, now);
        for (var i = 1; i <= 401; i++) sent.Add(SentAlerts.Of("mail", "pole:4055", $"{i}"), now.AddMinutes(i));

        Assert.Equal((true, true), (sent.Has("mail:copy/server/copy-1"), sent.Has(mast)));
        Assert.Equal((false, true), (sent.Has(SentAlerts.Of("mail", "pole:4055", "1")), sent.Has(SentAlerts.Of("mail", "pole:4055", "2"))));
        Assert.Equal((400, 1), (sent.CountOf("mail", "pole:4055", now), sent.CountOf("mail", "mast:4055", now)));
        // No report, however long, makes the file larger than it is read.
        Assert.Equal(SentAlerts.Of("mail", "pole:4055", "1").Length, SentAlerts.Of("mail", "pole:4055", new string('長', 10_000)).Length);
    }

    [Fact]
    public async Task A_board_that_cannot_be_asked_keeps_nothing_else_from_being_told()
    {
        await Books.Approvals.RequestAsync(ApprovalKind.Erase, "erase all", s_anna);
        await using var watch = Watch(_ => throw new InvalidOperationException("no board"));

        await watch.TellAsync(CancellationToken.None);

        Assert.Contains("approval/r1", _mail.Told);
        Assert.Contains("no board", watch.Problem, StringComparison.Ordinal);
    }

    public ValueTask DisposeAsync()
    {
        _vault.Dispose();
        return ValueTask.CompletedTask;
    }

    private CustodyWatch Watch(Func<CancellationToken, Task<IReadOnlyList<DueReport>>>? recordings = null) => new(_vault.Path, Books, _vault.Accounts, [_mail, _webhook], e =>
    {
        lock (_recorded) _recorded.Add(e);
        return Task.CompletedTask;
    }, NullLogger.Instance, _vault.Clock)
    { Recordings = recordings ?? (_ => Task.FromResult<IReadOnlyList<DueReport>>([])) };

    private async Task TellAsync()
    {
        await using var watch = Watch();
        await watch.LookAsync();
        await watch.TellAsync(CancellationToken.None);
    }

    private sealed class Channel(string name) : IAlertChannel
    {
        public List<string> Told { get; } = [];

        public List<string> Texts { get; } = [];

        public bool Fails { get; set; }

        public string Name => name;

        public Task SendAsync(Alert alert, CancellationToken cancellation)
        {
            if (Fails) throw new AlertException("no server");
            Told.Add(alert.Id);
            Texts.Add(alert.Title + alert.Text);
            return Task.CompletedTask;
        }
    }
}
