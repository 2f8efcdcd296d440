using TrafficFlow.Core;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Frames;
using TrafficFlow.Core.Sites;
using TrafficFlow.Vision.Annotation;

namespace TrafficFlow.Node.Count;

/// <summary>The film that `count --video` writes: the anonymized picture, coarsened where it must be, with all that is measured.</summary>
internal sealed class AnnotatedFilm(string path, CameraSetup camera, double framesPerSecond) : IDisposable
{
    private readonly ShownPicture _picture = new();
    private readonly CountOverlay _overlay = new(camera);
    private readonly VideoFileWriter _writer = new(path, camera.Frame.Width, camera.Frame.Height, framesPerSecond);

    public void Add(AnonymizedFrame frame, List<Detection> detections, PipelineOutput output)
    {
        _picture.Show(frame, detections, output);
        _overlay.Draw(_picture, output, frame.EventTime);
        _writer.Write(_picture);
    }

    /// <summary>Shows the last picture once more: who came since nobody looked could not be coarsened.</summary>
    public void Hold() => _writer.Write(_picture);

    public Task CloseAsync() => _writer.CloseAsync();

    public void Dispose()
    {
        _writer.Dispose();
        _picture.Dispose();
    }
}
