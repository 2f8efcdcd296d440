using TrafficFlow.Core;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Frames;
using TrafficFlow.Core.Privacy;
using TrafficFlow.Core.Sites;
using TrafficFlow.Vision.Privacy;

namespace TrafficFlow.Node.Count.Film;

/// <summary>
/// Shows every frame of a file, some seconds behind what was looked at: who is seen later is coarse from the first frame on. The file is read a
/// second time for it, so that seconds of pictures need not be held.
/// </summary>
/// <param name="again">Reads the same file from its start; disposed of with this.</param>
/// <param name="show">Takes each picture, and what was measured in its frame, in order. The picture is reused.</param>
internal sealed class LookaheadRenderer(IFrameReader again, DetectorIdentity detector, FrameFormat format, Action<ShownPicture, DateTimeOffset, PipelineOutput> show) : IAsyncDisposable
{
    private readonly PrivacyWatch _privacy = new(detector, format);
    private readonly ShownPicture _picture = new();
    private readonly Queue<(DateTimeOffset Time, PipelineOutput Output)> _steps = new();
    private bool _hasEnded;

    public CoarseningRecord Coarsened => _privacy.Record;

    /// <param name="time">Of the frame.</param>
    /// <param name="detections">Null where nobody looked at it.</param>
    /// <param name="output">Of this frame's step.</param>
    public async Task AddAsync(DateTimeOffset time, IReadOnlyList<Detection>? detections, PipelineOutput output, CancellationToken cancellation)
    {
        if (detections is not null) _privacy.Observe(time, detections, output.Tracks, output.Riders);
        _steps.Enqueue((time, Copy(output)));
        while (_steps.Peek().Time <= time - _privacy.Horizon) await ShowAsync(cancellation);
    }

    /// <summary>Shows the last seconds.</summary>
    public async Task FinishAsync(CancellationToken cancellation)
    {
        while (_steps.Count > 0) await ShowAsync(cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        _picture.Dispose();
        await again.DisposeAsync();
    }

    private async Task ShowAsync(CancellationToken cancellation)
    {
        var (_, output) = _steps.Dequeue();
        using var frame = _hasEnded ? null : await NextAsync(cancellation);
        _hasEnded = frame is null;
        if (frame is null) return;
        _picture.Show(frame, _privacy.At(frame.EventTime));
        show(_picture, frame.EventTime, output);
    }

    /// <summary>Where the file is damaged is told by whoever counts; here it ends.</summary>
    private async Task<AnonymizedFrame?> NextAsync(CancellationToken cancellation)
    {
        try
        {
            return await again.ReadAsync(cancellation);
        }
        catch (FrameSourceException)
        {
            return null;
        }
    }

    private static PipelineOutput Copy(PipelineOutput output)
    {
        var copy = new PipelineOutput();
        copy.Tracks.AddRange(output.Tracks);
        copy.Riders.AddRange(output.Riders);
        return copy;
    }
}
