namespace TrafficFlow.Vision.Onnx;

/// <summary>How a model wants its picture (<see cref="OnnxFeed"/>) and how it writes its answer (<see cref="OnnxOutputs"/>).</summary>
public enum OnnxLayout
{
    /// <summary>[1, N, 4 + classes]: x0, y0, x1, y1 in input pixels, then a score for each class.</summary>
    Boxes,

    /// <summary>As <see cref="Boxes"/>, but centre x, centre y, width, height.</summary>
    CentreBoxes,

    /// <summary>[1, cells, 5 + classes]: raw centre and size of each cell, objectness, scores.</summary>
    YoloX,

    /// <summary>As <see cref="YoloX"/>, exported with --decode_in_inference: centre and size in input pixels.</summary>
    YoloXDecoded,

    /// <summary>[1, cells, classes + 32]: scores, four box distributions.</summary>
    NanoDetPlus,

    /// <summary>[1, 4 + classes, cells], or turned [1, cells, 4 + classes]: centre and size in input pixels, scores. YOLOv8, v9, v11, v12.</summary>
    YoloV8,

    /// <summary>[1, 3 x cells, 5 + classes]: centre and size in input pixels, objectness, scores. YOLOv5 and v7; v6 with one row a cell.</summary>
    YoloV5,

    /// <summary>[1, N, 6]: x0, y0, x1, y1 in input pixels, score, class number. YOLOv10, YOLO26, and exports with nms=True.</summary>
    EndToEnd,

    /// <summary>labels, boxes (corners) and scores for a picture whose size is an input. RT-DETR and D-FINE as their authors export them.</summary>
    Detr,

    /// <summary>logits and pred_boxes: a logit for each class, centre and size as shares of the picture. RT-DETR and D-FINE of Hugging Face.</summary>
    DetrRaw,

    /// <summary>[1, queries, 4 + classes]: centre and size as shares of the picture, scores. RT-DETR of Ultralytics.</summary>
    DetrRows,

    /// <summary>As <see cref="DetrRaw"/>, named dets and labels, with a picture normalised as ImageNet's and the class numbers of COCO's papers.</summary>
    RfDetr,
}

/// <summary>The layouts as settings and messages name them.</summary>
public static class OnnxLayoutNames
{
    public static readonly IReadOnlyDictionary<string, OnnxLayout> All = new Dictionary<string, OnnxLayout>
    {
        ["boxes"] = OnnxLayout.Boxes,
        ["centre-boxes"] = OnnxLayout.CentreBoxes,
        ["yolox"] = OnnxLayout.YoloX,
        ["yolox-decoded"] = OnnxLayout.YoloXDecoded,
        ["nanodet-plus"] = OnnxLayout.NanoDetPlus,
        ["yolov8"] = OnnxLayout.YoloV8,
        ["yolov5"] = OnnxLayout.YoloV5,
        ["end-to-end"] = OnnxLayout.EndToEnd,
        ["detr"] = OnnxLayout.Detr,
        ["detr-raw"] = OnnxLayout.DetrRaw,
        ["detr-rows"] = OnnxLayout.DetrRows,
        ["rf-detr"] = OnnxLayout.RfDetr,
    };

    public static string Name(this OnnxLayout layout) => All.First(l => l.Value == layout).Key;

    /// <summary>What a model of the layout looks like.</summary>
    public static string Form(this OnnxLayout layout) => layout switch
    {
        OnnxLayout.Boxes => "image 1x3xHxW -> 1xNx(4+classes)",
        OnnxLayout.CentreBoxes => "the same with centre and size, if the settings say so",
        OnnxLayout.YoloX => "images 1x3xHxW -> output 1xcellsx(5+classes)",
        OnnxLayout.YoloXDecoded => "the same, exported with --decode_in_inference, if the settings say so",
        OnnxLayout.NanoDetPlus => "data 1x3xHxW -> 1xcellsx(classes+32)",
        OnnxLayout.YoloV8 => "images 1x3xHxW -> 1x(4+classes)xcells or turned",
        OnnxLayout.YoloV5 => "images 1x3xHxW -> 1x(3 x cells)x(5+classes)",
        OnnxLayout.EndToEnd => "images 1x3xHxW -> 1xNx6",
        OnnxLayout.Detr => "images, orig_target_sizes -> labels, boxes, scores",
        OnnxLayout.DetrRaw => "pixel_values 1x3xHxW -> logits, pred_boxes",
        OnnxLayout.DetrRows => "images 1x3xHxW -> 1x300x(4+classes)",
        OnnxLayout.RfDetr => "input 1x3xHxW -> dets, labels",
        _ => throw new ArgumentOutOfRangeException(nameof(layout)),
    };

    public static string Known { get; } = string.Join("; ", All.Select(l => $"{l.Key} ({l.Value.Form()})"));
}
