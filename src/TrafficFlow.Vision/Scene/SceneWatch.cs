using OpenCvSharp;
using TrafficFlow.Core.Frames;
using TrafficFlow.Core.Scene;
using TrafficFlow.Core.Scene.Visibility;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Vision.Scene;

/// <summary>Shrinks a frame twice a second to a small grey picture, lets <see cref="SceneJudge"/> compare it, and <see cref="VisibilityJudge"/> say whether vehicles can be seen in it.</summary>
public sealed class SceneWatch : ISceneWatch
{
    private readonly CameraSetup _camera;
    private readonly ISceneStore? _store;
    private readonly SceneJudge _judge;
    private readonly VisibilityJudge _visibility;
    private readonly ScenePicture _picture;
    private readonly RecentEdges _recent;
    private readonly SceneView? _view;
    private readonly Mat _small = new();
    private readonly Mat _grey = new();
    private SceneVerdict _verdict;
    private int _stored;

    /// <param name="store">Null: the scene is learned from the first seconds, and forgotten at the end.</param>
    /// <param name="views">Where people look at it; null for nowhere.</param>
    public SceneWatch(CameraSetup camera, ISceneStore? store, SceneSettings? settings = null, SceneViews? views = null)
    {
        (_camera, _store, _view) = (camera, store, views?.Open(camera.Id));
        var grid = new SceneGrid(camera.Frame, camera.Masks);
        _picture = new ScenePicture(grid);
        _judge = new SceneJudge(grid, settings ?? SceneSettings.Default);
        _visibility = new VisibilityJudge(grid, CountedPart.Of(camera, grid), settings ?? SceneSettings.Default);
        _recent = new RecentEdges(grid, settings ?? SceneSettings.Default);
        if (store?.Load(camera) is { } scene) _judge.Restore(scene);
        _view?.Publish(_judge.Calibrated());
        _stored = _judge.ReferenceChanges;
    }

    public SceneVerdict Observe(AnonymizedFrame frame)
    {
        if (!_judge.IsDue(frame.EventTime)) return _verdict;
        var grid = _picture.Grid;
        using var picture = Mat.FromPixelData(frame.Height, frame.Width, MatType.CV_8UC3, frame.Address);
        Cv2.Resize(picture, _small, new Size(grid.FineWidth, grid.FineHeight), 0, 0, InterpolationFlags.Area);
        Cv2.CvtColor(_small, _grey, ColorConversionCodes.BGR2GRAY);
        _grey.GetArray(out byte[] pixels);
        _picture.Take(pixels);
        _verdict = _judge.Judge(_picture, frame.EventTime);
        var seen = _visibility.Judge(pixels, frame.EventTime);
        // A camera that shows another place, or nothing, is the graver fault.
        if (!_verdict.IsDegraded && seen != SceneState.InPlace) _verdict = _verdict with { State = seen };
        if (_stored != _judge.ReferenceChanges) Store();
        Recall(frame.EventTime);
        return _verdict;
    }

    public void Accept()
    {
        _judge.Accept();
        _verdict = _judge.Verdict;
        _view?.Publish(calibrated: null);
    }

    public void Dispose()
    {
        _view?.Dispose();
        _small.Dispose();
        _grey.Dispose();
    }

    /// <summary>Whoever looks sees the last seconds; while nobody does they are not kept.</summary>
    private void Recall(DateTimeOffset time)
    {
        if (_view is not { } view) return;
        if (!view.IsAskedFor)
        {
            _recent.Clear();
            view.Publish(now: null, at: null);
        }
        else if (_recent.Add(_picture) is { } now)
        {
            view.Publish(now, time);
        }
    }

    private void Store()
    {
        _stored = _judge.ReferenceChanges;
        _view?.Publish(_judge.Calibrated());
        if (_judge.Reference() is { } scene) _store?.Save(_camera, scene);
    }
}

/// <param name="store">Null: nothing is kept.</param>
/// <param name="views">Null: nobody looks.</param>
public sealed class SceneWatchFactory(ISceneStore? store, SceneViews? views = null) : ISceneWatchFactory
{
    public ISceneWatch Create(CameraSetup camera) => new SceneWatch(camera, store, views: views);
}
