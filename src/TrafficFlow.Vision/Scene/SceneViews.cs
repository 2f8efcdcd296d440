using System.Collections.Concurrent;
using TrafficFlow.Core.Scene;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Vision.Scene;

/// <summary>The scenes of the cameras of this process as coarse edges, for whoever looks at them. Thread-safe.</summary>
public sealed class SceneViews(TimeProvider time)
{
    private readonly ConcurrentDictionary<CameraId, SceneView> _cameras = new();

    /// <summary>Those of the last seconds are made from now on, for as long as somebody asks.</summary>
    /// <returns>Null where the camera is none of this process, or its detector does not run.</returns>
    public SceneEdges? Find(CameraId camera) => _cameras.TryGetValue(camera, out var view) ? view.Ask() : null;

    /// <summary>A camera that is made anew takes the place of the one before.</summary>
    internal SceneView Open(CameraId camera) => _cameras[camera] = new SceneView(time, ended => _cameras.TryRemove(KeyValuePair.Create(camera, ended)));
}

/// <summary>Between a camera, which looks at its scene, and those who look at what it saw. Thread-safe.</summary>
internal sealed class SceneView(TimeProvider time, Action<SceneView> ended) : IDisposable
{
    /// <summary>For so long after somebody asked, the edges of the last seconds are made.</summary>
    private static readonly TimeSpan s_askedFor = TimeSpan.FromSeconds(60);

    private readonly Lock _gate = new();
    private SceneEdges _edges = new(null, null, null);
    private long? _askedAt;

    public bool IsAskedFor
    {
        get
        {
            lock (_gate) return _askedAt is { } at && time.GetElapsedTime(at) < s_askedFor;
        }
    }

    public SceneEdges Ask()
    {
        lock (_gate)
        {
            _askedAt = time.GetTimestamp();
            return _edges;
        }
    }

    public void Publish(EdgePicture? calibrated)
    {
        lock (_gate) _edges = _edges with { Calibrated = calibrated };
    }

    /// <param name="now">Null where nobody has looked for a while: what was then is not so now.</param>
    public void Publish(EdgePicture? now, DateTimeOffset? at)
    {
        lock (_gate) _edges = _edges with { Now = now, NowAt = at };
    }

    public void Dispose() => ended(this);
}
