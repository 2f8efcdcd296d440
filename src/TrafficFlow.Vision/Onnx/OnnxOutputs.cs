using TrafficFlow.Core.Detection;
using TrafficFlow.Vision.Onnx.Recognition;

namespace TrafficFlow.Vision.Onnx;

/// <summary>
/// Turns the numbers that a model wrote into detections in frame pixels. Pure; allocates nothing. Comparisons are written so that what
/// is not a number is no detection.
/// </summary>
internal static class OnnxOutputs
{
    private const int Bins = 8;

    public static void Read(OnnxLayout layout, OnnxShape shape, OnnxAnswer answer, OnnxReading reading, List<Detection> detections)
    {
        var (width, height) = (shape.InputWidth, shape.InputHeight);
        var first = answer.Numbers(0);
        var rows = answer.Size(0)[shape.IsTurned ? 2 : 1];
        switch (layout)
        {
            case OnnxLayout.Boxes:
                ReadBoxes(first, rows, reading, detections);
                break;
            case OnnxLayout.YoloX:
                ReadYoloX(first, width, height, shape.Strides!, reading, detections);
                break;
            case OnnxLayout.NanoDetPlus:
                ReadNanoDet(first, width, height, shape.Strides!, reading, detections);
                break;
            case OnnxLayout.YoloV5 or OnnxLayout.YoloXDecoded:
                ReadYoloV5(first, rows, reading, detections);
                break;
            case OnnxLayout.YoloV8 when shape.IsTurned:
                ReadTurned(first, rows, reading, detections);
                break;
            case OnnxLayout.YoloV8 or OnnxLayout.CentreBoxes:
                ReadCentred(first, rows, reading, detections);
                break;
            case OnnxLayout.DetrRows:
                ReadCentred(first, rows, reading, detections, width, height);
                break;
            case OnnxLayout.EndToEnd:
                ReadEndToEnd(first, rows, reading, detections);
                break;
            case OnnxLayout.Detr:
                ReadDetr(first, answer.Numbers(1), answer.Numbers(2), reading, detections);
                break;
            case OnnxLayout.DetrRaw or OnnxLayout.RfDetr:
                ReadLogits(first, answer.Numbers(1), width, height, reading, detections);
                break;
            default:
                throw new InvalidOperationException($"layout {layout} has no reader");
        }
    }

    /// <summary>Rows of x0, y0, x1, y1 and a score per class.</summary>
    public static void ReadBoxes(ReadOnlySpan<float> output, int rows, OnnxReading reading, List<Detection> detections)
    {
        var values = 4 + reading.Classes;
        for (var r = 0; r < rows; r++)
        {
            var row = output.Slice(r * values, values);
            var (best, score) = reading.BestClass(row[4..]);
            if (!(score >= reading.Low)) continue;
            reading.Add(detections, best, score, row[0], row[1], row[2], row[3], row[4..]);
        }
    }

    /// <summary>Cells of three strides: centre offset and log size in strides, objectness, a score per class.</summary>
    public static void ReadYoloX(
        ReadOnlySpan<float> output, int inputWidth, int inputHeight, IReadOnlyList<int> strides, OnnxReading reading, List<Detection> detections)
    {
        var values = 5 + reading.Classes;
        var cell = 0;
        foreach (var stride in strides)
        {
            var (columns, rows) = ((inputWidth + stride - 1) / stride, (inputHeight + stride - 1) / stride);
            for (var y = 0; y < rows; y++)
            {
                for (var x = 0; x < columns; x++, cell++)
                {
                    var objectness = output[(cell * values) + 4];
                    if (!(objectness >= reading.Low)) continue;
                    var row = output.Slice(cell * values, values);
                    var (best, score) = reading.BestClass(row[5..]);
                    score *= objectness;
                    if (!(score >= reading.Low)) continue;
                    var (cx, cy) = ((row[0] + x) * stride, (row[1] + y) * stride);
                    var (w, h) = (MathF.Exp(row[2]) * stride, MathF.Exp(row[3]) * stride);
                    reading.Add(detections, best, score, cx - (w / 2), cy - (h / 2), cx + (w / 2), cy + (h / 2));
                }
            }
        }
    }

    /// <summary>Cells of three or four strides: a score per class, then the distances to the four sides as distributions over 8 bins.</summary>
    public static void ReadNanoDet(
        ReadOnlySpan<float> output, int inputWidth, int inputHeight, IReadOnlyList<int> strides, OnnxReading reading, List<Detection> detections)
    {
        var values = reading.Classes + (4 * Bins);
        var cell = 0;
        for (var level = 0; level < strides.Count; level++)
        {
            var stride = strides[level];
            var (columns, rows) = ((inputWidth + stride - 1) / stride, (inputHeight + stride - 1) / stride);
            for (var y = 0; y < rows; y++)
            {
                for (var x = 0; x < columns; x++, cell++)
                {
                    var row = output.Slice(cell * values, values);
                    var (best, score) = reading.BestClass(row[..reading.Classes]);
                    if (!(score >= reading.Low)) continue;
                    var sides = row[reading.Classes..];
                    var (cx, cy) = (x * stride, y * stride);
                    reading.Add(
                        detections,
                        best,
                        score,
                        cx - (Expectation(sides[..Bins]) * stride),
                        cy - (Expectation(sides.Slice(Bins, Bins)) * stride),
                        cx + (Expectation(sides.Slice(2 * Bins, Bins)) * stride),
                        cy + (Expectation(sides.Slice(3 * Bins, Bins)) * stride));
                }
            }
        }
    }

    /// <summary>Rows of centre, size, objectness and a score per class.</summary>
    public static void ReadYoloV5(ReadOnlySpan<float> output, int rows, OnnxReading reading, List<Detection> detections)
    {
        var values = 5 + reading.Classes;
        for (var r = 0; r < rows; r++)
        {
            var objectness = output[(r * values) + 4];
            if (!(objectness >= reading.Low)) continue;
            var row = output.Slice(r * values, values);
            var (best, score) = reading.BestClass(row[5..]);
            score *= objectness;
            if (score >= reading.Low) AddCentred(reading, detections, best, score, row[0], row[1], row[2], row[3]);
        }
    }

    /// <summary>Rows of centre, size and a score per class.</summary>
    /// <param name="scaleX">Input pixels for one unit of the row, across.</param>
    /// <param name="scaleY">The same down.</param>
    public static void ReadCentred(
        ReadOnlySpan<float> output, int rows, OnnxReading reading, List<Detection> detections, float scaleX = 1, float scaleY = 1)
    {
        var values = 4 + reading.Classes;
        for (var r = 0; r < rows; r++)
        {
            var row = output.Slice(r * values, values);
            var (best, score) = reading.BestClass(row[4..]);
            if (score >= reading.Low) AddCentred(reading, detections, best, score, row[0] * scaleX, row[1] * scaleY, row[2] * scaleX, row[3] * scaleY, row[4..]);
        }
    }

    /// <summary>Four lines of centres and sizes, then a line of scores per class, each with one number for each of the columns.</summary>
    public static void ReadTurned(ReadOnlySpan<float> output, int columns, OnnxReading reading, List<Detection> detections)
    {
        var (classes, scores) = reading.BestClasses(output[(4 * columns)..], columns);
        for (var c = 0; c < columns; c++)
        {
            if (!(scores.Span[c] >= reading.Low)) continue;
            AddCentred(
                reading, detections, classes.Span[c], scores.Span[c], output[c], output[columns + c], output[(2 * columns) + c], output[(3 * columns) + c]);
        }
    }

    /// <summary>Rows of x0, y0, x1, y1, score and class number.</summary>
    public static void ReadEndToEnd(ReadOnlySpan<float> output, int rows, OnnxReading reading, List<Detection> detections)
    {
        for (var r = 0; r < rows; r++)
        {
            var row = output.Slice(r * 6, 6);
            if (!(row[4] >= reading.Low) || reading.ClassOf(row[5]) is not (>= 0 and var which)) continue;
            reading.Add(detections, which, row[4], row[0], row[1], row[2], row[3]);
        }
    }

    /// <summary>Corners, scores and class numbers in outputs of their own.</summary>
    public static void ReadDetr(
        ReadOnlySpan<float> boxes, ReadOnlySpan<float> scores, ReadOnlySpan<float> labels, OnnxReading reading, List<Detection> detections)
    {
        for (var r = 0; r < scores.Length; r++)
        {
            if (!(scores[r] >= reading.Low) || reading.ClassOf(labels[r]) is not (>= 0 and var which)) continue;
            var box = boxes.Slice(r * 4, 4);
            reading.Add(detections, which, scores[r], box[0], box[1], box[2], box[3]);
        }
    }

    /// <summary>Centres and sizes as shares of the picture, and a logit per class.</summary>
    public static void ReadLogits(
        ReadOnlySpan<float> boxes, ReadOnlySpan<float> logits, int inputWidth, int inputHeight, OnnxReading reading, List<Detection> detections)
    {
        for (var r = 0; r < boxes.Length / 4; r++)
        {
            var (best, logit) = reading.BestClass(logits.Slice(r * reading.Classes, reading.Classes));
            var score = 1 / (1 + MathF.Exp(-logit));
            if (!(score >= reading.Low)) continue;
            var box = boxes.Slice(r * 4, 4);
            AddCentred(reading, detections, best, score, box[0] * inputWidth, box[1] * inputHeight, box[2] * inputWidth, box[3] * inputHeight);
        }
    }

    private static void AddCentred(
        OnnxReading reading, List<Detection> detections, int best, float score, float x, float y, float width, float height, ReadOnlySpan<float> scores = default) =>
        reading.Add(detections, best, score, x - (width / 2), y - (height / 2), x + (width / 2), y + (height / 2), scores);

    private static float Expectation(ReadOnlySpan<float> logits)
    {
        var max = logits[0];
        foreach (var logit in logits) max = MathF.Max(max, logit);
        float sum = 0, weighted = 0;
        for (var i = 0; i < logits.Length; i++)
        {
            var weight = MathF.Exp(logits[i] - max);
            sum += weight;
            weighted += weight * i;
        }

        return weighted / sum;
    }
}
