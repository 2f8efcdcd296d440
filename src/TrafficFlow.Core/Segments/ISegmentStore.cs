using TrafficFlow.Core.Sites;

namespace TrafficFlow.Core.Segments;

/// <summary>
/// Where recorded pictures go: each segment is encrypted as it is written, and nothing of it is ever on a disk in clear. Thread-safe; several cameras record at once.
/// </summary>
public interface ISegmentStore
{
    /// <summary>Why nothing can be recorded now, with what to do; null where it can. Cheap: asked before each segment.</summary>
    string? Problem { get; }

    /// <summary>Begins a segment, which has one writer until it is closed.</summary>
    /// <exception cref="SegmentStoreException">No key is at hand, the disk is full, or this camera records already; the message says what to do.</exception>
    ISegmentWriter Begin(SegmentStart start);
}

/// <summary>Writes one segment. Not thread-safe. Disposed of without <see cref="Close"/> it keeps what came so far, marked as cut.</summary>
public interface ISegmentWriter : IDisposable
{
    /// <summary>Bytes that were written.</summary>
    long Length { get; }

    /// <summary>Encrypts and writes; blocks while the disk does.</summary>
    /// <exception cref="SegmentStoreException">It cannot be written; the segment is closed as far as it came.</exception>
    void Write(ReadOnlySpan<byte> bytes);

    /// <summary>The segment is whole and on the disk when it returns.</summary>
    /// <exception cref="SegmentStoreException">It cannot be written.</exception>
    void Close(SegmentEnd end);
}

/// <summary>What is known of a segment when it begins. All of it is bound to the pictures: a segment under another name, of another camera or time is refused.</summary>
/// <param name="From">Event time of the first frame.</param>
/// <param name="Frame">Size in pixels, and frames per second.</param>
/// <param name="SiteHash">Of the site's configuration that was in force.</param>
/// <param name="Detector">Name and version of what told where persons were.</param>
public sealed record SegmentStart(SiteId Site, CameraId Camera, DateTimeOffset From, FrameFormat Frame, string SiteHash, string Detector);

/// <summary>What is known of a segment only at its end.</summary>
/// <param name="To">Event time behind the last frame.</param>
/// <param name="Frames">Pictures in it.</param>
/// <param name="Lost">Frames of this time that could not be recorded.</param>
public sealed record SegmentEnd(DateTimeOffset To, int Frames, int Lost);

/// <summary>A segment cannot be written or read; the message says why and what to do.</summary>
public sealed class SegmentStoreException(string message, Exception? inner = null) : Exception(message, inner);
