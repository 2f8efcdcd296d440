using TrafficFlow.Core.Sites;

namespace TrafficFlow.Node.Settings;

/// <summary>One thing that is wrong in the settings: where it stands, what it is, and what to do.</summary>
/// <param name="Line">1-based; null where the problem is about the whole file.</param>
/// <param name="Key">Full path of the key, such as trafficflow.site.cameras.cam1.frame.fps; empty for the whole file.</param>
public sealed record SettingsProblem(string File, int? Line, string Key, string Text, string Remedy)
{
    /// <summary>The same for a page in another language; null where there are no words for it.</summary>
    public SiteFault? Fault { get; init; }

    public override string ToString() =>
        $"{File}{(Line is { } line ? $":{line}" : "")}: {(Key.Length == 0 ? "" : $"{Key}: ")}{Text}; {Remedy}";
}

/// <summary>The settings are wrong; nothing was started. Holds every problem, not only the first.</summary>
public sealed class SettingsException(IReadOnlyList<SettingsProblem> problems)
    : Exception(string.Join(Environment.NewLine, problems.Select(p => p.ToString())))
{
    public IReadOnlyList<SettingsProblem> Problems { get; } = problems;
}
