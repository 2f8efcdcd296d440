using System.Threading.Channels;
using TrafficFlow.Core;
using TrafficFlow.Core.Detection;
using TrafficFlow.Node.Count.Film;

namespace TrafficFlow.Node.Mark;

/// <summary>Makes the pictures of a clip beside the detector, so that the next frame is looked at while those before it are coarsened and kept. Bounded.</summary>
internal sealed class RenderingBeside
{
    private const int MostWaiting = 32;

    private sealed record Step(DateTimeOffset Time, IReadOnlyList<Detection>? Detections, PipelineOutput Output);

    private readonly Channel<Step> _steps = Channel.CreateBounded<Step>(new BoundedChannelOptions(MostWaiting) { SingleReader = true, SingleWriter = true });
    private readonly Task _rendering;

    public RenderingBeside(LookaheadRenderer renderer, CancellationToken cancellation) => _rendering = Task.Run(() => RenderAsync(renderer, cancellation), CancellationToken.None);

    /// <param name="detections">Null where nobody looked at the frame. The caller keeps both lists.</param>
    /// <exception cref="Exception">What rendering an earlier one has thrown.</exception>
    public async Task AddAsync(DateTimeOffset time, IReadOnlyList<Detection>? detections, PipelineOutput output, CancellationToken cancellation)
    {
        var copy = new PipelineOutput();
        copy.Tracks.AddRange(output.Tracks);
        copy.Riders.AddRange(output.Riders);
        try
        {
            await _steps.Writer.WriteAsync(new Step(time, detections is null ? null : [.. detections], copy), cancellation);
        }
        catch (ChannelClosedException)
        {
            await _rendering;
            throw;
        }
    }

    /// <summary>Waits for the last seconds of the clip.</summary>
    public async Task FinishAsync()
    {
        _steps.Writer.TryComplete();
        await _rendering;
    }

    private async Task RenderAsync(LookaheadRenderer renderer, CancellationToken cancellation)
    {
        try
        {
            await foreach (var step in _steps.Reader.ReadAllAsync(cancellation)) await renderer.AddAsync(step.Time, step.Detections, step.Output, cancellation);
            await renderer.FinishAsync(cancellation);
        }
        catch (Exception)
        {
            _steps.Writer.TryComplete();
            throw;
        }
    }
}
