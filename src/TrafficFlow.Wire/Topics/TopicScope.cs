using TrafficFlow.Core.Sites;

namespace TrafficFlow.Wire.Topics;

/// <summary>
/// Which topics somebody may read: topics as they are written, with * in place of a name. A * stands for one whole name that somebody chose, never for one of
/// ours (_gates), and for no further part: flow.demo.* covers the closed bins of every approach of demo, flow.demo.*.live the open ones. Pure.
/// </summary>
public sealed class TopicScope
{
    /// <summary>Patterns of one scope.</summary>
    public const int MostPatterns = 64;

    private const string Any = "*";
    private readonly string[][] _patterns;

    private TopicScope(IReadOnlyList<string> patterns) => (Patterns, _patterns) = (patterns, [.. patterns.Select(p => p.Split('.'))]);

    public IReadOnlyList<string> Patterns { get; }

    /// <param name="problem">What is wrong and what to write instead; empty where nothing is.</param>
    /// <returns>Null where a pattern is none, or there are none or too many.</returns>
    public static TopicScope? Parse(IReadOnlyCollection<string> patterns, out string problem)
    {
        problem = patterns.Count is 0 or > MostPatterns ? $"a scope has 1 to {MostPatterns} patterns, and here are {patterns.Count}"
            : patterns.FirstOrDefault(p => !IsPattern(p)) is { } wrong ? $"\"{Shown(wrong)}\" is no scope: write {TopicNames.Forms}, with * for any name (all there is: flow.*.*, flow.*.*.live, journeys.*, incidents.*, health.*.*)"
            : "";
        return problem.Length == 0 ? new TopicScope([.. patterns.Distinct()]) : null;
    }

    public bool Covers(string topic)
    {
        var parts = topic.Split('.', 5);
        return IsPattern(parts, isTopic: true) && _patterns.Any(p => Covers(p, parts));
    }

    public override string ToString() => string.Join(", ", Patterns);

    private static bool Covers(string[] pattern, string[] topic)
    {
        if (pattern.Length != topic.Length) return false;
        for (var i = 0; i < pattern.Length; i++)
        {
            var isCovered = pattern[i] == Any ? NameRule.IsChosen(topic[i]) : pattern[i] == topic[i];
            if (!isCovered) return false;
        }

        return true;
    }

    private static bool IsPattern(string pattern) => IsPattern(pattern.Split('.', 5), isTopic: false);

    private static bool IsPattern(string[] parts, bool isTopic)
    {
        return parts switch
        {
            ["flow", var site, var approach] => IsName(site) && IsApproach(approach),
            ["flow", var site, var approach, "live"] => IsName(site) && IsApproach(approach),
            ["journeys" or "incidents", var site] => IsName(site),
            ["health", var site, var camera] => IsName(site) && IsName(camera),
            _ => false,
        };

        bool IsName(string name) => (name == Any && !isTopic) || NameRule.IsChosen(name);
        bool IsApproach(string name) => IsName(name) || name == ApproachId.Gates.Value;
    }

    private static string Shown(string text) => Core.Texts.PlainText.Of(text, 40);
}
