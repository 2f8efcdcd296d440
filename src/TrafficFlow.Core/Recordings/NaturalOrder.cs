namespace TrafficFlow.Core.Recordings;

/// <summary>Orders names as people do: part 9 comes before part 10. The same names always come in the same order.</summary>
public sealed class NaturalOrder : IComparer<string>
{
    public static readonly NaturalOrder Instance = new();

    public int Compare(string? x, string? y)
    {
        var (a, b) = (x ?? "", y ?? "");
        for (int i = 0, j = 0; i < a.Length && j < b.Length;)
        {
            var order = char.IsAsciiDigit(a[i]) && char.IsAsciiDigit(b[j])
                ? CompareNumbers(a, ref i, b, ref j)
                : char.ToLowerInvariant(a[i++]).CompareTo(char.ToLowerInvariant(b[j++]));
            if (order != 0) return order;
        }

        var byLength = a.Length.CompareTo(b.Length);
        return byLength != 0 ? byLength : string.CompareOrdinal(a, b);
    }

    /// <summary>By value, without a limit to their length.</summary>
    private static int CompareNumbers(string a, ref int i, string b, ref int j)
    {
        var left = Number(a, ref i);
        var right = Number(b, ref j);
        var byLength = left.Length.CompareTo(right.Length);
        return byLength != 0 ? byLength : left.CompareTo(right, StringComparison.Ordinal);
    }

    private static ReadOnlySpan<char> Number(string text, ref int at)
    {
        while (at < text.Length && text[at] == '0') at++;
        var from = at;
        while (at < text.Length && char.IsAsciiDigit(text[at])) at++;
        return text.AsSpan(from, at - from);
    }
}
