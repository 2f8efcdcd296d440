using TrafficFlow.Core.Detection;

namespace TrafficFlow.Vision.Onnx;

/// <summary>
/// Turns the numbers that a model wrote into detections in frame pixels. Pure; allocates nothing. Comparisons are written so that what
/// is not a number is no detection.
/// </summary>
internal static class OnnxOutputs
{
    private const int Bins = 8;

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
    public static void ReadYoloX(ReadOnlySpan<float> output, int inputWidth, int inputHeight, OnnxReading reading, List<Detection> detections)
    {
        var values = 5 + reading.Classes;
        var cell = 0;
        foreach (var stride in OnnxLayouts.YoloXStrides)
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

/// <summary>What is needed to read one model's rows for one frame size.</summary>
internal sealed class OnnxReading
{
    private readonly ClassMeaning?[] _meanings;
    private readonly bool _tellsVehiclesApart;
    private readonly PictureFit _fit;
    private readonly int _frameWidth;
    private readonly int _frameHeight;

    public OnnxReading(OnnxModel model, PictureFit fit, int frameWidth, int frameHeight)
        : this(model.Classes, model.ClassMap, model.Identity.Scores.Low, fit, frameWidth, frameHeight)
    {
    }

    public OnnxReading(
        int classes, IReadOnlyDictionary<int, ClassMeaning> classMap, float low, PictureFit fit, int frameWidth, int frameHeight)
    {
        _meanings = [.. Enumerable.Range(0, classes).Select(c => classMap.TryGetValue(c, out var m) ? m : (ClassMeaning?)null)];
        _tellsVehiclesApart = _meanings.Where(m => m is { Kind: DetectedKind.Vehicle }).DistinctBy(m => m!.Value.Class).Skip(1).Any();
        _fit = fit;
        (_frameWidth, _frameHeight) = (frameWidth, frameHeight);
        Low = low;
    }

    public int Classes => _meanings.Length;

    public float Low { get; }

    /// <summary>The best class that means something to us: a lamp post that looks a little like a car is judged as a car alone.</summary>
    public (int Class, float Score) BestClass(ReadOnlySpan<float> scores)
    {
        var (best, score) = (0, float.MinValue);
        for (var c = 0; c < _meanings.Length; c++)
        {
            if (!(scores[c] > score) || _meanings[c] is null) continue;
            (best, score) = (c, scores[c]);
        }

        return (best, score);
    }

    /// <param name="scores">Of all classes; empty where only the best is told.</param>
    public void Add(
        List<Detection> detections, int best, float score, float left, float top, float right, float bottom, ReadOnlySpan<float> scores = default)
    {
        if (_meanings[best] is not { } meaning) return;
        var box = _fit.ToFrame(left, top, right, bottom).ClipTo(_frameWidth, _frameHeight);
        if (!(box.Width >= 2 && box.Height >= 2)) return;
        var others = meaning.Kind == DetectedKind.Vehicle && _tellsVehiclesApart && scores.Length > 0 ? Scores(scores) : default;
        detections.Add(new Detection(box, score, meaning.Class, meaning.Kind) { Scores = others });
    }

    /// <summary>Of several numbers that mean the same class the best one.</summary>
    private ClassScores Scores(ReadOnlySpan<float> scores)
    {
        Span<float> best = stackalloc float[VehicleClassNames.All.Count];
        for (var c = 0; c < _meanings.Length; c++)
        {
            if (_meanings[c] is not { Kind: DetectedKind.Vehicle } meaning) continue;
            best[(int)meaning.Class] = MathF.Max(best[(int)meaning.Class], scores[c]);
        }

        return new ClassScores(
            best[(int)VehicleClass.PassengerCar], best[(int)VehicleClass.LightGoods], best[(int)VehicleClass.HeavyGoods], best[(int)VehicleClass.Bus], best[(int)VehicleClass.Motorcycle]);
    }
}
