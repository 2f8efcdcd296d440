namespace TrafficFlow.Vision.Onnx;

/// <summary>Where a frame of another shape lies in a model's picture.</summary>
public enum PicturePlace
{
    /// <summary>It fills the picture; its shape changes.</summary>
    Stretched,

    /// <summary>It keeps its shape, at the top left; the rest is border.</summary>
    TopLeft,

    /// <summary>It keeps its shape, in the middle; the rest is border.</summary>
    Centred,
}

/// <summary>How a layout's models were trained to see: order and scale of the colours, and where the frame lies.</summary>
/// <param name="IsRgb">The first plane is red; else blue.</param>
/// <param name="Border">Grey of what the frame does not fill, 0..255.</param>
/// <param name="Planes">For each plane of the input: value = Scale x pixel (0..255) + Offset.</param>
internal sealed record OnnxFeed(bool IsRgb, PicturePlace Place, float Border, IReadOnlyList<(float Scale, float Offset)> Planes)
{
    private static readonly (float, float)[] AsTheyAre = [(1, 0), (1, 0), (1, 0)];
    private static readonly (float, float)[] ToOne = [(1 / 255f, 0), (1 / 255f, 0), (1 / 255f, 0)];

    public static OnnxFeed For(OnnxLayout layout) => layout switch
    {
        OnnxLayout.Boxes or OnnxLayout.CentreBoxes => new(IsRgb: false, PicturePlace.Stretched, 0, AsTheyAre),
        OnnxLayout.YoloX or OnnxLayout.YoloXDecoded => new(IsRgb: false, PicturePlace.TopLeft, 114, AsTheyAre),
        OnnxLayout.NanoDetPlus => new(IsRgb: false, PicturePlace.Centred, 0, Normalised((103.53f, 57.375f), (116.28f, 57.12f), (123.675f, 58.395f))),
        OnnxLayout.YoloV8 or OnnxLayout.YoloV5 or OnnxLayout.EndToEnd => new(IsRgb: true, PicturePlace.Centred, 114, ToOne),
        OnnxLayout.Detr or OnnxLayout.DetrRaw or OnnxLayout.DetrRows => new(IsRgb: true, PicturePlace.Stretched, 0, ToOne),
        OnnxLayout.RfDetr => new(IsRgb: true, PicturePlace.Stretched, 0, Normalised((123.675f, 58.395f), (116.28f, 57.12f), (103.53f, 57.375f))),
        _ => throw new ArgumentOutOfRangeException(nameof(layout)),
    };

    private static (float, float)[] Normalised(params (float Mean, float Deviation)[] planes) => [.. planes.Select(p => (1 / p.Deviation, -p.Mean / p.Deviation))];
}
