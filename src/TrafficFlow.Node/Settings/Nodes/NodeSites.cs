using TrafficFlow.Node.Settings.HoconParsing;

namespace TrafficFlow.Node.Settings.Nodes;

/// <summary>Reads the site files of a node, and sees to it that no name stands for two things.</summary>
internal static class NodeSites
{
    public static IReadOnlyList<SiteSettings> Read(
        SettingsReader node, ConfSection layers, IReadOnlyList<NodeRole> roles, List<SettingsProblem> problems)
    {
        var sites = new List<SiteSettings>();
        foreach (var (value, key) in node.Texts("sites"))
        {
            var path = Path.Combine(value.Origin.Folder, value.Text);
            if (File.Exists(path)) sites.Add(SiteSettings.Read(path, [layers], problems, isNamedBySettings: true));
            else node.Problem(value, key, $"there is no file {path}", "check the name; it is relative to this file");
        }

        if (roles.Contains(NodeRole.Roadside) && node.OptionalList("sites").Count == 0)
        {
            node.Problem("sites", "names no site file, so that there are no cameras", "write [\"sites/NAME.conf\"]");
        }

        Unique(sites.Select(s => (s.Site.Id.Value, "trafficflow.site.id", s.File)), problems);
        Unique(
            sites.SelectMany(s => s.Site.Cameras.Select(c => (c.Id.Value, $"trafficflow.site.cameras.{c.Id}", s.File))),
            problems);
        return sites;
    }

    private static void Unique(IEnumerable<(string Id, string Key, string File)> names, List<SettingsProblem> problems)
    {
        foreach (var same in names.Where(n => n.Id.Length > 0).GroupBy(n => n.Id))
        {
            var first = same.First();
            foreach (var again in same.Skip(1))
            {
                problems.Add(new SettingsProblem(
                    again.File, null, again.Key, $"\"{again.Id}\" is taken by {first.File}", "names are unique within a node: choose another"));
            }
        }
    }
}
