using TrafficFlow.Core.Custody;
using TrafficFlow.Core.Sites;
using TrafficFlow.Node.Custody;
using TrafficFlow.Node.Registers;
using TrafficFlow.Server.Health;
using TrafficFlow.Vault.Inspections;
using TrafficFlow.Wire.Cameras;
using TrafficFlow.Wire.Health;
using Xunit;

namespace TrafficFlow.SystemTests.Custody;

/// <summary>What an inspection is shown of disks and links: of each node of the site, by what it reports.</summary>
public sealed class SiteChecksTests
{
    private static readonly DateTimeOffset s_now = new(2026, 12, 1, 9, 0, 0, TimeSpan.Zero);
    private static readonly SiteId s_site = new("kokandori");

    [Fact]
    public async Task The_disk_at_the_roadside_and_its_links_stand_beside_the_disk_of_the_server()
    {
        var checks = await LookAsync(
            Node("pole:4055", [s_site], [new(s_site, ProtectionKind.Disk, "/data", false, "not encrypted"), new(s_site, ProtectionKind.Link, "cam1", true, "https://cam1: encrypted"), new(s_site, ProtectionKind.Link, "cam2", null, "no address")]),
            Node("server:4053", [], [new(s_site, ProtectionKind.Disk, "/srv", true, "encrypted (dm-0)")]),
            Node("elsewhere:4055", [new SiteId("other")], [new(new SiteId("other"), ProtectionKind.Disk, "/x", false, "not encrypted")]));

        Assert.Equal(
            [
                (InspectionItem.DiskEncryption, "pole:4055 /data", CheckVerdict.Bad, "not encrypted"),
                (InspectionItem.DiskEncryption, "server:4053 /srv", CheckVerdict.Good, "encrypted (dm-0)"),
                (InspectionItem.LinkEncryption, "cam1", CheckVerdict.Good, "https://cam1: encrypted"),
                (InspectionItem.LinkEncryption, "cam2", CheckVerdict.Unknown, "no address"),
            ],
            checks.Where(c => c.Item is InspectionItem.DiskEncryption or InspectionItem.LinkEncryption).Select(c => (c.Item, c.Target, c.Verdict, c.Figure)));
    }

    [Fact]
    public async Task A_node_that_is_silent_or_tells_nothing_of_its_disk_is_unknown_and_never_good()
    {
        ProtectionReport[] known = [new(s_site, ProtectionKind.Disk, "/data", true, "encrypted"), new(s_site, ProtectionKind.Link, "cam1", true, "encrypted")];
        var silent = Node("pole:4055", [s_site], known) with { ReceivedAt = s_now.AddMinutes(-5) };

        var checks = await LookAsync(silent, Node("older:4055", [s_site], []));

        Assert.All(checks.Where(c => c.Item is InspectionItem.DiskEncryption or InspectionItem.LinkEncryption), c => Assert.Equal(CheckVerdict.Unknown, c.Verdict));
        Assert.Equal(["older:4055", "pole:4055"], checks.Where(c => c.Item == InspectionItem.DiskEncryption).Select(c => c.Target));
        Assert.Single(checks, c => c.Item == InspectionItem.LinkEncryption);
    }

    [Fact]
    public async Task A_link_of_which_an_older_node_tells_nothing_is_unknown_for_each_camera_and_nobody_speaks_for_anothers()
    {
        var checks = await LookAsync(
            With(Node("older:4055", [s_site], []), "cam1", "cam2"),
            With(Node("pole:4055", [s_site], [new(s_site, ProtectionKind.Disk, "/data", true, "encrypted"), new(s_site, ProtectionKind.Link, "cam3", true, "encrypted"), new(s_site, ProtectionKind.Link, "cam1", true, "encrypted")]), "cam3", "cam4"));

        Assert.Equal(
            [
                ("cam1", CheckVerdict.Unknown, "not told by this node: it has not looked yet, or is of an older version"),
                ("cam1", CheckVerdict.Unknown, "told by pole:4055, and the camera is of older:4055"),
                ("cam2", CheckVerdict.Unknown, "not told by this node: it has not looked yet, or is of an older version"),
                ("cam3", CheckVerdict.Good, "encrypted"),
            ],
            checks.Where(c => c.Item == InspectionItem.LinkEncryption).Select(c => (c.Target, c.Verdict, c.Figure)).Order());

        var silent = With(Node("older:4055", [s_site], []), "cam1") with { ReceivedAt = s_now.AddMinutes(-5) };
        Assert.Equal(("cam1", CheckVerdict.Unknown), Assert.Single(await LookAsync(silent), c => c.Item == InspectionItem.LinkEncryption) is var one ? (one.Target, one.Verdict) : default);
    }

    [Fact]
    public void Both_checklists_ask_for_the_link_and_each_item_once()
    {
        foreach (var kind in Enum.GetValues<InspectionKind>()) Assert.Contains(InspectionItem.LinkEncryption, InspectionPlan.ItemsOf(kind));
        Assert.Equal(Enum.GetValues<InspectionItem>(), InspectionPlan.ItemsOf(InspectionKind.HandCarry).Order());
    }

    [Fact]
    public void What_a_node_has_found_is_in_its_report_with_what_it_cannot_tell()
    {
        CustodyFinding Finding(CustodyRule rule, bool isMet, string target) => new(s_site, rule, rule.ToString(), Requirement.Off, isMet, "found") { Target = target };

        Assert.Equal(
            [
                new ProtectionReport(s_site, ProtectionKind.Disk, "/data", null, "found"), new ProtectionReport(s_site, ProtectionKind.Link, "cam1", true, "found"),
                new ProtectionReport(s_site, ProtectionKind.Link, "cam2", null, "found"), new ProtectionReport(s_site, ProtectionKind.Link, "cam3", false, "found"),
            ],
            ReportedProtection.Of(
                [
                    Finding(CustodyRule.Disk, false, "/data") with { IsUnknown = true }, Finding(CustodyRule.Link, true, "cam1"), Finding(CustodyRule.Link, false, "cam2") with { IsUnresolved = true },
                    Finding(CustodyRule.Link, false, "cam3"), Finding(CustodyRule.Picture, false, ""), Finding(CustodyRule.Notice, false, ""),
                ]));
    }

    private static Task<IReadOnlyList<ProgramCheck>> LookAsync(params KnownNode[] nodes) =>
        new NodeChecksOfSite(() => new Board(new HealthOverview(s_now, [.. nodes], TimeSpan.FromSeconds(20))), [], TimeProvider.System).LookAsync("kokandori", CancellationToken.None);

    private static KnownNode With(KnownNode node, params string[] cameras) => node with
    {
        Report = node.Report with
        {
            Cameras = [.. cameras.Select(c => new CameraReport(new CameraStatus(s_site, new CameraId(c), CameraState.Streaming, "", 1, 0, 5, 0, s_now, 0, 0, "", Core.Scene.SceneState.InPlace, ""), "motion", null, null))],
        },
    };

    private static KnownNode Node(string name, SiteId[] sites, ProtectionReport[] protection) =>
        new(new NodeReport($"akka.tcp://trafficflow@{name}", ["roadside"], "1", s_now, TimeSpan.Zero, [], [.. sites], []) { Protection = [.. protection] }, s_now);

    private sealed class Board(HealthOverview all) : IHealthQuery
    {
        public Task<HealthOverview?> ReadAsync(SiteId? site, CancellationToken cancellation) =>
            Task.FromResult<HealthOverview?>(all with { Nodes = [.. all.Nodes.Where(n => site is not { } one || n.Report.Sites.Contains(one))] });
    }
}
