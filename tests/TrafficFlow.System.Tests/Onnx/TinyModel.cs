using System.Text;

namespace TrafficFlow.SystemTests.Onnx;

/// <summary>Writes small ONNX files, the protobuf by hand: graphs of a few nodes that ONNX Runtime really computes.</summary>
internal sealed class TinyModel
{
    public const int Real = 1, Byte = 2, Whole = 7, Half = 10;

    private readonly List<byte[]> _nodes = [];
    private readonly List<byte[]> _initializers = [];
    private readonly List<byte[]> _inputs = [];
    private readonly List<byte[]> _outputs = [];
    private readonly List<byte[]> _metadata = [];
    private int _names;

    public int Opset { get; init; } = 17;

    public int IrVersion { get; init; } = 8;

    /// <param name="size">Negative: left open.</param>
    public TinyModel Input(string name, int type, params int[] size)
    {
        _inputs.Add(ValueInfo(name, type, size));
        return this;
    }

    public TinyModel Output(string name, int type, params int[] size)
    {
        _outputs.Add(ValueInfo(name, type, size));
        return this;
    }

    public TinyModel Tells(string key, string value)
    {
        _metadata.Add([.. Text(1, key), .. Text(2, value)]);
        return this;
    }

    /// <returns>The name of what the node computes.</returns>
    public string Node(string operation, string[] inputs, params (string Name, object Value)[] attributes) =>
        Node(operation, "", inputs, $"n{++_names}", attributes);

    public string Node(string operation, string domain, string[] inputs, string output, params (string Name, object Value)[] attributes)
    {
        _nodes.Add([.. inputs.SelectMany(i => Text(1, i)), .. Text(2, output), .. Text(4, operation), .. attributes.SelectMany(a => Field(5, Attribute(a.Name, a.Value))), .. Text(7, domain)]);
        return output;
    }

    public string Constant(float[] values, params int[] size) => Initializer(Real, [.. values.SelectMany(BitConverter.GetBytes)], size);

    public string Constant(long[] values, params int[] size) => Initializer(Whole, [.. values.SelectMany(BitConverter.GetBytes)], size);

    /// <summary>Weights that lie in a file beside the model.</summary>
    public string Outside(string file, int bytes, params int[] size)
    {
        var name = $"w{++_names}";
        byte[] Entry(string key, string value) => Field(13, [.. Text(1, key), .. Text(2, value)]);
        _initializers.Add([.. Sizes(size), .. Number(2, Real), .. Text(8, name), .. Entry("location", file), .. Entry("offset", "0"), .. Entry("length", $"{bytes}"), .. Number(14, 1)]);
        return name;
    }

    public byte[] Build()
    {
        return
        [
            .. Number(1, IrVersion), .. Text(2, "tests"), .. Field(7, Graph()), .. Field(8, [.. Text(1, ""), .. Number(2, Opset)]),
            .. _metadata.SelectMany(m => Field(14, m)),
        ];
    }

    private byte[] Graph() =>
    [
        .. _nodes.SelectMany(n => Field(1, n)), .. Text(2, "tiny"), .. _initializers.SelectMany(i => Field(5, i)),
        .. _inputs.SelectMany(i => Field(11, i)), .. _outputs.SelectMany(o => Field(12, o)),
    ];

    private string Initializer(int type, byte[] raw, int[] size)
    {
        var name = $"c{++_names}";
        _initializers.Add([.. Sizes(size), .. Number(2, type), .. Text(8, name), .. Field(9, raw)]);
        return name;
    }

    private static byte[] ValueInfo(string name, int type, int[] size)
    {
        var shape = size.SelectMany((s, i) => Field(1, s < 0 ? Text(2, $"d{name}{i}") : Number(1, s)));
        return [.. Text(1, name), .. Field(2, Field(1, [.. Number(1, type), .. Field(2, [.. shape])]))];
    }

    private static byte[] Attribute(string name, object value) => value switch
    {
        int number => [.. Text(1, name), .. Number(3, number), .. Number(20, 2)],
        int[] numbers => [.. Text(1, name), .. numbers.SelectMany(n => Number(8, n)), .. Number(20, 7)],
        TinyModel graph => [.. Text(1, name), .. Field(6, graph.Graph()), .. Number(20, 5)],
        _ => throw new ArgumentException($"no attribute of {value}", nameof(value)),
    };

    private static IEnumerable<byte> Sizes(int[] size) => size.SelectMany(s => Number(1, s));

    private static byte[] Text(int field, string text) => Field(field, Encoding.UTF8.GetBytes(text));

    private static byte[] Field(int field, byte[] content) => [.. Varint((ulong)((field << 3) | 2)), .. Varint((ulong)content.Length), .. content];

    private static byte[] Number(int field, long value) => [.. Varint((ulong)(field << 3)), .. Varint((ulong)value)];

    private static byte[] Varint(ulong value)
    {
        var bytes = new List<byte>();
        for (; value >= 0x80; value >>= 7) bytes.Add((byte)(value | 0x80));
        bytes.Add((byte)value);
        return [.. bytes];
    }
}
