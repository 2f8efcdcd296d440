using TrafficFlow.Core.Custody;
using TrafficFlow.Core.Sites;
using TrafficFlow.Node.Recordings;
using TrafficFlow.Node.Retention;
using TrafficFlow.Node.Run.Preflight;
using TrafficFlow.SystemTests.Retention;
using TrafficFlow.SystemTests.Vault.Segments;
using TrafficFlow.Vault.Erasure;
using TrafficFlow.Vault.Keys;
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
    private bool? _isSynchronised;

    public PictureRetentionTests()
    {
        _vault = new RecordingVault(_folder.Path, "roadside", new SegmentStoreOptions { MinFreeBytes = 0 }, () => new MediumFacts("", null, null, ""), _clock);
        using var credential = new CredentialSecret(System.Security.Cryptography.RandomNumberGenerator.GetBytes(32));
        _vault.Keys.Create([SlotRequest.Of("unit", credential)]);
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

    public void Dispose()
    {
        _vault.Dispose();
        _folder.Dispose();
    }

    private TrustedClock Trusted => new(_folder.Path, () => _isSynchronised, _clock, "boot");

    private PictureRetention Retention() => new(_vault.Options, Trusted, _clock);

    private static Site Site(int? days, DateOnly? until) => new(RecordedVault.Site, "x", TimeZoneInfo.Utc, [], [], "0123456789abcdef")
    {
        Custody = new CustodyPolicy(new OperatorContact(new BilingualText("x", "x")), [new BilingualText("x", "x")])
        {
            Retention = RetentionPolicy.Unlimited with { Pictures = new KeepRule(days is { } d ? TimeSpan.FromDays(d) : null, until) },
        },
    };

    private void Record(DateTimeOffset from)
    {
        using var writer = _vault.Store.Begin(RecordedVault.Start(from));
        writer.Write(new byte[1000]);
        writer.Close(new TrafficFlow.Core.Segments.SegmentEnd(from.AddSeconds(60), 600, 0));
    }
}
