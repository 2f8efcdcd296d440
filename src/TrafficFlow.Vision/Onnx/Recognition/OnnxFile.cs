using System.Text;
using TrafficFlow.Core.Detection;

namespace TrafficFlow.Vision.Onnx.Recognition;

/// <summary>
/// Looks at a model file before ONNX Runtime does: it tells what somebody has taken for an ONNX model, where a file breaks off, and which
/// files of weights belong beside it. Reads tags and lengths of the protobuf only, not the weights.
/// </summary>
internal static class OnnxFile
{
    private const int Varint = 0, Fixed64 = 1, Delimited = 2, Fixed32 = 5;
    private const string Pytorch = "export it: yolo export model=FILE.pt format=onnx, or torch.onnx.export";

    private static readonly (byte[] Start, int At, string What, string Remedy)[] Others =
    [
        ([(byte)'P', (byte)'K', 3, 4], 0, "a zip archive, as PyTorch's .pt, Keras' .keras and packed models are", $"unpack it, or {Pytorch}"),
        ([0x80, 2], 0, "a pickle, as old PyTorch weights (.pt, .pth) are", Pytorch),
        ("TFL3"u8.ToArray(), 4, "a TensorFlow Lite model", "export the model it was made from: yolo export model=FILE.pt format=onnx, or python3 -m tf2onnx.convert --tflite FILE --inputs-as-nchw INPUT"),
        ([0x89, (byte)'H', (byte)'D', (byte)'F'], 0, "an HDF5 file, as Keras' .h5 is", "convert it with python3 -m tf2onnx.convert --inputs-as-nchw INPUT"),
        ("ftrt"u8.ToArray(), 0, "a TensorRT engine, which runs on the GPU that it was built on only", "take the .onnx file that it was built from"),
        ("ptrt"u8.ToArray(), 0, "a TensorRT engine, which runs on the GPU that it was built on only", "take the .onnx file that it was built from"),
        ("version https://git-lfs"u8.ToArray(), 0, "a pointer of Git LFS in the place of the file", "fetch the file itself: git lfs pull"),
        ("ORTM"u8.ToArray(), 4, "a model in ONNX Runtime's own .ort format", "take the .onnx file that it was made from"),
        ([0x1f, 0x8b], 0, "a gzip archive", "unpack it: gunzip or tar xf"),
        ("7z"u8.ToArray(), 0, "a 7z archive", "unpack it"),
        ("7767517"u8.ToArray(), 0, "an ncnn model", "take the .onnx file that it was made from"),
        ("GGUF"u8.ToArray(), 0, "a language model (GGUF)", "take a detector as .onnx"),
    ];

    /// <exception cref="DetectorException">It is missing, is something else, breaks off, or its weights are missing.</exception>
    public static void Check(string path, string detector)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16);
        var start = new byte[Math.Min(512, file.Length)];
        if (file.Length == 0) throw Refused("the file is empty", "copy or fetch it again");
        file.ReadExactly(start);
        foreach (var (bytes, at, what, remedy) in Others)
            if (start.AsSpan().Slice(Math.Min(at, start.Length)).StartsWith(bytes)) throw Refused($"it is {what}", remedy);
        if (Text(start) is { } text) throw Refused($"it is {text.What}", text.Remedy);

        var outside = new SortedSet<string>(StringComparer.Ordinal);
        file.Position = 0;
        try
        {
            if (!Walk(file, file.Length, outside)) throw Refused("its bytes are no ONNX protobuf", $"give the .onnx file; of another kind of model: {Pytorch}");
        }
        catch (EndOfStreamException)
        {
            throw Refused("it breaks off in the middle", "copy or fetch it again, and compare its size with the original's");
        }

        var missing = outside.Where(name => !File.Exists(Path.Combine(Path.GetDirectoryName(Path.GetFullPath(path))!, name))).ToList();
        if (missing.Count > 0)
        {
            throw Refused(
                $"its weights are in files beside it that are missing: {string.Join(", ", missing)}",
                "copy them into the same folder under the same names, or export the model in one file: torch.onnx.export(…, external_data=False)");
        }

        DetectorException Refused(string why, string remedy) => new(
            $"{path}: not an ONNX model that can be loaded (detector {detector}): {why}; found {file.Length} bytes that begin with \"{Printable(start)}\": {remedy}");
    }

    private static (string What, string Remedy)? Text(ReadOnlySpan<byte> start)
    {
        var text = Encoding.UTF8.GetString(start).TrimStart('\uFEFF', ' ', '\n', '\r', '\t');
        if (text.StartsWith("<!doctype html", StringComparison.OrdinalIgnoreCase) || text.StartsWith("<html", StringComparison.OrdinalIgnoreCase))
            return ("a web page", "the address gave a page and not the file: fetch it again, logged in where that is needed, from the address of the file itself");
        if (text.StartsWith("<?xml", StringComparison.Ordinal) || text.StartsWith("<net", StringComparison.Ordinal))
            return ("XML, as OpenVINO's models are", "take the .onnx file that it was made from, or export again: yolo export model=FILE.pt format=onnx");
        if (text.StartsWith('{') || text.StartsWith('['))
            return ("JSON, a settings file perhaps", "give the .onnx file");
        return text.Length > 0 && !start.ContainsAnyInRange((byte)0, (byte)8) && text.All(c => !char.IsControl(c) || char.IsWhiteSpace(c))
            ? ("a text", "give the .onnx file")
            : null;
    }

    /// <summary>Walks a ModelProto.</summary>
    /// <returns>False where it is none.</returns>
    /// <exception cref="EndOfStreamException">It breaks off.</exception>
    private static bool Walk(FileStream file, long end, SortedSet<string> outside)
    {
        var hasGraph = false;
        while (file.Position < end)
        {
            var (field, wire) = Tag(file);
            // ModelProto has the fields 1 to 26; a graph (7) is all that a model cannot lack.
            if (field is < 1 or > 26 || wire is not (Varint or Delimited)) return false;
            if (field == 7 && wire == Delimited)
            {
                hasGraph = true;
                var graphEnd = Delimit(file, end);
                while (file.Position < graphEnd)
                {
                    var (part, form) = Tag(file);
                    if (part == 5 && form == Delimited) Initializer(file, Delimit(file, graphEnd), outside);
                    else if (!Skip(file, form, graphEnd)) return false;
                }
            }
            else if (!Skip(file, wire, end))
            {
                return false;
            }
        }

        return hasGraph;
    }

    /// <summary>A TensorProto: where its data lie outside (field 14), field 13 says in which file.</summary>
    private static void Initializer(FileStream file, long end, SortedSet<string> outside)
    {
        while (file.Position < end)
        {
            var (field, wire) = Tag(file);
            if (field != 13 || wire != Delimited)
            {
                if (!Skip(file, wire, end)) throw new EndOfStreamException();
                continue;
            }

            var entryEnd = Delimit(file, end);
            var (key, value) = ("", "");
            while (file.Position < entryEnd)
            {
                var (part, form) = Tag(file);
                if (form != Delimited) throw new EndOfStreamException();
                var bytes = new byte[Delimit(file, entryEnd) - file.Position];
                file.ReadExactly(bytes);
                if (part == 1) key = Encoding.UTF8.GetString(bytes);
                if (part == 2) value = Encoding.UTF8.GetString(bytes);
            }

            if (key == "location") outside.Add(value);
        }
    }

    private static (int Field, int Wire) Tag(FileStream file)
    {
        var tag = ReadVarint(file);
        return ((int)(tag >> 3), (int)(tag & 7));
    }

    private static ulong ReadVarint(FileStream file)
    {
        var number = 0UL;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var next = file.ReadByte();
            if (next < 0) throw new EndOfStreamException();
            number |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80) break;
        }

        return number;
    }

    private static long Delimit(FileStream file, long end)
    {
        var length = ReadVarint(file);
        if (length > (ulong)(end - file.Position)) throw new EndOfStreamException();
        return file.Position + (long)length;
    }

    private static bool Skip(FileStream file, int wire, long end)
    {
        switch (wire)
        {
            case Varint:
                ReadVarint(file);
                return true;
            case Delimited:
                file.Position = Delimit(file, end);
                return true;
            case Fixed64 or Fixed32:
                var next = file.Position + (wire == Fixed64 ? 8 : 4);
                if (next > end) throw new EndOfStreamException();
                file.Position = next;
                return true;
            default:
                return false;
        }
    }

    private static string Printable(ReadOnlySpan<byte> start) =>
        string.Concat(start[..Math.Min(24, start.Length)].ToArray().Select(b => b is >= 32 and < 127 ? (char)b : '.'));
}
