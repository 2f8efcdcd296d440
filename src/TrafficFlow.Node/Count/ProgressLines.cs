using System.Globalization;

namespace TrafficFlow.Node.Count;

/// <summary>Tells how far a job is where no bar can be drawn: a line every few seconds, for logs and for whoever waits.</summary>
/// <param name="what">What is being done: "counting".</param>
/// <param name="expected">Frames in all; null where nobody knows.</param>
internal sealed class ProgressLines(TextWriter output, TimeProvider time, string what, long? expected)
{
    public static readonly TimeSpan Every = TimeSpan.FromSeconds(5);

    private (long At, long Frames, double Seconds)? _first;
    private TimeSpan _told;

    public void Tell(long frames, double videoSeconds)
    {
        // To open a video and to load a model takes seconds: the first frame says nothing about the pace.
        var first = _first ??= (time.GetTimestamp(), frames, videoSeconds);
        var elapsed = time.GetElapsedTime(first.At);
        if (elapsed - _told < Every) return;
        _told = elapsed;
        var speed = new ProcessingSpeed(frames - first.Frames, videoSeconds - first.Seconds, elapsed);
        var done = expected is { } all && all >= frames
            ? string.Create(CultureInfo.InvariantCulture, $"{frames} of about {all} frames ({100 * frames / Math.Max(1, all)} %)")
            : string.Create(CultureInfo.InvariantCulture, $"{frames} frames");
        output.WriteLine($"{what}: {done}, {speed}{Left(frames, speed.FramesPerSecond)}");
    }

    private string Left(long frames, double rate)
    {
        if (expected is not { } all || all <= frames || rate <= 0) return "";
        var seconds = (all - frames) / rate;
        return string.Create(CultureInfo.InvariantCulture, $", about {(seconds < 90 ? $"{seconds:0} s" : $"{seconds / 60:0} min")} left");
    }
}
