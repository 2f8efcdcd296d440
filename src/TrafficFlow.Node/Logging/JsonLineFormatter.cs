using System.Globalization;
using Serilog.Events;
using Serilog.Formatting;
using Serilog.Formatting.Display;
using Serilog.Formatting.Json;

namespace TrafficFlow.Node.Logging;

/// <summary>
/// One JSON object a line: time (UTC), level, area, source (the class that logs), message, and where there are any `values` (each placeholder of the message
/// by its name) and `exception`.
/// </summary>
internal sealed class JsonLineFormatter : ITextFormatter
{
    private const string Source = "SourceContext";

    private readonly MessageTemplateTextFormatter _message = new("{Message:lj}", CultureInfo.InvariantCulture);
    private readonly JsonValueFormatter _value = new(typeTagName: null);

    public void Format(LogEvent logEvent, TextWriter output)
    {
        var source = logEvent.Properties.GetValueOrDefault(Source) is ScalarValue { Value: string name } ? name : "";
        output.Write($"{{\"time\":\"{logEvent.Timestamp.UtcDateTime:yyyy-MM-ddTHH:mm:ss.fffZ}\",\"level\":\"{LogSettings.NameOf(logEvent.Level)}\",\"area\":\"{LogArea.Of(source).Name}\",\"source\":");
        Write(source, output);
        output.Write(",\"message\":");
        using var message = new StringWriter(CultureInfo.InvariantCulture);
        _message.Format(logEvent, message);
        Write(message.ToString(), output);
        var values = logEvent.Properties.Where(p => p.Key != Source).ToList();
        if (values.Count > 0)
        {
            output.Write(",\"values\":{");
            for (var i = 0; i < values.Count; i++)
            {
                if (i > 0) output.Write(',');
                Write(values[i].Key, output);
                output.Write(':');
                _value.Format(values[i].Value, output);
            }

            output.Write('}');
        }

        if (logEvent.Exception is { } exception)
        {
            output.Write(",\"exception\":");
            Write(exception.ToString(), output);
        }

        output.Write("}\n");
    }

    private static void Write(string text, TextWriter output) => JsonValueFormatter.WriteQuotedJsonString(text, output);
}
