using TrafficFlow.Core.Sites;
using TrafficFlow.Vision.Privacy;
using TrafficFlow.Vision.Scene;
using TrafficFlow.Web.Pages.Cameras;

namespace TrafficFlow.Node.WebHosting;

/// <summary>The live pictures and the scenes of this process' cameras, for its web host.</summary>
internal sealed class NodePictures(LivePictures pictures, SceneViews scenes) : ICameraPictures
{
    /// <summary>A picture waits for two seconds of the camera after it was taken, and another one may be under way.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(8);

    public bool Has(CameraId camera) => pictures.Has(camera);

    public async Task<CameraPicture?> NextAsync(CameraId camera, CancellationToken cancellation) =>
        await pictures.NextAsync(camera, Patience, cancellation) is { } picture ? new CameraPicture(picture.Taken, picture.Jpeg) : null;

    public CameraEdges? Edges(CameraId camera) => scenes.Find(camera) is { } edges
        ? new CameraEdges(
            edges.Calibrated is { } calibrated ? EdgePng.OfCalibrated(calibrated) : null, edges.Now is { } now ? EdgePng.OfNow(now) : null, edges is { Calibrated: not null, Now: not null } ? EdgePng.OfBoth(edges) : null, edges.NowAt)
        : null;
}
