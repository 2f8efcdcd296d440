using TrafficFlow.Core.Frames;
using TrafficFlow.Core.Sites;
using TrafficFlow.Simulation;
using TrafficFlow.Synthetic.Effects;
using TrafficFlow.Synthetic.Scenery;
using TrafficFlow.Vision.Masking;

namespace TrafficFlow.Synthetic;

/// <summary>
/// Reads one camera of the synthetic junction, or a view of it from a pole. Live: picture i exists from start + i / fps on, the newest is given out, those that
/// nobody asked for in time are counted and never painted. With a length it is a file: every picture, as fast as they are asked for.
/// Each reader has a simulation of its own; readers with the same seed and start show the same junction from their sides.
/// </summary>
public sealed class SyntheticFrameReader : IFrameReader
{
    private readonly SyntheticSource _source;
    private readonly FrameFormat _format;
    private readonly IAnonymizer _anonymizer;
    private readonly FramePool _pool;
    private readonly TimeProvider _time;
    private readonly DateTimeOffset _start;
    private readonly JunctionPicture _picture;
    private readonly JunctionSimulation _junction;
    private readonly TimeSpan _trafficStart;
    private readonly CameraShake? _shake;
    private readonly long _openedStamp;
    private readonly TimeSpan _openedAfterStart;
    private readonly long _first;
    private long _next;
    private bool _isDisposed;

    private SyntheticFrameReader(
        SyntheticSource source, SyntheticView view, Background background, FrameFormat format, IAnonymizer anonymizer, FramePool pool, TimeProvider time, DateTimeOffset start)
    {
        if (pool.ByteCount != format.ByteCount) throw new ArgumentException("the pool's buffers have another size than the frames", nameof(pool));
        if (format.FramesPerSecond is not (> 0 and <= 60)) throw new ArgumentException("frames per second must be above 0 and at most 60", nameof(format));
        (_source, _format, _anonymizer, _pool, _time, _start) = (source, format, anonymizer, pool, time, start);
        _junction = new JunctionSimulation(source.Traffic);
        _trafficStart = source.TrafficStart;
        _shake = source.ShakePixels > 0 ? new CameraShake(source.ShakePixels, NoiseSeed(source)) : null;
        _picture = new JunctionPicture(view.Camera, background, view.Lighting, NoiseSeed(source));
        ExpectedFrames = source.Seconds is { } seconds ? (long)Math.Round(seconds * format.FramesPerSecond) : null;
        _openedStamp = time.GetTimestamp();
        _openedAfterStart = time.GetUtcNow() - start;
        _first = _next = IsLive ? Math.Max(0, (long)Math.Floor(_openedAfterStart.TotalSeconds * format.FramesPerSecond)) : 0;
    }

    public bool IsLive => ExpectedFrames is null;

    public long Dropped { get; private set; }

    public long? ExpectedFrames { get; }

    /// <summary>Opens the source. Where nobody did so before, the empty street is painted first: about a second of work, off the caller's thread, which a later opening finds done.</summary>
    /// <param name="start">Event time of the simulation's zero. Give all four cameras the same, so that they show the same moment.</param>
    /// <exception cref="FrameSourceException">The source text is not understood, or its pole sees no road.</exception>
    public static async ValueTask<SyntheticFrameReader> OpenAsync(
        CameraSetup camera, IAnonymizer anonymizer, FramePool pool, TimeProvider time, DateTimeOffset start, CancellationToken cancellation)
    {
        var source = SyntheticSource.Parse(camera.Source);
        var format = camera.Frame;
        var view = await PaintedStreets.OnThreadOfItsOwn(() => SyntheticView.Of(source, format)).WaitAsync(cancellation).ConfigureAwait(false);
        var background = await PaintedStreets.OfAsync(view, format.Width, format.Height).WaitAsync(cancellation).ConfigureAwait(false);
        return await PaintedStreets.OnThreadOfItsOwn(() => new SyntheticFrameReader(source, view, background, format, anonymizer, pool, time, start))
            .ConfigureAwait(false);
    }

    public async ValueTask<AnonymizedFrame?> ReadAsync(CancellationToken cancellation)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        cancellation.ThrowIfCancellationRequested();
        if (ExpectedFrames is { } end) return _next < end ? Paint(_next++) : null;

        while (TimeUntil(_next) is var wait && wait > TimeSpan.Zero) await Task.Delay(wait, _time, cancellation).ConfigureAwait(false);
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        var newest = Math.Max(_next, (long)Math.Floor(SinceStart().TotalSeconds * _format.FramesPerSecond));
        Dropped += newest - _next;
        _next = newest + 1;
        return Paint(newest);
    }

    public ValueTask DisposeAsync()
    {
        if (_isDisposed) return ValueTask.CompletedTask;
        _isDisposed = true;
        _picture.Dispose();
        return ValueTask.CompletedTask;
    }

    private AnonymizedFrame Paint(long number)
    {
        var time = TimeOf(number);
        _junction.AdvanceTo(_trafficStart + time);
        return PaintedFrame.Anonymize(_anonymizer, _pool, _format, number - _first, _start + time, pixels =>
        {
            _picture.Paint(_junction, number, pixels);
            _shake?.Apply(pixels, _format.Width, _format.Height, time.TotalSeconds);
        });
    }

    private TimeSpan TimeOf(long number) => TimeSpan.FromSeconds(number / _format.FramesPerSecond);

    // Elapsed time is monotonic: a step of the wall clock must neither stop the camera nor drop frames.
    private TimeSpan SinceStart() => _openedAfterStart + _time.GetElapsedTime(_openedStamp);

    private TimeSpan TimeUntil(long number)
    {
        var wait = TimeOf(number) - SinceStart();
        // Timers know milliseconds: a shorter rest would be waited for again and again.
        return wait > TimeSpan.Zero ? TimeSpan.FromMilliseconds(Math.Ceiling(wait.TotalMilliseconds)) : TimeSpan.Zero;
    }

    private static int NoiseSeed(SyntheticSource source) => (source.Seed * 4) + (source.Approach is { } approach ? JunctionLayout.IndexOf(approach) : 0);
}
