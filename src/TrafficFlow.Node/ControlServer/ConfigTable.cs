using TrafficFlow.Node.Settings;
using TrafficFlow.Wire.Operations;

namespace TrafficFlow.Node.ControlServer;

internal static class ConfigTable
{
    /// <param name="part">Of the keys that are shown, between dots; null for all.</param>
    public static OperatorReply Of(IReadOnlyList<EffectiveSetting> settings, string? part)
    {
        if (settings.Count == 0) return new CommandFailed("this node was not made from a file", "ask a node that `trafficflow run` started");
        var shown = settings.Where(s => part is null || $".{s.Key}.".Contains($".{part.Trim('.')}.", StringComparison.Ordinal)).ToList();
        return shown.Count == 0
            ? new CommandFailed($"no setting has {part} in its key", "see config show without it")
            : new InspectionTables(InspectionTable.Of(
                "settings",
                [new("key"), new("value"), new("written in")],
                shown.OrderBy(s => s.Key, StringComparer.Ordinal).Select(s => new object?[] { s.Key, s.Value, s.Written.Length == 0 ? "default" : s.Written })));
    }
}
