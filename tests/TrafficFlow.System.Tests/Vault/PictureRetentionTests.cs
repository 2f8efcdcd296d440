using Microsoft.Extensions.Logging.Abstractions;
using TrafficFlow.Core.Custody;
using TrafficFlow.Core.Sites;
using TrafficFlow.Node.Recordings;
using TrafficFlow.Node.Retention;
using TrafficFlow.Node.Run.Preflight;
using TrafficFlow.Node.Settings;
using TrafficFlow.SystemTests.Retention;
using TrafficFlow.SystemTests.Vault.Segments;
using TrafficFlow.Vault.Approvals;
using TrafficFlow.Vault.Audit;
using TrafficFlow.Vault.Erasure;
using TrafficFlow.Vault.Keys;
using TrafficFlow.Vault.Persons;
using TrafficFlow.Vault.Policies;
using TrafficFlow.Vault.Recordings;
using TrafficFlow.Vault.Segments;
using Xunit;

namespace TrafficFlow.SystemTests.Vault;

/// <summary>What reaches its age, and that a clock that is wrong lets nothing reach it.</summary>
public sealed class PictureRetentionTests : IDisposable
{
    private static readonly TimeSpan s_hour = TimeSpan.FromHours(1);

    private readonly Settings.SettingsFolder _folder = new();
    private readonly RetentionClock _clock = new(RecordedVault.Noon);
    private readonly RecordingVault _vault;
    private readonly CredentialSecret _credential;
    private bool? _isSynchronised;

    public PictureRetentionTests()
    {
        _vault = new RecordingVault(_folder.Path, "roadside", new SegmentStoreOptions { MinFreeBytes = 0 }, () => new MediumFacts("", null, null, ""), _clock);
        var content = _folder.Write("credential", Convert.ToHexString(System.Security.Cryptography.RandomNumberGenerator.GetBytes(32)));
        _credential = new CredentialSecret(File.ReadAllBytes(content));
        _vault.Keys.Create([SlotRequest.Of("unit", _credential)]);
        for (var day = 0; day < 10; day++) Record(RecordedVault.Noon.AddDays(day));
        _clock.Now = RecordedVault.Noon.AddDays(10);
    }

    [Fact]
    public void What_is_older_than_the_site_says_is_due_and_what_is_held_is_not()
    {
        var retention = Retention();
        Assert.Empty(retention.Due(_vault, [Site(null, null)], []));

        var (order, segments) = Assert.Single(retention.Due(_vault, [Site(7, null)], []));
        Assert.Equal(3, segments.Count);
        Assert.Contains("7 days", order.Reason);

        _vault.Holds.Add(new EraseScope(RecordedVault.Site, null, RecordedVault.Noon.AddDays(1), RecordedVault.Noon.AddDays(1).AddHours(1)), "police", "tanaka", _clock.Now.AddDays(5));
        Assert.Equal([RecordedVault.Noon, RecordedVault.Noon.AddDays(2)], Assert.Single(retention.Due(_vault, [Site(7, null)], [])).Segments.Select(s => SegmentPlace.TimeOf(s.Name)!.Value));
        Assert.Equal(9, Assert.Single(retention.Due(_vault, [Site(null, new DateOnly(2026, 12, 8))], [])).Segments.Count);
        Assert.Empty(retention.Due(_vault, [Site(null, new DateOnly(2026, 12, 9))], []));
    }

    [Fact]
    public void What_no_list_names_any_more_reaches_its_age_by_its_name_and_is_erased()
    {
        var oldest = _vault.Recorded.List().First().Place;
        File.Delete(Path.Combine(_vault.Folder, "sites", oldest.Site.Value, oldest.Camera.Value, "2026-11-29", "segments.log"));
        Assert.Equal(SegmentState.NotListed, _vault.Recorded.List().First().State);

        var (order, segments) = Assert.Single(Retention().Due(_vault, [Site(7, null)], []));
        Assert.Contains(oldest, segments);
        var receipt = _vault.EraseSome(order, segments);

        Assert.DoesNotContain(_vault.Recorded.List(), s => s.Place == oldest);
        Assert.Contains("\"parts\"", File.ReadAllText(receipt));
    }

    [Fact]
    public async Task Recordings_of_a_site_that_the_settings_name_no_more_go_as_its_file_said_last()
    {
        List<Site> sites = [Site(7, null)];
        var policies = new PolicyStore(_folder.Path, () => [.. sites.Select(KeptPolicy.Of)], _clock);
        await policies.LookAsync();
        Assert.Empty(policies.Left);
        sites.Clear();

        var retention = Retention();
        var (order, segments) = Assert.Single(retention.Due(_vault, sites, policies.Left));

        Assert.Equal(3, segments.Count);
        Assert.Equal($"kept as long as the file of site {RecordedVault.Site} said last (7 days); the settings name it no more", order.Reason);
        Assert.Null(retention.Problem);
        Assert.Contains("said last (7 days)", Assert.Single(CustodyChecks.LeftRecordings(_folder.Path, sites)).Text, StringComparison.Ordinal);
        Assert.Empty(CustodyChecks.LeftRecordings(_folder.Path, [Site(7, null)]));

        // The zone went with the file: the last day is over where it ends last.
        _clock.Now = new DateTimeOffset(2026, 12, 9, 11, 0, 0, TimeSpan.Zero);
        Assert.Empty(retention.Due(_vault, [], [KeptPolicy.Of(Site(null, new DateOnly(2026, 12, 8)))]));
        Assert.Single(retention.Due(_vault, [Site(null, new DateOnly(2026, 12, 8))], []));
    }

    [Fact]
    public void Recordings_that_no_file_gives_an_end_are_told_until_they_are_gone()
    {
        var retention = Retention();
        Assert.Empty(retention.Due(_vault, [], []));
        Assert.Contains($"trafficflow vault erase --site {RecordedVault.Site}", retention.Problem, StringComparison.Ordinal);
        var found = Assert.Single(CustodyChecks.LeftRecordings(_folder.Path, []));
        Assert.Equal((FindingState.Doubtful, retention.Problem), (found.State, found.Text));

        _vault.Erase(new EraseOrder(new EraseScope(RecordedVault.Site), "over", "anna", "account[custodian]:anna"));
        Assert.Empty(retention.Due(_vault, [], []));
        Assert.Null(retention.Problem);
        Assert.Empty(CustodyChecks.LeftRecordings(_folder.Path, []));
    }

    [Fact]
    public void The_oldest_go_where_the_disk_has_its_bound()
    {
        var one = _vault.Recorded.List().First().Bytes;
        var retention = new PictureRetention(_vault.Options with { MostBytes = 4 * one }, Trusted, _clock);

        var (order, segments) = Assert.Single(retention.Due(_vault, [], []));

        Assert.Equal(6, segments.Count);
        Assert.Contains("max-gigabytes", order.Reason);
        Assert.Equal(RecordedVault.Noon, SegmentPlace.TimeOf(segments[0].Name));
    }

    [Fact]
    public void A_clock_that_is_doubted_erases_nothing_and_one_that_is_known_to_be_right_does()
    {
        var retention = Retention();
        Assert.Equal(3, Assert.Single(retention.Due(_vault, [Site(7, null)], [])).Segments.Count);

        _clock.Now = _clock.Now.AddDays(30);
        _clock.Pass(s_hour);
        Assert.Empty(retention.Due(_vault, [Site(7, null)], []));
        Assert.Contains("the clock went ahead", retention.Problem);

        _isSynchronised = true;
        Assert.Equal(10, Assert.Single(retention.Due(_vault, [Site(7, null)], [])).Segments.Count);
        Assert.Null(retention.Problem);
    }

    [Fact]
    public void What_an_erasure_that_is_begun_names_is_planned_by_no_other_one()
    {
        var (order, segments) = Assert.Single(Retention().Due(_vault, [Site(7, null)], []));
        var blocked = Block(segments[1]);
        Assert.ThrowsAny<Exception>(() => _vault.EraseSome(order, segments));

        Assert.Empty(Retention().Due(_vault, [Site(7, null)], []));
        Assert.Throws<ErasureException>(() => _vault.EraseSome(order, segments));
        Assert.Contains(_vault.Resume(), t => t.Contains("cannot be ended now", StringComparison.Ordinal));
        Assert.Contains("cannot be ended now", _vault.ErasureProblem);
        Assert.Equal(1, _vault.Erasing);
        // The others go on.
        Assert.Equal(2, Assert.Single(Retention().Due(_vault, [Site(5, null)], [])).Segments.Count);

        File.Delete(blocked);
        _vault.Resume();
        Assert.Null(_vault.ErasureProblem);
        Assert.Equal((0, 1), (_vault.Erasing, _vault.Receipts.Count));
    }

    [Fact]
    public void An_erasure_that_cannot_be_ended_hinders_no_vault_that_is_opened_from_saving_the_rest()
    {
        var (order, segments) = Assert.Single(Retention().Due(_vault, [Site(7, null)], []));
        Block(segments[0]);
        var last = FileOf(_vault.Recorded.List().Last().Place);
        foreach (var file in new[] { FileOf(segments[1]), last }) File.Move(file, Path.ChangeExtension(file, ".open"));
        Assert.ThrowsAny<Exception>(() => _vault.EraseSome(order, segments));

        var told = _vault.Unlock(_credential);

        Assert.Contains(told, t => t.Contains("cannot be ended now", StringComparison.Ordinal));
        Assert.Contains(told, t => t.Contains("has its name now", StringComparison.Ordinal));
        Assert.True(File.Exists(last));
        // What is to go is not saved.
        Assert.DoesNotContain(told, t => t.Contains(segments[1].ToString(), StringComparison.Ordinal));
    }

    [Fact]
    public void An_erasure_of_everything_that_was_cut_before_its_master_was_destroyed_is_ended_when_the_vault_is_opened()
    {
        var obstacle = Path.Combine(_vault.Folder, "master.json.dying");
        Directory.CreateDirectory(obstacle);
        Assert.ThrowsAny<Exception>(() => _vault.Erase(new EraseOrder(EraseScope.All, "over", "anna", "account[custodian]:anna")));
        Assert.Empty(_vault.Receipts);
        Directory.Delete(obstacle);

        var told = _vault.Unlock(_credential);

        Assert.Contains("an erasure that was cut is ended", Assert.Single(told), StringComparison.Ordinal);
        Assert.Equal((VaultState.Absent, 1, 0), (_vault.Keys.State, _vault.Receipts.Count, _vault.Erasing));
        Assert.Null(_vault.ErasureProblem);
    }

    [Fact]
    public void While_a_vault_is_opened_nothing_is_recorded_among_what_an_erasure_that_was_cut_destroys()
    {
        _vault.Keys.RenewImportKey();
        var last = _vault.Recorded.List().Last();
        var blocked = Block(last.Place);
        Assert.ThrowsAny<Exception>(() => _vault.Erase(new EraseOrder(new EraseScope(RecordedVault.Site), "request", "anna", "account[custodian]:anna")));
        File.Delete(blocked);
        _clock.Pass(TimeSpan.FromDays(61));
        Exception? refused = null;
        RecordingVault again = null!;
        // Asked for when the import key of before is given up: the master is there by then, and erasures are not looked at yet.
        again = new RecordingVault(_folder.Path, "roadside", _vault.Options, () => new MediumFacts("", null, null, ""), _clock, () =>
        {
            refused ??= Xunit.Record.Exception(() => again.Store.Begin(RecordedVault.Start(last.From.AddHours(1))).Dispose());
            return _clock.Now;
        });
        using (again)
        {
            again.Unlock(_credential);
            Assert.Contains("is being opened", Assert.IsType<TrafficFlow.Core.Segments.SegmentStoreException>(refused).Message, StringComparison.Ordinal);
            Assert.Single(again.Receipts);
            Assert.Empty(again.Sites);
            using var writer = again.Store.Begin(RecordedVault.Start(_clock.Now));
        }
    }

    [Fact]
    public void What_could_not_be_closed_is_ended_at_the_next_look_and_reaches_its_age()
    {
        var (first, second) = (_clock.Now, _clock.Now.AddDays(1));
        Leave(first);
        var stuck = Leave(second);
        Directory.Delete(ListOf(first));
        Assert.Equal(2, _vault.Recorded.List().Count(s => s.State == SegmentState.Open));
        using var writing = _vault.Store.Begin(RecordedVault.Start(second.AddHours(1), "cam2"));
        writing.Write(RecordedVault.Content(200_000));
        // Of a bundle that is being taken in just now.
        var carried = FileOf(_vault.Recorded.List().First().Place) + ".import";
        File.WriteAllText(carried, "half");

        var told = _vault.Resume();

        Assert.Contains(told, t => t.Contains("are kept as", StringComparison.Ordinal));
        Assert.Contains(told, t => t.Contains("stays as it is", StringComparison.Ordinal) && t.Contains(stuck.ToString(), StringComparison.Ordinal));
        Assert.True(File.Exists(carried));
        File.Delete(carried);
        var saved = Assert.Single(_vault.Recorded.List(), s => s.From == first);
        Assert.Equal(SegmentState.Cut, saved.State);
        _clock.Pass(TimeSpan.FromDays(30));
        _isSynchronised = true;
        var (order, segments) = Assert.Single(Retention().Due(_vault, [Site(7, null)], []));
        Assert.Equal(12, segments.Count);
        Assert.Contains(saved.Place, segments);
        Assert.Contains(stuck, segments);
        _vault.EraseSome(order, segments);
        Assert.Equal(["cam2"], _vault.Recorded.List().Where(s => s.State != SegmentState.Erased).Select(s => s.Place.Camera.Value));
    }

    [Fact]
    public async Task A_clock_that_is_doubted_gives_up_no_key_and_ends_no_hold()
    {
        var (data, clock) = (Path.Combine(_folder.Path, "node"), Trusted);
        Directory.CreateDirectory(data);
        await using var node = Node(data, clock, () => [], null);
        node.Start();
        var vault = node.Vault!;
        vault.Keys.Create([SlotRequest.Of("unit", _credential)]);
        vault.Keys.RenewImportKey();
        Assert.Single(Directory.EnumerateFiles(vault.Folder, "import-*.key"));
        vault.Holds.Add(EraseScope.All, "audit", "tanaka", _clock.Now.AddHours(1));
        vault.Holds.Add(EraseScope.All, "police", "tanaka", _clock.Now.AddDays(5));
        _clock.Pass(TimeSpan.FromHours(2));
        Assert.Null(clock.Doubt());

        _clock.Now += TimeSpan.FromDays(61);
        _clock.Pass(s_hour);
        vault.Unlock(_credential);
        Assert.Single(Directory.EnumerateFiles(vault.Folder, "import-*.key"));
        Assert.Equal("police", Assert.Single(vault.Holds.Meeting(EraseScope.All)).Reason);
        Assert.Contains("police", Assert.Throws<ErasureException>(() => vault.Erase(new EraseOrder(EraseScope.All, "test", "tanaka", "x"))).Message);

        _isSynchronised = true;
        _clock.Pass(s_hour);
        vault.Unlock(_credential);
        Assert.Empty(Directory.EnumerateFiles(vault.Folder, "import-*.key"));
        Assert.Empty(vault.Holds.Meeting(EraseScope.All));
    }

    [Fact]
    public async Task A_site_whose_recordings_cannot_be_erased_hinders_no_other_one()
    {
        var other = new SiteId("harbour");
        Record(RecordedVault.Noon, other);
        Block(_vault.Recorded.List(RecordedVault.Site).First().Place);
        _vault.Dispose();
        await using var log = await AuditLog.OpenAsync(_folder.Path, new AuditOptions(), _clock);
        await using var node = Node(_folder.Path, Trusted, () => [Site(7, null), Site(7, null, other)], log);

        node.Start();

        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (node.Problem is null) await Task.Delay(20, limit.Token);
        Assert.Contains("cannot be erased", node.Problem);
        Assert.Empty(node.Vault!.Recorded.List(other));
        Assert.Equal((1, 1), (node.Vault.Erasing, node.Vault.Receipts.Count));
    }

    [Fact]
    public async Task What_goes_by_its_age_lets_nothing_be_recorded_that_has_no_room_below_the_bound()
    {
        var other = new SiteId("harbour");
        Record(RecordedVault.Noon, other);
        var options = _vault.Options with { MostBytes = 4 * _vault.Recorded.List(RecordedVault.Site).First().Bytes };
        _vault.Dispose();
        var carried = Site(null, null) with { Custody = Site(null, null).Custody! with { Inspections = [new InspectionPlan(RecordedVault.Site.Value, InspectionKind.HandCarry, 14, new DateOnly(2026, 11, 1))] } };
        await using var log = await AuditLog.OpenAsync(_folder.Path, new AuditOptions(), _clock);
        await using var node = Node(_folder.Path, Trusted, () => [carried, Site(7, null, other)], log, options);

        node.Start();

        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (node.Problem is null) await Task.Delay(20, limit.Token);
        Assert.Contains("nothing is recorded any more", node.Problem, StringComparison.Ordinal);
        Assert.Single(node.Vault!.Receipts);
        Assert.Empty(node.Vault.Recorded.List(other));
        Assert.Contains("nothing is recorded any more", node.Vault.Store.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_that_does_not_open_is_told_beside_what_lasts_for_months_after_a_restart_too()
    {
        _vault.Dispose();
        _folder.Write("credential", Convert.ToHexString(System.Security.Cryptography.RandomNumberGenerator.GetBytes(32)));
        await using var log = await AuditLog.OpenAsync(_folder.Path, new AuditOptions(), _clock);
        for (var start = 0; start < 2; start++)
        {
            await using var node = Node(_folder.Path, Trusted, () => [], log);

            node.Start();

            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
            while (node.Problem?.Contains("without an end", StringComparison.Ordinal) != true) await Task.Delay(20, limit.Token);
            Assert.StartsWith("recordings cannot be opened", node.Problem, StringComparison.Ordinal);
            var told = node.Due.Where(d => d.Kind == VaultDueKind.Problem).ToList();
            Assert.Equal(2, told.Select(d => d.Report.Id).Distinct().Count());
            Assert.Contains("recordings cannot be opened", told[0].Report.Text, StringComparison.Ordinal);
        }
    }

    public void Dispose()
    {
        _vault.Dispose();
        _credential.Dispose();
        _folder.Dispose();
    }

    private TrustedClock Trusted => new(_folder.Path, () => _isSynchronised, _clock, "boot");

    private PictureRetention Retention() => new(_vault.Options, Trusted, _clock);

    private NodeVault Node(string data, TrustedClock clock, Func<IReadOnlyList<Site>> sites, AuditLog? log, SegmentStoreOptions? options = null) => new(
        data, "roadside", VaultSettings.Usual with { Credential = Path.Combine(_folder.Path, "credential"), Segments = options ?? _vault.Options },
        new ApprovalStore(data, () => ApprovalRules.Default, by => new AppointedPerson(by.Name, true), _clock), sites, () => log, clock, NullLogger.Instance, _clock);

    private string FileOf(SegmentPlace place) => Path.Combine(_vault.Keys.FolderOf(place.Site, place.Camera, place.Day), place.Name + SegmentPlace.Ending);

    private string ListOf(DateTimeOffset from) => Path.Combine(_vault.Keys.FolderOf(RecordedVault.Site, RecordedVault.Camera, SegmentPlace.DayOf(from)), "segments.log");

    /// <summary>A link, which nothing overwrites, in the place of a segment.</summary>
    private string Block(SegmentPlace place)
    {
        var other = _folder.Write("other", "somebody else's");
        File.Delete(FileOf(place));
        File.CreateSymbolicLink(FileOf(place), other);
        return FileOf(place);
    }

    /// <summary>A segment that cannot be listed when it is closed: a folder is in the place of its day's list.</summary>
    private SegmentPlace Leave(DateTimeOffset from)
    {
        using var writer = (SegmentWriter)_vault.Store.Begin(RecordedVault.Start(from));
        writer.Write(RecordedVault.Content(200_000));
        Directory.CreateDirectory(ListOf(from));
        Assert.Throws<TrafficFlow.Core.Segments.SegmentStoreException>(() => writer.Close(new TrafficFlow.Core.Segments.SegmentEnd(from.AddSeconds(60), 600, 0)));
        return writer.Place;
    }

    private static Site Site(int? days, DateOnly? until, SiteId? site = null) => new(site ?? RecordedVault.Site, "x", TimeZoneInfo.Utc, [], [], "0123456789abcdef")
    {
        Custody = new CustodyPolicy(new OperatorContact(new BilingualText("x", "x")), [new BilingualText("x", "x")])
        {
            Retention = RetentionPolicy.Unlimited with { Pictures = new KeepRule(days is { } d ? TimeSpan.FromDays(d) : null, until) },
        },
    };

    private void Record(DateTimeOffset from, SiteId? site = null)
    {
        using var writer = _vault.Store.Begin(RecordedVault.Start(from, site: (site ?? RecordedVault.Site).Value));
        writer.Write(new byte[1000]);
        writer.Close(new TrafficFlow.Core.Segments.SegmentEnd(from.AddSeconds(60), 600, 0));
    }
}
