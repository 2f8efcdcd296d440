using Akka.Event;

namespace TrafficFlow.Wire.Hosting;

/// <summary>
/// What Akka says before and after the node's own log runs. Akka's own writes to standard output, on shutdown at any level: in the middle
/// of the JSON that `watch` and `demo` print there.
/// </summary>
public sealed class StandardErrorLogger : MinimalLogger
{
    protected override void Log(object message)
    {
        if (message is LogEvent said && said.LogLevel() >= LogLevel.WarningLevel) Console.Error.WriteLine(said);
    }
}
