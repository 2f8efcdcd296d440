using TrafficFlow.Core.Sites;

namespace TrafficFlow.Core.Frames;

/// <summary>
/// One opened picture source. It hands out a frame only when asked. Live: the newest frame wins and each one passed over is counted.
/// File: none is passed over.
/// </summary>
public interface IFrameReader : IAsyncDisposable
{
    /// <summary>True for a camera, false for a file that ends.</summary>
    bool IsLive { get; }

    /// <summary>Frames that a live source gave and nobody took, since it was opened.</summary>
    long Dropped { get; }

    /// <summary>How many frames a file is expected to hold, where its container tells; null for a camera.</summary>
    long? ExpectedFrames { get; }

    /// <summary>Times of a file whose pictures are damaged or missing, as far as it was read, sorted; none for a camera.</summary>
    IReadOnlyList<VideoFault> Faults => [];

    /// <summary>The next frame, which the caller then owns; null at the end of a file.</summary>
    /// <exception cref="FrameSourceException">The source failed; its reason says how, and its message what to do.</exception>
    ValueTask<AnonymizedFrame?> ReadAsync(CancellationToken cancellation);
}

/// <summary>Opens the picture source of a camera.</summary>
public interface IFrameReaderFactory
{
    /// <exception cref="FrameSourceException">The source cannot be opened.</exception>
    ValueTask<IFrameReader> OpenAsync(CameraSetup camera, CancellationToken cancellation);
}

public enum FrameSourceFailure
{
    NotFound,
    NotAVideo,
    Empty,
    Truncated,
    Refused,
    Unauthorized,
    Unsupported,
    Silent,
    Frozen,
    Died,

    /// <summary>Earlier readers of it cannot be ended.</summary>
    Stuck,
}

/// <summary>A picture source failed. The message names the source without its password, says the likely cause and the remedy.</summary>
public sealed class FrameSourceException(FrameSourceFailure failure, string message, long framesRead = 0, Exception? inner = null)
    : Exception(message, inner)
{
    public FrameSourceFailure Failure { get; } = failure;

    /// <summary>How many frames came before the failure.</summary>
    public long FramesRead { get; } = framesRead;
}
