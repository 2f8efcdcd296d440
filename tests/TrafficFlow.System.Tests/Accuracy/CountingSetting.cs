using TrafficFlow.Node.Settings;
using TrafficFlow.Vision.BuiltIn;
using TrafficFlow.Vision.Onnx;

namespace TrafficFlow.SystemTests.Accuracy;

/// <summary>Which detector counts: the setting whose accuracy is told.</summary>
/// <param name="Classifier">That of the classifier stage; null for none.</param>
internal sealed record CountingSetting(string Name, DetectorSettings Detector, DetectorSettings? Classifier = null)
{
    /// <summary>What counts where nobody names a detector.</summary>
    public static CountingSetting Default { get; } = BuiltIn(BuiltInPrecision.Float32);

    /// <summary>The best that the shared models give.</summary>
    public static CountingSetting Best(Func<string, string> shared) => new(
        "pvb_2004 + nanodet",
        Onnx("first", shared("models/pvb_2004_256x448.onnx")) with { Classifier = "second" },
        Onnx("second", shared("models/nanodet_plus_m_384x640.onnx")));

    /// <summary>Every detector that comes with the program or lies in the shared folder.</summary>
    public static IReadOnlyList<CountingSetting> All(Func<string, string> shared) =>
    [
        BuiltIn(BuiltInPrecision.Float32),
        BuiltIn(BuiltInPrecision.Int8),
        Best(shared),
        Model("pvb_2004", shared("models/pvb_2004_256x448.onnx")),
        Model("pvb_2003", shared("models/pvb_2003_384x480.onnx")),
        Model("nanodet", shared("models/nanodet_plus_m_384x640.onnx")),
        Model("yolox", shared("models/yolox_nano_416.onnx")),
        new("motion", new DetectorSettings("motion", DetectorKind.Motion)),
    ];

    public DetectorCatalog Catalog()
    {
        var detectors = new Dictionary<string, DetectorSettings> { [Detector.Name] = Detector };
        if (Classifier is not null) detectors[Classifier.Name] = Classifier;
        return new DetectorCatalog(Detector.Name, detectors);
    }

    private static CountingSetting BuiltIn(BuiltInPrecision precision) =>
        new($"in-box {precision.Name()}", new DetectorSettings("vehicles", DetectorKind.BuiltIn, BuiltInWeights.Model("vehicles", precision)));

    private static CountingSetting Model(string name, string file) => new(name, Onnx(name, file));

    private static DetectorSettings Onnx(string name, string file) => new(name, DetectorKind.Onnx, new OnnxModelSettings(name, file));
}
