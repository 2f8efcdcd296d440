using System.Text.Json;

namespace TrafficFlow.Analysis.Optimisation.Remote;

/// <summary>dimod's SampleSet as JSON, schema 3, as hybrid solvers answer ("bq"): samples packed to 32-bit words, the first variable in the lowest bit, or as lists of values.</summary>
internal static class SampleSetCodec
{
    /// <param name="answer">The object "answer".</param>
    /// <exception cref="RemoteSolverException">It is no answer to a model of so many variables.</exception>
    public static JobAnswer Decode(JsonElement answer, NumericModel model)
    {
        if (answer.ValueKind != JsonValueKind.Object || Text(answer, "format") != "bq" || !answer.TryGetProperty("data", out var set) || set.ValueKind != JsonValueKind.Object) throw Bad("its format is not bq");
        if (Text(set, "type") != "SampleSet" || !set.TryGetProperty("version", out var version) || Text(version, "sampleset_schema")?.StartsWith("3.", StringComparison.Ordinal) != true) throw Bad("it holds no sample set of schema 3");
        var count = model.Linear.Length;
        if (Whole(set, "num_variables") != count || !IsInOrder(set, count)) throw Bad("its variables are not those that were asked for");
        if (Text(set, "variable_type") != model.Vartype.NameOf()) throw Bad("its samples are of the other kind of values");
        var rows = Whole(set, "num_rows");
        var isPacked = !set.TryGetProperty("sample_packed", out var packed) || packed.ValueKind == JsonValueKind.True;
        var samples = Rows(Array(set, "sample_data"), rows).Select(r => isPacked ? Unpack(r, count, model.Vartype.Low()) : Values(r, count)).ToList();
        var vectors = set.TryGetProperty("vectors", out var all) && all.ValueKind == JsonValueKind.Object ? all : throw Bad("it has no vectors");
        var energies = Items(Array(vectors, "energy"), rows).Select(e => e.ValueKind == JsonValueKind.Number && e.TryGetDouble(out var energy) ? energy : throw Bad("an energy is no number")).ToList();
        List<int>? occurrences = vectors.TryGetProperty("num_occurrences", out _)
            ? [.. Items(Array(vectors, "num_occurrences"), rows).Select(o => o.ValueKind == JsonValueKind.Number && o.TryGetInt32(out var times) && times > 0 ? times : throw Bad("it does not count its samples as it lists them"))]
            : null;
        if (occurrences?.Sum(o => (long)o) > int.MaxValue) throw Bad("it counts more reads than anybody makes");
        return new JobAnswer(samples, energies, Charged(set, "info") ?? Charged(answer, "timing")) { Occurrences = occurrences };
    }

    /// <summary>In microseconds.</summary>
    private static TimeSpan? Charged(JsonElement holder, string name)
    {
        if (!holder.TryGetProperty(name, out var times) || times.ValueKind != JsonValueKind.Object) return null;
        foreach (var of in (string[])["charge_time", "run_time"])
        {
            if (times.TryGetProperty(of, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var micro) && micro is >= 0 and < 1e12) return TimeSpan.FromMicroseconds(micro);
        }

        return null;
    }

    private static bool IsInOrder(JsonElement set, int count)
    {
        if (!set.TryGetProperty("variable_labels", out var labels) || labels.ValueKind != JsonValueKind.Array || labels.GetArrayLength() != count) return false;
        var expected = 0;
        return labels.EnumerateArray().All(l => l.ValueKind == JsonValueKind.Number && l.TryGetInt32(out var label) && label == expected++);
    }

    private static JsonElement Array(JsonElement holder, string name)
    {
        if (!holder.TryGetProperty(name, out var array) || array.ValueKind != JsonValueKind.Object || Text(array, "type") != "array") throw Bad($"{name} is no array");
        if (array.TryGetProperty("use_bytes", out var bytes) && bytes.ValueKind == JsonValueKind.True) throw Bad($"{name} is in bytes, which JSON does not hold");
        return array.TryGetProperty("data", out var data) && data.ValueKind == JsonValueKind.Array ? data : throw Bad($"{name} is no array");
    }

    private static IEnumerable<JsonElement> Items(JsonElement list, int count) => list.GetArrayLength() == count ? list.EnumerateArray() : throw Bad($"a list has {list.GetArrayLength()} values for {count} samples");

    private static IEnumerable<JsonElement> Rows(JsonElement list, int count) => Items(list, count).Select(r => r.ValueKind == JsonValueKind.Array ? r : throw Bad("a sample is no list"));

    private static sbyte[] Unpack(JsonElement row, int count, sbyte low)
    {
        var words = row.EnumerateArray().Select(w => w.ValueKind == JsonValueKind.Number && w.TryGetUInt32(out var word) ? word : throw Bad("a sample holds what is no word of bits")).ToArray();
        if (words.Length != (count + 31) / 32) throw Bad($"a sample has {words.Length} words, and {(count + 31) / 32} are expected");
        return [.. Enumerable.Range(0, count).Select(i => (words[i / 32] >> (i % 32) & 1) == 1 ? (sbyte)1 : low)];
    }

    private static sbyte[] Values(JsonElement row, int count) =>
        row.GetArrayLength() == count
            ? [.. row.EnumerateArray().Select(v => v.ValueKind == JsonValueKind.Number && v.TryGetSByte(out var value) ? value : throw Bad("a sample holds what is no value"))]
            : throw Bad($"a sample has {row.GetArrayLength()} values, and {count} are expected");

    private static int Whole(JsonElement holder, string name) =>
        holder.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var whole) && whole >= 0 ? whole : throw Bad($"{name} is no number");

    private static string? Text(JsonElement holder, string name) =>
        holder.ValueKind == JsonValueKind.Object && holder.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static RemoteSolverException Bad(string what) => SapiProblem.Bad(what);
}
