using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Sites;
using TrafficFlow.Node.Settings;
using TrafficFlow.Vision.Motion;
using TrafficFlow.Vision.Onnx;

namespace TrafficFlow.Node.Detectors;

/// <summary>
/// Makes each camera's detector from the settings. A model file is loaded once and shared by all cameras that name it; models are loaded
/// at the start, so that a missing or wrong file fails the start and not the first frame.
/// </summary>
public sealed class VehicleDetectorFactory : IVehicleDetectorFactory, IDisposable
{
    private readonly DetectorCatalog _catalog;
    private readonly Dictionary<string, OnnxModel> _models = [];

    /// <exception cref="DetectorException">A model file is missing or is not what the settings say.</exception>
    public VehicleDetectorFactory(DetectorCatalog catalog, IReadOnlyCollection<CameraSetup> cameras)
    {
        _catalog = catalog;
        foreach (var camera in cameras)
        {
            if (catalog.Resolve(camera.Detector) is { Model: { } model } detector && !_models.ContainsKey(detector.Name))
                _models.Add(detector.Name, OnnxModel.Load(model, cameras.Count));
        }
    }

    public IVehicleDetector Create(CameraSetup camera)
    {
        var detector = _catalog.Resolve(camera.Detector);
        return detector.Model is null
            ? new MotionDetector(camera.Frame, MotionSettings.Default)
            : new OnnxDetector(_models[detector.Name], camera.Frame.Width, camera.Frame.Height);
    }

    public void Dispose()
    {
        foreach (var model in _models.Values) model.Dispose();
    }
}
