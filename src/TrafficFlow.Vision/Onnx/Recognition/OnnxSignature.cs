using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace TrafficFlow.Vision.Onnx.Recognition;

/// <summary>One input or output of a model.</summary>
/// <param name="Type">Null where it is no tensor but a sequence or a map.</param>
/// <param name="Size">Its dimensions; -1 is any size; empty where the file does not tell or for a single number.</param>
public sealed record OnnxTensor(string Name, TensorElementType? Type, IReadOnlyList<int> Size)
{
    public bool IsReal => Type is TensorElementType.Float or TensorElementType.Float16;

    public bool IsWhole => Type is TensorElementType.Int64 or TensorElementType.Int32;

    /// <summary>Its sizes were seen in an answer, not read from the file: the next answer may have others.</summary>
    public bool IsObserved { get; init; }

    /// <summary>The file fixes all its dimensions.</summary>
    public bool IsFixed => !IsObserved && Size.Count > 0 && Size.All(size => size > 0);

    public override string ToString()
    {
        var type = Type switch
        {
            TensorElementType.Float => "",
            null => " (no tensor)",
            { } other => $" {other.ToString().ToLowerInvariant()}",
        };
        return $"{Name} [{string.Join("x", Size.Select(size => size < 0 ? "any" : $"{size}"))}]{type}";
    }
}

/// <summary>What a model's file tells of its inputs and outputs, in the file's order, and of itself.</summary>
public sealed record OnnxSignature(IReadOnlyList<OnnxTensor> Inputs, IReadOnlyList<OnnxTensor> Outputs, OnnxMetadata Metadata)
{
    /// <summary>The input that has the form of a picture, 1x3xHxW; null where none has or several have.</summary>
    public OnnxTensor? Picture => Inputs.Where(i => i.Size is [_, 3, _, _]).Take(2).ToList() is [var one] ? one : null;

    public static OnnxSignature Of(InferenceSession session) => new(
        [.. session.InputNames.Select(name => Of(name, session.InputMetadata[name]))],
        [.. session.OutputNames.Select(name => Of(name, session.OutputMetadata[name]))],
        new OnnxMetadata(session.ModelMetadata.CustomMetadataMap));

    public OnnxTensor? Input(params ReadOnlySpan<string> names) => Find(Inputs, names);

    public OnnxTensor? Output(params ReadOnlySpan<string> names) => Find(Outputs, names);

    public override string ToString() => $"{string.Join(", ", Inputs)} -> {string.Join(", ", Outputs)}";

    private static OnnxTensor Of(string name, NodeMetadata node) =>
        node.OnnxValueType == OnnxValueType.ONNX_TYPE_TENSOR ? new(name, node.ElementDataType, node.Dimensions) : new(name, null, []);

    private static OnnxTensor? Find(IReadOnlyList<OnnxTensor> tensors, ReadOnlySpan<string> names)
    {
        foreach (var name in names)
            if (tensors.FirstOrDefault(t => string.Equals(t.Name, name, StringComparison.OrdinalIgnoreCase)) is { } found) return found;
        return null;
    }
}
