using System.Text.Json;

namespace TrafficFlow.Analysis.Optimisation.Remote;

/// <summary>Samples and energies as plain lists of numbers.</summary>
internal static class SampleLists
{
    /// <exception cref="RemoteSolverException">They are missing or no such lists.</exception>
    public static JobAnswer Read(JsonElement root, string samples, string energies)
    {
        if (root.ValueKind != JsonValueKind.Object) throw Bad("it is no object");
        if (!root.TryGetProperty(samples, out var lists) || lists.ValueKind != JsonValueKind.Array) throw Bad($"it has no list {samples}");
        if (!root.TryGetProperty(energies, out var told) || told.ValueKind != JsonValueKind.Array) throw Bad($"it has no list {energies}");
        return new JobAnswer([.. lists.EnumerateArray().Select(Sample)], [.. told.EnumerateArray().Select(Energy)], null);
    }

    /// <returns>Null where it is not told, or is no time.</returns>
    public static TimeSpan? Milliseconds(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var milli) && milli is >= 0 and < 1e9 ? TimeSpan.FromMilliseconds(milli) : null;

    private static sbyte[] Sample(JsonElement list)
    {
        if (list.ValueKind != JsonValueKind.Array) throw Bad("a sample is no list");
        var sample = new sbyte[list.GetArrayLength()];
        var i = 0;
        foreach (var value in list.EnumerateArray())
        {
            if (value.ValueKind != JsonValueKind.Number || !value.TryGetDouble(out var number) || number is not (-1 or 0 or 1)) throw Bad("a sample has a value that is no -1, 0 or 1");
            sample[i++] = (sbyte)number;
        }

        return sample;
    }

    private static double Energy(JsonElement value) => value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var energy) ? energy : throw Bad("an energy is no number");

    private static RemoteSolverException Bad(string what) => new(RemoteFailure.BadAnswer, $"the service's answer is of no use: {what}");
}
