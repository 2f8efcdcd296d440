using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace TrafficFlow.Analysis.Optimisation.Remote;

/// <summary>
/// dimod's file of a binary quadratic model, version 2.0 without labels, as its to_file writes it: magic, version, length and JSON of the header, padded to 64 bytes; then the offset, for each variable where its
/// neighbours begin and its bias, and for each its neighbours in ascending order with the coupling's bias. Indices are int32, biases doubles, all little-endian and without gaps.
/// </summary>
internal static class DimodBqmFile
{
    private const int HeaderAlignment = 64;
    private const int Entry = sizeof(int) + sizeof(double);

    private static readonly byte[] s_magic = [.. "DIMODBQM"u8, 2, 0];

    /// <summary>For the audit: all that such a file holds.</summary>
    private static readonly ImmutableArray<string> s_fields = ["header.shape[]", "header.vartype", "linear[].bias", "linear[].start", "offset", "quadratic[].bias", "quadratic[].variable"];

    public static byte[] Write(NumericModel model)
    {
        var (count, couplings) = (model.Linear.Length, model.Couplings.Length);
        var header = Header(count, couplings, model.Vartype);
        var file = new byte[header.Length + sizeof(double) + (Entry * (count + (2 * couplings)))];
        header.CopyTo(file, 0);
        var at = header.Length;
        Double(model.Offset);
        var neighbours = Enumerable.Range(0, count).Select(_ => new List<(int V, double Bias)>()).ToArray();
        foreach (var (u, v, bias) in model.Couplings)
        {
            neighbours[u].Add((v, bias));
            neighbours[v].Add((u, bias));
        }

        var start = 0;
        for (var i = 0; i < count; i++)
        {
            Whole(start);
            Double(model.Linear[i]);
            start += neighbours[i].Count;
        }

        foreach (var (v, bias) in neighbours.SelectMany(n => n.OrderBy(c => c.V)))
        {
            Whole(v);
            Double(bias);
        }

        return file;

        void Whole(int value)
        {
            BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(at), value);
            at += sizeof(int);
        }

        void Double(double value)
        {
            BinaryPrimitives.WriteDoubleLittleEndian(file.AsSpan(at), value);
            at += sizeof(double);
        }
    }

    /// <summary>Looks at every byte: the header is the one that such a model has, nothing stands behind the last coupling, and what is no index is a finite number.</summary>
    /// <exception cref="DepartureRefusedException">It holds anything else.</exception>
    public static IEnumerable<string> Inspect(byte[] file)
    {
        var (count, couplings, vartype) = Shape(file);
        var header = Header(count, couplings, vartype);
        if (file.Length != header.Length + sizeof(double) + (Entry * ((long)count + (2L * couplings))) || !file.AsSpan(0, header.Length).SequenceEqual(header)) throw Refused();
        var at = header.Length;
        Finite();
        var starts = new int[count + 1];
        for (var i = 0; i < count; i++)
        {
            starts[i] = Whole();
            Finite();
        }

        starts[count] = 2 * couplings;
        for (var i = 0; i < count; i++)
        {
            if (starts[i] > starts[i + 1] || starts[0] != 0) throw Refused();
            var last = -1;
            for (var k = starts[i]; k < starts[i + 1]; k++)
            {
                var v = Whole();
                if (v <= last || v >= count || v == i) throw Refused();
                last = v;
                Finite();
            }
        }

        return s_fields;

        int Whole()
        {
            at += sizeof(int);
            return BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(at - sizeof(int)));
        }

        void Finite()
        {
            at += sizeof(double);
            if (!double.IsFinite(BinaryPrimitives.ReadDoubleLittleEndian(file.AsSpan(at - sizeof(double))))) throw Refused();
        }
    }

    /// <summary>From the JSON of the header, by its places: whatever else stands there does not equal the header that is made of them.</summary>
    private static (int Variables, int Couplings, Vartype Vartype) Shape(byte[] file)
    {
        var head = Encoding.Latin1.GetString(file, 0, Math.Min(file.Length, 512));
        var from = head.IndexOf("\"shape\": [", StringComparison.Ordinal);
        var to = from < 0 ? -1 : head.IndexOf(']', from);
        if (to < 0) throw Refused();
        var shape = head[(from + 10)..to].Split(", ");
        return shape.Length == 2 && int.TryParse(shape[0], NumberStyles.None, CultureInfo.InvariantCulture, out var count) && int.TryParse(shape[1], NumberStyles.None, CultureInfo.InvariantCulture, out var couplings)
            ? (count, couplings, head.Contains("\"SPIN\"", StringComparison.Ordinal) ? Vartype.Spin : Vartype.Binary)
            : throw Refused();
    }

    private static byte[] Header(int variables, int couplings, Vartype vartype)
    {
        // As Python's json.dumps writes it with sorted keys.
        var json = string.Create(
            CultureInfo.InvariantCulture,
            $"{{\"dtype\": \"float64\", \"itype\": \"int32\", \"ntype\": \"int32\", \"shape\": [{variables}, {couplings}], \"type\": \"BinaryQuadraticModel\", \"variables\": false, \"vartype\": \"{vartype.NameOf()}\"}}\n");
        var bare = s_magic.Length + sizeof(int) + json.Length;
        var header = new byte[(bare + HeaderAlignment - 1) / HeaderAlignment * HeaderAlignment];
        s_magic.CopyTo(header, 0);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(s_magic.Length), header.Length - s_magic.Length - sizeof(int));
        Encoding.ASCII.GetBytes(json, header.AsSpan(s_magic.Length + sizeof(int)));
        header.AsSpan(bare).Fill((byte)' ');
        return header;
    }

    private static DepartureRefusedException Refused() => new("a file of a model was to leave that holds more than numbers: the program is to be mended");
}
