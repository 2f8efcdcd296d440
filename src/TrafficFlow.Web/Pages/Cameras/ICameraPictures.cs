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

    /// <summary>Its scene as coarse edges, in which nobody can be recognised; those of the last seconds come some seconds after somebody has asked for the first time.</summary>
    /// <returns>Null where the camera is not at this node, or does not work.</returns>
    CameraEdges? Edges(CameraId camera);
}

/// <summary>PNG files of one size.</summary>
/// <param name="Calibrated">The scene as it was learned; null before.</param>
/// <param name="Now">That of the last seconds; null until they have been looked at.</param>
/// <param name="Both">Over each other; null where one is missing.</param>
/// <param name="NowAt">When, by the camera's node.</param>
public sealed record CameraEdges(byte[]? Calibrated, byte[]? Now, byte[]? Both, DateTimeOffset? NowAt);

/// <param name="Taken">When, by the camera's node.</param>
public sealed record CameraPicture(DateTimeOffset Taken, byte[] Jpeg);
