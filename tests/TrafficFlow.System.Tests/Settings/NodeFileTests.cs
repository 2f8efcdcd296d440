using TrafficFlow.Node.Settings;
using TrafficFlow.Vision.Onnx;
using TrafficFlow.Wire.Journals;
using Xunit;

namespace TrafficFlow.SystemTests.Settings;

public sealed class NodeFileTests : IDisposable
{
    private const string GoodNode = """
        trafficflow {
          default-detector = day
          detectors {
            day { type = onnx, model = "models/yolox.onnx", layout = yolox, threshold = 0.35, threads = 2, classes { "2" = passenger-car, 0 = person } }
          }
          node {
            roles = [roadside, server]
            sites = ["sites/a.conf"]
            data-directory = "data"
            remoting { port = 5001 }
            cameras { retry-max = 2m }
          }
        }
        akka.loglevel = DEBUG
        akka { cluster { "split-brain-resolver" { active-strategy = "keep-majority" } }, loggers = ["a, b", c] }

        """;

    private readonly SettingsFolder _folder = new();

    public NodeFileTests() => _folder.Write("sites/a.conf", SettingsFolder.GoodSite);

    public static TheoryData<string, string, string> Cases => new()
    {
        { "roles = [roadside, server]", "", "6: trafficflow.node.roles: is missing; set roles = [roadside], [server], both, or [subscriber]" },
        { "[roadside, server]", "[]", "7: trafficflow.node.roles: is empty, so that nothing would start; set [roadside], [server], both, or [subscriber]" },
        { "[roadside, server]", "[roadsid]", "7: trafficflow.node.roles[0]: there is no role \"roadsid\"; did you mean roadside?" },
        { "[roadside, server]", "roadside", "7: trafficflow.node.roles: is not a list; write roles = [ … ]" },
        { "data-directory = \"data\"", "data-dir = x", "9: trafficflow.node.data-dir: is not a known key" },
        { "port = 5001", "port = 65536", "10: trafficflow.node.remoting.port: 65536 is out of range" },
        { "port = 5001", "port = -1", "10: trafficflow.node.remoting.port: -1 is out of range" },
        { "port = 5001", "hostname = \"a b\"", "10: trafficflow.node.remoting.hostname: \"a b\" is not a host" },
        { "port = 5001", "seed-nodes = [server]", "10: trafficflow.node.remoting.seed-nodes[0]: \"server\" is not an address of a node" },
        { "port = 5001", "seed-nodes = [\"h:0\"]", "10: trafficflow.node.remoting.seed-nodes[0]: \"h:0\" is not an address of a node" },
        { "[roadside, server]", "[roadside]", ": trafficflow.node.remoting.seed-nodes: is empty, so that this node would never meet a server" },
        { "retry-max = 2m", "retry-max = 2", "11: trafficflow.node.cameras.retry-max: \"2\" is not a time" },
        { "retry-max = 2m", "retry-max = 2 minutes", "11: trafficflow.node.cameras.retry-max: \"2 minutes\" is not a time" },
        { "retry-max = 2m", "retry-max = 2h", "11: trafficflow.node.cameras.retry-max: 2h is out of range; set a time from 100ms to 1h" },
        { "retry-max = 2m", "retry-max = 500ms", "11: trafficflow.node.cameras.retry-max: is shorter than retry-min" },
        { "retry-max = 2m", "retry-maks = 2m", "11: trafficflow.node.cameras.retry-maks: is not a known key; did you mean retry-max?" },
        { "cameras {", "journal.type = postgres, cameras {", "11: trafficflow.node.journal.type: \"postgres\" is no type of journal; did you mean postgresql?" },
        { "cameras {", "journal.type = postgresql, cameras {", "11: trafficflow.node.journal.connection: is missing; write \"Host=127.0.0.1" },
        { "cameras {", "journal.connection = \"Host=x\", cameras {", "11: trafficflow.node.journal.connection: belongs to type = postgresql" },
        { "cameras {", Postgres("Hos=x"), "11: trafficflow.node.journal.connection: is no connection of Npgsql" },
        { "cameras {", Postgres("Database=d;Username=u"), "11: trafficflow.node.journal.connection: names no Host" },
        { "cameras {", Postgres("Host=h;Username=u"), "11: trafficflow.node.journal.connection: names no Database" },
        { "cameras {", Postgres("Host=h;Database=d;Username=u;Password=secret"), "11: trafficflow.node.journal.connection: holds a password; write it into a file" },
        { "cameras {", Postgres("Host=h;Database=d;Username=u", "nowhere"), "11: trafficflow.node.journal.password-file: there is no file" },
        { "cameras {", "journal.file = \"../x.db\", cameras {", "11: trafficflow.node.journal.file: ../x.db lies outside the data directory" },
        { "sites/a.conf", "sites/b.conf", "8: trafficflow.node.sites[0]: there is no file" },
        { "[\"sites/a.conf\"]", "[]", "8: trafficflow.node.sites: names no site file, so that there are no cameras" },
        { "node {", "site { id = a }, node {", "6: trafficflow.site: belongs in a file of its own" },
        { "threads = 2", "thread = 2", "4: trafficflow.detectors.day.thread: is not a known key; did you mean threads?" },
        { "default-detector = day", "default-detector = night", "2: trafficflow.default-detector: there is no detector \"night\"" },
        { "akka.loglevel", "aka.loglevel", "14: aka: is not a known key; did you mean akka?" },
        { "roles =", "roles = [server], roles =", "7: trafficflow.node.roles: stands twice, first in line 7" },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_slip_is_told_with_its_line_its_key_and_the_remedy(string old, string changed, string expected)
    {
        Assert.Contains(old, GoodNode);
        var file = _folder.Write("node.conf", GoodNode.Replace(old, changed));

        var problems = Assert.Throws<SettingsException>(() => NodeSettings.Load(file)).Problems;

        Assert.Contains(problems, p => p.ToString().Contains(expected.StartsWith(':') ? expected : $"{file}:{expected}", StringComparison.Ordinal));
        Assert.InRange(problems.Count, 1, 2);
    }

    [Fact]
    public void A_node_file_says_what_the_record_holds()
    {
        var node = NodeSettings.Load(_folder.Write("node.conf", GoodNode));

        Assert.Equal([NodeRole.Roadside, NodeRole.Server], node.Roles);
        Assert.Equal("a", Assert.Single(node.Sites).Site.Id.Value);
        Assert.Equal(Path.Combine(_folder.Path, "data", "journal.db"), Assert.IsType<SqliteJournal>(node.Journal).File);
        Assert.Equal(("127.0.0.1", 5001), (node.Remoting.Hostname, node.Remoting.Port));
        Assert.Equal((TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(2)), (node.Cameras.RetryMin, node.Cameras.RetryMax));
        Assert.Equal(TimeSpan.FromSeconds(15), node.Cameras.Ffmpeg.FirstFrame);
        var day = node.Detectors.Resolve("default");
        Assert.Equal((DetectorKind.Onnx, "day"), (day.Kind, day.Name));
        Assert.Equal(Path.Combine(_folder.Path, "models", "yolox.onnx"), day.Model!.Path);
        Assert.Equal((OnnxLayout.YoloX, 0.35f, 2, 2), (day.Model.Layout, day.Model.Threshold, day.Model.Threads, day.Model.Classes!.Count));
        Assert.Equal(DetectorKind.Motion, node.Detectors.Resolve("motion").Kind);
    }

    [Fact]
    public void A_node_on_postgresql_names_its_database_and_a_password_file_that_only_its_owner_reads()
    {
        var password = _folder.Write("postgres.password", "secret");
        var file = _folder.Write("node.conf", GoodNode.Replace("cameras {", Postgres("Host=h;Database=d;Username=u", "postgres.password")));
        File.SetUnixFileMode(password, UnixFileMode.UserRead | UnixFileMode.OtherRead);
        Assert.Contains("every account of this machine can read", Assert.Throws<SettingsException>(() => NodeSettings.Load(file)).Message);
        File.SetUnixFileMode(password, UnixFileMode.UserRead);

        var journal = Assert.IsType<PostgresJournal>(NodeSettings.Load(file).Journal);

        Assert.Equal(("Host=h;Database=d;Username=u", password), (journal.Connection, journal.PasswordFile));
        Assert.DoesNotContain("secret", $"{journal} {journal.ToHocon()}");
    }

    [Fact]
    public void The_actor_system_gets_what_the_section_akka_says()
    {
        var akka = NodeSettings.Load(_folder.Write("node.conf", GoodNode)).Akka;

        Assert.Equal("DEBUG", akka.GetString("akka.loglevel"));
        Assert.Equal("keep-majority", akka.GetString("akka.cluster.split-brain-resolver.active-strategy"));
        Assert.Equal(["a, b", "c"], akka.GetStringList("akka.loggers"));
    }

    [Fact]
    public void An_included_file_lies_below_the_keys_that_follow_it()
    {
        _folder.Write("base.conf", "trafficflow.node { remoting.port = 6000, data-directory = \"/srv/x\" }");
        var node = NodeSettings.Load(_folder.Write(
            "node.conf", "include \"base.conf\"\n" + GoodNode.Replace("data-directory = \"data\"", "")));

        Assert.Equal(5001, node.Remoting.Port);
        Assert.Equal("/srv/x", node.DataDirectory);
    }

    [Fact]
    public void The_common_file_beside_the_node_file_wins_over_the_shipped_one()
    {
        _folder.Write("common.conf", File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "hocon", "common.conf")).Replace("first-frame-within = 15s", "first-frame-within = 45s"));

        Assert.Equal(TimeSpan.FromSeconds(45), NodeSettings.Load(_folder.Write("node.conf", GoodNode)).Cameras.Ffmpeg.FirstFrame);
    }

    [Fact]
    public void One_camera_name_in_two_site_files_is_refused()
    {
        var second = _folder.Write("sites/b.conf", SettingsFolder.GoodSite.Replace("id = a", "id = b"));
        var file = _folder.Write("node.conf", GoodNode.Replace("[\"sites/a.conf\"]", "[\"sites/a.conf\", \"sites/b.conf\"]"));

        Assert.Equal(
            $"{second}: trafficflow.site.cameras.cam1: \"cam1\" is taken by {_folder.Path}/sites/a.conf; names are unique within a node: choose another",
            Assert.Single(Assert.Throws<SettingsException>(() => NodeSettings.Load(file)).Problems).ToString());
    }

    [Fact]
    public void One_site_name_in_two_site_files_is_refused()
    {
        var second = _folder.Write("sites/b.conf", SettingsFolder.GoodSite.Replace("cam1 {", "cam2 {"));
        var file = _folder.Write("node.conf", GoodNode.Replace("[\"sites/a.conf\"]", "[\"sites/a.conf\", \"sites/b.conf\"]"));

        Assert.Equal(
            (second, "trafficflow.site.id"),
            Assert.Single(Assert.Throws<SettingsException>(() => NodeSettings.Load(file)).Problems) is var p ? (p.File, p.Key) : default);
    }

    [Fact]
    public void Problems_of_the_node_and_of_its_sites_are_told_together()
    {
        _folder.Write("sites/a.conf", SettingsFolder.GoodSite.Replace("fps = 12.5", "fps = 0"));
        var file = _folder.Write("node.conf", GoodNode.Replace("port = 5001", "port = x"));

        Assert.Equal(
            ["trafficflow.site.cameras.cam1.frame.fps", "trafficflow.node.remoting.port"],
            Assert.Throws<SettingsException>(() => NodeSettings.Load(file)).Problems.Select(p => p.Key));
    }

    [Fact]
    public void A_site_file_may_name_a_detector_of_the_node_file()
    {
        var config = _folder.Write("node.conf", GoodNode);
        var site = _folder.Write("sites/a.conf", SettingsFolder.GoodSite.Replace("detector = default", "detector = day"));

        Assert.Equal("day", SiteSettings.Load(site, config).Site.Cameras[0].Detector);
        Assert.Contains("there is no detector \"day\"", Assert.Throws<SettingsException>(() => SiteSettings.Load(site)).Message);
    }

    private static string Postgres(string connection, string? passwordFile = null) =>
        $"journal {{ type = postgresql, connection = \"{connection}\"{(passwordFile is null ? "" : $", password-file = \"{passwordFile}\"")} }}, cameras {{";

    public void Dispose() => _folder.Dispose();
}
