using TrafficFlow.Core.Sites;
using TrafficFlow.Node.Settings;

namespace TrafficFlow.Node.Calibrate;

/// <summary>The camera and the detector that the command line names.</summary>
internal static class CalibrateDetector
{
    public static CameraSetup Choose(Site site, string? id)
    {
        var known = string.Join(", ", site.Cameras.Select(c => c.Id));
        if (id is null) return site.Cameras.Count == 1 ? site.Cameras[0] : throw new UsageException($"the site has several cameras: name one with --camera ({known})");
        return site.FindCamera(new CameraId(id)) ?? throw new UsageException($"the site has no camera \"{id}\": choose one of {known}");
    }

    public static (DetectorCatalog Catalog, CameraSetup Camera) Name(DetectorCatalog catalog, CameraSetup camera, string? detector, string? model)
    {
        if (detector is not null && model is not null) throw new UsageException("--detector and --model exclude each other: give one");
        if (model is null)
        {
            var chosen = camera with { Detector = detector ?? camera.Detector };
            catalog.Resolve(chosen.Detector);
            return (catalog, chosen);
        }

        var (with, name) = GivenModel.AsDetector(catalog, model);
        return (with, camera with { Detector = name });
    }
}
