using System.Globalization;
using System.Text.RegularExpressions;

namespace TrafficFlow.SystemTests.Monitoring;

/// <summary>One line of Prometheus' text format.</summary>
internal sealed record Series(string Name, IReadOnlyDictionary<string, string> Labels, double Value);

/// <summary>What a node serves on /metrics.</summary>
internal sealed partial record Exposition(IReadOnlyList<Series> Series, IReadOnlySet<string> Families)
{
    public static Exposition Parse(string text)
    {
        var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return new Exposition(
            [.. lines.Where(l => l[0] != '#').Select(l => Line().Match(l)).Select(m => m.Success ? new Series(
                m.Groups["name"].Value,
                Label().Matches(m.Groups["labels"].Value).ToDictionary(l => l.Groups[1].Value, l => l.Groups[2].Value),
                double.Parse(m.Groups["value"].Value, CultureInfo.InvariantCulture)) : throw new FormatException($"no line of metrics in\n{text}"))],
            lines.Where(l => l.StartsWith("# TYPE ", StringComparison.Ordinal)).Select(l => l.Split(' ')[2]).ToHashSet());
    }

    public double Sum(string name) => Series.Where(s => s.Name == name).Sum(s => s.Value);

    [GeneratedRegex(@"^(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)(\{(?<labels>.*)\})? (?<value>\S+)$")]
    private static partial Regex Line();

    [GeneratedRegex("""([a-z_]+)="((?:[^"\\]|\\.)*)""")]
    private static partial Regex Label();
}
