namespace TrafficFlow.Vision.Onnx.Recognition;

/// <summary>Which of a model's tensors are fed and read, and in which order; sizes as they are for one picture of the chosen size.</summary>
/// <param name="Picture">1x3xHxW.</param>
/// <param name="Outputs">In the order in which the layout is read: rows; boxes, scores; or boxes, scores, labels.</param>
/// <param name="PictureSize">Input that takes the picture's width and height, where the model asks for it.</param>
/// <param name="IsTurned">The one output has a column for each box instead of a row.</param>
/// <param name="Strides">Sizes of the grid's cells in pixels, where rows belong to cells; else empty.</param>
public sealed record OnnxShape(
    OnnxTensor Picture,
    IReadOnlyList<OnnxTensor> Outputs,
    OnnxTensor? PictureSize = null,
    bool IsTurned = false,
    IReadOnlyList<int>? Strides = null)
{
    public int InputHeight => Picture.Size[2];
    public int InputWidth => Picture.Size[3];

    /// <summary>Boxes that the model tells; 0 where only its answer tells.</summary>
    public int Rows => Math.Max(0, Outputs[0].Size[IsTurned ? 2 : 1]);

    /// <summary>Numbers for each box in the first output.</summary>
    public int Values => Outputs[0].Size[IsTurned ? 1 : 2];

    public override string ToString() => $"{Picture} -> {string.Join(", ", Outputs)}";
}
