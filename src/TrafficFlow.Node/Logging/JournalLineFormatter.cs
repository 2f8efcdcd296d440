using Serilog.Events;
using Serilog.Formatting;
using Serilog.Formatting.Display;

namespace TrafficFlow.Node.Logging;

/// <summary>Lines as systemd's journal reads them: each begins with its priority as of syslog, those of an exception too (sd-daemon(3)).</summary>
internal sealed class JournalLineFormatter : ITextFormatter
{
    private readonly MessageTemplateTextFormatter _message = new("{Message:lj}\n{Exception}", System.Globalization.CultureInfo.InvariantCulture);

    public void Format(LogEvent logEvent, TextWriter output)
    {
        using var text = new StringWriter(System.Globalization.CultureInfo.InvariantCulture);
        _message.Format(logEvent, text);
        var priority = Priority(logEvent.Level);
        foreach (var line in text.ToString().ReplaceLineEndings("\n").Split('\n', StringSplitOptions.RemoveEmptyEntries)) output.Write($"<{priority}>{line}\n");
    }

    private static int Priority(LogEventLevel level) => level switch
    {
        LogEventLevel.Fatal => 2,
        LogEventLevel.Error => 3,
        LogEventLevel.Warning => 4,
        LogEventLevel.Information => 6,
        _ => 7,
    };
}
