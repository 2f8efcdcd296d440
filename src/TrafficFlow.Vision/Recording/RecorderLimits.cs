using TrafficFlow.Core.Sites;
using TrafficFlow.Vision.Privacy;

namespace TrafficFlow.Vision.Recording;

/// <summary>How far a recorder may fall behind before it loses frames, and how long it waits for others.</summary>
internal sealed record RecorderLimits
{
    /// <summary>Event time of frames that it may hold, beyond those that wait to be coarsened.</summary>
    public TimeSpan Credit { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Most bytes of frames that it may hold.</summary>
    public long MostBytes { get; init; } = 1L << 30;

    /// <summary>A store that takes nothing for longer is given up: disks that sleep, or are checked, are back by then.</summary>
    public TimeSpan Store { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>An encoder that neither takes nor gives anything for longer hangs.</summary>
    public TimeSpan Encoder { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>From so long on a wait is told.</summary>
    public TimeSpan Told { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>How often the watch looks.</summary>
    public TimeSpan Check { get; init; } = TimeSpan.FromSeconds(0.5);

    /// <summary>ffmpeg, by its name or path.</summary>
    public string Encoding { get; init; } = "ffmpeg";

    /// <summary>Frames of this format that it may hold.</summary>
    public int FramesOf(FrameFormat format) => (int)Math.Min(FramesIn(LiveCoarsening.Lag + Credit, format), MostBytes / format.ByteCount);

    /// <summary>Those that wait do not fit already.</summary>
    public bool IsTooLarge(FrameFormat format) => FramesOf(format) < FramesIn(LiveCoarsening.Lag, format) + 2;

    /// <summary>Without a frame for longer a segment ends.</summary>
    public static TimeSpan GapOf(FrameFormat format) => TimeSpan.FromSeconds(Math.Max(2, 2.5 / format.FramesPerSecond));

    private static double FramesIn(TimeSpan time, FrameFormat format) => Math.Ceiling(time.TotalSeconds * format.FramesPerSecond) + 2;
}
