using System.Collections.Concurrent;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Privacy;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Vision.Privacy;

/// <summary>The live pictures of the cameras of this process. They are made of frames that never leave it; what leaves is what <see cref="ShownPicture"/> gives. Thread-safe.</summary>
public sealed class LivePictures(TimeProvider time) : ILivePictureFactory
{
    private readonly ConcurrentDictionary<CameraId, LivePicture> _cameras = new();

    /// <summary>A camera that is made anew takes the place of the one before.</summary>
    public ILivePicture Create(CameraSetup camera, DetectorIdentity detector)
    {
        // Whoever waits for a picture gets it from the camera's next life.
        var view = _cameras.TryGetValue(camera.Id, out var before) ? before.View : new LiveView(time);
        return _cameras[camera.Id] = new LivePicture(camera, detector, time, view, ended => _cameras.TryRemove(KeyValuePair.Create(camera.Id, ended)));
    }

    /// <summary>Whether the camera is one of this process, and its detector runs.</summary>
    public bool Has(CameraId camera) => _cameras.ContainsKey(camera);

    /// <summary>The newest picture; while none is new, the next one.</summary>
    /// <returns>Null where none has come in time, as of a camera that gives no frames.</returns>
    /// <exception cref="OperationCanceledException">Nobody waits any more.</exception>
    public async Task<TakenPicture?> NextAsync(CameraId camera, TimeSpan patience, CancellationToken cancellation)
    {
        if (!_cameras.TryGetValue(camera, out var picture)) return null;
        try
        {
            return await picture.View.NextAsync().WaitAsync(patience, time, cancellation).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            return null;
        }
    }
}
