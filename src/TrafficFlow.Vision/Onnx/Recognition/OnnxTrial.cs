using Microsoft.ML.OnnxRuntime;
using OpenCvSharp;
using TrafficFlow.Core.Detection;

namespace TrafficFlow.Vision.Onnx.Recognition;

/// <summary>
/// Runs a model once on a picture of a street and judges all that it wrote, whatever the scores: a model that is read in a wrong way would
/// count nothing, or nonsense, without a word.
/// </summary>
internal static class OnnxTrial
{
    private const int CocoClasses = 80;

    /// <exception cref="DetectorException">What it wrote makes no sense as boxes and scores.</exception>
    public static void Check(OnnxModel model, CancellationToken cancellation)
    {
        using var picture = TestPicture.Load();
        IReadOnlyList<TrialRow> rows;
        string? fault;
        try
        {
            (rows, fault) = Try(model, model.Layout, model.Shape, picture, cancellation);
        }
        catch (OnnxRuntimeException e) when (!cancellation.IsCancellationRequested)
        {
            throw new DetectorException($"{model.Settings.Path}: the model cannot be computed (detector {model.Settings.Name}): {OnnxRefusals.OfRuntime(e.Message)}: {e.Message}", e);
        }

        fault ??= model.GuessedClasses ? OfClasses(rows) : null;
        if (fault is null) return;
        throw new DetectorException(
            $"{model.Settings.Path}: read as {model.Layout.Name()}, this model's answer makes no sense on a picture of a street (detector {model.Settings.Name}): "
            + $"{fault}.\n  {Advice(model, picture, cancellation)}");
    }

    private static (IReadOnlyList<TrialRow> Rows, string? Fault) Try(OnnxModel model, OnnxLayout layout, OnnxShape shape, Mat picture, CancellationToken cancellation)
    {
        using var input = new OnnxInput(layout, shape, picture.Width, picture.Height);
        using var answer = new OnnxAnswer(shape);
        using var stopping = cancellation.Register(answer.Stop);
        input.Fill(picture);
        answer.Run(model, input);
        var classes = OnnxLayouts.Classes(layout, shape) ?? model.Classes;
        var reading = new TrialReading(classes, input.Fit);
        OnnxOutputs.Read(layout, shape, answer, reading, []);
        var notNumbers = 0;
        for (var o = 0; o < shape.Outputs.Count; o++)
            foreach (var number in answer.Numbers(o))
                if (float.IsNaN(number)) notNumbers++;
        var labels = layout switch
        {
            OnnxLayout.Detr => answer.Numbers(2),
            OnnxLayout.EndToEnd => Column(answer.Numbers(0), 5),
            _ => [],
        };
        return (reading.Rows, TrialVerdict.Of(reading.Rows, layout, shape, notNumbers) ?? OfLabels(labels));
    }

    private static float[] Column(ReadOnlySpan<float> rows, int column)
    {
        var numbers = new float[rows.Length / 6];
        for (var r = 0; r < numbers.Length; r++) numbers[r] = rows[(r * 6) + column];
        return numbers;
    }

    private static string? OfLabels(ReadOnlySpan<float> labels)
    {
        foreach (var label in labels)
            if (label < 0 || label != MathF.Floor(label)) return $"where a class number should stand it wrote {label:0.###}";
        return null;
    }

    /// <summary>Hundreds of guesses of a model with COCO's 80 classes are never all among the first few.</summary>
    private static string? OfClasses(IReadOnlyList<TrialRow> rows)
    {
        const int Many = 100, First = 8;
        var written = rows.Where(r => !r.IsEmpty).ToList();
        return written.Count >= Many && written.Max(r => r.Class) is < First and var most
            ? $"the file names no classes, and of {written.Count} rows none has a class number above {most}, so that they are not COCO's 80"
            : null;
    }

    private static string Advice(OnnxModel model, Mat picture, CancellationToken cancellation)
    {
        var setting = $"trafficflow.detectors.{model.Settings.Name}";
        var better = OnnxRecognition.Others(model).Where(other =>
        {
            try
            {
                var (rows, fault) = Try(model, other.Layout, other.Shape, picture, cancellation);
                return fault is null && rows.Any(r => !r.IsEmpty);
            }
            catch (OnnxRuntimeException)
            {
                return false;
            }
        })
        // The most likely first: as many classes as the file names, or as COCO has, and a picture like that of the layout that was taken.
        .OrderByDescending(other => OnnxLayouts.Classes(other.Layout, other.Shape) is null or CocoClasses || OnnxLayouts.Classes(other.Layout, other.Shape) == model.Classes)
        .ThenByDescending(other => OnnxFeed.For(other.Layout) == OnnxFeed.For(model.Layout))
        .Select(other => other.Layout.Name()).ToList();
        return better.Count > 0
            ? $"As {string.Join(" or ", better)} it would make sense: set {setting}.layout = {better[0]} if it was exported so"
            : $"If it was exported in another layout, set {setting}.layout; if its classes are its own, set {setting}.classes; else export it again: {OnnxRefusals.Ultralytics}";
    }

    /// <summary>Takes every row, whatever its score and class.</summary>
    private sealed class TrialReading(int classes, PictureFit fit) : OnnxReading(
        classes, Enumerable.Range(0, classes).ToDictionary(c => c, _ => default(ClassMeaning)), float.NegativeInfinity, fit, fit.Width, fit.Height)
    {
        public List<TrialRow> Rows { get; } = [];

        public override void Add(
            List<Detection> detections, int best, float score, float left, float top, float right, float bottom, ReadOnlySpan<float> scores = default) =>
            Rows.Add(new TrialRow(best, score, left, top, right, bottom));
    }
}

/// <summary>One row of a model's answer: corners in input pixels.</summary>
internal readonly record struct TrialRow(int Class, float Score, float Left, float Top, float Right, float Bottom)
{
    /// <summary>Padding: exporters fill the rows that they do not need with zeros.</summary>
    public bool IsEmpty => Left == 0 && Top == 0 && Right == 0 && Bottom == 0;
}
