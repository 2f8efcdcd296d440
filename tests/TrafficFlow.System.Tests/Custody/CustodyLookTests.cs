using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using TrafficFlow.Core.Custody;
using TrafficFlow.Core.Privacy;
using TrafficFlow.Core.Sites;
using TrafficFlow.Node;
using TrafficFlow.Node.Custody;
using TrafficFlow.Node.Settings;
using TrafficFlow.SystemTests.Settings;
using TrafficFlow.Vault.Disks;
using Xunit;

namespace TrafficFlow.SystemTests.Custody;

public sealed class CustodyLookTests
{
    private static readonly DiskVerdict s_open = new("/data", DiskProtection.NotEncrypted, DiskMedium.Flash, "ext4", ["sda is a disk without dm-crypt above it"], []);
    private static readonly DiskVerdict s_encrypted = s_open with { Protection = DiskProtection.Encrypted, FoundFrom = ["dm-0 data is dm-crypt (LUKS2)"] };

    [Theory]
    [InlineData(Requirement.Off, true, false, false)]
    [InlineData(Requirement.Off, false, false, false)]
    [InlineData(Requirement.Warn, true, false, false)]
    [InlineData(Requirement.Warn, false, true, false)]
    [InlineData(Requirement.Refuse, true, false, false)]
    [InlineData(Requirement.Refuse, false, true, true)]
    public async Task A_disk_is_required_as_the_site_file_says(Requirement requirement, bool isEncrypted, bool isUnmet, bool refuses)
    {
        var site = Site(Policy with { EncryptedDisk = requirement }, "a.mp4");

        var finding = Assert.Single(await Look(isEncrypted ? s_encrypted : s_open).RunAsync([site], CancellationToken.None));

        Assert.Equal((CustodyRule.Disk, isEncrypted, isUnmet, refuses), (finding.Rule, finding.IsMet, finding.IsUnmet, finding.RefusesStart));
        Assert.Equal(isUnmet, finding.Text.Contains("move the data folder onto dm-crypt", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("rtsp://10.20.0.5/axis", true)]
    [InlineData("rtsp://inside.example/axis", true)]
    [InlineData("rtsp://both.example/axis", false)]
    [InlineData("http://gone.example/mjpg", false)]
    [InlineData("https://both.example/media.cgi", true)]
    public async Task A_link_is_judged_by_all_addresses_of_its_name(string source, bool isMet)
    {
        var site = Site(Policy with { EncryptedLink = Requirement.Refuse, Networks = [new("vpn", IPNetwork.Parse("10.20.0.0/16"), NetworkKind.Vpn, "鋼管 太郎", new(2027, 3, 15))] }, source);

        var link = (await Look(s_encrypted).RunAsync([site], CancellationToken.None)).Single(f => f.Rule == CustodyRule.Link);

        Assert.Equal((isMet, "link of cam1"), (link.IsMet, link.What));
        Assert.Equal(source.Contains("gone", StringComparison.Ordinal), link.IsUnresolved);
    }

    [Theory]
    [InlineData("a.mp4")]
    [InlineData("/dev/video0")]
    [InlineData("synthetic:north")]
    public async Task What_crosses_no_network_is_not_told(string source) =>
        Assert.Equal([CustodyRule.Disk], (await Look(s_encrypted).RunAsync([Site(Policy, source)], CancellationToken.None)).Select(f => f.Rule));

    [Fact]
    public async Task A_server_without_cameras_looks_at_its_disk_alone() =>
        Assert.Equal([CustodyRule.Disk], (await new CustodyLook("/data", hasCameras: false) { Disk = _ => s_open }.RunAsync([Site(Policy, "rtsp://both.example/a")], CancellationToken.None)).Select(f => f.Rule));

    [Fact]
    public async Task A_start_is_refused_with_everything_that_is_wrong_and_what_to_do()
    {
        var site = Site(Policy with { EncryptedDisk = Requirement.Refuse, EncryptedLink = Requirement.Refuse }, "rtsp://both.example/axis");

        var refused = await Assert.ThrowsAsync<JobFailedException>(() => RequirementWatch.RefuseAsync(Look(s_open), [site], CancellationToken.None));

        Assert.StartsWith("this node may not start like that: /data lies on a disk that is not encrypted", refused.Message);
        Assert.Contains("; link of cam1: rtsp://both.example (10.20.0.5, 203.0.113.9): in the clear, and the site file names no network", refused.Message);
    }

    [Fact]
    public async Task A_start_is_not_refused_where_a_name_does_not_resolve_or_a_warning_is_enough()
    {
        await RequirementWatch.RefuseAsync(Look(s_encrypted), [Site(Policy with { EncryptedLink = Requirement.Refuse }, "rtsp://gone.example/a")], CancellationToken.None);
        await RequirementWatch.RefuseAsync(Look(s_open), [Site(Policy with { EncryptedDisk = Requirement.Warn, EncryptedLink = Requirement.Warn }, "rtsp://both.example/a")], CancellationToken.None);
        await RequirementWatch.RefuseAsync(Look(s_open), [Site(null, "rtsp://both.example/a")], CancellationToken.None);
    }

    [Fact]
    public async Task A_running_node_tells_what_has_become_wrong_and_what_is_right_again()
    {
        var disk = s_encrypted;
        using var watch = new RequirementWatch(
            new CustodyLook("/data", hasCameras: true) { Disk = _ => disk, Resolve = ResolveAsync }, () => [Site(Policy with { EncryptedDisk = Requirement.Warn }, "a.mp4")], NullLogger<RequirementWatch>.Instance, TimeProvider.System);
        Assert.Null(watch.Problem);

        await watch.LookAsync(CancellationToken.None);
        Assert.Null(watch.Problem);
        disk = s_open;
        await watch.LookAsync(CancellationToken.None);
        Assert.StartsWith("/data lies on a disk that is not encrypted", watch.Problem);
        disk = s_encrypted;
        await watch.LookAsync(CancellationToken.None);
        Assert.Null(watch.Problem);
    }

    [Fact]
    public async Task A_picture_above_the_limit_refuses_a_start_and_proposes_what_keeps_it()
    {
        var camera = Shipped.Cameras[0];
        var heights = PictureCheck.Of(camera);
        var policy = Policy with { PictureLimits = new PictureLimits(heights.Plate * 0.8, null, Requirement.Refuse) };

        var finding = await PictureOf(camera, policy);

        Assert.Equal((true, "picture of cam1"), (finding.RefusesStart, finding.What));
        Assert.Matches(@"^figures of plates at most [0-9.]+ pixels high \(at [0-9.]+, [0-9.]+, [0-9.]+ m away\), faces at most .*, in 640x360 outside of the masks; the site file allows [0-9.]+ for plates: set frame \{ width = [0-9]+, height = [0-9]+ \}, or add the mask \[\[", finding.Text);
        var text = finding.Text[(finding.Text.IndexOf("width = ", StringComparison.Ordinal) + 8)..];
        var width = int.Parse(text[..text.IndexOf(',', StringComparison.Ordinal)], System.Globalization.CultureInfo.InvariantCulture);
        Assert.False((await PictureOf(camera with { Frame = new FrameFormat(width, width * 9 / 16, 10) }, policy)).IsUnmet);
    }

    [Fact]
    public async Task A_reload_is_refused_by_what_refuses_a_start_with_the_same_proposal()
    {
        var camera = Shipped.Cameras[0];
        var policy = Policy with { PictureLimits = new PictureLimits(PictureCheck.Of(camera).Plate * 0.8, null, Requirement.Refuse) };

        var why = await RequirementWatch.WhyRefusedAsync(Look(s_encrypted), [Of(policy, camera)], CancellationToken.None);

        Assert.Contains("set frame { width = ", why);
        Assert.Contains("or add the mask [[", why);
        Assert.Null(await RequirementWatch.WhyRefusedAsync(Look(s_encrypted), [Of(policy with { PictureLimits = policy.PictureLimits with { Above = Requirement.Warn } }, camera)], CancellationToken.None));
    }

    [Fact]
    public async Task Without_calibration_a_limit_cannot_be_kept_and_without_a_limit_nothing_is_asked()
    {
        var bare = Shipped.Cameras[1];

        var asked = await PictureOf(bare, Policy with { PictureLimits = new PictureLimits(12, 24, Requirement.Warn) });
        Assert.Equal((true, false), (asked.IsUnmet, asked.RefusesStart));
        Assert.Contains("cannot be said: it is not calibrated", asked.Text);
        Assert.DoesNotContain((await Look(s_encrypted).RunAsync([Of(Policy, bare)], CancellationToken.None)), f => f.Rule == CustodyRule.Picture);
        Assert.Equal(Requirement.Off, (await PictureOf(Shipped.Cameras[0], Policy)).Requirement);
    }

    private static Site Shipped { get; } = SiteSettings.Load(Path.Combine(SharedFiles.Repository, "hocon", "sites", "kokandori.conf")).Site;

    private static async Task<CustodyFinding> PictureOf(CameraSetup camera, CustodyPolicy policy) => (await Look(s_encrypted).RunAsync([Of(policy, camera)], CancellationToken.None)).Single(f => f.Rule == CustodyRule.Picture);

    private static Site Of(CustodyPolicy policy, CameraSetup camera) => new(new SiteId("a"), "a", TimeZoneInfo.Utc, [], [camera with { Source = "a.mp4" }], "") { Custody = policy };

    private static CustodyPolicy Policy => new(new OperatorContact(new("協議会", "Council"), Telephone: "1"), [new("計測", "to count")]);

    private static Site Site(CustodyPolicy? policy, string source) =>
        new(new SiteId("a"), "a", TimeZoneInfo.Utc, [], [new CameraSetup(new CameraId("cam1"), source, new FrameFormat(640, 360, 10), "motion", [], [], [])], "") { Custody = policy };

    private static CustodyLook Look(DiskVerdict disk) => new("/data", hasCameras: true) { Disk = _ => disk, Resolve = ResolveAsync };

    private static Task<IReadOnlyList<IPAddress>> ResolveAsync(string host, CancellationToken cancellation) => Task.FromResult<IReadOnlyList<IPAddress>>(host switch
    {
        "inside.example" => [IPAddress.Parse("10.20.0.5")],
        "both.example" => [IPAddress.Parse("10.20.0.5"), IPAddress.Parse("203.0.113.9")],
        "gone.example" => [],
        _ => [IPAddress.Parse(host)],
    });
}
