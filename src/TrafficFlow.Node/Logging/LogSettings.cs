using Serilog.Events;

namespace TrafficFlow.Node.Logging;

public enum LogFormat
{
    /// <summary>Journal where systemd reads the lines, else text.</summary>
    Auto,

    /// <summary>Time, level, message.</summary>
    Text,

    /// <summary>One JSON object a line.</summary>
    Json,

    /// <summary>Without a time, which the journal has, and with its priority in front: &lt;4&gt; is a warning.</summary>
    Journal,
}

/// <summary>A log file with its predecessors.</summary>
/// <param name="Path">Absolute; those before it are called NAME_001.log and so on.</param>
/// <param name="MaxBytes">Size at which the next one is begun.</param>
/// <param name="Keep">How many there are at most, the newest included.</param>
public sealed record LogFile(string Path, long MaxBytes, int Keep);

/// <summary>What of trafficflow.log is in force.</summary>
/// <param name="Level">Of areas that have none of their own.</param>
/// <param name="Levels">By the area's name.</param>
public sealed record LogSettings(LogFormat Format, LogEventLevel Level, IReadOnlyDictionary<string, LogEventLevel> Levels, LogFile? File = null)
{
    /// <summary>The libraries tell more than a node's operator can use.</summary>
    private static readonly Dictionary<string, LogEventLevel> Quieter = new() { ["akka"] = LogEventLevel.Warning, ["web"] = LogEventLevel.Warning };

    public static LogSettings Default { get; } = new(LogFormat.Auto, LogEventLevel.Information, Quieter);

    public static IReadOnlyDictionary<string, LogEventLevel> LevelNames { get; } = new Dictionary<string, LogEventLevel>
    {
        ["debug"] = LogEventLevel.Debug,
        ["info"] = LogEventLevel.Information,
        ["warning"] = LogEventLevel.Warning,
        ["error"] = LogEventLevel.Error,
    };

    /// <param name="written">Levels of areas that the settings name; of the others the libraries tell warnings at most.</param>
    public static LogSettings Of(LogFormat format, LogEventLevel level, IReadOnlyDictionary<string, LogEventLevel> written, LogFile? file)
    {
        var levels = Quieter.Where(q => q.Value > level).ToDictionary();
        foreach (var (area, own) in written) levels[area] = own;
        return new LogSettings(format, level, levels, file);
    }

    /// <summary>What is of use when something is looked for, of all areas but the libraries and those that the settings name.</summary>
    public LogSettings Verbose() => this with { Level = LogEventLevel.Debug };

    /// <summary>Warnings and errors alone.</summary>
    public LogSettings Quiet() => AtLeast(LogEventLevel.Warning);

    /// <summary>Nothing below a level.</summary>
    public LogSettings AtLeast(LogEventLevel level) => this with
    {
        Level = Higher(Level, level),
        Levels = Levels.ToDictionary(l => l.Key, l => Higher(l.Value, level)),
    };

    public LogEventLevel LevelOf(LogArea area) => Levels.TryGetValue(area.Name, out var own) ? own : Level;

    /// <summary>Whether any area asks for what is only of use when something is looked for.</summary>
    public bool HasDebug => LogArea.All.Any(a => LevelOf(a) <= LogEventLevel.Debug);

    private static LogEventLevel Higher(LogEventLevel one, LogEventLevel other) => one > other ? one : other;

    public static string NameOf(LogEventLevel level) => LevelNames.FirstOrDefault(n => n.Value == level).Key ?? (level < LogEventLevel.Debug ? "debug" : "error");
}
