using System.Globalization;
using TrafficFlow.Core.Detection;
using TrafficFlow.Node.Settings;
using TrafficFlow.Vision.BuiltIn;
using TrafficFlow.Vision.Onnx;

namespace TrafficFlow.Node.Count.Siteless;

/// <summary>Detectors as lines of a site file, with all that was set for them.</summary>
internal static class ProposedDetectors
{
    public static IEnumerable<string> Lines(IReadOnlyList<DetectorSettings> detectors)
    {
        if (detectors.Count == 0) yield break;
        yield return "# What the vehicles were found with. Without this section the names must stand in the node's settings.";
        yield return "detectors {";
        foreach (var detector in detectors) yield return $"  {detector.Name} {{ {string.Join(", ", Keys(detector))} }}";
        yield return "}";
    }

    private static IEnumerable<string> Keys(DetectorSettings detector)
    {
        yield return $"type = {DetectorsSection.NameOf(detector.Kind)}";
        if (detector.Model is { } model)
        {
            if (model.Embedded is BuiltInWeights weights)
            {
                yield return $"precision = {weights.Wanted.Name()}";
            }
            else
            {
                yield return $"model = {ProposedSiteFile.Quoted(model.Path)}";
                if (model.Layout is { } layout) yield return $"layout = {layout.Name()}";
                if (model.Input is { } input) yield return $"input {{ width = {input.Width}, height = {input.Height} }}";
                if (model.Sha256 is { } sum) yield return $"sha256 = {sum}";
            }

            if (model.Threshold is { } threshold) yield return $"threshold = {threshold.ToString("0.####", CultureInfo.InvariantCulture)}";
            if (model.Threads is { } threads) yield return $"threads = {threads.ToString(CultureInfo.InvariantCulture)}";
            if (model.Classes is { } classes) yield return $"classes {{ {string.Join(", ", classes.OrderBy(c => c.Key).Select(c => $"\"{c.Key}\" = {Meaning(c.Value)}"))} }}";
        }

        if (detector.Throttle?.LooksPerSecond is { } looks) yield return $"looks-per-second = {looks.ToString(CultureInfo.InvariantCulture)}";
        if (detector.Throttle is { GateByMotion: true }) yield return "gate-by-motion = on";
        if (detector.Classifier is { } classifier) yield return $"classifier = {classifier}";
    }

    private static string Meaning(ClassMeaning meaning) => meaning.Kind switch
    {
        DetectedKind.Person => "person",
        DetectedKind.Rider => "bicycle",
        DetectedKind.Other => "other",
        _ => meaning.Class.Name(),
    };
}
