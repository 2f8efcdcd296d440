namespace TrafficFlow.Vision.Onnx;

/// <summary>How a model wants its picture and how it writes its answer.</summary>
public enum OnnxLayout
{
    /// <summary>Input stretched, BGR 0..255; output [1, N, 4 + classes]: x0, y0, x1, y1 in input pixels, then a score for each class.</summary>
    Boxes,

    /// <summary>Input letterboxed top left on 114, BGR 0..255; output [1, cells, 5 + classes]: raw centre and size, objectness, scores.</summary>
    YoloX,

    /// <summary>Input letterboxed in the centre on 0, normalised BGR; output [1, cells, classes + 32]: scores, four box distributions.</summary>
    NanoDetPlus,
}

/// <summary>Shape of a model as its file tells: names and sizes of its one input and one output; -1 is any size.</summary>
public sealed record OnnxShape(string InputName, IReadOnlyList<int> Input, string OutputName, IReadOnlyList<int> Output)
{
    public int InputHeight => Input[2];
    public int InputWidth => Input[3];

    public override string ToString() => $"{InputName} [{string.Join("x", Input)}] -> {OutputName} [{string.Join("x", Output)}]";
}

/// <summary>Recognises a model's layout from its tensor names and shapes. Pure.</summary>
public static class OnnxLayouts
{
    public const string Known =
        "boxes (image 1x3xHxW -> 1xNx(4+classes)), yolox (images 1x3xHxW -> 1xcellsx(5+classes)), nanodet-plus (data 1x3xHxW -> 1xcellsx(classes+32))";

    private const int DistributionBins = 8;

    public static readonly IReadOnlyList<int> YoloXStrides = [8, 16, 32];

    /// <summary>Null where the shape is none of ours.</summary>
    public static OnnxLayout? Recognise(OnnxShape shape)
    {
        if (!Fits(OnnxLayout.Boxes, shape)) return null;
        var (rows, values) = (shape.Output[1], shape.Output[2]);
        var fitsCells = rows == Cells(shape.InputWidth, shape.InputHeight, YoloXStrides);
        return shape.InputName switch
        {
            "images" when fitsCells && values > 5 => OnnxLayout.YoloX,
            "data" when values > 4 * DistributionBins && NanoDetStrides(shape) is not null => OnnxLayout.NanoDetPlus,
            "image" when !fitsCells || values < 32 => OnnxLayout.Boxes,
            // An exporter may have renamed the input: COCO's 80 classes tell the two cell layouts apart.
            _ when fitsCells && values == 85 => OnnxLayout.YoloX,
            _ when values == 80 + (4 * DistributionBins) && NanoDetStrides(shape) is not null => OnnxLayout.NanoDetPlus,
            _ when !fitsCells && values is >= 5 and <= 16 => OnnxLayout.Boxes,
            _ => null,
        };
    }

    /// <summary>True where the shape can be read as the layout: one picture in, and as many rows and values as the layout needs.</summary>
    public static bool Fits(OnnxLayout layout, OnnxShape shape) =>
        shape is { Input: [<= 1, 3, > 0, > 0], Output: [<= 1, _, > 4] } && layout switch
        {
            OnnxLayout.Boxes => true,
            OnnxLayout.YoloX => shape.Output[2] > 5 && shape.Output[1] == Cells(shape.InputWidth, shape.InputHeight, YoloXStrides),
            OnnxLayout.NanoDetPlus => shape.Output[2] > 4 * DistributionBins && NanoDetStrides(shape) is not null,
            _ => false,
        };

    public static int Classes(OnnxLayout layout, OnnxShape shape) => layout switch
    {
        OnnxLayout.Boxes => shape.Output[2] - 4,
        OnnxLayout.YoloX => shape.Output[2] - 5,
        OnnxLayout.NanoDetPlus => shape.Output[2] - (4 * DistributionBins),
        _ => throw new ArgumentOutOfRangeException(nameof(layout)),
    };

    /// <summary>NanoDet-Plus is exported with three or four levels; the number of cells tells which.</summary>
    public static IReadOnlyList<int>? NanoDetStrides(OnnxShape shape)
    {
        foreach (IReadOnlyList<int> strides in new[] { new[] { 8, 16, 32 }, new[] { 8, 16, 32, 64 } })
        {
            if (Cells(shape.InputWidth, shape.InputHeight, strides) == shape.Output[1]) return strides;
        }

        return null;
    }

    private static int Cells(int width, int height, IEnumerable<int> strides) =>
        strides.Sum(stride => ((width + stride - 1) / stride) * ((height + stride - 1) / stride));
}
