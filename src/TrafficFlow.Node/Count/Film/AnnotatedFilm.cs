using TrafficFlow.Core;
using TrafficFlow.Core.Counting;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Frames;
using TrafficFlow.Core.Sites;
using TrafficFlow.Vision.Annotation;
using TrafficFlow.Vision.Privacy;

namespace TrafficFlow.Node.Count.Film;

/// <summary>The film that `count --video` writes: the anonymized picture, coarsened where it must be, with all that is measured.</summary>
internal sealed class AnnotatedFilm : IAsyncDisposable
{
    private readonly string _path;
    private readonly CountOverlay _overlay;
    private readonly VideoFileWriter _writer;
    private readonly LookaheadRenderer _renderer;
    private readonly PriorityQueue<Crossing, DateTimeOffset> _coming = new();

    /// <param name="again">Reads the counted file a second time; disposed of with the film.</param>
    public AnnotatedFilm(string path, CameraSetup camera, double framesPerSecond, IFrameReader again, DetectorIdentity detector)
    {
        _path = path;
        _overlay = new CountOverlay(camera);
        _writer = new VideoFileWriter(path, camera.Frame.Width, camera.Frame.Height, framesPerSecond);
        _renderer = new LookaheadRenderer(again, detector, camera.Frame, Write);
    }

    /// <inheritdoc cref="LookaheadRenderer.AddAsync"/>
    public Task AddAsync(DateTimeOffset time, IReadOnlyList<Detection>? detections, PipelineOutput output, CancellationToken cancellation)
    {
        AddCrossings(output.Crossings);
        return _renderer.AddAsync(time, detections, output, cancellation);
    }

    /// <summary>These are shown in the picture in which they happened, or as soon as they are known.</summary>
    public void AddCrossings(IReadOnlyList<Crossing> crossings)
    {
        foreach (var crossing in crossings) _coming.Enqueue(crossing, crossing.Time);
    }

    /// <summary>Ends the file.</summary>
    public async Task<WrittenPictures> CloseAsync(CancellationToken cancellation)
    {
        await _renderer.FinishAsync(cancellation);
        await _writer.CloseAsync();
        return new WrittenPictures(Path.GetFileName(_path), _renderer.Coarsened);
    }

    public async ValueTask DisposeAsync()
    {
        _writer.Dispose();
        await _renderer.DisposeAsync();
    }

    private void Write(ShownPicture picture, DateTimeOffset time, PipelineOutput output)
    {
        while (_coming.TryPeek(out var crossing, out var at) && at <= time)
        {
            _coming.Dequeue();
            _overlay.Add(crossing);
        }

        _overlay.Draw(picture, output.Tracks, time);
        _writer.Write(picture);
    }
}
