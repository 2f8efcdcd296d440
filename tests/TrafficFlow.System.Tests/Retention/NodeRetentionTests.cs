using Microsoft.Extensions.Logging.Abstractions;
using TrafficFlow.Core.Custody;
using TrafficFlow.Core.Sites;
using TrafficFlow.Node.Retention;
using TrafficFlow.Roadside.Outbox;
using TrafficFlow.SystemTests.Settings;
using TrafficFlow.SystemTests.Vault;
using TrafficFlow.Vault.Accounts;
using TrafficFlow.Vault.Audit;
using TrafficFlow.Web.Pages.Accuracy;
using TrafficFlow.Web.Pages.Periods;
using TrafficFlow.Web.Pages.Reports;
using Xunit;

namespace TrafficFlow.SystemTests.Retention;

/// <summary>What a node's files hold goes at the age that the sites' files allow, and is in the audit.</summary>
public sealed class NodeRetentionTests : IDisposable
{
    private static readonly TimeZoneInfo s_tokyo = TimeZoneInfo.FindSystemTimeZoneById("Asia/Tokyo");
    private static readonly DateTimeOffset s_now = new(2027, 3, 31, 3, 0, 0, TimeSpan.Zero);

    private readonly SettingsFolder _folder = new();
    private readonly RetentionClock _clock = new(s_now);
    private readonly List<AuditEvent> _audit = [];
    private List<Site> _sites = [];
    private bool _auditWorks = true;
    private Action<AuditEvent>? _recorded;

    [Fact]
    public async Task Reports_scores_and_evidence_go_with_the_counts_and_journeys_that_they_are_of()
    {
        _sites = [Site("a", counts: 30, journeys: 10), Site("b")];
        var shelf = new ReportShelf(Path.Combine(_folder.Path, "reports"));
        foreach (var site in _sites)
        {
            foreach (var day in new[] { new DateOnly(2027, 2, 28), new DateOnly(2027, 3, 1), new DateOnly(2027, 3, 2) }) shelf.Write(new ReportName(site.Id, new Period(day, day), "ja", ReportFormat.Html), "x"u8);
        }

        var scores = new ScoreFolder(Path.Combine(_folder.Path, "scores"));
        Directory.CreateDirectory(scores.Of(new SiteId("a")));
        foreach (var (name, age) in new[] { ("old", 31), ("young", 29) })
        {
            var file = Path.Combine(scores.Of(new SiteId("a")), $"{name}.json");
            File.WriteAllText(file, "{}");
            File.SetLastWriteTimeUtc(file, s_now.AddDays(-age).UtcDateTime);
        }

        await Retention(shelf, scores, evidence: EvidenceOf(7)).SweepAsync();

        // 30 days before noon of the 31st, in Tokyo, lies on the 1st.
        Assert.Equal(["a-2027-03-02.ja.html"], shelf.List(new SiteId("a")).Select(r => r.Name.File));
        Assert.Equal(3, shelf.List(new SiteId("b")).Count);
        Assert.Equal(["young"], scores.Names(new SiteId("a")));
        Assert.Equal(["reports of a", "scores of a", "evidence"], _audit.Select(e => e.Target));
        Assert.All(_audit, e => Assert.Equal(SiteRetention.Action, e.Action));
        Assert.Contains("a-2027-02-28.ja.html, a-2027-03-01.ja.html", string.Join(", ", _audit[0].Details!.Split(": ")[0].Split(", ").Order()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_doubted_clock_removes_nothing_of_any_kind_and_is_told()
    {
        _sites = [Site("a", counts: 30, journeys: 10, accounts: 30, audit: 30)];
        var limits = Limits();
        Assert.Empty(limits.Due(_clock.Now));
        limits.Look();
        Assert.Equal([KeptKind.Journeys, KeptKind.Counts], limits.Due(_clock.Now).Select(d => d.Kind));
        _clock.Now = _clock.Now.AddYears(3);
        _clock.Pass(TimeSpan.FromMinutes(2));
        limits.Look();

        Assert.Empty(limits.Due(_clock.Now));
        Assert.Equal((null, null), ((IOutboxRetention)limits).OverBefore(new SiteId("a"), _clock.Now));
        Assert.True(limits.OfAudit(_clock.Now).IsDoubted);
        var shelf = new ReportShelf(Path.Combine(_folder.Path, "reports"));
        shelf.Write(new ReportName(new SiteId("a"), new Period(new DateOnly(2027, 3, 1), new DateOnly(2027, 3, 1)), "ja", ReportFormat.Html), "x"u8);
        var retention = Retention(shelf, new ScoreFolder(Path.Combine(_folder.Path, "scores")), _ => throw new InvalidOperationException("asked"), limits);
        await retention.SweepAsync();
        Assert.Single(shelf.List(new SiteId("a")));
        Assert.Contains("the clock went ahead", retention.Problem, StringComparison.Ordinal);
        Assert.Empty(_audit);
    }

    [Fact]
    public async Task What_goes_is_recorded_before_it_does_and_stays_while_it_cannot_be()
    {
        _sites = [Site("a", counts: 30, journeys: 10)];
        var day = new DateOnly(2027, 2, 1);
        var report = new ReportName(new SiteId("a"), new Period(day, day), "ja", ReportFormat.Html);
        var shelf = new ReportShelf(Path.Combine(_folder.Path, "reports"));
        shelf.Write(report, "x"u8);
        var scores = new ScoreFolder(Path.Combine(_folder.Path, "scores"));
        var score = Path.Combine(Directory.CreateDirectory(scores.Of(report.Site)).FullName, "old.json");
        File.WriteAllText(score, "{}");
        File.SetLastWriteTimeUtc(score, s_now.AddDays(-31).UtcDateTime);
        var pieces = 7;
        var limits = Limits();
        var retention = Retention(shelf, scores, async may => await may(pieces) ? pieces-- : 0, limits);

        _auditWorks = false;
        await retention.SweepAsync();
        Assert.Equal((1, true, 7), (shelf.List(report.Site).Count, File.Exists(score), pieces));
        Assert.Contains("kept until that can be recorded", retention.Problem, StringComparison.Ordinal);

        _auditWorks = true;
        List<(string Target, bool IsThere)> seen = [];
        _recorded = e => seen.Add((e.Target, e.Target switch { "reports of a" => shelf.List(report.Site).Count == 1, "scores of a" => File.Exists(score), _ => pieces == 7 }));
        await retention.SweepAsync();
        Assert.Equal([("reports of a", true), ("scores of a", true), ("evidence", true)], seen);
        Assert.Equal((0, false, 6), (shelf.List(report.Site).Count, File.Exists(score), pieces));
        Assert.Null(retention.Problem);
    }

    [Fact]
    public async Task An_outbox_has_no_limit_while_there_is_no_audit_and_hears_whether_its_loss_is_recorded()
    {
        _sites = [Site("a", counts: 30)];
        var hasAudit = false;
        var limits = Limits(() => hasAudit);
        limits.Look();
        IOutboxRetention outbox = limits;
        Assert.Equal((null, null), outbox.OverBefore(new SiteId("a"), s_now));
        hasAudit = true;
        Assert.Equal((null, s_now.AddDays(-30)), outbox.OverBefore(new SiteId("a"), s_now));
        Assert.True(await outbox.RecordAsync(new SiteId("a"), new CameraId("cam1"), 5));
        Assert.Contains("5 entries", Assert.Single(_audit).Details, StringComparison.Ordinal);
        _auditWorks = false;
        Assert.False(await outbox.RecordAsync(new SiteId("a"), new CameraId("cam1"), 5));
    }

    /// <summary>Actors of counting cameras ask: the clock is looked at elsewhere, and what keeps it from being looked at is a doubt.</summary>
    [Fact]
    public async Task Whoever_asks_waits_for_no_look_at_the_clock_and_an_old_look_says_nothing()
    {
        _sites = [Site("a", counts: 30)];
        using var release = new SemaphoreSlim(0);
        using var looking = new SemaphoreSlim(0);
        var limits = new SiteRetention(() => _sites, new TrustedClock(_folder.Path, () =>
        {
            looking.Release();
            release.Wait(TestContext.Current.CancellationToken);
            return true;
        }, _clock, "boot"), _ => Task.FromResult(true), "node", _clock);
        var look = Task.Run(limits.Look, TestContext.Current.CancellationToken);
        await looking.WaitAsync(TestContext.Current.CancellationToken);

        Assert.Equal((null, null), ((IOutboxRetention)limits).OverBefore(new SiteId("a"), s_now));
        Assert.Contains("not looked at yet", limits.Problem, StringComparison.Ordinal);

        release.Release();
        await look;
        Assert.Null(limits.Problem);
        Assert.Single(limits.Due(s_now));
        _clock.Pass(TimeSpan.FromMinutes(21));
        Assert.Empty(limits.Due(s_now));
        Assert.Contains("was not looked at for 21 min", limits.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_clock_that_cannot_be_looked_at_is_doubted_and_told()
    {
        _sites = [Site("a", counts: 30)];
        var limits = new SiteRetention(() => _sites, new TrustedClock(_folder.Path, () => throw new IOException("disk gone"), _clock, "boot"), _ => Task.FromResult(true), "node", _clock);
        limits.Look();
        Assert.Empty(limits.Due(s_now));
        Assert.Contains("disk gone", limits.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_sites_share_is_kept_as_the_strictest_says()
    {
        _sites = [Site("a", audit: 400), Site("b", audit: 100), Site("c")];
        var limits = Limits();
        limits.Look();
        var limit = limits.OfAudit(s_now);
        Assert.Equal((s_now.AddDays(-100), TimeSpan.FromDays(5)), (limit.Before, limit.Span));
        Assert.Contains("site b", limit.Why, StringComparison.Ordinal);
        _sites = [Site("c")];
        Assert.Equal((null, null, false), (limits.OfAudit(s_now).Before, limits.OfAudit(s_now).Span, limits.OfAudit(s_now).IsDoubted));
    }

    [Fact]
    public async Task Accounts_of_dismissed_persons_go_once_that_is_in_the_audit()
    {
        _sites = [Site("a", accounts: 30)];
        using var vault = new VaultFolder();
        await vault.AddAsync("anna", Role.Custodian);
        await vault.AddAsync("taro", Role.Operator);
        await vault.Accounts.DisableAsync("taro", "anna");
        var persons = new TrafficFlow.Vault.Persons.PersonStore(vault.Path, vault.Accounts, vault.Clock);
        var by = new TrafficFlow.Vault.Registers.RegisterAuthor("anna", "account[custodian]:anna");
        await persons.AppointAsync(by, "操作 太郎", "taro", TrafficFlow.Core.Custody.Duty.Operator, vault.Clock.GetUtcNow());
        await persons.DismissAsync(by, "a1", null, "left");
        // Dismissed at the end of November 2026.
        var retention = new NodeRetention(Limits(), null, new ScoreFolder(_folder.Path), EvidenceOf(0), vault.Accounts, () => Task.CompletedTask, NullLogger.Instance, _clock);

        await retention.SweepAsync();

        Assert.Null(vault.Accounts.List().Find("taro"));
        Assert.Contains("taro", Assert.Single(_audit).Details, StringComparison.Ordinal);
        Assert.Null(retention.Problem);
        await retention.SweepAsync();
        Assert.Single(_audit);
    }

    public void Dispose() => _folder.Dispose();

    private SiteRetention Limits(Func<bool>? hasAudit = null) => new(() => _sites, new TrustedClock(_folder.Path, () => null, _clock, "boot"), e =>
    {
        if (!_auditWorks) return Task.FromResult(false);
        _audit.Add(e);
        _recorded?.Invoke(e);
        return Task.FromResult(true);
    }, "node", _clock)
    { HasAudit = hasAudit ?? (() => true) };

    private static Func<Func<int, Task<bool>>, Task<int>> EvidenceOf(int pieces) => async may => pieces > 0 && await may(pieces) ? pieces : 0;

    private NodeRetention Retention(ReportShelf shelf, ScoreFolder scores, Func<Func<int, Task<bool>>, Task<int>> evidence, SiteRetention? limits = null) =>
        new(limits ?? Limits(), shelf, scores, evidence, AccountStore.Over(_folder.Path, _clock), () => Task.CompletedTask, NullLogger.Instance, _clock);

    private static Site Site(string id, int? counts = null, int? journeys = null, int? accounts = null, int? audit = null) => new(new SiteId(id), id, s_tokyo, [], [], "0123456789abcdef")
    {
        Custody = new CustodyPolicy(new OperatorContact(new BilingualText("x", "x")), [new BilingualText("x", "x")])
        {
            Retention = new RetentionPolicy(default, Rule(journeys), Rule(counts), Rule(audit), Rule(accounts)),
        },
    };

    private static KeepRule Rule(int? days) => new(days is { } d ? TimeSpan.FromDays(d) : null, null);
}
