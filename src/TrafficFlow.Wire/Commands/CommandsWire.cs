using System.Collections.Immutable;
using System.Runtime.Serialization;
using TrafficFlow.Core.Sites;
using TrafficFlow.Wire.Authorization;
using TrafficFlow.Wire.Operations;
using TrafficFlow.Wire.Serialization;

namespace TrafficFlow.Wire.Commands;

/// <summary>Commands from a server to a roadside node, and their answers.</summary>
internal static class CommandsWire
{
    public static readonly IReadOnlyList<WireLine> Lines =
    [
        WireLine.For<SiteCommand, Proto.SiteCommand>("site-command-v1", Write, Read),
        WireLine.For<SiteCommandAnswer, Proto.SiteCommandAnswer>("site-command-answer-v1", Write, Read),
    ];

    private static Proto.SiteCommand Write(SiteCommand c) =>
        new() { Site = c.Site.Value, Words = { c.Words }, Name = c.Principal.Name, Account = c.Principal.Account };

    private static SiteCommand Read(Proto.SiteCommand c) => new(new SiteId(c.Site), [.. c.Words], new Principal(c.Name, c.Account));

    private static Proto.SiteCommandAnswer Write(SiteCommandAnswer answer) => answer.Reply switch
    {
        InspectionTables tables => new Proto.SiteCommandAnswer { Ok = true, Tables = { tables.Tables.Select(Write) } },
        CommandFailed failed => new Proto.SiteCommandAnswer { Reason = failed.Reason, Remedy = failed.Remedy },
        _ => throw new ArgumentOutOfRangeException(nameof(answer), answer, "no such reply"),
    };

    private static SiteCommandAnswer Read(Proto.SiteCommandAnswer answer) => new(answer.Ok
        ? new InspectionTables([.. answer.Tables.Select(Read)])
        : new CommandFailed(answer.Reason, answer.Remedy));

    private static Proto.InspectionTable Write(InspectionTable table) => new()
    {
        Name = table.Name,
        Columns = { table.Columns.Select(c => new Proto.InspectionColumn { Name = c.Name, Unit = c.Unit, Kind = (int)c.Kind }) },
        Rows = { table.Rows.Select(r => new Proto.InspectionRow { Cells = { r.Select(Cell) } }) },
        Notes = { table.Notes },
    };

    private static InspectionTable Read(Proto.InspectionTable table)
    {
        if (table.Rows.Any(r => r.Cells.Count != table.Columns.Count)) throw new SerializationException($"a row of {table.Name} has not {table.Columns.Count} cells");
        return new InspectionTable(
            table.Name,
            [.. table.Columns.Select(c => new InspectionColumn(c.Name, c.Unit, WireValues.Enum<CellKind>(c.Kind)))],
            [.. table.Rows.Select(r => r.Cells.Select(Cell).ToImmutableArray())],
            [.. table.Notes]);
    }

    private static Proto.InspectionCell Cell(object? cell) => cell switch
    {
        null => new Proto.InspectionCell(),
        string text => new Proto.InspectionCell { Text = text },
        long whole => new Proto.InspectionCell { Whole = whole },
        double number => new Proto.InspectionCell { Number = number },
        bool flag => new Proto.InspectionCell { Flag = flag },
        DateTimeOffset time => new Proto.InspectionCell { TimeTicks = WireValues.Ticks(time) },
        _ => throw new ArgumentOutOfRangeException(nameof(cell), cell, "no such cell"),
    };

    private static object? Cell(Proto.InspectionCell cell) => cell.ValueCase switch
    {
        Proto.InspectionCell.ValueOneofCase.Text => cell.Text,
        Proto.InspectionCell.ValueOneofCase.Whole => cell.Whole,
        Proto.InspectionCell.ValueOneofCase.Number => cell.Number,
        Proto.InspectionCell.ValueOneofCase.Flag => cell.Flag,
        Proto.InspectionCell.ValueOneofCase.TimeTicks => WireValues.Time(cell.TimeTicks),
        _ => null,
    };
}
