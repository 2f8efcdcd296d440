using Akka.Actor;
using Akka.Event;
using Serilog.Events;
using TrafficFlow.Node.Logging;
using TrafficFlow.Node.Settings;
using TrafficFlow.Wire.Operations;

namespace TrafficFlow.Node.ControlServer;

/// <summary>What `ctl log` shows and changes.</summary>
internal static class LogLevels
{
    private static readonly CommandFailed NoLog = new("the log of this process cannot be changed", "ask a node that `trafficflow run` started");

    public static OperatorReply Show(NodeLog? log) => log is null ? NoLog : new InspectionTables(Table(log));

    /// <param name="systems">They do not even make what nobody reads, and are told that somebody does.</param>
    public static OperatorReply Set(NodeLog? log, SetLogLevel command, IEnumerable<ActorSystem> systems)
    {
        if (log is null) return NoLog;
        if (LogArea.All.FirstOrDefault(a => a.Name == command.Area) is not { } area)
            return new CommandFailed($"the log has no area {command.Area}", Suggestion.For(command.Area, [.. LogArea.All.Select(a => a.Name)], "areas"));
        if (!LogSettings.LevelNames.TryGetValue(command.Level, out var level))
            return new CommandFailed($"{command.Level} is no log level", Suggestion.For(command.Level, [.. LogSettings.LevelNames.Keys], "levels"));
        log.Set(area, level);
        var hasDebug = log.Levels.Any(l => l.Level <= LogEventLevel.Debug);
        foreach (var system in systems) system.EventStream.SetLogLevel(hasDebug ? LogLevel.DebugLevel : LogLevel.InfoLevel);
        return new InspectionTables(Table(log, "until the node ends; trafficflow.log.levels of its settings holds for longer"));
    }

    private static InspectionTable Table(NodeLog log, params string[] notes) => InspectionTable.Of(
        "log", [new("area"), new("level"), new("about")], log.Levels.Select(l => new object?[] { l.Area.Name, LogSettings.NameOf(l.Level), l.Area.About }), notes);
}
