using Serilog.Events;
using Serilog.Formatting;
using TrafficFlow.Core.Texts;

namespace TrafficFlow.Node.Logging;

/// <summary>What another formatter makes, with everything written out that a terminal would obey: log files are looked at with cat and tail.</summary>
internal sealed class PlainLineFormatter(ITextFormatter inner) : ITextFormatter
{
    public void Format(LogEvent logEvent, TextWriter output)
    {
        using var text = new StringWriter(System.Globalization.CultureInfo.InvariantCulture);
        inner.Format(logEvent, text);
        output.Write(PlainText.Lines(text.ToString()));
    }
}
