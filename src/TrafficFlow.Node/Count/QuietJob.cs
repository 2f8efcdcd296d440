using TrafficFlow.Core.Detection;
using TrafficFlow.Node.Detectors;
using TrafficFlow.Node.Settings;

namespace TrafficFlow.Node.Count;

/// <summary>
/// A job over a clip inside a node that counts: it tells a page how far it is, where a verb would tell its console, and rests as long as it has worked and looks at frames behind the cameras, so that these have the machine.
/// </summary>
/// <param name="tell">Frames that are done, and how many there will be; null where that is not known.</param>
internal sealed class QuietJob(Action<long, long?> tell, TimeProvider time)
{
    private static readonly TimeSpan Least = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Most = TimeSpan.FromSeconds(1);

    private long _since = time.GetTimestamp();

    /// <summary>Those of the node's cameras; null where there are none.</summary>
    public VehicleDetectorFactory? Beside { get; init; }

    /// <summary>What looks at the clip, behind the cameras of the node.</summary>
    /// <exception cref="DetectorException">A model file is missing, or is not what the settings say.</exception>
    public VehicleDetectorFactory Detectors(IReadOnlyList<SiteSettings> sites) => Beside?.Beside(sites) ?? new VehicleDetectorFactory(sites);

    public Task RunAsync(long? expectedFrames, Func<ProgressTick, Task> job) => job((frames, _) => tell(frames, expectedFrames));

    /// <summary>After each frame.</summary>
    public async ValueTask RestAsync(CancellationToken cancellation)
    {
        var worked = time.GetElapsedTime(_since);
        if (worked < Least) return;
        await Task.Delay(worked < Most ? worked : Most, time, cancellation);
        _since = time.GetTimestamp();
    }
}
