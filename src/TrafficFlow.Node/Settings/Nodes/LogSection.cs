using Serilog.Events;
using TrafficFlow.Node.Logging;

namespace TrafficFlow.Node.Settings.Nodes;

/// <summary>Reads trafficflow.log: how much is logged, in which form, and to which file.</summary>
internal static class LogSection
{
    private static readonly Dictionary<string, LogFormat> Formats =
        Enum.GetValues<LogFormat>().ToDictionary(f => f.ToString().ToLowerInvariant(), f => f);

    public static LogSettings Read(SettingsReader? log, string dataDirectory)
    {
        if (log is null) return LogSettings.Default;
        var levels = new Dictionary<string, LogEventLevel>(StringComparer.Ordinal);
        if (log.OptionalSection("levels") is { } section)
        {
            var areas = LogArea.All.Select(a => a.Name).ToList();
            foreach (var area in section.Keys)
            {
                if (!areas.Contains(area)) section.Problem(area, "is no area of the log", Suggestion.For(area, areas, "areas"));
                else if (ReadLevel(section, area) is { } level) levels[area] = level;
            }
        }

        var settings = LogSettings.Of(
            ReadFormat(log), ReadLevel(log, "level") ?? LogSettings.Default.Level, levels, log.OptionalSection("file") is { } file ? ReadFile(file, dataDirectory) : null);
        log.RefuseUnknown();
        return settings;
    }

    private static LogFormat ReadFormat(SettingsReader log)
    {
        if (log.OptionalText("format") is not { } format) return LogSettings.Default.Format;
        if (Formats.TryGetValue(format, out var known)) return known;
        log.Problem("format", $"\"{format}\" is no format of the log", Suggestion.For(format, Formats.Keys, "formats"));
        return LogSettings.Default.Format;
    }

    private static LogEventLevel? ReadLevel(SettingsReader reader, string key)
    {
        if (reader.OptionalText(key) is not { } level) return null;
        if (LogSettings.LevelNames.TryGetValue(level, out var known)) return known;
        reader.Problem(key, $"\"{level}\" is no log level", Suggestion.For(level, [.. LogSettings.LevelNames.Keys], "levels"));
        return null;
    }

    private static LogFile? ReadFile(SettingsReader file, string dataDirectory)
    {
        var path = file.Text("path", "set a file, for example \"log/node.log\"; it is relative to the data directory");
        var megabytes = file.OptionalNumber("max-megabytes", 1, 1000, "megabytes") ?? 10;
        var keep = file.OptionalWhole("keep", 1, 1000, "files") ?? 5;
        file.RefuseUnknown();
        if (path.Length == 0) return null;
        if (!path.EndsWith(".log", StringComparison.Ordinal)) file.Problem("path", $"{path} does not end in .log", "name it, for example, \"log/node.log\": the files before it get their numbers there");
        return new LogFile(Path.GetFullPath(Path.Combine(dataDirectory, path)), (long)(megabytes * 1024 * 1024), keep);
    }
}
