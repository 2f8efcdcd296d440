using TrafficFlow.Wire.Authorization;
using TrafficFlow.Wire.Serialization;

namespace TrafficFlow.Wire.Audit;

/// <summary>What the audit persists.</summary>
internal static class AuditWire
{
    public static readonly IReadOnlyList<WireLine> Lines =
    [
        WireLine.Persisted<CommandStarted, Proto.CommandStarted>("command-started-v1", Write, Read),
        WireLine.Persisted<CommandEnded, Proto.CommandEnded>("command-ended-v1", Write, Read),
    ];

    public static Proto.CommandStarted Write(CommandStarted e) => new()
    {
        TimeTicks = WireValues.Ticks(e.Time),
        Name = e.Principal.Name,
        Account = e.Principal.Account,
        Command = e.Command,
        Target = e.Target,
    };

    public static CommandStarted Read(Proto.CommandStarted e) => new(WireValues.Time(e.TimeTicks), new Principal(e.Name, e.Account), e.Command, e.Target);

    public static Proto.CommandEnded Write(CommandEnded e) => new() { TimeTicks = WireValues.Ticks(e.Time), Number = e.Number, Outcome = e.Outcome };

    public static CommandEnded Read(Proto.CommandEnded e) => new(WireValues.Time(e.TimeTicks), e.Number, e.Outcome);
}
