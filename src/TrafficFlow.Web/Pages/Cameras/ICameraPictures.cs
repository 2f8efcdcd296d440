using TrafficFlow.Core.Sites;

namespace TrafficFlow.Web.Pages.Cameras;

/// <summary>Anonymized pictures of the cameras that this very node has: none comes from another node, for no picture crosses the cluster.</summary>
public interface ICameraPictures
{
    /// <summary>Whether the camera is at this node, and works.</summary>
    bool Has(CameraId camera);

    /// <summary>The newest one, or the next; about one in two seconds is made, while somebody asks.</summary>
    /// <returns>Null where none has come in time.</returns>
    /// <exception cref="OperationCanceledException">Nobody waits any more.</exception>
    Task<CameraPicture?> NextAsync(CameraId camera, CancellationToken cancellation);
}

/// <param name="Taken">When, by the camera's node.</param>
public sealed record CameraPicture(DateTimeOffset Taken, byte[] Jpeg);
