using TrafficFlow.Core.Junctions.Histories;

namespace TrafficFlow.Core.Junctions;

/// <summary>Keeps count of which vehicles entered, left and are inside, and how far everything has been emitted.</summary>
internal sealed class JunctionAccounts
{
    // How long a gate may have been passed before the hysteresis lets it count, for a slow vehicle.
    private const double NoticedAfterSeconds = 1;

    // Trackers need a moment before they know what they see.
    private const double SettlingSeconds = 3;

    // Cameras report a passage so late, at most.
    private const double LookedBackAfterSeconds = 3;

    // So long the watermark waits for a vehicle that is hidden.
    private const double HoldSeconds = 6;

    private readonly ConservationWatch _watch = new();

    public Conservation Conservation { get; private set; } = Conservation.Empty;

    public bool IsViolated => _watch.IsViolated;

    public double BrokenShare => _watch.BrokenShare;

    /// <summary>Seconds since the junction's origin: every journey that entered, or only left, before it has been emitted.</summary>
    public double Watermark { get; private set; }

    /// <summary>Once for each vehicle, when it is known whether both its ends were seen.</summary>
    public void Count(VehicleHistory history, double now)
    {
        // No camera could see those enter that were inside already.
        if (history.Entry is not null || history.FirstSeen > SettlingSeconds) _watch.Add(now, history.IsWhole);
        Conservation = Conservation with
        {
            Whole = Conservation.Whole + (history.IsWhole ? 1 : 0),
            Lost = Conservation.Lost + (history.Exit is null ? 1 : 0),
            Appeared = Conservation.Appeared + (history.Entry is null ? 1 : 0),
        };
    }

    /// <summary>Closes a step.</summary>
    /// <param name="followed">Every vehicle that is followed.</param>
    public void Advance(double now, IReadOnlyList<FusedVehicle> followed, VehicleHistories histories)
    {
        var watermark = now;
        var inside = 0;
        foreach (var vehicle in followed)
        {
            var history = histories.Of(vehicle);
            if (history is { IsFinal: false, Entry: not null, Exit: null }) inside++;
            if (history.IsFinal) continue;
            // A vehicle that no camera sees may be passing a gate at this very moment; one that is hidden for longer is late after that.
            var earliest = history.IsEntryDoubtful
                ? now - LookedBackAfterSeconds
                : history.PendingSince ?? Math.Max(vehicle.SeenAt - NoticedAfterSeconds, now - HoldSeconds);
            watermark = Math.Min(watermark, earliest);
        }

        Conservation = Conservation with { Inside = inside };
        _watch.Forget(now);
        Watermark = Math.Max(Watermark, watermark);
    }
}
