using TrafficFlow.Core.Sites;
using TrafficFlow.Vision.Privacy;
using TrafficFlow.Web.Pages.Cameras;

namespace TrafficFlow.Node.WebHosting;

/// <summary>The live pictures of this process' cameras, for its web host.</summary>
internal sealed class NodePictures(LivePictures pictures) : ICameraPictures
{
    /// <summary>A picture waits for two seconds of the camera after it was taken, and another one may be under way.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(8);

    public bool Has(CameraId camera) => pictures.Has(camera);

    public async Task<CameraPicture?> NextAsync(CameraId camera, CancellationToken cancellation) =>
        await pictures.NextAsync(camera, Patience, cancellation) is { } picture ? new CameraPicture(picture.Taken, picture.Jpeg) : null;
}
