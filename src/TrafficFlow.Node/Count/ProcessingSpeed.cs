using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace TrafficFlow.Node.Count;

/// <summary>How fast a video was worked off. Differs from run to run, so it stands in no file that tells what was counted.</summary>
/// <param name="Frames">That were read.</param>
/// <param name="VideoSeconds">For which they stand.</param>
/// <param name="Elapsed">From the first frame to the last, a first look for gates included.</param>
public readonly record struct ProcessingSpeed(long Frames, double VideoSeconds, TimeSpan Elapsed)
{
    private static readonly JsonSerializerOptions Layout = new() { WriteIndented = true };

    public double FramesPerSecond => Elapsed > TimeSpan.Zero ? Frames / Elapsed.TotalSeconds : 0;

    /// <summary>1: as fast as the street.</summary>
    public double TimesRealTime => Elapsed > TimeSpan.Zero ? VideoSeconds / Elapsed.TotalSeconds : 0;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{FramesPerSecond:0} frames/s, {TimesRealTime:0.0} x real time");

    /// <summary>processing.json.</summary>
    public string ToJson() => new JsonObject
    {
        ["frames"] = Frames,
        ["video_s"] = Math.Round(VideoSeconds, 3),
        ["elapsed_s"] = Math.Round(Elapsed.TotalSeconds, 3),
        ["frames_per_second"] = Math.Round(FramesPerSecond, 1),
        ["times_real_time"] = Math.Round(TimesRealTime, 2),
    }.ToJsonString(Layout);
}
