using Akka.Configuration;
using Akka.Configuration.Hocon;
using TrafficFlow.Node.Settings;
using Xunit;

namespace TrafficFlow.SystemTests.Settings;

public class ShippedFilesTests
{
    private static readonly string Hocon = Path.Combine(SharedFiles.Repository, "hocon");

    public static TheoryData<string> Nodes => ["single", "roadside", "server", "subscriber"];

    public static TheoryData<string> Sites =>
        [.. Directory.GetFiles(Path.Combine(Hocon, "sites"), "*.conf").Select(f => Path.GetFileNameWithoutExtension(f)!)];

    public static TheoryData<string> All =>
        [.. Directory.GetFiles(Hocon, "*.conf", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(Hocon, f))];

    [Theory]
    [MemberData(nameof(Nodes))]
    public async Task A_shipped_node_file_loads(string name)
    {
        using var shipped = await ShippedNodes.CreateAsync();

        var settings = NodeSettings.Load(shipped.File(name));

        Assert.Equal(name is "single" or "roadside", settings.Has(NodeRole.Roadside));
        Assert.Equal(name is "single" or "server", settings.Has(NodeRole.Server));
        Assert.Equal(name == "subscriber", settings.Has(NodeRole.Subscriber));
        Assert.Equal(name == "subscriber", settings.Sites.Count == 0);
        Assert.Equal(name == "single", settings.Remoting.Tls is null);
    }

    [Theory]
    [InlineData("roadside")]
    [InlineData("server")]
    [InlineData("subscriber")]
    public void A_shipped_node_file_of_a_cluster_asks_for_its_certificates(string name)
    {
        var problems = Assert.Throws<SettingsException>(() => NodeSettings.Load(Path.Combine(Hocon, $"{name}.conf"))).Problems;

        Assert.Equal(["ca", "certificate", "key", "pins"], problems.Select(p => p.Key.Split('.')[^1]));
        Assert.All(problems, p => Assert.Contains("make it with deploy/ca.sh", p.Remedy));
    }

    [Theory]
    [MemberData(nameof(Sites))]
    public void A_shipped_site_file_loads(string name) =>
        Assert.Equal(name, SiteSettings.Load(Path.Combine(Hocon, "sites", $"{name}.conf")).Site.Id.Value);

    [Fact]
    public void The_example_site_has_four_cameras_and_all_its_approaches_are_entered_and_exited()
    {
        var site = SiteSettings.Load(Path.Combine(Hocon, "sites", "kokandori.conf")).Site;

        Assert.Equal(4, site.Cameras.Count);
        var meanings = site.Cameras.SelectMany(c => c.Gates).Select(g => (g.Forward!.Role, g.Forward.Approach));
        Assert.Equal(2 * site.Approaches.Count, meanings.Distinct().Count());
    }

    [Fact]
    public void A_single_node_has_no_peers() =>
        Assert.Same(RemotingSettings.NoPeers, NodeSettings.Load(Path.Combine(Hocon, "single.conf")).Remoting);

    [Fact]
    public void The_shipped_files_lie_beside_the_executable() =>
        Assert.True(File.Exists(Path.Combine(AppContext.BaseDirectory, "hocon", "common.conf")));

    /// <summary>Our strict reader and Akka's lenient one must read the same values out of a good file.</summary>
    [Theory]
    [MemberData(nameof(All))]
    public void Akka_reads_a_shipped_file_as_we_do(string name)
    {
        var file = Path.Combine(Hocon, name);
        var problems = new List<SettingsProblem>();

        var ours = new List<string>();
        Flatten(new Node.Settings.HoconParsing.ConfFile(problems).Read(file), "", ours);
        var theirs = new List<string>();
        Flatten(ConfigurationFactory.ParseString(File.ReadAllText(file)).Root, "", theirs);

        Assert.Empty(problems);
        Assert.NotEmpty(ours);
        Assert.Equal(theirs.Order(StringComparer.Ordinal), ours.Order(StringComparer.Ordinal));
    }

    private static void Flatten(Node.Settings.HoconParsing.ConfValue value, string path, List<string> rows)
    {
        switch (value)
        {
            case Node.Settings.HoconParsing.ConfSection section:
                foreach (var (key, child) in section.Items) Flatten(child, $"{path}.{key}", rows);
                break;
            case Node.Settings.HoconParsing.ConfList list:
                foreach (var (item, i) in list.Items.Select((item, i) => (item, i))) Flatten(item, $"{path}[{i}]", rows);
                break;
            case Node.Settings.HoconParsing.ConfText text:
                rows.Add($"{path} = {text.Text}");
                break;
        }
    }

    private static void Flatten(HoconValue value, string path, List<string> rows)
    {
        if (value.IsObject())
        {
            foreach (var (key, child) in value.GetObject().Items) Flatten(child, $"{path}.{key}", rows);
        }
        else if (value.IsString())
        {
            rows.Add($"{path} = {value.GetString()}");
        }
        else
        {
            foreach (var (item, i) in value.GetArray().Select((item, i) => (item, i))) Flatten(item, $"{path}[{i}]", rows);
        }
    }
}
