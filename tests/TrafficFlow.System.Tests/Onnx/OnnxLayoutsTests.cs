using Microsoft.ML.OnnxRuntime.Tensors;
using TrafficFlow.Vision.Onnx;
using TrafficFlow.Vision.Onnx.Recognition;
using Xunit;

namespace TrafficFlow.SystemTests.Onnx;

/// <summary>Shapes of well-known exports, as their files tell them: "input -> output, output", with the class names where the exporter writes them.</summary>
public sealed class OnnxLayoutsTests
{
    [Theory]
    [InlineData("image 1,3,256,448 -> output 1,2352,11", 0, OnnxLayout.Boxes, 7)]
    [InlineData("image 1,3,256,448 -> output 1,7164,7", 0, OnnxLayout.Boxes, 3)]
    [InlineData("image 1,3,256,448 -> output 1,200,5", 0, OnnxLayout.Boxes, 1)]
    [InlineData("image 1,3,256,448 -> output 1,300,6", 0, OnnxLayout.Boxes, 2)]
    [InlineData("images 1,3,416,416 -> output 1,3549,85", 0, OnnxLayout.YoloX, 80)]
    [InlineData("images 1,3,416,416 -> output 1,3549,9", 0, OnnxLayout.YoloX, 4)]
    [InlineData("input.1 1,3,416,416 -> 758 1,3549,85", 0, OnnxLayout.YoloX, 80)]
    [InlineData("data 1,3,384,640 -> output 1,5040,112", 0, OnnxLayout.NanoDetPlus, 80)]
    [InlineData("data 1,3,384,640 -> output 1,5100,112", 0, OnnxLayout.NanoDetPlus, 80)]
    [InlineData("data 1,3,384,640 -> output 1,5100,35", 0, OnnxLayout.NanoDetPlus, 3)]
    // YOLOv8n, v9, v11, v12; with an own data set; wide; with a level more; turned, with and without Ultralytics' names.
    [InlineData("images 1,3,640,640 -> output0 1,84,8400", 80, OnnxLayout.YoloV8, 80)]
    [InlineData("images 1,3,640,640 -> output0 1,84,8400", 0, OnnxLayout.YoloV8, 80)]
    [InlineData("images 1,3,640,640 -> output0 1,8,8400", 4, OnnxLayout.YoloV8, 4)]
    [InlineData("images 1,3,640,640 -> output0 1,8,8400", 0, OnnxLayout.YoloV8, 4)]
    [InlineData("images 1,3,640,640 -> output0 1,5,8400", 1, OnnxLayout.YoloV8, 1)]
    [InlineData("images 1,3,384,640 -> output0 1,84,5040", 80, OnnxLayout.YoloV8, 80)]
    [InlineData("images 1,3,1280,1280 -> output0 1,84,34000", 80, OnnxLayout.YoloV8, 80)]
    [InlineData("images 1,3,640,640 -> output0 1,8400,84", 80, OnnxLayout.YoloV8, 80)]
    [InlineData("x 1,3,640,640 -> y 1,8400,84", 0, OnnxLayout.YoloV8, 80)]
    [InlineData("images 1,3,640,640 -> output0 1,8400,9", 5, OnnxLayout.YoloV8, 5)]
    [InlineData("images 1,3,640,640 -> output0 1,8400,9", 0, OnnxLayout.YoloV8, 5)]
    // YOLOv5 and v7; v5 with an own data set, P6, and as exported before 2022 with its grids; v3-tiny; v6.
    [InlineData("images 1,3,640,640 -> output0 1,25200,85", 80, OnnxLayout.YoloV5, 80)]
    [InlineData("images 1,3,640,640 -> output 1,25200,85", 0, OnnxLayout.YoloV5, 80)]
    [InlineData("images 1,3,640,640 -> output0 1,25200,9", 4, OnnxLayout.YoloV5, 4)]
    [InlineData("images 1,3,640,640 -> output0 1,25200,6", 1, OnnxLayout.YoloV5, 1)]
    [InlineData("images 1,3,1280,1280 -> output0 1,102000,85", 80, OnnxLayout.YoloV5, 80)]
    [InlineData("images 1,3,640,640 -> output 1,25200,85; 345 1,3,80,80,85; 403 1,3,40,40,85; 461 1,3,20,20,85", 0, OnnxLayout.YoloV5, 80)]
    [InlineData("images 1,3,640,640 -> output0 1,6000,85", 80, OnnxLayout.YoloV5, 80)]
    [InlineData("images 1,3,640,640 -> outputs 1,8400,85", 0, OnnxLayout.YoloV5, 80)]
    // YOLOv10, YOLO26, Ultralytics with nms=True.
    [InlineData("images 1,3,640,640 -> output0 1,300,6", 80, OnnxLayout.EndToEnd, 0)]
    [InlineData("images 1,3,640,640 -> output0 1,300,6", 0, OnnxLayout.EndToEnd, 0)]
    [InlineData("images 1,3,640,640 -> output0 1,100,6", 4, OnnxLayout.EndToEnd, 0)]
    // RT-DETR and D-FINE: their authors', Ultralytics', Hugging Face's; RF-DETR.
    [InlineData("images 1,3,640,640; orig_target_sizes 1,2:int64 -> labels 1,300:int64; boxes 1,300,4; scores 1,300", 0, OnnxLayout.Detr, 0)]
    [InlineData("images 1,3,640,640 -> output0 1,300,84", 80, OnnxLayout.DetrRows, 80)]
    [InlineData("images 1,3,640,640 -> output0 1,300,84", 0, OnnxLayout.DetrRows, 80)]
    [InlineData("images 1,3,640,640 -> output0 1,300,8", -4, OnnxLayout.DetrRows, 4)]
    [InlineData("images 1,3,640,640 -> output0 1,300,6", -2, OnnxLayout.DetrRows, 2)]
    [InlineData("pixel_values 1,3,640,640 -> logits 1,300,80; pred_boxes 1,300,4", 0, OnnxLayout.DetrRaw, 80)]
    [InlineData("pixel_values 1,3,640,640 -> logits 1,300,5; pred_boxes 1,300,4; last_hidden_state 1,300,256", 0, OnnxLayout.DetrRaw, 5)]
    [InlineData("images 1,3,640,640 -> pred_logits 1,300,80; pred_boxes 1,300,4", 0, OnnxLayout.DetrRaw, 80)]
    [InlineData("input 1,3,560,560 -> dets 1,300,4; labels 1,300,91", 0, OnnxLayout.RfDetr, 91)]
    public void A_known_export_is_recognised(string model, int names, OnnxLayout layout, int classes)
    {
        var signature = Signature(model, names);
        Assert.Equal(layout, OnnxLayouts.Recognise(signature));
        Assert.Equal(classes, OnnxLayouts.Classes(layout, OnnxLayouts.Fit(layout, signature)!) ?? 0);
    }

    [Theory]
    [InlineData("input.1 1,3,352,352 -> 758 1,85,22,22", "raw grids of its levels")] // FastestDet
    [InlineData("images 1,3,640,640 -> output0 1,116,8400; output1 1,32,160,160", "segmentation")]
    [InlineData("images 1,3,224,224 -> output0 1,1000", "classification")]
    [InlineData("images 1,3,640,640 -> output -1,7", "YOLOv7 --end2end")]
    [InlineData("images 1,3,640,640 -> num_dets 1,1:int32; det_boxes 1,100,4; det_scores 1,100; det_classes 1,100:int32", "non-maximum suppression is inside")]
    [InlineData("input 1,3,640,640 -> dets 1,100,5; labels 1,100:int64", "MMDeploy")]
    [InlineData("pixel_values 1,3,800,1066 -> logits 1,100,92; pred_boxes 1,100,4", "DETR or YOLOS")]
    [InlineData("input 1,3,300,300 -> scores 1,3000,21; boxes 1,3000,4", "two outputs")] // SSD
    [InlineData("input 1,3,416,416 -> boxes 1,10647,1,4; confs 1,10647,80", "two outputs")] // YOLOv4
    [InlineData("images 1,3,640,640 -> a 1,3,80,80,85; b 1,3,40,40,85; c 1,3,20,20,85", "raw grids of a YOLO")]
    [InlineData("input 1,3,512,512 -> a 1,810,64,64; b 1,36,64,64; c 1,810,32,32; d 1,36,32,32", "raw grids of its levels")] // EfficientDet
    [InlineData("image 1,3,320,320 -> boxes -1,4; labels -1:int64; scores -1", "torchvision")]
    [InlineData("images 1,3,640,640 -> output 1,8400,9; second 1,8400,9", "fit no layout")]
    [InlineData("in 1,3,640,640 -> out 1,8400,9", "more than one")]
    [InlineData("data 1,3,384,640 -> output 1,5101,112", "fit no layout")]
    [InlineData("image 1,3,256,448 -> output 1,200,4", "fit no layout")]
    public void Another_export_is_not_taken_for_one_of_ours_and_is_named(string model, string what)
    {
        var signature = Signature(model, 0);
        Assert.Null(OnnxRefusals.OfInputs(signature));
        Assert.Null(OnnxLayouts.Recognise(signature));
        var why = OnnxRefusals.OfOutputs(signature);
        Assert.Contains(what, why);
        Assert.Matches("export|take", why);
    }

    [Theory]
    [InlineData("images 4,3,640,640 -> output0 4,84,8400", "detect", "takes 4 pictures at once", "batch=1")]
    [InlineData("images 1,3,640,640 -> output0 1,116,8400; output1 1,32,160,160", "segment", "task \"segment\"", "yolo11n-seg.pt")]
    [InlineData("images 1,3,640,640 -> output0 1,56,8400", "pose", "task \"pose\"", "yolo11n.pt format=onnx")]
    [InlineData("images 1,3,1024,1024 -> output0 1,20,21504", "obb", "task \"obb\"", "yolo11n.pt format=onnx")]
    [InlineData("images 1,3,224,224 -> output0 1,1000", "classify", "task \"classify\"", "yolo11n.pt format=onnx")]
    [InlineData("images 1,640,640,3 -> output 1,300,6", null, "colours last", "--inputs-as-nchw images")]
    [InlineData("input 3,640,640 -> boxes -1,4; labels -1:int64; scores -1", null, "torchvision", "yolo export")]
    [InlineData("input 1,3,640,640:uint8 -> output 1,300,6", null, "bytes (uint8)", "NAS(")]
    [InlineData("images 1,3,640,640:bfloat16 -> output0 1,84,8400", null, "takes bfloat16", "half=False")]
    [InlineData("pixel_values 1,3,800,800; pixel_mask 1,64,64:int64 -> logits 1,100,92; pred_boxes 1,100,4", null, "DETR with a pixel_mask", "rtdetr")]
    [InlineData("image 1,3,640,640; scale_factor 1,2 -> multiclass_nms 100,6; number 1:int32", null, "PaddleDetection", "export_onnx.py")]
    public void What_no_layout_can_take_is_refused_with_the_export_that_works(string model, string? task, string what, string remedy)
    {
        var why = OnnxRefusals.OfInputs(Signature(model, 0, task));
        Assert.NotNull(why);
        Assert.Contains(what, why);
        Assert.Contains(remedy, why);
    }

    [Theory]
    [InlineData(OnnxLayout.YoloX, "images 1,3,416,416 -> output 1,3549,85", true)]
    [InlineData(OnnxLayout.YoloX, "images 1,3,416,416 -> output 1,3548,85", false)]
    [InlineData(OnnxLayout.NanoDetPlus, "images 1,3,416,416 -> output 1,3549,85", true)]
    [InlineData(OnnxLayout.NanoDetPlus, "images 1,3,416,416 -> output 1,3549,32", false)]
    [InlineData(OnnxLayout.Boxes, "image 1,3,256,448 -> output 1,0,7", true)]
    [InlineData(OnnxLayout.YoloV8, "image 1,3,256,448 -> output 1,100,7", true)]
    [InlineData(OnnxLayout.YoloV8, "image 1,3,256,448 -> output 1,7,100", true)]
    [InlineData(OnnxLayout.YoloV5, "image 1,3,256,448 -> output 1,7056,7", true)]
    [InlineData(OnnxLayout.YoloV5, "image 1,3,256,448 -> output 1,7055,7", false)]
    [InlineData(OnnxLayout.EndToEnd, "image 1,3,256,448 -> output 1,300,7", false)]
    [InlineData(OnnxLayout.Detr, "images 1,3,640,640 -> labels 1,300:int64; boxes 1,300,4; scores 1,300", false)]
    [InlineData(OnnxLayout.Boxes, "image 1,3,256 -> output 1,200,7", false)]
    [InlineData(OnnxLayout.Boxes, "image 2,3,256,448 -> output 2,200,7", false)]
    public void A_layout_that_the_settings_name_must_fit(OnnxLayout layout, string model, bool fits) =>
        Assert.Equal(fits, OnnxLayouts.Fit(layout, Signature(model, 0)) is not null);

    [Fact]
    public void Every_layout_has_a_name_a_form_and_a_picture()
    {
        Assert.Equal(Enum.GetValues<OnnxLayout>(), OnnxLayoutNames.All.Values.Order());
        foreach (var layout in OnnxLayoutNames.All.Values)
        {
            Assert.Contains(layout.Name(), OnnxLayoutNames.Known);
            Assert.NotEmpty(layout.Form());
            Assert.Equal(3, OnnxFeed.For(layout).Planes.Count);
        }
    }

    /// <param name="names">So many class names stand in the file; negative: of an RT-DETR.</param>
    private static OnnxSignature Signature(string text, int names, string? task = null)
    {
        var sides = text.Split(" -> ").Select(side => side.Split("; ").Select(Tensor).ToArray()).ToArray();
        var tells = new Dictionary<string, string>();
        if (names != 0) tells["names"] = $"{{{string.Join(", ", Enumerable.Range(0, Math.Abs(names)).Select(n => $"{n}: 'n{n}'"))}}}";
        if (names < 0) tells["description"] = "Ultralytics RT-DETR-l model trained on own.yaml";
        if (task is not null) tells["task"] = task;
        return new OnnxSignature(sides[0], sides[1], new OnnxMetadata(tells));
    }

    private static OnnxTensor Tensor(string text)
    {
        var (name, rest) = (text.Split(' ')[0], text.Split(' ')[1].Split(':'));
        var type = rest.Length == 1 ? TensorElementType.Float : Enum.Parse<TensorElementType>(rest[1], ignoreCase: true);
        return new OnnxTensor(name, type, [.. rest[0].Split(',').Select(int.Parse)]);
    }
}
