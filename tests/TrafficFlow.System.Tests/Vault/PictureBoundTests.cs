using TrafficFlow.Core.Custody;
using TrafficFlow.Core.Sites;
using TrafficFlow.Node.Recordings;
using TrafficFlow.Node.Registers;
using TrafficFlow.Node.Retention;
using TrafficFlow.SystemTests.Retention;
using TrafficFlow.SystemTests.Vault.Segments;
using TrafficFlow.Vault.Accounts;
using TrafficFlow.Vault.Approvals;
using TrafficFlow.Vault.Audit;
using TrafficFlow.Vault.Erasure;
using TrafficFlow.Vault.Keys;
using TrafficFlow.Vault.Persons;
using TrafficFlow.Vault.Policies;
using TrafficFlow.Vault.Recordings;
using TrafficFlow.Vault.Segments;
using TrafficFlow.Wire.Authorization;
using Xunit;

namespace TrafficFlow.SystemTests.Vault;

/// <summary>What the bound of the disk erases, what it never does, and that this is told before; and that copies end with what they are of.</summary>
public sealed class PictureBoundTests : IDisposable
{
    private const int Days = 10;

    private readonly Settings.SettingsFolder _folder = new();
    private readonly RetentionClock _clock = new(RecordedVault.Noon);
    private readonly RecordingVault _vault;
    private readonly CredentialSecret _credential = new(System.Security.Cryptography.RandomNumberGenerator.GetBytes(32));

    public PictureBoundTests()
    {
        _vault = Vault("roadside");
        for (var day = 0; day < Days; day++) Record(RecordedVault.Noon.AddDays(day));
        _clock.Now = RecordedVault.Noon.AddDays(Days);
    }

    private long One => _vault.Recorded.List().First().Bytes;

    [Fact]
    public void What_is_carried_away_by_hand_is_not_erased_and_recording_ends_instead()
    {
        var retention = Retention(4 * One);

        Assert.Empty(retention.Due(_vault, [Site(weeks: 2)], []));

        Assert.Contains("nothing is recorded any more, and counting goes on", retention.Full, StringComparison.Ordinal);
        Assert.Contains("trafficflow vault export", retention.Problem, StringComparison.Ordinal);
        Assert.Contains("max-gigabytes", retention.Problem, StringComparison.Ordinal);
        _vault.StopRecording(retention.Full);
        Assert.Equal(retention.Full, _vault.Store.Problem);
        Assert.Equal(retention.Full, Assert.Throws<TrafficFlow.Core.Segments.SegmentStoreException>(() => _vault.Store.Begin(RecordedVault.Start(_clock.Now))).Message);
        // So it is where the settings name the site no more.
        Assert.Empty(retention.Due(_vault, [], [KeptPolicy.Of(Site(weeks: 2))]));
        // Its age it reaches all the same, and recording goes on.
        Assert.Equal(6, Assert.Single(retention.Due(_vault, [Site(weeks: 1, days: 4)], [])).Segments.Count);
        Assert.Null(retention.Full);
        _vault.StopRecording(retention.Full);
        Assert.Null(_vault.Store.Problem);
    }

    [Fact]
    public void Before_it_is_full_the_days_that_are_left_are_told_and_a_bound_that_is_too_small_for_the_journeys()
    {
        var roomy = Retention(100 * One);
        Assert.Empty(roomy.Due(_vault, [Site(weeks: 2)], []));
        Assert.Null(roomy.Problem);

        // A segment a day, ten are there: of 13, three days are left.
        var soon = Retention(13 * One);
        Assert.Empty(soon.Due(_vault, [Site(weeks: 1)], []));
        Assert.Matches("in 3[.][0-9] days at the present rate .*trafficflow vault export", soon.Problem);
        Assert.Null(soon.Full);

        var small = Retention(20 * One);
        Assert.Empty(small.Due(_vault, [Site(weeks: 4)], []));
        Assert.Contains("holds 20.0 days of recordings", small.Problem, StringComparison.Ordinal);
        Assert.Contains("each 4 weeks", small.Problem, StringComparison.Ordinal);
        Assert.Empty(small.Due(_vault, [Site(weeks: 2)], []));
        Assert.Null(small.Problem);
    }

    [Fact]
    public void Where_nothing_is_carried_the_oldest_go_and_a_bound_that_is_smaller_than_the_age_is_told()
    {
        var retention = Retention(8 * One);
        Assert.Equal(2, Assert.Single(retention.Due(_vault, [Site(days: 30)], [])).Segments.Count);
        Assert.Contains("keeps them for 30 days: the oldest go before", retention.Problem, StringComparison.Ordinal);
        Assert.Null(retention.Full);
        Assert.Equal(3, Assert.Single(retention.Due(_vault, [Site(days: 7)], [])).Segments.Count);
        Assert.Null(retention.Problem);
        // What is held fills it: nothing is erased, and nothing more recorded.
        _vault.Holds.Add(EraseScope.All, "police", "tanaka", _clock.Now.AddDays(5));
        Assert.Empty(retention.Due(_vault, [Site(days: 30)], []));
        Assert.Contains("held", retention.Full, StringComparison.Ordinal);
    }

    [Fact]
    public void What_was_carried_here_or_is_on_its_way_is_not_erased_by_the_bound()
    {
        using var server = Vault("server");
        _vault.Trusted.Add(server.Identity().Identity, server.Identity().Identity.Fingerprint, "tanaka");
        server.Trusted.Add(_vault.Identity().Identity, _vault.Identity().Identity.Fingerprint, "suzuki");
        var bundle = _vault.PlanExport(new EraseScope(RecordedVault.Site, null, null, RecordedVault.Noon.AddDays(4)), "server", 1L << 30, _clock.Now.AddDays(30), "tanaka");
        var retention = Retention(8 * One);
        // The oldest four are on their way.
        Assert.Equal([4, 5], Assert.Single(retention.Due(_vault, [Site()], [])).Segments.Select(s => (int)(SegmentPlace.TimeOf(s.Name)!.Value - RecordedVault.Noon).TotalDays));

        var disk = Directory.CreateDirectory(Path.Combine(_folder.Path, "disk")).FullName;
        var volume = _vault.WriteVolume(bundle.Bundle, 1, disk);
        server.Import(volume);
        for (var day = 0; day < 4; day++) Record(RecordedVault.Noon.AddDays(day).AddHours(1), server);
        var there = Retention(5 * One);
        var due = Assert.Single(there.Due(server, [Site()], []));
        Assert.Equal(3, due.Segments.Count);
        Assert.All(due.Segments, s => Assert.Equal(1, (SegmentPlace.TimeOf(s.Name)!.Value - RecordedVault.Noon).Hours));
        server.EraseSome(due.Order, due.Segments);
        Assert.Equal(4, server.Recorded.List().Count(s => s.IsCarried));

        // A list that is cut names them no more: they may have been carried here.
        File.Delete(Path.Combine(server.Keys.FolderOf(RecordedVault.Site, RecordedVault.Camera, SegmentPlace.DayOf(RecordedVault.Noon)), "segments.log"));
        var small = Retention(One);
        Assert.DoesNotContain(small.Due(server, [Site()], []).SelectMany(d => d.Segments), s => server.Recorded.List().Any(r => r.Place == s && (r.IsCarried || r.State == SegmentState.NotListed)));
        Assert.NotNull(small.Full);
        // Their age they reach.
        Assert.Equal(5, there.Due(server, [Site(days: 1)], []).Sum(d => d.Segments.Count));
    }

    [Fact]
    public void What_an_earlier_version_has_taken_in_stays_by_the_confirmations_that_are_kept()
    {
        using var server = Vault("server");
        _vault.Trusted.Add(server.Identity().Identity, server.Identity().Identity.Fingerprint, "tanaka");
        server.Trusted.Add(_vault.Identity().Identity, _vault.Identity().Identity.Fingerprint, "suzuki");
        var bundle = _vault.PlanExport(new EraseScope(RecordedVault.Site, null, null, RecordedVault.Noon.AddDays(4)), "server", 1L << 30, _clock.Now.AddDays(30), "tanaka");
        server.Import(_vault.WriteVolume(bundle.Bundle, 1, Directory.CreateDirectory(Path.Combine(_folder.Path, "disk")).FullName));
        // Its lists do not say what was carried.
        using var before = Vault("before");
        for (var day = 0; day < 6; day++) Record(RecordedVault.Noon.AddDays(day), before);
        var kept = Assert.Single(Directory.GetFiles(Path.Combine(server.Folder, "imports"), "*.confirmation"));
        var copied = Path.Combine(Directory.CreateDirectory(Path.Combine(before.Folder, "imports")).FullName, Path.GetFileName(kept));
        File.Copy(kept, copied);
        Assert.DoesNotContain(before.Recorded.List(), s => s.IsCarried);

        var retention = Retention(3 * One);
        Assert.Equal([4, 5], Assert.Single(retention.Due(before, [Site()], [])).Segments.Select(s => (int)(SegmentPlace.TimeOf(s.Name)!.Value - RecordedVault.Noon).TotalDays));
        Assert.NotNull(retention.Full);

        // Of one that is damaged nobody knows what it names.
        File.WriteAllText(copied, "torn");
        Assert.Empty(retention.Due(before, [Site()], []));
        Assert.Contains("nothing is erased because of trafficflow.vault.max-gigabytes", retention.Problem, StringComparison.Ordinal);
        Assert.Contains(copied, retention.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void While_the_clock_is_doubted_the_oldest_still_go_by_the_bound_and_nothing_by_its_age()
    {
        var isKnown = true;
        var clock = new TrustedClock(_folder.Path, () => isKnown, _clock, "boot");
        PictureRetention Bound(long most) => new(_vault.Options with { MostBytes = most }, clock, _clock);
        Assert.Null(clock.Doubt());
        isKnown = false;
        _clock.Now += TimeSpan.FromDays(30);
        _clock.Pass(TimeSpan.FromHours(1));

        var retention = Bound(8 * One);
        var (order, segments) = Assert.Single(retention.Due(_vault, [Site(days: 7)], []));
        Assert.Contains("max-gigabytes", order.Reason, StringComparison.Ordinal);
        Assert.Equal([0, 1], segments.Select(s => (int)(SegmentPlace.TimeOf(s.Name)!.Value - RecordedVault.Noon).TotalDays));
        Assert.Contains("the clock went ahead", retention.Problem, StringComparison.Ordinal);

        var full = Bound(4 * One);
        Assert.Empty(full.Due(_vault, [Site(weeks: 2)], []));
        Assert.Equal(2, full.Problems.Count);
        Assert.Contains("the clock went ahead", full.Problems[0], StringComparison.Ordinal);
        Assert.Contains("nothing is recorded any more", full.Problems[1], StringComparison.Ordinal);
    }

    [Fact]
    public void What_moves_from_one_hour_to_the_next_is_told_once_and_another_thing_by_itself()
    {
        var (retention, dues) = (Retention(13 * One), new VaultDues("roadside", () => [], TimeSpan.FromDays(180)));
        string Told(PictureRetention bound, int weeks)
        {
            bound.Due(_vault, [Site(weeks: weeks)], []);
            return Assert.Single(bound.Problems);
        }

        var (since, first) = (_clock.Now, Told(retention, 1));
        _clock.Pass(TimeSpan.FromHours(2));
        var second = Told(retention, 1);

        Assert.NotEqual(first, second);
        Assert.Equal(dues.Of(first, since).Report.Id, dues.Of(second, since).Report.Id);
        Assert.NotEqual(dues.Of(first, since).Report.Id, dues.Of(first, since.AddDays(1)).Report.Id);
        Assert.NotEqual(dues.Of(first, since).Report.Id, dues.Of(Told(Retention(20 * One), 4), since).Report.Id);
        Assert.NotEqual(dues.Of("segment kokandori/cam1/20261129T120000.000Z does not open", since).Report.Id, dues.Of("segment kokandori/cam2/20261130T120000.000Z does not open", since).Report.Id);
    }

    [Fact]
    public void What_is_erased_makes_room_at_once()
    {
        foreach (var erase in new Action[] { () => _vault.EraseSome(new EraseOrder(EraseScope.All, "age", "retention", "retention"), [_vault.Recorded.List().First().Place]), () => _vault.Erase(new EraseOrder(new EraseScope(RecordedVault.Site), "request", "anna", "account[custodian]:anna")) })
        {
            _vault.StopRecording("full");
            Assert.Equal("full", _vault.Store.Problem);
            erase();
            Assert.Null(_vault.Store.Problem);
        }
    }

    [Fact]
    public async Task What_a_hold_keeps_beyond_its_age_is_given_out_until_the_hold_ends_and_a_bundle_tells_what_it_leaves_out()
    {
        using var server = Vault("server");
        _vault.Trusted.Add(server.Identity().Identity, server.Identity().Identity.Fingerprint, "tanaka");
        var (desk, first) = (Desk([Site(days: 7)], []), _vault.Recorded.List().First());
        var play = new VaultRequest("play") { Id = first.Place.ToString(), Path = "/tmp/x.mp4" };
        await Assert.ThrowsAsync<TrafficFlow.Core.Segments.SegmentStoreException>(() => desk.OpenAsync(play, Anna));

        var end = _clock.Now.AddDays(20);
        _vault.Holds.Add(new EraseScope(RecordedVault.Site, null, first.From, first.From.AddHours(1)), "police", "tanaka", end);
        CopyEntry? told = null;
        (await desk.OpenAsync(play, Anna, c => told = c)).Dispose();
        Assert.Equal(end, told!.Until);

        VaultRequest Export(string folder) => new("export") { Site = RecordedVault.Site.Value, Other = "server", Path = Directory.CreateDirectory(Path.Combine(_folder.Path, folder)).FullName };
        var answer = await desk.AnswerAsync(Export("disk"), Anna);
        Assert.Equal(VaultAnswer.OfDone, answer.Outcome);
        Assert.Contains(first.Place.ToString(), _vault.Exports.Single().Volumes.Single().Segments);
        Assert.Equal(8, _vault.Exports.Single().Volumes.Single().Segments.Count);
        Assert.Contains(answer.Lines, l => l.StartsWith("2 segments are left out: they have reached the age", StringComparison.Ordinal));

        // A day later one more has: what is written once more tells it, and the held one is on it.
        _clock.Pass(TimeSpan.FromDays(1));
        var again = await desk.AnswerAsync(Export("second") with { Id = _vault.Exports.Single().Bundle, Volume = 1 }, Anna);
        Assert.Equal(VaultAnswer.OfDone, again.Outcome);
        Assert.Equal(7, Directory.GetFiles(Path.Combine(_folder.Path, "second"), "*.tfs", SearchOption.AllDirectories).Length);
        Assert.Contains(again.Lines, l => l.StartsWith("1 segments are left out", StringComparison.Ordinal));
        // When the hold has ended it is past its end.
        _clock.Pass(TimeSpan.FromDays(20));
        await Assert.ThrowsAsync<TrafficFlow.Core.Segments.SegmentStoreException>(() => desk.OpenAsync(play, Anna));
    }

    [Fact]
    public async Task By_a_clock_that_is_doubted_nothing_has_reached_its_age_for_a_copy_either()
    {
        var passed = _clock.Now;
        using var vault = new RecordingVault(Path.Combine(_folder.Path, "roadside"), "roadside", _vault.Options, () => new MediumFacts("", null, null, ""), _clock, () => passed);
        vault.Unlock(_credential);
        _clock.Now += TimeSpan.FromDays(60);
        var (desk, last) = (Desk([Site(days: 7)], [], vault), vault.Recorded.List().Last());
        CopyEntry? told = null;

        (await desk.OpenAsync(new VaultRequest("play") { Id = last.Place.ToString(), Path = "/tmp/x.mp4" }, Anna, c => told = c)).Dispose();

        Assert.Equal(last.To!.Value.AddDays(7), told!.Until);
        passed = _clock.Now;
        await Assert.ThrowsAsync<TrafficFlow.Core.Segments.SegmentStoreException>(() => desk.OpenAsync(new VaultRequest("play") { Id = last.Place.ToString(), Path = "/tmp/x.mp4" }, Anna));
    }

    [Fact]
    public async Task No_copy_outlives_what_it_is_of_be_it_of_a_site_that_the_settings_name_no_more()
    {
        var last = _vault.Recorded.List().Last();
        var end = last.To!.Value.AddDays(7);
        List<Site> sites = [Site(days: 7)];
        List<KeptPolicy> left = [];
        var desk = Desk(sites, left);

        var request = new VaultRequest("play") { Id = last.Place.ToString(), Path = "/tmp/x.mp4" };
        CopyEntry? told = null;
        (await desk.OpenAsync(request, Anna, c => told = c)).Dispose();
        Assert.Equal(end, Assert.Single(_vault.Copies.All).Until);
        Assert.Equal(end, told!.Until);

        // Named no more: as its file said last.
        left.Add(KeptPolicy.Of(sites[0]));
        sites.Clear();
        (await desk.OpenAsync(request, Anna)).Dispose();
        Assert.Equal(end, _vault.Copies.All[^1].Until);
        var from = RecordedVault.Noon.AddDays(Days - 2);
        var set = await desk.AnswerAsync(new VaultRequest("learn") { Site = RecordedVault.Site.Value, From = from, Path = "/tmp/set" }, new Principal("anna", "account[custodian]:anna"));
        Assert.Equal(VaultAnswer.OfDone, set.Outcome);
        Assert.Equal(end.AddDays(-1), _vault.Copies.All[^1].Until);

        // Of what has reached its age no copy is made, be it that it is not erased yet.
        var refused = await Assert.ThrowsAsync<TrafficFlow.Core.Segments.SegmentStoreException>(() => desk.OpenAsync(request with { Id = _vault.Recorded.List().First().Place.ToString() }, Anna));
        Assert.Contains("has reached the age", refused.Message, StringComparison.Ordinal);
        Assert.Equal(3, _vault.Copies.All.Count);
    }

    [Fact]
    public async Task A_disk_that_is_carried_ends_with_what_is_on_it_whatever_was_asked_for()
    {
        using var server = Vault("server");
        _vault.Trusted.Add(server.Identity().Identity, server.Identity().Identity.Fingerprint, "tanaka");
        var (desk, disk) = (Desk([Site(days: 7)], []), Directory.CreateDirectory(Path.Combine(_folder.Path, "disk")).FullName);
        var asked = new VaultRequest("export") { Site = RecordedVault.Site.Value, Other = "server", Path = disk, Until = _clock.Now.AddDays(60) };

        var answer = await desk.AnswerAsync(asked, Anna);

        // The first three days have reached their age; the fourth is the first that will.
        Assert.Equal(VaultAnswer.OfDone, answer.Outcome);
        var end = RecordedVault.Noon.AddDays(3 + 7).AddSeconds(60);
        Assert.Equal(end, _vault.Copies.All.Single().Until);
        Assert.Contains("custody.retention.pictures", answer.Lines[0], StringComparison.Ordinal);
        Assert.Contains("and not by", answer.Lines[0], StringComparison.Ordinal);
        Assert.Equal(7, _vault.Exports.Single().Volumes.Sum(v => v.Segments.Count));

        // Written once more a day later: what has reached its age is not on it.
        _clock.Pass(TimeSpan.FromDays(1));
        var again = await desk.AnswerAsync(asked with { Id = _vault.Exports.Single().Bundle, Volume = 1, Path = Directory.CreateDirectory(Path.Combine(_folder.Path, "second")).FullName }, Anna);
        Assert.Equal(VaultAnswer.OfDone, again.Outcome);
        Assert.Equal(end.AddDays(1), _vault.Copies.All[^1].Until);
        Assert.Equal(6, Directory.GetFiles(Path.Combine(_folder.Path, "second"), "*.tfs", SearchOption.AllDirectories).Length);
    }

    public void Dispose()
    {
        _vault.Dispose();
        _credential.Dispose();
        _folder.Dispose();
    }

    private static Principal Anna { get; } = Principal.Of("unix:anna", null);

    private VaultDesk Desk(List<Site> sites, List<KeptPolicy> left, RecordingVault? vault = null)
    {
        var accounts = AccountStore.Over(_folder.Path, _clock);
        var approvals = new ApprovalStore(_folder.Path, () => ApprovalRules.Default, by => new AppointedPerson(by.Name, true), _clock);
        return new VaultDesk(vault ?? _vault, _ => Task.FromResult(true), approvals, new PersonLogIn(accounts, _ => Task.FromResult(true)), _clock) { Kept = VaultDesk.KeptBy(() => sites, () => left) };
    }

    private PictureRetention Retention(long most) => new(_vault.Options with { MostBytes = most }, new TrustedClock(_folder.Path, () => true, _clock, "boot"), _clock);

    private RecordingVault Vault(string name)
    {
        var vault = new RecordingVault(Directory.CreateDirectory(Path.Combine(_folder.Path, name)).FullName, name, new SegmentStoreOptions { MinFreeBytes = 0 }, () => new MediumFacts("", null, null, ""), _clock);
        vault.Keys.Create([SlotRequest.Of("unit", _credential)]);
        return vault;
    }

    private static Site Site(int? days = null, int? weeks = null) => new(RecordedVault.Site, "x", TimeZoneInfo.Utc, [], [], "0123456789abcdef")
    {
        Custody = new CustodyPolicy(new OperatorContact(new BilingualText("x", "x")), [new BilingualText("x", "x")])
        {
            Retention = RetentionPolicy.Unlimited with { Pictures = new KeepRule(days is { } d ? TimeSpan.FromDays(d) : null, null) },
            Inspections = weeks is { } each ? [new InspectionPlan(RecordedVault.Site.Value, InspectionKind.HandCarry, each * 7, new DateOnly(2026, 11, 1))] : [],
        },
    };

    private void Record(DateTimeOffset from, RecordingVault? vault = null)
    {
        using var writer = (vault ?? _vault).Store.Begin(RecordedVault.Start(from));
        writer.Write(new byte[100_000]);
        writer.Close(new TrafficFlow.Core.Segments.SegmentEnd(from.AddSeconds(60), 600, 0));
    }
}
