using System.Globalization;
using System.Text;

namespace TrafficFlow.Core.Texts;

/// <summary>
/// How a CSV file writes its cells: with commas and decimal points, or, as Excel does in Germany, France and elsewhere, with semicolons and
/// decimal commas. The header tells.
/// </summary>
/// <param name="Separator">Between two cells.</param>
public readonly record struct CsvForm(char Separator)
{
    /// <summary>Commas and decimal points, as RFC 4180 has it.</summary>
    public static readonly CsvForm Comma = new(',');

    /// <summary>Semicolons and decimal commas.</summary>
    public static readonly CsvForm Semicolon = new(';');

    /// <param name="header">The file's first line. Column names hold no separator.</param>
    public static CsvForm Of(string header)
    {
        var form = new CsvForm(',');
        foreach (var other in (ReadOnlySpan<char>)[';', '\t'])
        {
            if (header.Count(c => c == other) > header.Count(c => c == form.Separator)) form = new CsvForm(other);
        }

        return form;
    }

    /// <summary>A finite number, with a decimal point, or a decimal comma where that does not separate cells. False where it is none.</summary>
    public bool TryNumber(string text, out double number)
    {
        if (Separator != ',' && !text.Contains('.', StringComparison.Ordinal)) text = text.Replace(',', '.');
        return double.TryParse(text.Trim(), NumberStyles.Float, CultureInfo.InvariantCulture, out number) && double.IsFinite(number);
    }

    /// <summary>
    /// The text of a table of our own, with commas and decimal points, in this form. A cell that is figures, a point and figures is a number: our names hold no point.
    /// </summary>
    public string Rewrite(string table)
    {
        if (Separator == Comma.Separator) return table;
        var text = new StringBuilder(table.Length + 16);
        for (var i = 0; i < table.Length;)
        {
            if (table[i] == '"') i = Quoted(table, i, text);
            else i = Bare(table, i, text);
            if (i < table.Length) text.Append(table[i] == ',' ? Separator : table[i]);
            i++;
        }

        return text.ToString();
    }

    /// <returns>Behind the cell.</returns>
    private int Bare(string table, int start, StringBuilder text)
    {
        var length = table.AsSpan(start).IndexOfAny(",\r\n");
        var cell = table.AsSpan(start, length < 0 ? table.Length - start : length);
        var digits = cell is ['-', .. var rest] ? rest : cell;
        var point = digits.IndexOf('.');
        var isNumber = point > 0 && !digits[..point].ContainsAnyExceptInRange('0', '9') && digits.Length > point + 1 && !digits[(point + 1)..].ContainsAnyExceptInRange('0', '9');
        // What was no reason for quotes may be one now.
        if (isNumber) text.Append(cell[..^(digits.Length - point)]).Append(',').Append(digits[(point + 1)..]);
        else if (cell.Contains(Separator)) text.Append('"').Append(cell).Append('"');
        else text.Append(cell);
        return start + cell.Length;
    }

    /// <inheritdoc cref="Bare"/>
    private static int Quoted(string table, int start, StringBuilder text)
    {
        var end = start + 1;
        while (end < table.Length && (table[end] != '"' || (end + 1 < table.Length && table[end + 1] == '"'))) end += table[end] == '"' ? 2 : 1;
        end = Math.Min(end + 1, table.Length);
        text.Append(table, start, end - start);
        return end;
    }
}
