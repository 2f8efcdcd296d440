using System.Collections.Concurrent;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Sites;
using TrafficFlow.Node.Settings;
using TrafficFlow.Simulation.Replay;
using TrafficFlow.Vision;
using TrafficFlow.Vision.Classifying;
using TrafficFlow.Vision.Colour;
using TrafficFlow.Vision.Motion;
using TrafficFlow.Vision.Onnx;
using TrafficFlow.Vision.Throttling;

namespace TrafficFlow.Node.Detectors;

/// <summary>
/// Makes each camera's detector from the settings of its site. A model file is loaded once and shared by all cameras that name it; models
/// are loaded at the start, so that a missing or wrong file fails the start and not the first frame.
/// </summary>
public sealed class VehicleDetectorFactory : IVehicleDetectorFactory, IDisposable
{
    private readonly ConcurrentDictionary<string, OnnxModel> _models = [];
    private readonly InferenceQueue _queue;
    private readonly int? _threads;
    private volatile IReadOnlyList<SiteSettings> _sites = [];

    /// <exception cref="DetectorException">A model file or a native library is missing, or a model is not what the settings say.</exception>
    public VehicleDetectorFactory(IReadOnlyList<SiteSettings> sites)
        : this(sites, new InferenceQueue(), null)
    {
    }

    private VehicleDetectorFactory(IReadOnlyList<SiteSettings> sites, InferenceQueue queue, int? threads)
    {
        (_queue, _threads) = (queue, threads);
        Use(sites);
    }

    /// <summary>Others, whose inferences wait in the same line and take one core each: for work beside live cameras.</summary>
    /// <exception cref="DetectorException">As at the start.</exception>
    public VehicleDetectorFactory Beside(IReadOnlyList<SiteSettings> sites) => new(sites, _queue, threads: 1);

    /// <summary>The site files were read again; models that are new are loaded, those that are known stay.</summary>
    /// <exception cref="DetectorException">A model file is missing or is not what the settings say; everything stays as it was.</exception>
    public void Use(IReadOnlyList<SiteSettings> sites)
    {
        var cameras = sites.Sum(s => s.Site.Cameras.Count);
        if (sites.SelectMany(s => s.Site.Cameras).Any(c => !ReplaySource.IsReplay(c.Source))) MissingLibrary.CheckOpenCv();
        foreach (var site in sites)
            foreach (var camera in site.Site.Cameras.Where(c => !ReplaySource.IsReplay(c.Source)))
            {
                foreach (var model in ModelsOf(site.Detectors, camera))
                    _models.GetOrAdd(KeyOf(model), _ => OnnxModel.Load(_threads is { } threads ? model with { Threads = threads } : model, cameras, _queue));
                if (ClassifierOf(site.Detectors, site.Detectors.Resolve(camera.Detector)) is { } classifier) CheckClassifier(_models[KeyOf(classifier)]);
            }

        _sites = sites;
    }

    /// <summary>What was done otherwise than the settings ask, and why.</summary>
    public IEnumerable<string> Notes => _models.Values.Where(m => m.Identity.Note is not null).Select(m => $"detector {m.Identity.Name}: {m.Identity.Note}").Distinct();

    public IVehicleDetector Create(CameraSetup camera)
    {
        var site = _sites.First(s => s.Site.FindCamera(camera.Id) is not null);
        var settings = site.Detectors.Resolve(camera.Detector);
        IVehicleDetector detector = settings.Model is { } model
            ? new OnnxDetector(_models[KeyOf(model)], camera.Frame.Width, camera.Frame.Height)
            : new MotionDetector(camera.Frame, MotionSettings.Default);
        if (ClassifierOf(site.Detectors, settings) is { } classifier)
            detector = ClassifierStage.Around(detector, _models[KeyOf(classifier)], camera.Frame);
        detector = ColourDetector.Around(detector, camera.Frame);
        // Outermost: a frame that it skips costs no detection, classification or colour.
        return settings.Throttle is { } throttle ? ThrottledDetector.Around(detector, throttle) : detector;
    }

    public void Dispose()
    {
        foreach (var model in _models.Values) model.Dispose();
    }

    private static IEnumerable<OnnxModelSettings> ModelsOf(DetectorCatalog detectors, CameraSetup camera)
    {
        var settings = detectors.Resolve(camera.Detector);
        if (settings.Model is { } model) yield return model;
        if (ClassifierOf(detectors, settings) is { } classifier) yield return classifier;
    }

    private static OnnxModelSettings? ClassifierOf(DetectorCatalog detectors, DetectorSettings settings) =>
        settings.Classifier is { } name ? detectors.Resolve(name).Model : null;

    private static void CheckClassifier(OnnxModel model)
    {
        if (model.TellsVehiclesApart) return;
        throw new DetectorException(
            $"{model.Settings.Path}: as a classifier (detector {model.Settings.Name}) this model would tell nothing: it knows one kind of vehicle only. "
            + "Take one with COCO's 80 classes, for example YOLOX-nano from deploy/get-model.sh");
    }

    /// <summary>All that makes a loaded model: two sites may call different ones by the same name, or read its classes differently.</summary>
    private static string KeyOf(OnnxModelSettings model) =>
        $"{model}|{string.Join(',', (model.Classes ?? new Dictionary<int, ClassMeaning>()).OrderBy(c => c.Key).Select(c => $"{c.Key}={c.Value}"))}";
}
