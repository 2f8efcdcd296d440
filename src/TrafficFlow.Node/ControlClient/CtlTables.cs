using Spectre.Console;
using TrafficFlow.Wire.Operations;

namespace TrafficFlow.Node.ControlClient;

/// <summary>A node's answer as tables for people.</summary>
internal static class CtlTables
{
    /// <summary>A row in a pipe is never folded: grep and files want it whole.</summary>
    private const int Unbounded = 10_000;

    public static void Write(IAnsiConsole console, IReadOnlyList<InspectionTable> tables) => Write(console, tables, console.Profile.Out.IsTerminal);

    private static void Write(IAnsiConsole console, IReadOnlyList<InspectionTable> tables, bool isTerminal)
    {
        if (!isTerminal) console.Profile.Width = Unbounded;
        foreach (var table in tables)
        {
            var title = tables.Count > 1 ? table.Name : table.Rows.IsEmpty ? $"no {table.Name}" : "";
            if (title.Length > 0) console.Write(new Text($"{title}\n", new Style(decoration: Decoration.Bold)));
            if (!table.Rows.IsEmpty) Write(console, CtlLayout.Of(table, console.Profile.Width));
            else if (tables.Count > 1) console.Write(new Text("  none\n"));
            foreach (var note in table.Notes) console.Write(new Text($"{note}\n"));
        }
    }

    /// <summary>What a terminal of so many columns would show, without its colours.</summary>
    public static string TextOf(IReadOnlyList<InspectionTable> tables, int width)
    {
        var text = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(text), Ansi = AnsiSupport.No, Interactive = InteractionSupport.No });
        console.Profile.Width = width;
        Write(console, tables, isTerminal: true);
        return text.ToString();
    }

    private static void Write(IAnsiConsole console, CtlLayout layout)
    {
        var rendered = new Table().Border(TableBorder.Simple);
        foreach (var column in layout.Columns)
        {
            var header = new TableColumn(new Text(column.Header)) { Width = column.Width, Padding = new Padding(0, 0, 1, 0) };
            if (column.IsNumber) header.RightAligned();
            rendered.AddColumn(header);
        }

        foreach (var row in layout.Rows) rendered.AddRow(row.Select(c => new Text(c)));
        console.Write(rendered);
        foreach (var below in layout.Below) console.Write(new Text($"{below}\n"));
    }
}
