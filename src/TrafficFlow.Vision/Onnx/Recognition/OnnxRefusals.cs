using Microsoft.ML.OnnxRuntime.Tensors;

namespace TrafficFlow.Vision.Onnx.Recognition;

/// <summary>
/// Says of a model that is none of our layouts what it probably is, and which export would be read. Pure. What cannot be told is told with
/// the list of the layouts.
/// </summary>
internal static class OnnxRefusals
{
    public const string Ultralytics = "yolo export model=FILE.pt format=onnx";

    /// <summary>What forbids any layout; null where nothing does.</summary>
    public static string? OfInputs(OnnxSignature model)
    {
        if (model.Metadata.Task is { } task and not "detect")
        {
            return $"it is a model for the task \"{task}\", which gives other rows than a detector; export one that was trained for detection, "
                + $"for example: yolo export model=yolo11n.pt format=onnx (not yolo11n-{Suffix(task)}.pt)";
        }

        if (model.Input("pixel_mask") is not null)
            return "it is a DETR with a pixel_mask, too slow for counting on a processor; take RT-DETR or D-FINE: optimum-cli export onnx --model PekingU/rtdetr_r18vd --task object-detection FOLDER";
        if (model.Input("im_shape", "scale_factor") is not null)
            return "it is a model of PaddleDetection, which scales its boxes itself; take RT-DETR from its PyTorch authors: python tools/export_onnx.py -c CONFIG -r WEIGHTS";
        if (model.Inputs.FirstOrDefault(i => i.Size is [_, _, _, 3]) is { } last)
            return $"its input has the colours last, as TensorFlow has them; convert it with python3 -m tf2onnx.convert --inputs-as-nchw {last.Name}";
        if (model.Inputs.FirstOrDefault(i => i.Size is [3, _, _]) is not null)
            return "its input has no batch, as torchvision's detectors have; take a YOLO, RT-DETR or D-FINE, for example: " + Ultralytics;
        if (model.Picture is not { } picture)
            return null;
        if (picture.Size[0] > 1)
            return $"it takes {picture.Size[0]} pictures at once, and each frame would cost as much as {picture.Size[0]}; export it with batch=1 or dynamic=True: {Ultralytics} batch=1";
        return picture.IsReal ? null : picture.Type == TensorElementType.UInt8
            ? $"its input takes bytes (uint8), as YOLO-NAS has it with preprocessing inside; export it with Ultralytics' NAS(\"yolo_nas_s.pt\").export(format=\"onnx\"), or another model: {Ultralytics}"
            : $"its input takes {picture.Type?.ToString().ToLowerInvariant()}; export it in float32 or float16: {Ultralytics} half=False";
    }

    /// <summary>What is known of a model that no layout fits.</summary>
    public static string OfOutputs(OnnxSignature model)
    {
        var outputs = model.Outputs;
        if (model.Output("num_dets", "num_detections", "detection_boxes", "det_boxes") is not null)
            return "its non-maximum suppression is inside, with outputs as TensorRT's plug-in or TensorFlow's detection API name them; export it without: YOLOv7: python export.py --weights FILE.pt --grid --simplify; others: " + Ultralytics;
        if (outputs is [{ Size: [_, 7] }])
            return "its non-maximum suppression is inside, with rows of batch, corners, class and score (YOLOv7 --end2end --max-wh, YOLO-NAS flat); export it without: python export.py --weights FILE.pt --grid --simplify";
        if (outputs.Any(o => o.Size is [_, 32, _, _]) && outputs.Any(o => o.Size.Count == 3))
            return "it is a model for segmentation; export one for detection: yolo export model=yolo11n.pt format=onnx";
        if (model.Output("logits", "pred_logits") is { Size: [_, _, 91 or 92] } && outputs.Any(o => o.Name == "pred_boxes"))
            return "it is a DETR or YOLOS with a class for nothing; take RT-DETR or D-FINE: optimum-cli export onnx --model PekingU/rtdetr_r18vd --task object-detection FOLDER";
        if (model.Output("dets") is { Size: [_, _, 5] })
            return "it is an export of MMDeploy, with corners and score in dets and whole numbers in labels; take a YOLO or RT-DETR from its authors: " + Ultralytics;
        if (model.Output("labels") is not null && model.Output("scores") is not null && outputs.Count == 3)
            return "it is a detector of torchvision or an SSD: the unit of its boxes is not told and its picture not ours; take a YOLO, RT-DETR or D-FINE: " + Ultralytics;
        if (outputs is [{ Size: [_, > 5] } one] && one.IsReal)
            return "it is a model for classification: it tells what a whole picture shows and finds nothing in it; export one for detection: yolo export model=yolo11n.pt format=onnx";
        if (outputs.Count > 1 && outputs.All(o => o.Size.Count == 5))
            return "it gives the raw grids of a YOLO; export it with decoding: YOLOv5: python export.py --include onnx; YOLOv7: python export.py --grid; YOLOv3 and v4: take a newer one: " + Ultralytics;
        if (outputs.Count == 2 && outputs.Any(o => o.Size is [_, _, 4] or [_, _, 1, 4]))
            return "it gives boxes and scores in two outputs, as SSD, YOLOv4, DAMO-YOLO and YOLO-NAS without post-processing do, each in another way; export one that is read: " + Ultralytics;
        if (outputs.Any(o => o.Size.Count == 4) || outputs.Count > 3)
            return "it gives the raw grids of its levels (as FastestDet, NanoDet before Plus, RetinaNet, EfficientDet and exports for accelerators do); export it with decoding, or another model: " + Ultralytics;
        return "its rows fit no layout, or more than one; if it is one of them, name it with layout = …; else export one that is: " + Ultralytics;
    }

    /// <summary>What ONNX Runtime refuses, in its words, with the way on.</summary>
    public static string OfRuntime(string message)
    {
        if (message.Contains("No Op registered", StringComparison.Ordinal) || message.Contains("not a registered function", StringComparison.Ordinal))
            return $"it contains an operator that ONNX Runtime has not, as TensorRT's plug-ins or an author's own: export it without (no NMS inside): {Ultralytics} nms=False";
        if (message.Contains("IR version", StringComparison.OrdinalIgnoreCase) || message.Contains("opset", StringComparison.OrdinalIgnoreCase))
            return $"the file is newer than this ONNX Runtime can read: export it with an older opset: {Ultralytics} opset=17, or torch.onnx.export(…, opset_version=17)";
        if (message.Contains("NOT_IMPLEMENTED", StringComparison.Ordinal) || message.Contains("not implemented", StringComparison.OrdinalIgnoreCase))
            return $"it contains an operator that the processor's part of ONNX Runtime cannot compute in this type: export it in float32: {Ultralytics} half=False";
        return "copy or fetch the file again, or export it again: " + Ultralytics;
    }

    private static string Suffix(string task) => task switch
    {
        "segment" => "seg",
        "classify" => "cls",
        _ => task,
    };
}
