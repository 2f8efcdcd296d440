using System.Text;
using TrafficFlow.Core.Detection;

namespace TrafficFlow.Vision.Onnx.Recognition;

/// <summary>
/// Looks at a model file before ONNX Runtime does: it tells what somebody has taken for an ONNX model and where a file breaks off, and refuses
/// what would make the runtime open other files or need code of others.
/// </summary>
internal static class OnnxFile
{
    /// <summary>The largest detectors have half of it.</summary>
    public const long MostBytes = 1L << 30;

    private const int ShownNames = 4;
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

    /// <summary>Reads it once: what is looked at is what is loaded.</summary>
    /// <exception cref="DetectorException">It is empty or too large.</exception>
    public static byte[] Read(string path, string detector)
    {
        using var file = File.OpenRead(path);
        if (file.Length > MostBytes)
        {
            throw new DetectorException(
                $"{path}: not an ONNX model that can be loaded (detector {detector}): it has {file.Length} bytes, and detectors have at most {MostBytes}: take a smaller variant of the model");
        }

        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return bytes;
    }

    /// <exception cref="DetectorException">It is something else, breaks off, keeps weights outside, or uses operators that are not ONNX's.</exception>
    public static void Check(string path, string detector, ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty) throw Refused(path, detector, bytes, "the file is empty", "copy or fetch it again");
        var start = bytes[..Math.Min(512, bytes.Length)];
        foreach (var (sign, at, what, remedy) in Others)
            if (start[Math.Min(at, start.Length)..].StartsWith(sign)) throw Refused(path, detector, bytes, $"it is {what}", remedy);
        if (Text(start) is { } text) throw Refused(path, detector, bytes, $"it is {text.What}", text.Remedy);
        OnnxContents? contents;
        try
        {
            contents = OnnxContents.Of(bytes);
        }
        catch (EndOfStreamException)
        {
            throw Refused(path, detector, bytes, "it breaks off in the middle", "copy or fetch it again, and compare its size with the original's");
        }

        if (contents is not { HasGraph: true }) throw Refused(path, detector, bytes, "its bytes are no ONNX protobuf", $"give the .onnx file; of another kind of model: {Pytorch}");
        if (contents.IsTooDeep) throw Refused(path, detector, bytes, $"its graphs are nested more than {OnnxContents.DeepestGraph} deep", $"export it again: {OnnxRefusals.Ultralytics}");
        if (contents.Outside.Count > 0)
        {
            throw Refused(
                path, detector, bytes, $"it keeps weights in other files ({Names(contents.Outside)}), and a model is to open no file",
                "export it in one file: torch.onnx.export(…, external_data=False), or python3 -c \"import onnx; onnx.save(onnx.load('IN.onnx'), 'OUT.onnx')\"");
        }

        if (contents.ForeignOperators.Count > 0)
        {
            throw Refused(
                path, detector, bytes, $"it uses operators that are not ONNX's own ({Names(contents.ForeignOperators)})",
                $"export it with ONNX's operators only: {OnnxRefusals.Ultralytics} nms=False; of a model that ONNX Runtime has optimised or quantised take the one before, or QDQ format");
        }
    }

    private static string Names(IReadOnlyCollection<string> names) =>
        string.Join(", ", names.Take(ShownNames)) + (names.Count > ShownNames ? $" and {names.Count - ShownNames} more" : "");

    private static DetectorException Refused(string path, string detector, ReadOnlySpan<byte> bytes, string why, string remedy) => new(
        $"{path}: not an ONNX model that can be loaded (detector {detector}): {why}; found {bytes.Length} bytes that begin with \"{Printable(bytes)}\": {remedy}");

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

    private static string Printable(ReadOnlySpan<byte> start) =>
        string.Concat(start[..Math.Min(24, start.Length)].ToArray().Select(b => b is >= 32 and < 127 ? (char)b : '.'));
}
