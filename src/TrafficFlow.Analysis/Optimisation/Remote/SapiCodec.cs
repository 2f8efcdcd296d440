using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text.Json;

namespace TrafficFlow.Analysis.Optimisation.Remote;

/// <summary>
/// D-Wave's `qp` form: doubles, little-endian, base64. A linear bias for each qubit of the solver in its order, NaN where it is not used; a quadratic bias for each of the solver's couplers
/// whose two qubits are used, in its order. Answers have int32 and double arrays likewise; solutions are packed to bits, the most significant first, each to whole bytes.
/// </summary>
internal static class SapiCodec
{
    /// <summary>Python's float("nan") as struct.pack writes it.</summary>
    public const long UnusedBits = 0x7FF8000000000000;

    /// <summary>What a solver is: its qubits and couplers in the order in which it wants to be told biases.</summary>
    public sealed record Graph(ImmutableArray<int> Qubits, ImmutableArray<(int U, int V)> Couplers)
    {
        /// <exception cref="RemoteSolverException">It is no graph: biases could not be told in its order.</exception>
        public void Check()
        {
            var qubits = Qubits.ToHashSet();
            if (qubits.Count != Qubits.Length) throw Bad("the solver's definition has a qubit twice");
            var couplers = new HashSet<(int, int)>();
            foreach (var (u, v) in Couplers)
            {
                if (u == v || !qubits.Contains(u) || !qubits.Contains(v)) throw Bad("the solver's definition has a coupler that is not between two of its qubits");
                if (!couplers.Add((Math.Min(u, v), Math.Max(u, v)))) throw Bad("the solver's definition has a coupler twice");
            }
        }
    }

    /// <summary>Variable i on the i-th qubit: no embedding.</summary>
    /// <exception cref="RemoteSolverException">The model needs a coupler or a qubit that the solver does not have.</exception>
    public static (string Lin, string Quad) Encode(NumericModel model, Graph graph)
    {
        var count = model.Linear.Length;
        if (count > graph.Qubits.Length) throw Unsuitable($"the model has {count} variables, and the solver {graph.Qubits.Length} qubits");
        var positions = graph.Qubits.Take(count).Select((qubit, i) => (qubit, i)).ToDictionary(p => p.qubit, p => p.i);
        var missing = model.Couplings.ToDictionary(c => (c.U, c.V), c => c.Bias);
        var quadratic = new List<double>();
        foreach (var (u, v) in graph.Couplers)
        {
            if (!positions.TryGetValue(u, out var i) || !positions.TryGetValue(v, out var j)) continue;
            quadratic.Add(missing.Remove((Math.Min(i, j), Math.Max(i, j)), out var bias) ? bias : 0);
        }

        if (missing.Values.Any(bias => bias != 0))
        {
            throw Unsuitable("the model has couplings where the solver has no couplers: choose a solver that embeds models itself, or one in which all variables are coupled");
        }

        var linear = graph.Qubits.Select((_, k) => k < count ? model.Linear[k] : BitConverter.Int64BitsToDouble(UnusedBits));
        return (Pack(linear), Pack(quadratic));
    }

    public static string Pack(IEnumerable<double> values)
    {
        var all = values.ToArray();
        var bytes = new byte[all.Length * sizeof(double)];
        for (var i = 0; i < all.Length; i++) BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(i * sizeof(double)), BitConverter.DoubleToInt64Bits(all[i]));
        return Convert.ToBase64String(bytes);
    }

    /// <param name="answer">The object "answer".</param>
    /// <exception cref="RemoteSolverException">It is no answer to a model of so many variables on these qubits.</exception>
    public static JobAnswer Decode(JsonElement answer, NumericModel model, Graph graph)
    {
        if (answer.ValueKind != JsonValueKind.Object) throw Bad("it is no object");
        if (Text(answer, "format") is { } format && format != "qp") throw Bad($"its format is not qp");
        var active = Ints(answer, "active_variables");
        var energies = Doubles(answer, "energies");
        var occurrences = Ints(answer, "num_occurrences");
        var solutions = Bytes(answer, "solutions");
        var count = model.Linear.Length;
        if (!active.AsSpan().SequenceEqual(graph.Qubits.AsSpan()[..count])) throw Bad("its active variables are not those that were asked for");
        if (occurrences.Length != energies.Length || Array.Exists(occurrences, o => o < 1)) throw Bad("it does not count its samples as it lists them");
        if (occurrences.Sum(o => (long)o) > int.MaxValue) throw Bad("it counts more reads than anybody makes");
        var width = (count + 7) / 8;
        if (solutions.Length != width * energies.Length) throw Bad($"its solutions are {solutions.Length} bytes, and {energies.Length} of {width} bytes are expected");
        var low = model.Vartype.Low();
        var samples = new List<sbyte[]>(energies.Length);
        for (var s = 0; s < energies.Length; s++)
        {
            var sample = new sbyte[count];
            for (var i = 0; i < count; i++) sample[i] = (solutions[s * width + i / 8] >> (7 - i % 8) & 1) == 1 ? (sbyte)1 : low;
            samples.Add(sample);
        }

        // The service leaves the offset to the client.
        return new JobAnswer(samples, [.. energies.Select(e => e + model.Offset)], Charged(answer)) { Occurrences = occurrences };
    }

    /// <summary>In microseconds; qpu_access_time for a quantum computer, run_time for the others.</summary>
    private static TimeSpan? Charged(JsonElement answer)
    {
        if (!answer.TryGetProperty("timing", out var timing) || timing.ValueKind != JsonValueKind.Object) return null;
        foreach (var name in (string[])["qpu_access_time", "charge_time", "run_time"])
        {
            if (timing.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var micro) && micro is >= 0 and < 1e12) return TimeSpan.FromMicroseconds(micro);
        }

        return null;
    }

    private static string? Text(JsonElement element, string name) => element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static byte[] Bytes(JsonElement answer, string name) =>
        answer.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.TryGetBytesFromBase64(out var bytes) ? bytes : throw Bad($"{name} is no base64");

    private static int[] Ints(JsonElement answer, string name)
    {
        var bytes = Bytes(answer, name);
        if (bytes.Length % sizeof(int) != 0) throw Bad($"{name} is cut");
        return [.. Enumerable.Range(0, bytes.Length / sizeof(int)).Select(i => BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(i * sizeof(int))))];
    }

    private static double[] Doubles(JsonElement answer, string name)
    {
        var bytes = Bytes(answer, name);
        if (bytes.Length % sizeof(double) != 0) throw Bad($"{name} is cut");
        return [.. Enumerable.Range(0, bytes.Length / sizeof(double)).Select(i => BinaryPrimitives.ReadDoubleLittleEndian(bytes.AsSpan(i * sizeof(double))))];
    }

    private static RemoteSolverException Unsuitable(string message) => new(RemoteFailure.Unsuitable, message);

    private static RemoteSolverException Bad(string what) => new(RemoteFailure.BadAnswer, $"the service's answer is of no use: {what}");
}
