using System.Globalization;

namespace TrafficFlow.Core.Texts;

/// <summary>
/// How a CSV file writes its cells: with commas and decimal points, or, as Excel does in Germany, France and elsewhere, with semicolons and
/// decimal commas. The header tells.
/// </summary>
/// <param name="Separator">Between two cells.</param>
public readonly record struct CsvForm(char Separator)
{
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
}
