using TrafficFlow.Core.Detection;

namespace TrafficFlow.Vision.Onnx;

/// <summary>What is needed to read one model's rows for one frame size.</summary>
internal class OnnxReading
{
    private readonly ClassMeaning?[] _meanings;
    private readonly int[] _mapped;
    private readonly bool _tellsVehiclesApart;
    private readonly PictureFit _fit;
    private readonly int _frameWidth;
    private readonly int _frameHeight;
    private float[] _best = [];
    private int[] _bestClass = [];

    /// <param name="classes">How many classes the model knows.</param>
    /// <param name="classMap">Those that mean something to us.</param>
    /// <param name="low">Score below which nothing is reported.</param>
    public OnnxReading(
        int classes, IReadOnlyDictionary<int, ClassMeaning> classMap, float low, PictureFit fit, int frameWidth, int frameHeight)
    {
        _meanings = [.. Enumerable.Range(0, classes).Select(c => classMap.TryGetValue(c, out var m) ? m : (ClassMeaning?)null)];
        _mapped = [.. Enumerable.Range(0, classes).Where(c => _meanings[c] is not null)];
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
        foreach (var c in _mapped)
        {
            if (!(scores[c] > score)) continue;
            (best, score) = (c, scores[c]);
        }

        return (best, score);
    }

    /// <summary>The same for scores that lie class after class, <paramref name="columns"/> of each: read in the order in which they lie.</summary>
    public (ReadOnlyMemory<int> Class, ReadOnlyMemory<float> Score) BestClasses(ReadOnlySpan<float> scores, int columns)
    {
        if (_best.Length != columns) (_best, _bestClass) = (new float[columns], new int[columns]);
        _best.AsSpan().Fill(float.MinValue);
        foreach (var c in _mapped)
        {
            var row = scores.Slice(c * columns, columns);
            for (var i = 0; i < row.Length; i++)
            {
                if (!(row[i] > _best[i])) continue;
                (_best[i], _bestClass[i]) = (row[i], c);
            }
        }

        return (_bestClass, _best);
    }

    /// <summary>The class that a model wrote as a number; -1 where it means nothing to us or is no class number.</summary>
    public int ClassOf(float number) => number >= 0 && number < _meanings.Length && number == MathF.Floor(number) && _meanings[(int)number] is not null ? (int)number : -1;

    /// <summary>Takes one of the model's boxes: corners in input pixels.</summary>
    /// <param name="scores">Of all classes; empty where only the best is told.</param>
    public virtual void Add(
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
        foreach (var c in _mapped)
        {
            if (_meanings[c] is not { Kind: DetectedKind.Vehicle } meaning) continue;
            best[(int)meaning.Class] = MathF.Max(best[(int)meaning.Class], scores[c]);
        }

        return new ClassScores(
            best[(int)VehicleClass.PassengerCar], best[(int)VehicleClass.LightGoods], best[(int)VehicleClass.HeavyGoods], best[(int)VehicleClass.Bus], best[(int)VehicleClass.Motorcycle]);
    }
}
