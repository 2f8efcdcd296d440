using System.Text.RegularExpressions;

namespace TrafficFlow.Node.Settings.HoconParsing;

/// <summary>
/// What a key that stands twice means. HOCON merges silently, so that two cameras of one name become one camera with the gates of both.
/// Under trafficflow a key stands once in a file; a later file may change a single value, but nothing of a site.
/// </summary>
internal sealed partial class ConfMerge(List<SettingsProblem> problems)
{
    public ConfSection Descend(ConfSection section, string path, string key, Origin origin)
    {
        if (section.Items.GetValueOrDefault(key) is ConfSection existing) return existing;
        var child = new ConfSection(origin);
        Set(section, path, key, child);
        return child;
    }

    public void Set(ConfSection section, string path, string key, ConfValue value)
    {
        var full = ConfPath.Join(path, key);
        var existing = section.Items.GetValueOrDefault(key);
        if (existing is not null && IsStrict(full) && !IsContainer(full) && Clashes(full, existing.Origin, value.Origin))
        {
            var first = existing.Origin.File == value.Origin.File ? $"line {existing.Origin.Line}" : $"{existing.Origin.File}:{existing.Origin.Line}";
            problems.Add(new SettingsProblem(value.Origin.File, value.Origin.Line, full, $"stands twice, first in {first}",
                "give each its own name, or remove one"));
            return; // what the second holds would only be reported again
        }

        if (existing is ConfSection into && value is ConfSection from)
        {
            Into(into, full, from);
        }
        else
        {
            section.Set(key, value);
        }
    }

    public void Into(ConfSection section, string path, ConfSection added)
    {
        foreach (var (key, value) in added.Items) Set(section, path, key, value);
    }

    private static bool IsStrict(string path) => path.StartsWith("trafficflow.", StringComparison.Ordinal);

    private static bool IsContainer(string path) => Containers().IsMatch(path);

    private static bool Clashes(string path, Origin first, Origin second) =>
        first.File == second.File || path.StartsWith("trafficflow.site.", StringComparison.Ordinal);

    /// <summary>Sections that only hold others may be opened again.</summary>
    [GeneratedRegex(@"^trafficflow\.(site(\.(approaches|cameras))?|detectors|node)$")]
    private static partial Regex Containers();
}
