using TrafficFlow.Core.Frames;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Core.Scene;

/// <summary>Watches whether one camera still shows the scene that it was calibrated on. Not thread-safe: one camera, one watch.</summary>
public interface ISceneWatch : IDisposable
{
    /// <summary>Looks at a frame, where a look is due; the caller keeps the frame.</summary>
    /// <returns>What is thought of the scene now.</returns>
    SceneVerdict Observe(AnonymizedFrame frame);

    /// <summary>The scene as it is now is the right one: from now on it is compared with.</summary>
    void Accept();
}

/// <summary>Makes the scene watch of a camera.</summary>
public interface ISceneWatchFactory
{
    ISceneWatch Create(CameraSetup camera);
}

/// <summary>Keeps the calibrated scenes of cameras from one start to the next.</summary>
public interface ISceneStore
{
    /// <returns>Null where nothing is kept for this camera as it is set up now.</returns>
    byte[]? Load(CameraSetup camera);

    void Save(CameraSetup camera, byte[] scene);
}
