using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Frames;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Core.Privacy;

/// <summary>Looks at every frame of one camera, so that whoever wants to see it can be shown a picture of it. Not thread-safe: one camera, one of it.</summary>
public interface ILivePicture : IDisposable
{
    /// <param name="frame">The caller keeps it, and must be its owner.</param>
    /// <param name="detections">Of this very frame, the unsure ones too; null where nobody looked for any.</param>
    void Observe(AnonymizedFrame frame, IReadOnlyList<Detection.Detection>? detections);
}

/// <summary>Makes the live picture of a camera.</summary>
public interface ILivePictureFactory
{
    ILivePicture Create(CameraSetup camera, DetectorIdentity detector);
}
