using TrafficFlow.Core.Custody;
using TrafficFlow.Core.Segments;
using TrafficFlow.Core.Sites;
using TrafficFlow.Node;
using TrafficFlow.Node.Endings;
using TrafficFlow.Node.Recordings;
using TrafficFlow.Node.Registers;
using TrafficFlow.Node.Settings;
using TrafficFlow.Node.Tokens;
using TrafficFlow.SystemTests.Settings;
using TrafficFlow.SystemTests.Vault;
using TrafficFlow.SystemTests.Vault.Segments;
using TrafficFlow.Vault.Accounts;
using TrafficFlow.Vault.Approvals;
using TrafficFlow.Vault.Audit;
using TrafficFlow.Vault.Endings;
using TrafficFlow.Vault.Erasure;
using TrafficFlow.Vault.Keys;
using TrafficFlow.Vault.Persons;
using TrafficFlow.Vault.Recordings;
using TrafficFlow.Vault.Registers;
using TrafficFlow.Vault.Segments;
using TrafficFlow.Wire.Authorization;
using TrafficFlow.Wire.Topics;
using Xunit;

namespace TrafficFlow.SystemTests.Retention;

/// <summary>The end of an experiment: all of it, once, whatever cuts it.</summary>
public sealed partial class EndDeskTests : IDisposable
{
    private static readonly Principal s_anna = new("anna", "account[custodian]:anna");
    private static readonly RegisterAuthor s_author = new("anna", "account[custodian]:anna");
    private static readonly SiteId s_other = new("harbour");

    private readonly SettingsFolder _folder = new();
    private readonly VaultClock _clock = new();
    private readonly List<AuditEvent> _audit = [];
    private readonly List<Site> _sites = [SiteOf(RecordedVault.Site), SiteOf(s_other)];
    private readonly RecordingVault _vault;
    private readonly PersonStore _persons;
    private ApprovalRules _rules = ApprovalRules.Default;
    private int? _recordsLeft;

    public EndDeskTests()
    {
        _vault = new RecordingVault(_folder.Path, "roadside", new SegmentStoreOptions { MinFreeBytes = 0 }, () => new MediumFacts("ext4", true, false, "test"), _clock);
        using var credential = new CredentialSecret(System.Security.Cryptography.RandomNumberGenerator.GetBytes(32));
        _vault.Keys.Create([SlotRequest.Of("unit", credential)]);
        foreach (var (site, camera) in new[] { (RecordedVault.Site.Value, "cam1"), (RecordedVault.Site.Value, "cam2"), (s_other.Value, "cam1") })
        {
            for (var minute = 0; minute < 3; minute++) Record(site, camera, _clock.GetUtcNow().AddDays(-2).AddMinutes(minute));
        }

        _persons = new PersonStore(_folder.Path, Accounts, _clock);
    }

    private AccountStore Accounts => AccountStore.Over(_folder.Path, _clock);

    private string Tokens => Path.Combine(_folder.Path, "tokens.json");

    [Fact]
    public async Task An_installation_is_ended_with_receipts_revocations_dismissals_and_a_signed_report()
    {
        await AppointAsync();
        _vault.Copies.Add(CopyKind.Export, new EraseScope(RecordedVault.Site), "taro", "a disk of the city's, room 12", _clock.GetUtcNow().AddDays(10));
        await TokenFile.ChangeAsync(Tokens, list => list.Create("signs", TopicScope.Parse(["flow.kokandori.*"], out _)!, _clock.GetUtcNow().AddDays(99), "unix:root", _clock.GetUtcNow()).List, TimeProvider.System, default);

        var answer = await Desk().EndAsync(null, "the experiment is over", s_anna);

        Assert.True(answer.Outcome == VaultAnswer.OfDone, string.Join('\n', answer.Lines));
        Assert.DoesNotContain(_vault.Recorded.List(), s => s.State != SegmentState.Erased);
        Assert.Equal(VaultState.Absent, _vault.Keys.State);
        Assert.Contains(answer.Lines, l => l.StartsWith("LEFT: copy-1, a disk of the city's, room 12 (made by taro)", StringComparison.Ordinal));
        Assert.Contains(answer.Lines, l => l.Contains("operator 操作 太郎 is dismissed", StringComparison.Ordinal));
        Assert.True(Accounts.List().Get("taro").IsDismissed);
        Assert.False(Accounts.List().Get("anna").IsDisabled);
        Assert.NotNull(TokenFile.Read(Tokens).Tokens.Single().RevokedAt);
        Assert.All(Enum.GetNames<EndStep>(), step => Assert.Contains(_audit, e => e.Action == "custody end" && e.Details!.Contains($"step {step.ToLowerInvariant()}; entry ", StringComparison.Ordinal)));

        var report = Report(out var folder);
        var receipt = Assert.Single(report.Receipts);
        Assert.Equal((9, Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(_vault.Receipts.Single())))), (receipt.Segments, receipt.Sha256));
        Assert.Equal(["copy-1"], report.Copies.Select(c => c.Id));
        foreach (var (language, said) in new[] { ("ja", "実験終了報告書"), ("en", "Report on the end of the experiment") })
        {
            var html = File.ReadAllText(Path.Combine(folder, $"{report.End.Id}.{language}.html"));
            Assert.Contains(said, html, StringComparison.Ordinal);
            Assert.Contains(receipt.Sha256, html, StringComparison.Ordinal);
            Assert.Contains("room 12", html, StringComparison.Ordinal);
        }

        // Asked once more, it says what was done, and does nothing.
        var audited = _audit.Count;
        var again = await Desk().EndAsync(null, "once more", s_anna);
        Assert.Equal((VaultAnswer.OfDone, audited), (again.Outcome, _audit.Count));
        Assert.Contains("was ended on", again.Lines[0], StringComparison.Ordinal);
        Assert.Single(_vault.Receipts);
    }

    [Fact]
    public async Task Of_one_site_of_two_the_other_goes_on_with_its_operators_and_recordings()
    {
        await AppointAsync();
        var answer = await Desk().EndAsync(RecordedVault.Site, "moved away", s_anna);

        Assert.Equal(VaultAnswer.OfDone, answer.Outcome);
        Assert.Equal([s_other], _vault.Recorded.List().Where(s => s.State != SegmentState.Erased).Select(s => s.Place.Site).Distinct());
        Assert.False(Accounts.List().Get("taro").IsDismissed);
        Assert.Contains(answer.Lines, l => l.StartsWith("LEFT: other sites go on here", StringComparison.Ordinal));
        var allowed = Allowed();
        Assert.False(allowed.Of(new CameraId("cam1")).Plan.Records(_clock.GetUtcNow()));
        Assert.True(allowed.Of(new CameraId("cam9")).Plan.Records(_clock.GetUtcNow()));
        Assert.Contains("the experiment was ended", allowed.Of(new CameraId("cam1")).Plan.At(_clock.GetUtcNow()).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_held_stays_and_is_told_and_the_rest_goes()
    {
        await AppointAsync();
        var from = _clock.GetUtcNow().AddDays(-2);
        _vault.Holds.Add(new EraseScope(RecordedVault.Site, new CameraId("cam1"), from, from.AddSeconds(30)), "police 4711", "anna", _clock.GetUtcNow().AddDays(60));

        var answer = await Desk().EndAsync(RecordedVault.Site, "over", s_anna);

        Assert.Equal(VaultAnswer.OfDone, answer.Outcome);
        Assert.Equal("cam1", Assert.Single(_vault.Recorded.List(RecordedVault.Site), s => s.State != SegmentState.Erased).Place.Camera.Value);
        var report = Report(out _);
        Assert.Equal("hold-1", Assert.Single(report.Holds).Id);
        Assert.Contains(report.Left, l => l.English.Contains("police 4711", StringComparison.Ordinal) && l.Japanese.Contains("police 4711", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_no_list_names_goes_too_and_of_what_no_time_is_known_it_is_told_while_anything_is_held()
    {
        await AppointAsync();
        var from = _clock.GetUtcNow().AddDays(-2);
        _vault.Holds.Add(new EraseScope(RecordedVault.Site, new CameraId("cam1"), from, from.AddSeconds(30)), "police 4711", "anna", _clock.GetUtcNow().AddDays(60));
        string ListOf(string camera) => Assert.Single(Directory.GetFiles(_vault.Folder, SegmentList.FileName, SearchOption.AllDirectories), f => f.Contains($"/{RecordedVault.Site}/{camera}/", StringComparison.Ordinal));
        File.WriteAllText(ListOf("cam2"), "");
        var held = Path.GetDirectoryName(ListOf("cam1"))!;
        var nameless = Path.Combine(held, "copy" + SegmentPlace.Ending);
        File.Copy(Directory.GetFiles(held, "*" + SegmentPlace.Ending)[0], nameless);
        Assert.Equal(4, _vault.Recorded.List(RecordedVault.Site).Count(s => s.State == SegmentState.NotListed));

        var answer = await Desk().EndAsync(RecordedVault.Site, "over", s_anna);

        Assert.Equal(VaultAnswer.OfDone, answer.Outcome);
        Assert.DoesNotContain(Directory.GetFiles(_vault.Folder, "*" + SegmentPlace.Ending, SearchOption.AllDirectories), f => f.Contains($"/{RecordedVault.Site}/cam2/", StringComparison.Ordinal));
        Assert.True(File.Exists(nameless));
        Assert.Contains(answer.Lines, l => l.StartsWith("LEFT: ", StringComparison.Ordinal) && l.Contains("copy was not erased", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_another_person_goes_on_with_is_recorded_under_that_name()
    {
        await AppointAsync();
        _recordsLeft = 3;
        Assert.NotEqual(VaultAnswer.OfDone, (await Desk().EndAsync(null, "over", s_anna)).Outcome);
        var before = _audit.Count;
        _recordsLeft = null;

        Assert.Equal(VaultAnswer.OfDone, (await Desk().EndAsync(null, "over", new Principal("berta", "account[custodian]:berta"))).Outcome);

        Assert.All(_audit.Take(before), e => Assert.Equal("anna", e.By));
        Assert.All(_audit.Skip(before), e => Assert.Equal("berta", e.By));
        Assert.Equal("anna", Report(out _).End.By);
    }

    [Fact]
    public async Task Cut_at_each_record_of_it_it_goes_on_to_the_same_end_and_does_nothing_twice()
    {
        await AppointAsync();
        var cuts = 0;
        for (var left = 0; ; left++)
        {
            _recordsLeft = left;
            var answer = await Desk().EndAsync(null, "the experiment is over", s_anna);
            if (answer.Outcome == VaultAnswer.OfDone) break;
            cuts++;
            Assert.Contains("the audit cannot be written", answer.Lines[0], StringComparison.Ordinal);
            // A process that was killed has no memory of it.
        }

        Assert.InRange(cuts, 4, 40);
        Assert.Single(_vault.Receipts);
        var report = Report(out _);
        Assert.Equal(Enum.GetValues<EndStep>().Where(s => s != EndStep.Report), report.End.Steps.Select(s => s.Step));
        Assert.Equal("the experiment is over", report.End.Reason);
        Assert.True(Accounts.List().Get("taro").IsDismissed);
    }

    [Fact]
    public async Task Where_two_persons_are_asked_for_nothing_is_done_before_another_one_has_approved()
    {
        await AppointAsync();
        _rules = ApprovalRules.Default with { Policy = TwoPersonRule.Erase };
        var asked = await Desk().EndAsync(null, "over", s_anna);
        Assert.Equal(VaultAnswer.OfRefused, asked.Outcome);
        Assert.Contains("takes two persons", asked.Lines[0], StringComparison.Ordinal);
        Assert.Equal(9, _vault.Recorded.List().Count(s => s.State == SegmentState.Whole));
        Assert.Empty(new EndRegister(_folder.Path, _vault.Folder, _clock).All);

        var waiting = Approvals.Read().Approvals.Single();
        await Approvals.ApproveAsync(waiting.Id, waiting.Sha256, new RegisterAuthor("berta", "account[custodian]:berta"));
        var done = await Desk().EndAsync(null, "over", s_anna);

        Assert.True(done.Outcome == VaultAnswer.OfDone, string.Join('\n', done.Lines));
        Assert.Equal(waiting.Id, Report(out _).End.Approval);
    }

    [Fact]
    public async Task An_installation_of_which_nothing_is_left_loses_its_master_key_all_the_same()
    {
        await AppointAsync();
        foreach (var site in new[] { RecordedVault.Site, s_other }) _vault.Erase(new EraseOrder(new EraseScope(site), "before", "anna", "account[custodian]:anna"));
        var answer = await Desk().EndAsync(null, "over", s_anna);
        Assert.True(answer.Outcome == VaultAnswer.OfDone, string.Join('\n', answer.Lines));
        Assert.Equal(VaultState.Absent, _vault.Keys.State);
        Assert.Equal(3, Report(out _).Receipts.Count);
    }

    [Fact]
    public async Task Each_changed_byte_of_a_report_is_refused()
    {
        await AppointAsync();
        await Desk().EndAsync(RecordedVault.Site, "over", s_anna);
        var report = Report(out var folder);
        var file = File.ReadAllBytes(Path.Combine(folder, report.End.Id + EndReportFile.Ending));
        var keys = new AuditPlace(_folder.Path).PublicKeys();
        for (var at = 0; at < file.Length; at += 7)
        {
            file[at] ^= 1;
            Assert.Throws<FormatException>(() => EndReportFile.Verify(file, keys));
            file[at] ^= 1;
        }

        Assert.Equal(report.End.Id, EndReportFile.Verify(file, keys).End.Id);
    }

    [Fact]
    public async Task A_site_that_is_not_here_and_an_end_without_a_reason_are_refused()
    {
        Assert.Contains("there is no site nowhere", (await Desk().EndAsync(new SiteId("nowhere"), "x", s_anna)).Lines[0], StringComparison.Ordinal);
        Assert.Contains("needs its reason", (await Desk().EndAsync(null, " ", s_anna)).Lines[0], StringComparison.Ordinal);
        Assert.Empty(_audit);
        Assert.Contains("9 segments", Desk().Preview(null).Lines[0], StringComparison.Ordinal);
    }

    [Fact]
    public void After_the_last_day_of_the_experiment_nothing_is_recorded_though_the_site_file_says_on()
    {
        _sites[0] = SiteOf(RecordedVault.Site, new ExperimentPeriod(new DateOnly(2026, 4, 1), new DateOnly(2026, 12, 1)));
        var allowed = Allowed();
        Assert.True(allowed.Of(new CameraId("cam1")).Plan.Records(new DateTimeOffset(2026, 12, 1, 23, 59, 59, TimeSpan.Zero)));
        Assert.False(allowed.Of(new CameraId("cam1")).Plan.Records(new DateTimeOffset(2026, 12, 2, 0, 0, 0, TimeSpan.Zero)));
        Assert.Equal(allowed.Of(new CameraId("cam1")), allowed.Of(new CameraId("cam1")));
        File.WriteAllText(Path.Combine(Directory.CreateDirectory(Path.Combine(_folder.Path, "custody")).FullName, EndRegister.Name + ".jsonl"), "[{\n");
        // What cannot be read may say that it was ended.
        Assert.False(Allowed().Of(new CameraId("cam1")).Plan.Records(_clock.GetUtcNow()));
    }

    public void Dispose()
    {
        _vault.Dispose();
        _folder.Dispose();
    }

    private ApprovalStore Approvals => new(_folder.Path, () => _rules, author => _persons.Read().Appointed(author, _clock.GetUtcNow()), _clock);

    private EndDesk Desk() => new(new EndNode(_folder.Path, "roadside", () => _sites, _persons, Accounts, Tokens, [], () => Task.CompletedTask), _vault, Approvals, new PersonLogIn(Accounts, _ => Task.FromResult(true)), e =>
    {
        if (_recordsLeft is { } left)
        {
            if (left == 0) return Task.FromResult(false);
            _recordsLeft = left - 1;
        }

        _audit.Add(e);
        return Task.FromResult(true);
    }, _clock);

    private RecordingAllowed Allowed() => new(
        () => [.. _sites.Select((s, i) => new SiteSettings($"{s.Id}.conf", s, new DetectorCatalog("motion", new Dictionary<string, DetectorSettings>())) { Recording = new Dictionary<CameraId, RecordingSettings> { [new CameraId(i == 0 ? "cam1" : "cam9")] = new(new RecordingPlan(RecordingMode.On, TimeZoneInfo.Utc)) } })],
        new EndRegister(_folder.Path, _vault.Folder, _clock), _clock);

    private EndReport Report(out string folder)
    {
        folder = Assert.Single(Directory.GetDirectories(new EndRegister(_folder.Path, _vault.Folder, _clock).Reports));
        return EndReportFile.Verify(File.ReadAllBytes(Assert.Single(Directory.GetFiles(folder, "*" + EndReportFile.Ending))), new AuditPlace(_folder.Path).PublicKeys());
    }

    private async Task AppointAsync()
    {
        foreach (var (name, role) in new[] { ("anna", Role.Custodian), ("berta", Role.Custodian), ("taro", Role.Operator) })
            await Accounts.AcceptAsync((await Accounts.CreateAsync(name, [role], "unix:tester")).Text, VaultFolder.GoodPassword);
        await _persons.AppointAsync(s_author, "管理 花子", "anna", Duty.Custodian, _clock.GetUtcNow());
        await _persons.AppointAsync(s_author, "管理 次郎", "berta", Duty.Custodian, _clock.GetUtcNow());
        await _persons.AppointAsync(s_author, "操作 太郎", "taro", Duty.Operator, _clock.GetUtcNow());
    }

    private void Record(string site, string camera, DateTimeOffset from)
    {
        using var writer = _vault.Store.Begin(RecordedVault.Start(from, camera, site));
        writer.Write(new byte[1000]);
        writer.Close(new SegmentEnd(from.AddSeconds(60), 600, 0));
    }

    private static Site SiteOf(SiteId id, ExperimentPeriod? experiment = null) => new(id, id.Value, TimeZoneInfo.Utc, [], [], "0123456789abcdef")
    {
        Custody = new CustodyPolicy(new OperatorContact(new BilingualText("x", "x")), [new BilingualText("x", "x")]) { Experiment = experiment, Retention = RetentionPolicy.Unlimited with { Journeys = new KeepRule(TimeSpan.FromDays(14), null) } },
    };
}
