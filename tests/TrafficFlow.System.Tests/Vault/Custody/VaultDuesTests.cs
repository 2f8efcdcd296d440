using System.Security.Cryptography;
using TrafficFlow.Core.Custody;
using TrafficFlow.Core.Segments;
using TrafficFlow.Core.Sites;
using TrafficFlow.Node.Recordings;
using TrafficFlow.Synthetic;
using TrafficFlow.SystemTests.Vault.Segments;
using TrafficFlow.Vault.Erasure;
using TrafficFlow.Vault.Keys;
using TrafficFlow.Vault.Recordings;
using TrafficFlow.Vault.Segments;
using Xunit;

namespace TrafficFlow.SystemTests.Vault.Custody;

/// <summary>What of the recordings is told to somebody, and when.</summary>
public sealed class VaultDuesTests : IDisposable
{
    private readonly VaultFolder _folder = new();
    private readonly VaultFolder _server = new();
    private readonly RecordingVault _vault;
    private readonly RecordingVault _other;
    private Site _site = SyntheticJunction.Site with
    {
        Id = RecordedVault.Site,
        TimeZone = TimeZoneInfo.Utc,
        Custody = new CustodyPolicy(new OperatorContact(new BilingualText("協議会", "Council")), [new BilingualText("計測", "counting")]),
    };

    public VaultDuesTests() => (_vault, _other) = (Open(_folder, "pole"), Open(_server, "server"));

    private VaultDues Dues => new("pole", () => [_site], TimeSpan.FromDays(180));

    private IReadOnlyList<VaultDue> Found => Dues.Of(_vault, _folder.Clock.GetUtcNow());

    [Fact]
    public void A_copy_is_told_a_week_before_its_end_and_after_it_until_it_has_ended_and_names_nobody()
    {
        var copy = _vault.Copies.Add(CopyKind.Export, new EraseScope(RecordedVault.Site), "suzuki", "in clear, /home/suzuki", _folder.Clock.GetUtcNow().AddDays(8));
        Assert.Empty(Found);

        _folder.Clock.Move(TimeSpan.FromDays(2));
        var soon = Assert.Single(Found);
        Assert.Equal((VaultDueKind.Copy, false, $"copy/pole/copy-1/{copy.Until:yyyy-MM-dd}/soon"), (soon.Kind, soon.IsOverdue, soon.Report.Id));
        _folder.Clock.Move(TimeSpan.FromDays(7));
        var over = Assert.Single(Found);
        Assert.Equal((true, $"copy/pole/copy-1/{copy.Until:yyyy-MM-dd}/overdue"), (over.IsOverdue, over.Report.Id));
        Assert.Contains($"was to be destroyed by {copy.Until:yyyy-MM-dd}", over.Report.Text, StringComparison.Ordinal);
        Assert.Contains("期限超過", over.Report.Title, StringComparison.Ordinal);
        Assert.DoesNotContain("suzuki", over.Report.Title + over.Report.Text + over.Line, StringComparison.Ordinal);

        _vault.Copies.End("copy-1", "wiped");
        Assert.Empty(Found);
    }

    [Theory]
    [InlineData(null, 14)]
    [InlineData(4, 28)]
    public void A_bundle_that_is_not_confirmed_is_told_when_disks_should_have_been_carried_again(int? weeks, int days)
    {
        _site = _site with { Custody = _site.Custody! with { Inspections = weeks is { } w ? [new InspectionPlan("kokandori", InspectionKind.HandCarry, 7 * w, new DateOnly(2026, 12, 1))] : [] } };
        Record();
        _vault.Trusted.Add(_other.Identity().Identity, _other.Identity().Identity.Fingerprint, "tanaka");
        var bundle = _vault.PlanExport(EraseScope.All, "server", 32L << 30, _folder.Clock.GetUtcNow().AddDays(90), "suzuki");
        _folder.Clock.Move(TimeSpan.FromDays(days));
        Assert.Empty(Found);
        _folder.Clock.Move(TimeSpan.FromHours(1));
        // What was never written is on no disk.
        Assert.Empty(Found);
        _vault.WriteVolume(bundle.Bundle, 1, Directory.CreateDirectory(Path.Combine(_folder.Path, "disk")).FullName);

        var due = Assert.Single(Found);

        Assert.Equal((VaultDueKind.Bundle, $"bundle/pole/{bundle.Bundle}"), (due.Kind, due.Report.Id));
        Assert.Contains($"longer than the {days} days", due.Report.Text, StringComparison.Ordinal);
        _vault.CancelExport(bundle.Bundle);
        Assert.DoesNotContain(Found, d => d.Kind == VaultDueKind.Bundle);
    }

    [Fact]
    public void A_hold_is_told_a_week_before_what_it_keeps_can_be_erased()
    {
        _vault.Holds.Add(new EraseScope(RecordedVault.Site), "police 4711", "anna", _folder.Clock.GetUtcNow().AddDays(9));
        Assert.Empty(Found);
        _folder.Clock.Move(TimeSpan.FromDays(3));

        var due = Assert.Single(Found);

        Assert.Equal((VaultDueKind.Hold, false), (due.Kind, due.IsOverdue));
        Assert.Contains("hold-1 on site kokandori ends on", due.Report.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("4711", due.Report.Title + due.Report.Text, StringComparison.Ordinal);
        _vault.Holds.Release("hold-1", "anna");
        Assert.Empty(Found);
    }

    [Fact]
    public async Task A_way_to_the_key_is_told_when_it_was_not_tried_for_the_time_that_settings_say_and_a_proof_ends_that()
    {
        _folder.Clock.Move(TimeSpan.FromDays(180));
        Assert.Empty(Found);
        _folder.Clock.Move(TimeSpan.FromHours(1));

        var due = Assert.Single(Found);

        Assert.Equal(VaultDueKind.Key, due.Kind);
        Assert.Contains("trafficflow vault prove --credential FILE", due.Report.Text, StringComparison.Ordinal);
        await _vault.Proofs.AddAsync(_vault.Keys.Master!.Slots[0], TrafficFlow.Vault.Registers.RegisterAuthor.Node);
        Assert.Empty(Found);
    }

    [Fact]
    public void A_problem_is_the_same_alert_while_it_is_the_same_problem()
    {
        var since = _folder.Clock.GetUtcNow();

        Assert.Equal(Dues.Of("the key at hand does not open", since).Report.Id, Dues.Of("the key at hand does not open", since.AddMinutes(1)).Report.Id);
        Assert.NotEqual(Dues.Of("the key at hand does not open", since).Report.Id, Dues.Of("recordings are locked", since).Report.Id);
    }

    public void Dispose()
    {
        _vault.Dispose();
        _other.Dispose();
        _folder.Dispose();
        _server.Dispose();
    }

    private void Record()
    {
        using var writer = (SegmentWriter)_vault.Store.Begin(new SegmentStart(RecordedVault.Site, RecordedVault.Camera, RecordedVault.Noon.AddDays(-3), new FrameFormat(640, 360, 10), "0123456789abcdef", "test"));
        writer.Write(RecordedVault.Content(50_000));
        writer.Close(new SegmentEnd(RecordedVault.Noon.AddDays(-3).AddSeconds(60), 600, 0));
    }

    private static RecordingVault Open(VaultFolder folder, string node)
    {
        var vault = new RecordingVault(folder.Path, node, new SegmentStoreOptions { MinFreeBytes = 0 }, () => new MediumFacts("", null, null, ""), folder.Clock);
        using var secret = new CredentialSecret(RandomNumberGenerator.GetBytes(32));
        vault.Keys.Create([SlotRequest.Of("unit", secret)]);
        return vault;
    }
}
