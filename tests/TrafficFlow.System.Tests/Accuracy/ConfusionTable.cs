using System.Globalization;

namespace TrafficFlow.SystemTests.Accuracy;

/// <summary>How often what was truly one name was called another. Calling it nothing is no error, but is counted.</summary>
internal sealed class ConfusionTable
{
    private readonly SortedDictionary<(string True, string Called), int> _counts = [];

    /// <param name="called">Empty where nothing was said.</param>
    public void Add(string actual, string called) => _counts[(actual, called)] = _counts.GetValueOrDefault((actual, called)) + 1;

    public int Total => _counts.Values.Sum();

    /// <summary>Of these, how many were given a name.</summary>
    public int Called => _counts.Where(c => c.Key.Called.Length > 0).Sum(c => c.Value);

    public int Right => _counts.Where(c => c.Key.True == c.Key.Called).Sum(c => c.Value);

    /// <summary>Right ones among those that were given a name, 0..1.</summary>
    public double Accuracy => Called == 0 ? double.NaN : (double)Right / Called;

    /// <summary>Share that was given a name, 0..1.</summary>
    public double Coverage => Total == 0 ? double.NaN : (double)Called / Total;

    public string ToText(string title)
    {
        var rows = _counts.Keys.Select(k => k.True).Distinct().ToList();
        var columns = _counts.Keys.Select(k => k.Called).Where(c => c.Length > 0).Union(rows).Order(StringComparer.Ordinal).Append("").ToList();
        var lines = new List<string>
        {
            string.Create(CultureInfo.InvariantCulture, $"{title}: {Right} of {Called} right = {100 * Accuracy:0.0} %, {Total - Called} of {Total} not judged"),
            "true \\ called".PadRight(16) + string.Concat(columns.Select(c => (c.Length == 0 ? "-" : Short(c)).PadLeft(8))),
        };
        foreach (var row in rows)
            lines.Add(row.PadRight(16) + string.Concat(columns.Select(c => (_counts.TryGetValue((row, c), out var n) ? $"{n}" : ".").PadLeft(8))));
        return string.Join('\n', lines);
    }

    private static string Short(string name) => name.Length <= 7 ? name : name[..7];
}
