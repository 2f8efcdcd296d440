using System.Globalization;
using Serilog;
using Serilog.Configuration;
using Serilog.Core;
using Serilog.Events;
using Serilog.Formatting;
using Serilog.Formatting.Display;

namespace TrafficFlow.Node.Logging;

/// <summary>The log of a process: standard error, and a file where the settings name one. Levels can be changed while it runs.</summary>
public sealed class NodeLog
{
    private readonly LogSettings _settings;
    private readonly Dictionary<string, LoggingLevelSwitch> _switches;

    /// <exception cref="JobFailedException">The log file cannot be written.</exception>
    public NodeLog(LogSettings settings)
    {
        _settings = settings;
        _switches = LogArea.All.ToDictionary(a => a.Name, a => new LoggingLevelSwitch(settings.LevelOf(a)));
        if (settings.File is { } file) Try(file);
    }

    public IReadOnlyList<(LogArea Area, LogEventLevel Level)> Levels => [.. LogArea.All.Select(a => (a, _switches[a.Name].MinimumLevel))];

    public void Set(LogArea area, LogEventLevel level) => _switches[area.Name].MinimumLevel = level;

    public void Configure(LoggerConfiguration logs)
    {
        logs.MinimumLevel.ControlledBy(_switches[LogArea.Node.Name]);
        foreach (var area in LogArea.All)
            foreach (var prefix in area.Prefixes) logs.MinimumLevel.Override(prefix, _switches[area.Name]);
        // What they find goes to whoever asks; asked every half minute, they would say again and again what has its own two lines.
        logs.MinimumLevel.Override("Microsoft.Extensions.Diagnostics.HealthChecks", LogEventLevel.Fatal);
        var format = _settings.Format == LogFormat.Auto ? (JournalStream.IsStandardError ? LogFormat.Journal : LogFormat.Text) : _settings.Format;
        logs.WriteTo.Console(Formatter(format, isFile: false), standardErrorFromLevel: LogEventLevel.Verbose);
        if (_settings.File is { } file) ToFile(logs.WriteTo, file);
    }

    private void ToFile(LoggerSinkConfiguration sinks, LogFile file)
    {
        // A file is read later and elsewhere: the day belongs to its lines, a journal's priority does not.
        var format = _settings.Format == LogFormat.Json ? LogFormat.Json : LogFormat.Text;
        sinks.File(new PlainLineFormatter(Formatter(format, isFile: true)), file.Path, rollOnFileSizeLimit: true, fileSizeLimitBytes: file.MaxBytes, retainedFileCountLimit: file.Keep);
    }

    private static ITextFormatter Formatter(LogFormat format, bool isFile) => format switch
    {
        LogFormat.Json => new JsonLineFormatter(),
        LogFormat.Journal => new JournalLineFormatter(),
        _ => new MessageTemplateTextFormatter(
            isFile ? "{Timestamp:yyyy-MM-dd HH:mm:ss.fffzzz} {Level:u3} {Message:lj}{NewLine}{Exception}" : "{Timestamp:HH:mm:ss} {Level:u3} {Message:lj}{NewLine}{Exception}",
            CultureInfo.InvariantCulture),
    };

    /// <summary>The library would lose all lines without a word.</summary>
    private static void Try(LogFile file)
    {
        try
        {
            if (new FileInfo(file.Path).LinkTarget is { } other) throw new IOException($"it is a link to {other}, which trafficflow never makes");
            Directory.CreateDirectory(Path.GetDirectoryName(file.Path)!);
            using var probe = new FileStream(file.Path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new JobFailedException($"the log file {file.Path} cannot be written ({e.Message}): give the account that runs trafficflow write access, or set another trafficflow.log.file.path", e);
        }
    }
}
