using TrafficFlow.Core.Sites;
using TrafficFlow.Wire.Aggregation;
using TrafficFlow.Wire.Delivery;

namespace TrafficFlow.Server.Aggregation;

/// <summary>
/// Since when each run in quarantine has been held in this life, by this server's own clock: where it was that one that was wrong, and it
/// has been set right, what it held for that was stamped right.
/// </summary>
/// <param name="clock">This server's.</param>
/// <param name="bound">How far off a clock may be.</param>
internal sealed class HeldRuns(NodeClock clock, TimeSpan bound)
{
    // What clocks may differ by without having been set.
    private static readonly TimeSpan s_steady = TimeSpan.FromSeconds(1);

    private readonly Dictionary<(CameraId Camera, long Epoch), ClockOrigin> _since = [];

    /// <summary>Whether this server's clock was set while something was held.</summary>
    public bool WasClockSet => _since.Values.Any(held => StepSince(held) is not null);

    /// <returns>False where the run is held already.</returns>
    public bool Add(CameraId camera, long epoch) => _since.TryAdd((camera, epoch), clock.Now);

    public void Remove(CameraId camera, long epoch) => _since.Remove((camera, epoch));

    /// <summary>Runs that were stamped right after all, and by how much this server's clock was set since they are held.</summary>
    public IEnumerable<(QuarantinedRun Run, TimeSpan Step)> StampedRight(IEnumerable<QuarantinedRun> runs, DateTimeOffset now)
    {
        foreach (var run in runs)
        {
            if (!_since.TryGetValue((run.Camera, run.Epoch), out var held) || StepSince(held) is not { } step) continue;
            var isRight = run.ClockOffset is { } offset ? (offset + step).Duration() <= bound : step > TimeSpan.Zero && run.To - now <= bound;
            if (isRight) yield return (run, step);
        }
    }

    private TimeSpan? StepSince(ClockOrigin held) => clock.ShiftSince(held) is { } step && step.Duration() > s_steady ? step : null;
}
