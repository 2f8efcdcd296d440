using System.Text;

namespace TrafficFlow.Vision.Onnx.Recognition;

/// <summary>
/// What a model's protobuf names beside its own weights: files, and operators of foreign domains. Reads tags and lengths, not weights; every
/// length is held against what is left, and the depth of graphs in graphs is bounded.
/// </summary>
internal sealed class OnnxContents
{
    public const int DeepestGraph = 16;

    /// <summary>ONNX's own operators. Whatever else an operator's domain names is code that somebody else brings along.</summary>
    private static readonly string[] s_domains = ["", "ai.onnx", "ai.onnx.ml"];

    private readonly SortedSet<string> _outside = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _functions = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _operators = new(StringComparer.Ordinal);

    private OnnxContents()
    {
    }

    public bool HasGraph { get; private set; }

    public bool IsTooDeep { get; private set; }

    /// <summary>Files that it names as the place of weights.</summary>
    public IReadOnlyCollection<string> Outside => _outside;

    /// <summary>Operators, with their domains, that are neither ONNX's nor spelt out in the file itself.</summary>
    public IReadOnlyCollection<string> ForeignOperators => [.. _operators.Except(_functions)];

    /// <returns>Null where it is no ModelProto.</returns>
    /// <exception cref="EndOfStreamException">It breaks off, or a length in it is wrong.</exception>
    public static OnnxContents? Of(ReadOnlySpan<byte> model)
    {
        var contents = new OnnxContents();
        for (var fields = new ProtobufFields(model); fields.Next();)
        {
            // ModelProto has the fields 1 to 26, numbers and blocks.
            if (fields.Number is < 1 or > 26 || fields.Form is not (ProtobufFields.Varint or ProtobufFields.Delimited)) return null;
            if (fields.Form != ProtobufFields.Delimited) continue;
            if (fields.Number == 7) contents.Graph(fields.Block, 0);
            else if (fields.Number == 20) contents.Training(fields.Block);
            else if (fields.Number == 25) contents.Function(fields.Block);
            // A graph is all that a model cannot lack.
            contents.HasGraph |= fields.Number == 7;
        }

        return contents;
    }

    private void Graph(ReadOnlySpan<byte> graph, int depth)
    {
        IsTooDeep |= depth > DeepestGraph;
        if (IsTooDeep) return;
        for (var fields = new ProtobufFields(graph); fields.Next();)
        {
            if (fields.Is(1)) Node(fields.Block, depth);
            else if (fields.Is(5)) Tensor(fields.Block);
            else if (fields.Is(15)) SparseTensor(fields.Block);
        }
    }

    private void Node(ReadOnlySpan<byte> node, int depth)
    {
        var (name, domain) = ("", "");
        for (var fields = new ProtobufFields(node); fields.Next();)
        {
            if (fields.Is(4)) name = fields.Text;
            else if (fields.Is(7)) domain = fields.Text;
            else if (fields.Is(5)) Attribute(fields.Block, depth);
        }

        if (!s_domains.Contains(domain)) _operators.Add($"{domain}.{name}");
    }

    private void Attribute(ReadOnlySpan<byte> attribute, int depth)
    {
        for (var fields = new ProtobufFields(attribute); fields.Next();)
        {
            if (fields.Is(5) || fields.Is(10)) Tensor(fields.Block);
            else if (fields.Is(6) || fields.Is(11)) Graph(fields.Block, depth + 1);
            else if (fields.Is(22) || fields.Is(23)) SparseTensor(fields.Block);
        }
    }

    /// <summary>A function that the file spells out, in operators that are looked at in their turn.</summary>
    private void Function(ReadOnlySpan<byte> function)
    {
        var (name, domain) = ("", "");
        for (var fields = new ProtobufFields(function); fields.Next();)
        {
            if (fields.Is(1)) name = fields.Text;
            else if (fields.Is(10)) domain = fields.Text;
            else if (fields.Is(7)) Node(fields.Block, 0);
        }

        _functions.Add($"{domain}.{name}");
    }

    private void Training(ReadOnlySpan<byte> training)
    {
        for (var fields = new ProtobufFields(training); fields.Next();)
            if (fields.Is(1) || fields.Is(2)) Graph(fields.Block, 0);
    }

    private void SparseTensor(ReadOnlySpan<byte> tensor)
    {
        for (var fields = new ProtobufFields(tensor); fields.Next();)
            if (fields.Is(1) || fields.Is(2)) Tensor(fields.Block);
    }

    /// <summary>Field 14 says that its data lie outside, field 13 where.</summary>
    private void Tensor(ReadOnlySpan<byte> tensor)
    {
        var (isOutside, place) = (false, "");
        for (var fields = new ProtobufFields(tensor); fields.Next();)
        {
            isOutside |= fields.Is(13) || fields is { Number: 14, Form: ProtobufFields.Varint, Value: not 0 };
            if (fields.Is(13) && Entry(fields.Block) is ("location", var value)) place = value;
        }

        if (isOutside) _outside.Add(place);
    }

    private static (string Key, string Value) Entry(ReadOnlySpan<byte> entry)
    {
        var (key, value) = ("", "");
        for (var fields = new ProtobufFields(entry); fields.Next();)
        {
            if (fields.Is(1)) key = fields.Text;
            else if (fields.Is(2)) value = fields.Text;
        }

        return (key, value);
    }
}

/// <summary>Walks the fields of one protobuf message; never beyond its end.</summary>
internal ref struct ProtobufFields(ReadOnlySpan<byte> message)
{
    public const int Varint = 0, Fixed64 = 1, Delimited = 2, Fixed32 = 5;

    /// <summary>Of a text that is shown: names are short, and control characters may mean something to a terminal.</summary>
    private const int LongestText = 120;

    private ReadOnlySpan<byte> _left = message;

    public int Number { get; private set; }

    public int Form { get; private set; }

    public ulong Value { get; private set; }

    public ReadOnlySpan<byte> Block { get; private set; }

    public readonly string Text =>
        string.Concat(Encoding.UTF8.GetString(Block[..Math.Min(Block.Length, LongestText)]).Select(c => char.IsControl(c) ? '?' : c));

    public readonly bool Is(int number) => Number == number && Form == Delimited;

    /// <returns>False at the end.</returns>
    /// <exception cref="EndOfStreamException">It breaks off, or a length is wrong.</exception>
    public bool Next()
    {
        if (_left.IsEmpty) return false;
        var tag = ReadVarint();
        // The tag of a field is of 32 bits.
        if (tag > uint.MaxValue) throw new EndOfStreamException();
        (Number, Form) = ((int)(tag >> 3), (int)(tag & 7));
        switch (Form)
        {
            case Varint:
                Value = ReadVarint();
                break;
            case Delimited:
                Block = Take(ReadVarint());
                break;
            case Fixed64 or Fixed32:
                Take(Form == Fixed64 ? 8UL : 4UL);
                break;
            // Groups, which ONNX has not: what stands in one would not be looked at.
            default:
                throw new EndOfStreamException();
        }

        return true;
    }

    private ReadOnlySpan<byte> Take(ulong length)
    {
        if (length > (ulong)_left.Length) throw new EndOfStreamException();
        var taken = _left[..(int)length];
        _left = _left[(int)length..];
        return taken;
    }

    private ulong ReadVarint()
    {
        var number = 0UL;
        for (var i = 0; i < 10; i++)
        {
            if (i >= _left.Length) throw new EndOfStreamException();
            number |= (ulong)(_left[i] & 0x7f) << (7 * i);
            if (_left[i] >= 0x80) continue;
            _left = _left[(i + 1)..];
            return number;
        }

        throw new EndOfStreamException();
    }
}
