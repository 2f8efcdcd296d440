using System.Collections.Concurrent;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Sites;
using TrafficFlow.Node.Settings;
using TrafficFlow.Simulation.Replay;
using TrafficFlow.Vision.Motion;
using TrafficFlow.Vision.Onnx;

namespace TrafficFlow.Node.Detectors;

/// <summary>
/// Makes each camera's detector from the settings of its site. A model file is loaded once and shared by all cameras that name it; models
/// are loaded at the start, so that a missing or wrong file fails the start and not the first frame.
/// </summary>
public sealed class VehicleDetectorFactory : IVehicleDetectorFactory, IDisposable
{
    private readonly ConcurrentDictionary<string, OnnxModel> _models = [];
    private volatile IReadOnlyList<SiteSettings> _sites = [];

    /// <exception cref="DetectorException">A model file is missing or is not what the settings say.</exception>
    public VehicleDetectorFactory(IReadOnlyList<SiteSettings> sites) => Use(sites);

    /// <summary>The site files were read again; models that are new are loaded, those that are known stay.</summary>
    /// <exception cref="DetectorException">A model file is missing or is not what the settings say; everything stays as it was.</exception>
    public void Use(IReadOnlyList<SiteSettings> sites)
    {
        var cameras = sites.Sum(s => s.Site.Cameras.Count);
        foreach (var site in sites)
            foreach (var camera in site.Site.Cameras.Where(c => !ReplaySource.IsReplay(c.Source)))
                if (site.Detectors.Resolve(camera.Detector) is { Model: { } model })
                    _models.GetOrAdd(KeyOf(model), _ => OnnxModel.Load(model, cameras));
        _sites = sites;
    }

    public IVehicleDetector Create(CameraSetup camera)
    {
        var site = _sites.First(s => s.Site.FindCamera(camera.Id) is not null);
        return site.Detectors.Resolve(camera.Detector).Model is { } model
            ? new OnnxDetector(_models[KeyOf(model)], camera.Frame.Width, camera.Frame.Height)
            : new MotionDetector(camera.Frame, MotionSettings.Default);
    }

    public void Dispose()
    {
        foreach (var model in _models.Values) model.Dispose();
    }

    // Two sites may call different models by the same name.
    private static string KeyOf(OnnxModelSettings model) => $"{model.Name}|{model}";
}
