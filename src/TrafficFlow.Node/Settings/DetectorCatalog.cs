using TrafficFlow.Core.Detection;
using TrafficFlow.Node.Settings.Sites;
using TrafficFlow.Vision.BuiltIn;
using TrafficFlow.Vision.Onnx;
using TrafficFlow.Vision.Throttling;

namespace TrafficFlow.Node.Settings;

public enum DetectorKind
{
    Motion,

    /// <summary>Our own network, which came with the program.</summary>
    BuiltIn,

    /// <summary>A network from a file.</summary>
    Onnx,
}

/// <summary>One entry of trafficflow.detectors.</summary>
/// <param name="Model">Null for motion.</param>
/// <param name="Classifier">The detector whose model looks again at what this one found, for its class; null for none.</param>
/// <param name="Throttle">Null where every frame is looked at.</param>
public sealed record DetectorSettings(
    string Name, DetectorKind Kind, OnnxModelSettings? Model = null, string? Classifier = null, ThrottleSettings? Throttle = null);

/// <summary>The detectors that cameras may name.</summary>
/// <param name="Default">Which one `detector = default` means.</param>
public sealed record DetectorCatalog(string Default, IReadOnlyDictionary<string, DetectorSettings> ByName)
{
    /// <param name="name">As in the site file; "default" is the default detector.</param>
    /// <exception cref="UsageException">There is no such detector.</exception>
    public DetectorSettings Resolve(string name) =>
        ByName.TryGetValue(name == CameraSection.DefaultDetector ? Default : name, out var detector)
            ? detector
            : throw new UsageException(
                $"there is no detector \"{name}\": {Suggestion.For(name, [CameraSection.DefaultDetector, .. ByName.Keys], "known detectors")}");
}

/// <summary>Reads trafficflow.detectors and trafficflow.default-detector.</summary>
internal static class DetectorsSection
{
    private static readonly Dictionary<string, ClassMeaning> Meanings = new(VehicleClassNames.All.Select(c =>
        KeyValuePair.Create(c.Name(), new ClassMeaning(DetectedKind.Vehicle, c))))
    {
        ["person"] = new(DetectedKind.Person, VehicleClass.Unclassified),
        ["bicycle"] = new(DetectedKind.Rider, VehicleClass.Unclassified),
        ["other"] = new(DetectedKind.Other, VehicleClass.Unclassified),
    };

    public static string NameOf(DetectorKind kind) => kind switch
    {
        DetectorKind.Motion => "motion",
        DetectorKind.BuiltIn => "in-box",
        DetectorKind.Onnx => "onnx",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "no such detector"),
    };

    public static DetectorCatalog Read(SettingsReader trafficflow)
    {
        var detectors = new Dictionary<string, DetectorSettings>(StringComparer.Ordinal);
        if (trafficflow.OptionalSection("detectors") is { } section)
        {
            foreach (var (name, reader) in SiteSection.Named(section))
            {
                if (name == CameraSection.DefaultDetector) section.Problem(name, "is the name for the default detector", "choose another name");
                detectors[name] = Read(name, reader);
            }
        }

        CheckClassifiers(trafficflow, detectors);
        var chosen = trafficflow.Text("default-detector", "set the detector that `detector = default` means, for example vehicles");
        if (chosen.Length > 0 && !detectors.ContainsKey(chosen))
        {
            trafficflow.Problem("default-detector", $"there is no detector \"{chosen}\"", Suggestion.For(chosen, detectors.Keys, "known detectors"));
        }

        return new DetectorCatalog(chosen, detectors);
    }

    private static void CheckClassifiers(SettingsReader trafficflow, Dictionary<string, DetectorSettings> detectors)
    {
        if (trafficflow.OptionalSection("detectors") is not { } section) return;
        foreach (var (name, reader) in section.Named())
        {
            if (detectors.GetValueOrDefault(name)?.Classifier is not { } classifier) continue;
            var models = detectors.Values.Where(d => d.Model is not null && d.Name != name).Select(d => d.Name).ToList();
            if (models.Contains(classifier)) continue;
            var why = classifier == name ? $"\"{classifier}\" is the detector itself"
                : detectors.ContainsKey(classifier) ? $"\"{classifier}\" has no model"
                : $"there is no detector \"{classifier}\"";
            var remedy = models.Count > 0
                ? Suggestion.For(classifier, models, "detectors with a model")
                : "add a second detector of type in-box, or of type onnx whose model knows cars, lorries, buses and motorcycles";
            reader.Problem("classifier", why, remedy);
        }
    }

    private static DetectorSettings Read(string name, SettingsReader reader)
    {
        var type = reader.Text("type", "set in-box, onnx or motion");
        var detector = new DetectorSettings(name, DetectorKind.Motion);
        if (type == "onnx")
        {
            detector = new DetectorSettings(name, DetectorKind.Onnx, ReadModel(name, reader), Throttle: ReadThrottle(reader));
        }
        else if (type == "in-box")
        {
            detector = new DetectorSettings(name, DetectorKind.BuiltIn, ReadBuiltIn(name, reader), Throttle: ReadThrottle(reader));
        }
        else if (type is not ("motion" or ""))
        {
            reader.Problem("type", $"\"{type}\" is no type of detector", Suggestion.For(type, ["in-box", "onnx", "motion"], "types"));
            return detector; // which keys belong to it cannot be told
        }

        detector = detector with { Classifier = reader.OptionalText("classifier") };
        reader.RefuseUnknown();
        return detector;
    }

    private static OnnxModelSettings ReadModel(string name, SettingsReader reader)
    {
        var model = reader.Text("model", "set the path of an .onnx file");
        if (model.Length > 0) model = Path.GetFullPath(Path.Combine(reader.Find("model")!.Origin.Folder, model));
        return new OnnxModelSettings(
            name,
            model,
            ReadLayout(reader),
            ReadThreshold(reader),
            reader.OptionalSection("classes") is { } classes ? ReadClasses(classes) : null,
            ReadThreads(reader))
        {
            Sha256 = ReadSha256(reader),
            Input = reader.OptionalSection("input") is { } input ? ReadInput(input) : null,
        };
    }

    private static OnnxModelSettings ReadBuiltIn(string name, SettingsReader reader) =>
        BuiltInWeights.Model(name, ReadPrecision(reader), ReadThreshold(reader), ReadThreads(reader));

    private static float? ReadThreshold(SettingsReader reader) => (float?)reader.OptionalNumber("threshold", 0.01, 0.99, "score");

    private static int? ReadThreads(SettingsReader reader) => reader.OptionalWhole("threads", 1, 64, "threads of one inference");

    private static BuiltInPrecision ReadPrecision(SettingsReader reader)
    {
        if (reader.OptionalText("precision") is not { } precision) return BuiltInPrecision.Float32;
        var known = Enum.GetValues<BuiltInPrecision>().ToDictionary(p => p.Name());
        if (known.TryGetValue(precision, out var named)) return named;
        reader.Problem("precision", $"\"{precision}\" is no precision", Suggestion.For(precision, known.Keys, "precisions"));
        return BuiltInPrecision.Float32;
    }

    private static string? ReadSha256(SettingsReader reader)
    {
        if (reader.OptionalText("sha256") is not { } sum) return null;
        if (sum.Length == 64 && sum.All(char.IsAsciiHexDigit)) return sum.ToLowerInvariant();
        reader.Problem("sha256", $"\"{sum}\" is no SHA-256", "write the 64 hex digits that `sha256sum FILE` prints");
        return null;
    }

    private static (int Width, int Height)? ReadInput(SettingsReader reader)
    {
        var (width, height) = (reader.OptionalWhole("width", 64, 4096, "pixels"), reader.OptionalWhole("height", 64, 4096, "pixels"));
        reader.RefuseUnknown();
        foreach (var (key, size) in new[] { ("width", width), ("height", height) })
        {
            if (size is null && !reader.Has(key)) reader.Problem(key, "is missing", "give both, for example input { width = 640, height = 384 }");
            // Every detector that we read halves its picture five times.
            else if (size % 32 is > 0) reader.Problem(key, $"{size} is no multiple of 32", $"take {((size + 31) / 32) * 32}");
        }

        return width is { } w && height is { } h ? (w, h) : null;
    }

    private static ThrottleSettings? ReadThrottle(SettingsReader reader)
    {
        var throttle = new ThrottleSettings(reader.OptionalNumber("looks-per-second", 1, 120, "frames that are looked at"), reader.OptionalFlag("gate-by-motion") ?? false);
        return throttle is { LooksPerSecond: null, GateByMotion: false } ? null : throttle;
    }

    private static OnnxLayout? ReadLayout(SettingsReader reader)
    {
        if (reader.OptionalText("layout") is not { } layout) return null;
        if (OnnxLayoutNames.All.TryGetValue(layout, out var known)) return known;
        reader.Problem("layout", $"\"{layout}\" is no known layout", Suggestion.For(layout, [.. OnnxLayoutNames.All.Keys], "known layouts"));
        return null;
    }

    private static Dictionary<int, ClassMeaning> ReadClasses(SettingsReader reader)
    {
        var classes = new Dictionary<int, ClassMeaning>();
        foreach (var key in reader.Keys)
        {
            var meaning = reader.OptionalText(key);
            if (!int.TryParse(key, System.Globalization.NumberStyles.None, null, out var number) || number > 9999)
            {
                reader.Problem(key, "is no class number", "write the model's class number, from 0: \"2\" = passenger-car");
            }
            else if (meaning is not null && !Meanings.ContainsKey(meaning))
            {
                reader.Problem(key, $"\"{meaning}\" is no class", Suggestion.For(meaning, Meanings.Keys, "classes"));
            }
            else if (meaning is not null && !classes.TryAdd(number, Meanings[meaning]))
            {
                reader.Problem(key, $"is class {number} once more", "remove one");
            }
        }

        return classes;
    }
}
