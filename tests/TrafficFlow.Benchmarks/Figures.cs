using System.Text.Json;
using System.Text.Json.Nodes;

namespace TrafficFlow.Benchmarks;

/// <summary>What a benchmark found, in the order in which it is printed. Keys carry their unit.</summary>
internal sealed class Figures
{
    private readonly JsonObject _values = [];

    public Figures Add(string key, double value, int digits)
    {
        _values.Add(key, JsonValue.Create(double.IsFinite(value) ? Math.Round(value, digits) : (double?)null));
        return this;
    }

    public Figures Add(string key, long value)
    {
        _values.Add(key, value);
        return this;
    }

    public Figures Add(string key, string text)
    {
        _values.Add(key, text);
        return this;
    }

    public Figures Add(string key, IEnumerable<long> values)
    {
        _values.Add(key, new JsonArray([.. values.Select(v => (JsonNode)v)]));
        return this;
    }

    public string ToJson(string name)
    {
        var all = new JsonObject { ["name"] = name };
        foreach (var (key, value) in _values) all.Add(key, value?.DeepClone());
        return all.ToJsonString(new JsonSerializerOptions { WriteIndented = false });
    }
}

internal static class Statistics
{
    public static double Median(this IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        if (sorted.Count == 0) return double.NaN;
        var middle = sorted.Count / 2;
        return sorted.Count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
