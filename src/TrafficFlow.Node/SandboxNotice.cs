using TrafficFlow.Simulation.Replay;
using TrafficFlow.Synthetic;
using TrafficFlow.Vision.Ffmpeg.Confinement;

namespace TrafficFlow.Node;

/// <summary>What an operator is to know where ffmpeg reads foreign videos and is less confined than it should be.</summary>
internal static class SandboxNotice
{
    /// <returns>Null where it is confined, or reads nothing foreign: synthetic cameras are our own.</returns>
    public static string? For(params IEnumerable<string> sources) =>
        sources.Any(s => !SyntheticSource.IsSynthetic(s) && !ReplaySource.IsReplay(s)) ? MachineSandbox.Missing : null;

    /// <summary>One line on standard error, before the video is opened.</summary>
    public static void Tell(params IEnumerable<string> sources)
    {
        if (For(sources) is { } notice) Console.Error.WriteLine($"trafficflow: {notice}");
    }
}
