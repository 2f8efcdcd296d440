using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Dispatch;
using Akka.Event;
using Microsoft.Extensions.Logging;

namespace TrafficFlow.Wire.Hosting;

/// <summary>Where the log of an actor system goes.</summary>
public sealed class ActorLogSetup(ILoggerFactory logs) : Setup
{
    public ILoggerFactory Logs => logs;
}

/// <summary>
/// Hands what actors log over to the process's log, under the class that logs, so that levels hold for it. The library's own hands all over under one name,
/// and mixes up the values of placeholders with numbers.
/// </summary>
public sealed class ActorLog : ReceiveActor, IRequiresMessageQueue<ILoggerMessageQueueSemantics>
{
    private const string ActorKey = "Actor";

    private readonly Dictionary<Type, ILogger> _loggers = [];
    private readonly ILoggerFactory _logs;

    public ActorLog()
    {
        var setup = Context.System.Settings.Setup.Get<ActorLogSetup>();
        _logs = setup.HasValue ? setup.Value.Logs : throw new InvalidOperationException($"the actor system has no {nameof(ActorLogSetup)}");
        Receive<InitializeLogger>(_ => Sender.Tell(new LoggerInitialized()));
        Receive<LogEvent>(Write);
    }

    private void Write(LogEvent said)
    {
        if (!_loggers.TryGetValue(said.LogClass, out var logger)) _loggers[said.LogClass] = logger = _logs.CreateLogger(said.LogClass);
        var level = said.LogLevel() switch
        {
            Akka.Event.LogLevel.DebugLevel => Microsoft.Extensions.Logging.LogLevel.Debug,
            Akka.Event.LogLevel.InfoLevel => Microsoft.Extensions.Logging.LogLevel.Information,
            Akka.Event.LogLevel.WarningLevel => Microsoft.Extensions.Logging.LogLevel.Warning,
            _ => Microsoft.Extensions.Logging.LogLevel.Error,
        };
        if (!logger.IsEnabled(level)) return;
        var state = said.Message is LogMessage message
            ? NamedValues.Of(message.Format, [.. message.Parameters()])
            : NamedValues.OfText(said.Message?.ToString() ?? "");
        logger.Log(level, default, state.With(ActorKey, said.LogSource), said.Cause, static (values, _) => values.Template);
    }
}
