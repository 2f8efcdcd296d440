using TrafficFlow.Node.Settings.Sites;
using TrafficFlow.Vision.Onnx;

namespace TrafficFlow.Node.Settings;

/// <summary>Models that the command line names by their files, as detectors that a site file could hold.</summary>
internal static class GivenModel
{
    /// <exception cref="UsageException">There is no such file.</exception>
    public static (DetectorCatalog Catalog, string Name) AsDetector(DetectorCatalog catalog, string file, float? threshold = null)
    {
        var entry = Entry(catalog, "--model", file, threshold);
        return (With(catalog, entry), entry.Name);
    }

    /// <summary>The same detectors; <paramref name="detector"/> with the classifier behind it.</summary>
    /// <exception cref="UsageException">There is no such file, or no such detector.</exception>
    public static DetectorCatalog AsClassifier(DetectorCatalog catalog, string detector, string file)
    {
        var second = Entry(catalog, "--classifier", file, null);
        var first = catalog.Resolve(detector);
        // One file may do both; then it stands there twice.
        if (second.Name == first.Name) second = Renamed(second, Free(catalog, second.Name));
        return With(With(catalog, second), first with { Classifier = second.Name });
    }

    private static DetectorSettings Entry(DetectorCatalog catalog, string option, string file, float? threshold)
    {
        var path = Path.GetFullPath(file);
        if (!File.Exists(path)) throw new UsageException($"{option} {file}: there is no such file; deploy/get-model.sh fetches a model");
        var name = SettingName.Of(Path.GetFileNameWithoutExtension(file));
        // A name that means something else already would be mixed with it in a site file.
        if (name == CameraSection.DefaultDetector || (catalog.ByName.TryGetValue(name, out var known) && known.Model?.Path != path)) name = Free(catalog, name);
        return new DetectorSettings(name, DetectorKind.Onnx, new OnnxModelSettings(name, path, Threshold: threshold));
    }

    private static DetectorSettings Renamed(DetectorSettings detector, string name) => detector with { Name = name, Model = detector.Model! with { Name = name } };

    private static string Free(DetectorCatalog catalog, string name) =>
        Enumerable.Range(2, int.MaxValue - 2).Select(i => $"{name}-{i}").First(n => !catalog.ByName.ContainsKey(n));

    private static DetectorCatalog With(DetectorCatalog catalog, DetectorSettings entry) =>
        catalog with { ByName = new Dictionary<string, DetectorSettings>(catalog.ByName) { [entry.Name] = entry } };
}
