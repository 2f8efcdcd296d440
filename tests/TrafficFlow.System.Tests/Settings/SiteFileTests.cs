using TrafficFlow.Core.Calibration;
using TrafficFlow.Core.Geometry;
using TrafficFlow.Core.Sites;
using TrafficFlow.Node.Settings;
using Xunit;

namespace TrafficFlow.SystemTests.Settings;

public sealed class SiteFileTests : IDisposable
{
    private readonly SettingsFolder _folder = new();

    public static TheoryData<string> RealSites => ["blackfriars", "elephant", "hydepark", "road_barrier", "stuttgart", "suburb_37s"];

    [Theory]
    [MemberData(nameof(RealSites))]
    public void A_real_site_file_loads(string name)
    {
        var file = SharedFiles.Shared($"data/sites/{name}.conf");

        var settings = SiteSettings.Load(file);

        Assert.Equal(name, settings.Site.Id.Value);
        var camera = Assert.Single(settings.Site.Cameras);
        Assert.Equal(SharedFiles.Shared($"data/clips/{name}.mp4"), camera.Source);
        Assert.Equal(DetectorKind.BuiltIn, settings.Detectors.Resolve(camera.Detector).Kind);
    }

    [Fact]
    public void A_site_file_says_what_the_record_holds()
    {
        var site = SiteSettings.Load(_folder.Write("site.conf", SettingsFolder.GoodSite)).Site;

        Assert.Equal(("a", "Crossing", "Asia/Tokyo"), (site.Id.Value, site.Name, site.TimeZone.Id));
        Assert.Equal([new Approach(new ApproachId("north"), "Road 北"), new Approach(new ApproachId("south"), "south")], site.Approaches);
        var camera = Assert.Single(site.Cameras);
        Assert.Equal("rtsp://root:secret@cam1.example/axis-media/media.amp", camera.Source);
        Assert.Equal(new FrameFormat(640, 360, 12.5), camera.Frame);
        Assert.Equal("default", camera.Detector);
        Assert.Equal([new(0, 0), new(1, 0), new(1, 0.2), new(0, 0.2)], Assert.Single(camera.Masks).Points);
        Assert.Equal(
            [
                new Gate(new GateId("n-in"), new(0.1, 0.6), new(0.45, 0.6), new GateMeaning(GateRole.Enters, new ApproachId("north"))),
                new Gate(
                    new GateId("s_out"), new(0.55, 0.9), new(0.95, 0.9), null, new GateMeaning(GateRole.Exits, new ApproachId("south"))),
            ],
            camera.Gates);
        Assert.Equal(new GroundReference(new PicturePoint(0.2, 0.8), 388123.5, -3.25), camera.Ground[0]);
        Assert.InRange(camera.Plane!.ToGround(new PicturePoint(0.2, 0.8))!.Value.DistanceTo(new GroundPoint(388123.5, -3.25)), 0, 1e-6);
    }

    [Fact]
    public void A_site_file_may_say_where_on_the_earth_it_lies()
    {
        var plain = SiteSettings.Load(_folder.Write("plain.conf", SettingsFolder.GoodSite)).Site;
        var placed = Place("latitude = 35.52, longitude = 139.71, metres = [388123.5, -3.25], bearing = -12.5");

        Assert.Null(plain.Geo);
        Assert.Equal(new GeoAnchor(35.52, 139.71, -12.5, new GroundPoint(388123.5, -3.25)), placed.Geo);
        Assert.Equal(new GeoAnchor(35.52, 139.71), Place("latitude = 35.52, longitude = 139.71").Geo);
        Assert.NotEqual(plain.Hash, placed.Hash);

        Site Place(string geo) => SiteSettings.Load(_folder.Write("placed.conf", SettingsFolder.GoodSite.Replace("name = Crossing", $"name = Crossing, geo {{ {geo} }}", StringComparison.Ordinal))).Site;
    }

    [Theory]
    [InlineData("rtsp://h.example/x")]
    [InlineData("RTSP://h.example/x")]
    [InlineData("http://h.example/x")]
    [InlineData("https://u:p@h.example/axis-cgi/media.cgi?camera=1")]
    [InlineData("/dev/video0")]
    [InlineData("/srv/recordings/a b.mkv")]
    [InlineData("synthetic:north")]
    [InlineData("synthetic:east?seed=7&light=night")]
    [InlineData("replay:simulation?seed=7&speed=50&start=2026-01-01T00:00:00Z&phase=37&hours=2")]
    public void A_source_that_is_absolute_stays_as_it_is(string source) =>
        Assert.Equal(source, LoadWith("\"rtsp://root:secret@cam1.example/axis-media/media.amp\"", $"\"{source}\"").Cameras[0].Source);

    [Theory]
    [InlineData("../clips/a.mp4", "../clips/a.mp4")]
    [InlineData("a.mp4", "a.mp4")]
    [InlineData("./day: 1/日本.mp4", "day: 1/日本.mp4")]
    public void A_relative_source_is_relative_to_the_site_file(string source, string expected) =>
        Assert.Equal(
            Path.GetFullPath(Path.Combine(_folder.Path, expected)),
            LoadWith("\"rtsp://root:secret@cam1.example/axis-media/media.amp\"", $"\"{source}\"").Cameras[0].Source);

    [Fact]
    public void A_folder_of_trajectories_is_relative_to_the_site_file()
    {
        Directory.CreateDirectory(Path.Combine(_folder.Path, "tracks"));

        Assert.Equal(
            $"replay:{Path.Combine(_folder.Path, "tracks")}?speed=100",
            LoadWith("\"rtsp://root:secret@cam1.example/axis-media/media.amp\"", "\"replay:tracks?speed=100\"").Cameras[0].Source);
    }

    [Fact]
    public void A_source_in_an_included_file_is_relative_to_that_file()
    {
        _folder.Write("cameras/cam2.conf", """
            cam2 { source = "two.mp4", frame { width = 64, height = 64, fps = 5 }, gates { g { from = [0,0], to = [1,1] } } }
            """);
        var site = LoadWith("cameras {", "cameras {\n    include \"cameras/cam2.conf\"\n");

        Assert.Equal(Path.Combine(_folder.Path, "cameras", "two.mp4"), site.FindCamera(new CameraId("cam2"))!.Source);
    }

    [Theory]
    [InlineData("# nothing", "# something else")]
    [InlineData("root:secret@", "admin:other%40word@")]
    [InlineData("root:secret@", "")]
    [InlineData("media.amp", "media.amp?user=root&pwd=secret")]
    [InlineData("fps = 12.5", "fps = 12.50")]
    [InlineData("width = 640, height = 360", "height = 360, width = \"640\"")]
    // What is recorded changes nothing of what is counted.
    [InlineData("name = Crossing", "name = Crossing, recording { record = on, quality = 30 }")]
    [InlineData("detector = default", "detector = default, recording { record = evaluation, until = \"2026-12-31\", reason = \"a manual count\" }")]
    public void The_hash_stays_when_only_the_writing_or_the_password_changes(string old, string changed) =>
        Assert.Equal(LoadWith("", "").Hash, LoadWith(old, changed).Hash);

    [Theory]
    [InlineData("fps = 12.5", "fps = 12")]
    [InlineData("cam1.example", "cam2.example")]
    [InlineData("[0.10, 0.60]", "[0.11, 0.60]")]
    [InlineData("enters = north", "exits = north")]
    [InlineData("[1, 0.2]", "[1, 0.3]")]
    [InlineData("388123.5", "388123.6")]
    [InlineData("Asia/Tokyo", "Asia/Seoul")]
    [InlineData("cam1 {", "cam9 {")]
    [InlineData("detector = default", "detector = motion")]
    public void The_hash_changes_with_the_content(string old, string changed) =>
        Assert.NotEqual(LoadWith("", "").Hash, LoadWith(old, changed).Hash);

    [Fact]
    public void The_hash_does_not_depend_on_where_the_file_lies()
    {
        var text = SettingsFolder.GoodSite.Replace("rtsp://root:secret@cam1.example/axis-media/media.amp", "../clip.mp4");

        var here = SiteSettings.Load(_folder.Write("here.conf", text)).Site;
        var there = SiteSettings.Load(_folder.Write("deep/er/there.conf", text)).Site;

        Assert.Equal(here.Hash, there.Hash);
        Assert.NotEqual(here.Cameras[0].Source, there.Cameras[0].Source);
        Assert.Matches("^[0-9a-f]{16}$", here.Hash);
    }

    [Fact]
    public void Windows_line_ends_and_a_byte_order_mark_are_read()
    {
        var site = SiteSettings.Load(_folder.Write("site.conf", "\uFEFF" + SettingsFolder.GoodSite.Replace("\n", "\r\n"))).Site;

        Assert.Equal(LoadWith("", "").Hash, site.Hash);
    }

    [Fact]
    public void Keys_may_be_written_with_dots()
    {
        var site = LoadWith("frame { width = 640, height = 360, fps = 12.5 }", "frame.width = 640\n frame.height = 360\n frame.fps = 12.5");

        Assert.Equal(LoadWith("", "").Hash, site.Hash);
    }

    [Fact]
    public void A_ground_point_that_is_written_again_counts_once()
    {
        const string Point = "{ image = [0.2, 0.8], metres = [388123.5, -3.25] }";
        var once = SiteSettings.Load(_folder.Write("once.conf", SettingsFolder.GoodSite)).Site.Cameras[0];

        var often = SiteSettings.Load(_folder.Write("often.conf", SettingsFolder.GoodSite.Replace(Point, string.Concat(Enumerable.Repeat($"{Point}\n", 30)), StringComparison.Ordinal))).Site.Cameras[0];

        Assert.Equal(once.Ground, often.Ground);
        Assert.Equal(once.Plane!.Version, often.Plane!.Version);
    }

    public void Dispose() => _folder.Dispose();

    private Site LoadWith(string old, string changed)
    {
        var text = SettingsFolder.GoodSite;
        if (old.Length > 0)
        {
            Assert.Contains(old, text);
            text = text.Replace(old, changed);
        }

        return SiteSettings.Load(_folder.Write("site.conf", text)).Site;
    }
}
