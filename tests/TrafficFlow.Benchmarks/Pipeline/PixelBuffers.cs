using System.Collections.Concurrent;
using TrafficFlow.Core.Frames;
using TrafficFlow.Core.Sites;
using TrafficFlow.Vision.Ffmpeg;

namespace TrafficFlow.Benchmarks.Pipeline;

/// <summary>Counts the pixel buffers that the readers allocate after the warm-up: none, where buffers are reused.</summary>
internal sealed class PixelBuffers(int warmUpFrames)
{
    private readonly ConcurrentBag<FfmpegFrameReader> _readers = [];
    private int _madeAtWarmUp;

    /// <summary>Buffers made since the last camera had warmed up.</summary>
    public int MadeSince => Made - _madeAtWarmUp;

    private int Made => _readers.Sum(r => r.BuffersMade);

    public void FrameDone(int frames)
    {
        if (frames == warmUpFrames) Volatile.Write(ref _madeAtWarmUp, Made);
    }

    public IFrameReaderFactory Watch(IFrameReaderFactory readers) => new Watched(readers, _readers);

    private sealed class Watched(IFrameReaderFactory factory, ConcurrentBag<FfmpegFrameReader> readers) : IFrameReaderFactory
    {
        public async ValueTask<IFrameReader> OpenAsync(CameraSetup camera, CancellationToken cancellation)
        {
            var reader = await factory.OpenAsync(camera, cancellation);
            readers.Add((FfmpegFrameReader)reader);
            return reader;
        }
    }
}
