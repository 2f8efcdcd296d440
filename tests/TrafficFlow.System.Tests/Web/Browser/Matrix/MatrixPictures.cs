using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Frames;
using TrafficFlow.Core.Privacy;
using TrafficFlow.Core.Scene;
using TrafficFlow.Core.Sites;
using TrafficFlow.Node.WebHosting;
using TrafficFlow.Simulation;
using TrafficFlow.Synthetic;
using TrafficFlow.Synthetic.Light;
using TrafficFlow.Vision.Privacy;
using TrafficFlow.Vision.Scene;

namespace TrafficFlow.SystemTests.Web.Browser.Matrix;

/// <summary>
/// Painted cameras of two sites: of each the first one gives pictures, and that of the blind site has moved since it was calibrated. All others work and give none. What makes
/// pictures and edges of them is what does it in a node.
/// </summary>
internal sealed class MatrixPictures : IAsyncDisposable
{
    private static readonly DetectorIdentity s_detector = new("scripted", "1", new ScoreBands(0.1f, 0.5f, 0.5f), KnowsPersons: true);

    private readonly LivePictures _pictures = new(TimeProvider.System);
    private readonly SceneViews _scenes = new(TimeProvider.System);
    private readonly CancellationTokenSource _end = new();
    private readonly List<IDisposable> _silent = [];
    private readonly List<Task> _cameras = [];

    public MatrixPictures()
    {
        // Sites have cameras of the same names here, which one node never has: the first ones are painted for all.
        var setup = MatrixSites.Heavy.Cameras[0];
        _silent.AddRange(MatrixSites.Heavy.Cameras.Skip(1).Select(c => _pictures.Create(c, s_detector)));
        _cameras.Add(Task.Run(() => PaintAsync(setup)));
    }

    public NodePictures Pictures => new(_pictures, _scenes);

    private async Task PaintAsync(CameraSetup camera)
    {
        using var picture = new JunctionPicture(JunctionCameras.Of(0, (double)camera.Frame.Width / camera.Frame.Height), camera.Frame.Width, camera.Frame.Height, Lighting.All.First(l => l.Name == "day"), 5);
        using ILivePicture live = _pictures.Create(camera, s_detector);
        using ISceneWatch watch = new SceneWatch(camera, store: null, views: _scenes);
        var simulation = new JunctionSimulation(JunctionSettings.Default with { Seed = 5 });
        var pool = new FramePool(camera.Frame.ByteCount, 4);
        var begun = DateTimeOffset.UtcNow;
        try
        {
            for (var i = 0; ; i++)
            {
                simulation.AdvanceTo(TimeSpan.FromSeconds(20 + (i * 0.5)));
                using var captured = new CapturedFrame(pool, camera.Frame.Width, camera.Frame.Height) { Index = i, EventTime = begun.AddSeconds(i * 0.5) };
                picture.Paint(simulation, i, captured.Buffer.AsSpan());
                // From the tenth second on the camera hangs a little lower.
                if (i > 40) Shift(captured.Buffer.AsSpan(), camera.Frame, 26, 11);
                using var frame = captured.IntoAnonymized();
                watch.Observe(frame);
                live.Observe(frame, []);
                // Learned faster than it happens.
                if (i > 40) await Task.Delay(500, _end.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // It was enough.
        }
    }

    private static void Shift(Span<byte> pixels, FrameFormat frame, int right, int down)
    {
        var before = pixels.ToArray();
        for (var y = 0; y < frame.Height; y++)
        {
            var from = Math.Max(0, y - down) * frame.Width * 3;
            before.AsSpan(from, (frame.Width - right) * 3).CopyTo(pixels.Slice(((y * frame.Width) + right) * 3, (frame.Width - right) * 3));
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await Task.WhenAll(_cameras);
        foreach (var camera in _silent) camera.Dispose();
        _end.Dispose();
    }
}
