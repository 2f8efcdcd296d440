using TrafficFlow.Vision.Onnx;

namespace TrafficFlow.SystemTests.Onnx;

/// <summary>
/// A model that finds the one bright thing in a picture and tells it in a layout's way, as class 2 with a score of 0.9, among the rows that a
/// real model gives for empty street: a grid's cells with small scores. It looks at the planes as the layout's models were trained to see them.
/// </summary>
internal sealed class BrightSpotModel
{
    private readonly TinyModel _model;
    private readonly int _width;
    private readonly int _height;
    private readonly int _classes;
    private string _x0 = "", _y0 = "", _x1 = "", _y1 = "";

    private BrightSpotModel(TinyModel model, int width, int height, int classes) => (_model, _width, _height, _classes) = (model, width, height, classes);

    /// <param name="isHalf">Input and outputs are float16.</param>
    /// <param name="isOpen">Height, width and rows are left open in the file, and so is the batch.</param>
    /// <param name="isTurned">For YOLOv8: a column for each cell, as Ultralytics exports it.</param>
    public static TinyModel Of(
        OnnxLayout layout, int width = 320, int height = 256, int classes = 80, bool isHalf = false, bool isOpen = false, bool isTurned = true, TinyModel? tells = null)
    {
        var tiny = tells ?? new TinyModel();
        var model = new BrightSpotModel(tiny, width, height, classes);
        var name = layout switch
        {
            OnnxLayout.Boxes or OnnxLayout.CentreBoxes => "image",
            OnnxLayout.DetrRaw => "pixel_values",
            OnnxLayout.RfDetr => "input",
            _ => "images",
        };
        var real = isHalf ? TinyModel.Half : TinyModel.Real;
        tiny.Input(name, real, isOpen ? -1 : 1, 3, isOpen ? -1 : height, isOpen ? -1 : width);
        if (layout == OnnxLayout.Detr) tiny.Input("orig_target_sizes", TinyModel.Whole, isOpen ? -1 : 1, 2);
        model.Locate(isHalf ? tiny.Node("Cast", [name], ("to", TinyModel.Real)) : name, layout switch
        {
            OnnxLayout.Boxes or OnnxLayout.CentreBoxes or OnnxLayout.YoloX or OnnxLayout.YoloXDecoded => 180,
            OnnxLayout.RfDetr => 1.5f,
            _ => 0.7f,
        });
        foreach (var (output, values, type, size) in model.Outputs(layout, isTurned))
        {
            var written = type == TinyModel.Whole ? TinyModel.Whole : real;
            tiny.Node("Cast", "", [values], output, ("to", written));
            tiny.Output(output, written, isOpen ? [.. size.Select((s, i) => i == 0 || s > 100 ? -1 : s)] : size);
        }

        return tiny;
    }

    private IEnumerable<(string Name, string Values, int Type, int[] Size)> Outputs(OnnxLayout layout, bool isTurned)
    {
        int[] usual = [8, 16, 32];
        var (boxes, found) = (_model.Node("Concat", Corners(), ("axis", 1)), _classes);
        switch (layout)
        {
            case OnnxLayout.Boxes:
                // One row more than a grid has: a grid's rows with 80 scores would be YOLOv8's, turned.
                yield return Rows("output", Row(boxes, Scores(found)), [[8, 8, 24, 24, .. Faint(found)], .. Cells(usual, 1, (x, y, s) => [x - s, y - s, x + s, y + s, .. Faint(found)])]);
                break;
            case OnnxLayout.CentreBoxes or OnnxLayout.YoloV8:
                var rows = Rows("output0", Row(Centred(), Scores(found)), Cells(usual, 1, (x, y, s) => [x, y, s, s, .. Faint(found)]));
                if (layout == OnnxLayout.YoloV8 && isTurned) rows = (rows.Name, _model.Node("Transpose", [rows.Values], ("perm", new[] { 0, 2, 1 })), rows.Type, [1, rows.Size[2], rows.Size[1]]);
                yield return rows;
                break;
            case OnnxLayout.YoloV5:
                yield return Rows("output0", Row(Centred(), [1f, .. Scores(found)]), Cells(usual, 3, (x, y, s) => [x, y, s, 2 * s, 0.01f, .. Faint(found)]));
                break;
            case OnnxLayout.YoloXDecoded:
                yield return Rows("output", Row(Centred(), [1f, .. Scores(found)]), Cells(usual, 1, (x, y, s) => [x, y, s, s, 0.01f, .. Faint(found)]));
                break;
            case OnnxLayout.YoloX:
                var eighth = Times(Centred(), [1 / 8f, 1 / 8f, 1 / 8f, 1 / 8f]);
                var (place, size) = (Slice(eighth, 0, 2), _model.Node("Log", [Slice(eighth, 2, 4)]));
                yield return Rows("output", Row(_model.Node("Concat", [place, size], ("axis", 1)), [1f, .. Scores(found)]), Cells(usual, 1, (_, _, _) => [0.5f, 0.5f, 0, 0, 0.01f, .. Faint(found)]));
                break;
            case OnnxLayout.EndToEnd:
                yield return Rows("output0", Row(boxes, [0.9f, 2]), Queries(299, q => q < 60 ? [q, q, q + 20, q + 20, 0.01f, q] : [0, 0, 0, 0, 0, 0]));
                break;
            case OnnxLayout.DetrRows:
                yield return Rows("output0", Row(Shares(), Scores(found)), Queries(299, q => [.. Query(q), .. Faint(found)]));
                break;
            case OnnxLayout.DetrRaw:
                yield return Rows("logits", Row(null, Logits(found)), Queries(299, _ => [.. Enumerable.Repeat(-6f, found)]));
                yield return Rows("pred_boxes", Row(Shares(), []), Queries(299, Query));
                break;
            case OnnxLayout.RfDetr:
                yield return Rows("dets", Row(Shares(), []), Queries(299, Query));
                yield return Rows("labels", Row(null, Logits(found)), Queries(299, _ => [.. Enumerable.Repeat(-6f, found)]));
                break;
            case OnnxLayout.Detr:
                var sizes = _model.Node("Cast", ["orig_target_sizes"], ("to", TinyModel.Real));
                var pixels = _model.Node("Mul", [Row(Times(boxes, [1f / _width, 1f / _height, 1f / _width, 1f / _height]), []), _model.Node("Concat", [sizes, sizes], ("axis", 1))]);
                yield return ("labels", _model.Constant([2, .. Enumerable.Range(0, 299).Select(q => (long)(q % found))], 1, 300), TinyModel.Whole, [1, 300]);
                yield return Rows("boxes", pixels, Queries(299, q => [q, q / 2, q + 20, (q / 2) + 20]));
                yield return ("scores", _model.Constant([0.9f, .. Enumerable.Repeat(0.01f, 299)], 1, 300), TinyModel.Real, [1, 300]);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(layout), layout, "no such tiny model");
        }
    }

    /// <summary>First and last column and row in which something is brighter than the threshold.</summary>
    private void Locate(string picture, float threshold)
    {
        var limit = _model.Constant([threshold], 1);
        string Axis(int[] over) => _model.Node(
            "Cast", [_model.Node("Greater", [_model.Node("ReduceMax", [picture], ("axes", over), ("keepdims", 0)), limit])], ("to", TinyModel.Real));
        string At(string axis, int last) => _model.Node(
            "Cast", [_model.Node("ArgMax", [axis], ("axis", 1), ("keepdims", 1), ("select_last_index", last))], ("to", TinyModel.Real));
        string Beyond(string index) => _model.Node("Add", [index, _model.Constant([1f], 1)]);
        var (columns, rows) = (Axis([1, 2]), Axis([1, 3]));
        (_x0, _y0, _x1, _y1) = (At(columns, 0), At(rows, 0), Beyond(At(columns, 1)), Beyond(At(rows, 1)));
    }

    private string[] Corners() => [_x0, _y0, _x1, _y1];

    private string Centred()
    {
        string Mean(string a, string b) => _model.Node("Mul", [_model.Node("Add", [a, b]), _model.Constant([0.5f], 1)]);
        return _model.Node("Concat", [Mean(_x0, _x1), Mean(_y0, _y1), _model.Node("Sub", [_x1, _x0]), _model.Node("Sub", [_y1, _y0])], ("axis", 1));
    }

    private string Shares() => Times(Centred(), [1f / _width, 1f / _height, 1f / _width, 1f / _height]);

    private string Times(string row, float[] factors) => _model.Node("Mul", [row, _model.Constant(factors, 1, factors.Length)]);

    private string Slice(string row, long from, long to) =>
        _model.Node("Slice", [row, _model.Constant([from], 1), _model.Constant([to], 1), _model.Constant([1L], 1)]);

    /// <summary>One row of [1, 1, values].</summary>
    private string Row(string? computed, float[] constant)
    {
        var rest = constant.Length > 0 ? _model.Constant(constant, 1, constant.Length) : null;
        var row = computed is null ? rest! : rest is null ? computed : _model.Node("Concat", [computed, rest], ("axis", 1));
        return _model.Node("Unsqueeze", [row, _model.Constant([1L], 1)]);
    }

    private (string Name, string Values, int Type, int[] Size) Rows(string name, string first, float[][] others)
    {
        var rest = _model.Constant([.. others.SelectMany(r => r)], 1, others.Length, others[0].Length);
        return (name, _model.Node("Concat", [first, rest], ("axis", 1)), TinyModel.Real, [1, others.Length + 1, others[0].Length]);
    }

    /// <summary>A row for each cell but the first, whose place the find takes.</summary>
    private float[][] Cells(int[] strides, int anchors, Func<float, float, float, float[]> row) =>
    [
        .. strides.SelectMany(stride => Enumerable.Range(0, anchors).SelectMany(_ => Enumerable.Range(0, _height / stride).SelectMany(y =>
            Enumerable.Range(0, _width / stride).Select(x => row((x + 0.5f) * stride, (y + 0.5f) * stride, stride))))).Skip(1),
    ];

    private static float[][] Queries(int count, Func<int, float[]> row) => [.. Enumerable.Range(0, count).Select(row)];

    private static float[] Query(int number) => [0.05f + (0.9f * (number % 20) / 20), 0.05f + (0.9f * (number / 20) / 15), 0.05f, 0.05f];

    private static float[] Scores(int classes) => [.. Enumerable.Range(0, classes).Select(c => c == 2 ? 0.9f : 0.02f)];

    private static float[] Logits(int classes) => [.. Enumerable.Range(0, classes).Select(c => c == 2 ? MathF.Log(9) : -6f)];

    private static float[] Faint(int classes) => [.. Enumerable.Repeat(0.01f, classes)];
}
