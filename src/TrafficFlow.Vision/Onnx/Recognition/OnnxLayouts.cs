namespace TrafficFlow.Vision.Onnx.Recognition;

/// <summary>Recognises a model's layout from the names and sizes of its tensors and from what its file says of it. Pure.</summary>
public static class OnnxLayouts
{
    /// <summary>Boxes of one cell in YOLOv5 and v7.</summary>
    public const int Anchors = 3;

    private const int DistributionBins = 8;

    /// <summary>A model without non-maximum suppression outside gives a few hundred boxes, never a grid's thousands.</summary>
    private const int MostEndToEnd = 1000;

    private static readonly int[] Usual = [8, 16, 32];
    private static readonly int[][] FourLevels = [Usual, [8, 16, 32, 64]];
    private static readonly int[][] AnyLevels = [Usual, [8, 16, 32, 64], [4, 8, 16, 32], [16, 32]];

    /// <summary>Null where the model is none of ours, or where two layouts would fit equally.</summary>
    public static OnnxLayout? Recognise(OnnxSignature model)
    {
        if (Fit(OnnxLayout.Detr, model) is not null) return OnnxLayout.Detr;
        if (Fit(OnnxLayout.RfDetr, model) is not null) return OnnxLayout.RfDetr;
        // DETR and YOLOS look the same, but have a class for nothing, and another picture.
        if (Fit(OnnxLayout.DetrRaw, model) is { } raw) return Classes(OnnxLayout.DetrRaw, raw) is 91 or 92 ? null : OnnxLayout.DetrRaw;
        var fitting = OnnxLayoutNames.All.Values.Where(layout => Fit(layout, model) is { } shape && (layout != OnnxLayout.YoloV8 || shape.Strides is not null)).ToHashSet();
        if (fitting.Count == 0) return null;
        if (model.Metadata.Names is { } names && OfNames(model, fitting, names.Count) is { } told) return told;
        return OfShape(model, fitting);
    }

    /// <summary>What would be fed and read if the model had the layout; null where it cannot have it.</summary>
    public static OnnxShape? Fit(OnnxLayout layout, OnnxSignature model)
    {
        if (model.Picture is not { Size: [<= 1, 3, > 0, > 0], IsReal: true } picture) return null;
        return layout switch
        {
            OnnxLayout.Detr => Detr(model, picture),
            OnnxLayout.DetrRaw => Raw(model, picture, model.Output("pred_boxes", "boxes"), model.Output("logits", "pred_logits")),
            OnnxLayout.RfDetr => Raw(model, picture, model.Output("dets"), model.Output("labels")),
            _ => OneOutput(model) is { } output && model.Inputs.Count == 1 ? Rows(layout, picture, output) : null,
        };
    }

    /// <summary>Null where the model writes class numbers and its shape does not tell how many there are.</summary>
    public static int? Classes(OnnxLayout layout, OnnxShape shape) => layout switch
    {
        OnnxLayout.Boxes or OnnxLayout.CentreBoxes or OnnxLayout.YoloV8 or OnnxLayout.DetrRows => shape.Values - 4,
        OnnxLayout.YoloX or OnnxLayout.YoloXDecoded or OnnxLayout.YoloV5 => shape.Values - 5,
        OnnxLayout.NanoDetPlus => shape.Values - (4 * DistributionBins),
        OnnxLayout.DetrRaw or OnnxLayout.RfDetr => shape.Outputs[1].Size[2],
        OnnxLayout.EndToEnd or OnnxLayout.Detr => null,
        _ => throw new ArgumentOutOfRangeException(nameof(layout)),
    };

    public static int Cells(int width, int height, IEnumerable<int> strides) =>
        strides.Sum(stride => ((width + stride - 1) / stride) * ((height + stride - 1) / stride));

    /// <summary>The class names that stand in the file tell how many of a row's numbers are scores.</summary>
    private static OnnxLayout? OfNames(OnnxSignature model, HashSet<OnnxLayout> fitting, int names)
    {
        if (fitting.Contains(OnnxLayout.DetrRows) && model.Metadata.IsRtDetr) return OnnxLayout.DetrRows;
        if (fitting.Contains(OnnxLayout.YoloX))
            return Has(OnnxLayout.YoloV5) ? OfShape(model, [OnnxLayout.YoloV5, OnnxLayout.YoloX]) : Has(OnnxLayout.YoloV8) ? OnnxLayout.YoloV8 : null;
        OnnxLayout[] order = [OnnxLayout.YoloV8, OnnxLayout.YoloV5, OnnxLayout.EndToEnd, OnnxLayout.NanoDetPlus];
        foreach (var layout in order)
            if (fitting.Contains(layout) && Has(layout)) return layout;
        return null;

        bool Has(OnnxLayout layout) => Fit(layout, model) is { } shape && (Classes(layout, shape) ?? names) == names;
    }

    private static OnnxLayout? OfShape(OnnxSignature model, HashSet<OnnxLayout> fitting)
    {
        var (input, output) = (model.Picture!, OneOutput(model)!);
        var (rows, values) = (output.Size[1], output.Size[2]);
        var hasCell = fitting.Contains(OnnxLayout.YoloX);
        if (input.Name == "data" && fitting.Contains(OnnxLayout.NanoDetPlus)) return OnnxLayout.NanoDetPlus;
        if (input.Name == "image" && fitting.Contains(OnnxLayout.Boxes) && (!hasCell || values < 32)) return OnnxLayout.Boxes;
        if (hasCell || fitting.Contains(OnnxLayout.YoloV8))
        {
            // A column for each cell is YOLOv8's alone. A row for each cell is told by the exporters' names and by COCO's 80 classes.
            if (Fit(OnnxLayout.YoloV8, model) is { IsTurned: true }) return OnnxLayout.YoloV8;
            if (hasCell && input.Name == "images" && output.Name == "output") return OnnxLayout.YoloX;
            if (hasCell && input.Name == "images" && output.Name == "outputs") return OnnxLayout.YoloV5;
            if (output.Name == "output0" || values == 84) return OnnxLayout.YoloV8;
            if (hasCell && values == 85) return OnnxLayout.YoloX;
            return values == 80 + (4 * DistributionBins) && fitting.Contains(OnnxLayout.NanoDetPlus) ? OnnxLayout.NanoDetPlus : null;
        }

        if (fitting.Contains(OnnxLayout.YoloV5)) return OnnxLayout.YoloV5;
        if (values == 80 + (4 * DistributionBins) && fitting.Contains(OnnxLayout.NanoDetPlus)) return OnnxLayout.NanoDetPlus;
        if (fitting.Contains(OnnxLayout.EndToEnd)) return OnnxLayout.EndToEnd;
        if (rows == 300 && values == 84) return OnnxLayout.DetrRows;
        return values is >= 5 and <= 16 && fitting.Contains(OnnxLayout.Boxes) ? OnnxLayout.Boxes : null;
    }

    private static OnnxShape? Rows(OnnxLayout layout, OnnxTensor picture, OnnxTensor output)
    {
        var (rows, values) = (output.Size[1], output.Size[2]);
        return layout switch
        {
            OnnxLayout.Boxes or OnnxLayout.CentreBoxes when values > 4 => new(picture, [output]),
            OnnxLayout.YoloX or OnnxLayout.YoloXDecoded when values > 5 && HasCells(rows, [Usual]) is { } strides => new(picture, [output], Strides: strides),
            OnnxLayout.NanoDetPlus when values > 4 * DistributionBins && HasCells(rows, FourLevels) is { } strides => new(picture, [output], Strides: strides),
            OnnxLayout.YoloV8 when rows > 4 && HasCells(values, AnyLevels) is { } strides => new(picture, [output], IsTurned: true, Strides: strides),
            OnnxLayout.YoloV8 when values > 4 && HasCells(rows, AnyLevels) is { } strides => new(picture, [output], Strides: strides),
            // Without a grid's cells it is YOLOv8's only where the settings say so.
            OnnxLayout.YoloV8 when values > 4 && rows >= values => new(picture, [output]),
            OnnxLayout.YoloV8 when rows > 4 && values > rows => new(picture, [output], IsTurned: true),
            OnnxLayout.YoloV5 when values > 5 && (HasCells(rows, AnyLevels, Anchors) ?? HasCells(rows, [Usual])) is { } strides => new(picture, [output], Strides: strides),
            OnnxLayout.EndToEnd when values == 6 && rows <= MostEndToEnd => new(picture, [output]),
            OnnxLayout.DetrRows when values > 4 && rows is > 0 and <= MostEndToEnd => new(picture, [output]),
            _ => null,
        };

        int[]? HasCells(int count, IEnumerable<int[]> levels, int anchors = 1) =>
            levels.FirstOrDefault(strides => anchors * Cells(picture.Size[3], picture.Size[2], strides) == count);
    }

    private static OnnxShape? Detr(OnnxSignature model, OnnxTensor picture)
    {
        if (model.Inputs.Count != 2 || model.Input("orig_target_sizes", "target_sizes", "orig_size", "orig_sizes") is not { IsWhole: true } size) return null;
        return model.Output("boxes") is { IsReal: true, Size: [_, _, 4] } boxes
            && model.Output("scores") is { IsReal: true, Size: [_, _] } scores
            && model.Output("labels") is { Type: not null, Size: [_, _] } labels
            ? new(picture, [boxes, scores, labels], size)
            : null;
    }

    private static OnnxShape? Raw(OnnxSignature model, OnnxTensor picture, OnnxTensor? boxes, OnnxTensor? logits) =>
        model.Inputs.Count == 1
        && boxes is { IsReal: true, Size: [<= 1, > 0, 4] }
        && logits is { IsReal: true, Size: [<= 1, > 0, > 0] } && logits.Size[1] == boxes.Size[1]
            ? new(picture, [boxes, logits])
            : null;

    /// <summary>The output with the rows. Older YOLOv5 exports have the grids of its levels beside it, which nobody needs.</summary>
    private static OnnxTensor? OneOutput(OnnxSignature model)
    {
        var rest = model.Outputs.Where(o => o.Size is not [_, Anchors, _, _, _]).ToList();
        return rest is [{ IsReal: true, Size: [<= 1, >= 0, > 0] } one] ? one : null;
    }
}
