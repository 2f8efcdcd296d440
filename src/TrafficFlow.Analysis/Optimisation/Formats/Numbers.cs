using System.Globalization;
using System.Text.Json;

namespace TrafficFlow.Analysis.Optimisation.Formats;

/// <summary>Numbers of models as text: each double is read back as it was.</summary>
internal static class Numbers
{
    /// <summary>As Python's repr: always with a point or an exponent.</summary>
    public static string Float(double value)
    {
        var text = value.ToString("R", CultureInfo.InvariantCulture);
        return text.AsSpan().ContainsAny('.', 'E') ? text : text + ".0";
    }

    /// <summary>Without exponent, which dimod's COO reader does not know; six decimals as dimod writes, or as many more as it takes to be read back as it was.</summary>
    public static string Decimal(double value)
    {
        var six = value.ToString("F6", CultureInfo.InvariantCulture);
        if (double.Parse(six, CultureInfo.InvariantCulture) == value) return six;
        var shortest = value.ToString("E16", CultureInfo.InvariantCulture);
        var round = value.ToString("R", CultureInfo.InvariantCulture);
        var exponent = int.Parse(shortest.AsSpan(shortest.IndexOf('E', StringComparison.Ordinal) + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        var digits = round.AsSpan(0, round.AsSpan().IndexOf('E') is var e and >= 0 ? e : round.Length).ToString().Count(char.IsAsciiDigit);
        return value.ToString($"F{Math.Clamp(digits - exponent, 6, 400)}", CultureInfo.InvariantCulture);
    }

    /// <exception cref="QuadraticModelException">It is no finite number.</exception>
    public static double Of(JsonElement element, string name, int index) =>
        element.ValueKind == JsonValueKind.Number && element.TryGetDouble(out var value) && double.IsFinite(value)
            ? value
            : throw new QuadraticModelException($"{name} has no finite number at entry {index}");

    /// <inheritdoc cref="Of(JsonElement, string, int)"/>
    public static double[] Of(JsonElement array, string name)
    {
        var values = new double[array.GetArrayLength()];
        var index = 0;
        foreach (var element in array.EnumerateArray()) values[index] = Of(element, name, index++);
        return values;
    }

    /// <exception cref="QuadraticModelException">It is no list of whole numbers from 0 to below count.</exception>
    public static int[] IndicesOf(JsonElement array, string name, int count)
    {
        if (array.ValueKind != JsonValueKind.Array) throw new QuadraticModelException($"{name} holds no list of indices");
        var values = new int[array.GetArrayLength()];
        var index = 0;
        foreach (var element in array.EnumerateArray())
        {
            if (element.ValueKind != JsonValueKind.Number || !element.TryGetInt32(out var value) || value < 0 || value >= count)
            {
                throw new QuadraticModelException($"{name} has no index of one of {count} variables at entry {index}");
            }

            values[index++] = value;
        }

        return values;
    }
}
