using TrafficFlow.Core.Sites;
using TrafficFlow.Simulation;
using TrafficFlow.Synthetic.Light;
using TrafficFlow.Synthetic.Scenery;

namespace TrafficFlow.Synthetic;

/// <summary>
/// The empty streets that this process has painted: seconds of work for each view, which a source that is opened again must not wait for
/// again. A painting that was begun goes on although the opening that asked for it was given up. The newest few are kept.
/// </summary>
public static class PaintedStreets
{
    // Of 640x360 some 5 MB each.
    private const int Kept = 8;

    private static readonly Lock s_lock = new();
    private static readonly LinkedList<(View View, Task<Background> Painting)> s_paintings = [];

    /// <summary>Paints what the camera will need when it is opened. Nothing to do for a camera that is not synthetic.</summary>
    /// <exception cref="Core.Frames.FrameSourceException">The source text is not understood, or its pole sees no road.</exception>
    public static Task PrepareAsync(CameraSetup camera)
    {
        if (!SyntheticSource.IsSynthetic(camera.Source)) return Task.CompletedTask;
        var source = SyntheticSource.Parse(camera.Source);
        return OnThreadOfItsOwn(() => SyntheticView.Of(source, camera.Frame)).ContinueWith(
            view => OfAsync(view.GetAwaiter().GetResult(), camera.Frame.Width, camera.Frame.Height), TaskScheduler.Default).Unwrap();
    }

    internal static Task<Background> OfAsync(SyntheticView view, int width, int height)
    {
        var wanted = new View(view.Camera, width, height, view.Lighting);
        lock (s_lock)
        {
            var known = s_paintings.FirstOrDefault(p => p.View == wanted);
            if (known.Painting is { IsFaulted: false })
            {
                s_paintings.Remove(known);
                s_paintings.AddFirst(known);
                return known.Painting;
            }

            if (known.Painting is not null) s_paintings.Remove(known);
            var painting = OnThreadOfItsOwn(() => Background.Paint(view.Camera, width, height, view.Lighting));
            s_paintings.AddFirst((wanted, painting));
            if (s_paintings.Count > Kept) s_paintings.RemoveLast();
            return painting;
        }
    }

    /// <summary>Seconds of work: on a pool thread it would be one less for everybody else.</summary>
    internal static Task<T> OnThreadOfItsOwn<T>(Func<T> work) => Task.Factory.StartNew(
        work, CancellationToken.None, TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach, TaskScheduler.Default);

    private sealed record View(ViewCamera Camera, int Width, int Height, Lighting Lighting);
}
