using System.Globalization;
using TrafficFlow.Wire.Operations;

namespace TrafficFlow.Node.ControlClient;

/// <param name="Width">Of the text, without what stands between columns.</param>
internal sealed record CtlColumn(string Header, int Width, bool IsNumber);

/// <summary>
/// How a table fits into a width: times lose a date that all share, long texts are folded, and one that would become a thin strip goes below
/// the table.
/// </summary>
/// <param name="Below">What did not fit, a line each.</param>
internal sealed record CtlLayout(IReadOnlyList<CtlColumn> Columns, IReadOnlyList<IReadOnlyList<string>> Rows, IReadOnlyList<string> Below)
{
    /// <summary>Blanks on both sides of the table, and between columns.</summary>
    private const int Around = 2;
    private const int Between = 2;

    /// <summary>No text is folded to less.</summary>
    private const int ThinnestText = 20;

    private sealed record Cells(InspectionColumn Column, string Header, IReadOnlyList<string> Texts)
    {
        public int Width => Header.Split('\n').Concat(Texts.SelectMany(t => t.Split('\n'))).Max(t => t.Length);
    }

    public static CtlLayout Of(InspectionTable table, int width)
    {
        var cells = table.Columns.Select((c, i) => Shown(c, [.. table.Rows.Select(r => r[i])])).ToList();
        var below = new List<string>();
        int[]? widths;
        while ((widths = Fit(cells, width)) is null)
        {
            // Only texts that explain a row can leave it; where there are none the terminal is too thin, and folds.
            var last = cells.FindLastIndex(c => c.Column.Kind == CellKind.Text);
            if (last <= 0 || cells[last].Width < ThinnestText) break;
            below.AddRange(table.Rows.Select((_, r) => (Name: cells[0].Texts[r], Text: cells[last].Texts[r])).Where(t => t.Text.Length > 0).Select(t => $"  {t.Name}: {t.Text}"));
            cells.RemoveAt(last);
        }

        widths ??= [.. cells.Select(c => c.Width)];
        return new CtlLayout(
            [.. cells.Select((c, i) => new CtlColumn(c.Header, widths[i], c.Column.Kind == CellKind.Number))],
            [.. table.Rows.Select((_, r) => (IReadOnlyList<string>)[.. cells.Select(c => c.Texts[r])])],
            below);
    }

    /// <returns>Null where it does not fit.</returns>
    private static int[]? Fit(IReadOnlyList<Cells> cells, int width)
    {
        var widths = cells.Select(c => c.Width).ToArray();
        for (var over = Around + (Between * cells.Count) + widths.Sum() - width; over > 0; over--)
        {
            var widest = -1;
            for (var i = 0; i < widths.Length; i++)
            {
                if (cells[i].Column.Kind == CellKind.Text && widths[i] > ThinnestText && (widest < 0 || widths[i] > widths[widest])) widest = i;
            }

            if (widest < 0) return null;
            widths[widest]--;
        }

        return widths;
    }

    private static Cells Shown(InspectionColumn column, IReadOnlyList<object?> cells)
    {
        var name = column.Name.Replace(' ', '\n');
        switch (column.Kind)
        {
            case CellKind.Time:
                var days = cells.OfType<DateTimeOffset>().Select(t => t.UtcDateTime.Date).Distinct().ToList();
                var isOneDay = days.Count == 1;
                var header = isOneDay ? $"{name}\n{days[0].ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}" : $"{name}\nUTC";
                return new Cells(column, header, [.. cells.Select(c => c is DateTimeOffset t ? Time(t, isOneDay) : "-")]);
            case CellKind.Path:
                var root = cells.Min(c => Depth((string)c!));
                return new Cells(column, name, [.. cells.Select(c => Indented((string)c!, root))]);
            default:
                return new Cells(column, column.Unit.Length == 0 ? name : $"{name}\n{column.Unit}", [.. cells.Select(Text)]);
        }
    }

    private static string Time(DateTimeOffset time, bool isOneDay) =>
        time.UtcDateTime.ToString(isOneDay ? "HH:mm:ss'Z'" : "yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    private static string Text(object? cell) => cell switch
    {
        null => "-",
        string text => text,
        bool flag => flag ? "yes" : "no",
        IFormattable value => value.ToString(null, CultureInfo.InvariantCulture),
        _ => throw new ArgumentOutOfRangeException(nameof(cell), cell, "no such cell"),
    };

    private static string Indented(string path, int root) =>
        Depth(path) == 1 ? path : $"{new string(' ', 2 * (Depth(path) - root))}{path[(path.LastIndexOf('/') + 1)..]}";

    private static int Depth(string path) => path.Count(c => c == '/');
}
