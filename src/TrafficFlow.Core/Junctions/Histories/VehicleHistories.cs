using TrafficFlow.Core.Junctions.Queues;

namespace TrafficFlow.Core.Junctions.Histories;

/// <summary>The histories of the vehicles that are followed, and of those that ended a short while ago: a second image may end after its original.</summary>
internal sealed class VehicleHistories(IReadOnlyList<GroundGate> gates, FusionSettings settings)
{
    // A vehicle that ended longer ago has no second image that ends now.
    private const double RememberedSeconds = 30;

    private readonly Dictionary<long, VehicleHistory> _followed = [];
    private readonly List<(VehicleHistory History, double EndedAt)> _ended = [];

    /// <summary>How many have ended and are remembered.</summary>
    public int Remembered => _ended.Count;

    /// <summary>Cameras report how vehicles passed gates: one of which none reports is in doubt.</summary>
    public bool CamerasLookBack { get; private set; }

    public IEnumerable<VehicleHistory> All => _followed.Values.Concat(_ended.Select(e => e.History));

    public VehicleHistory Of(FusedVehicle vehicle)
    {
        if (!_followed.TryGetValue(vehicle.Number, out var history)) _followed.Add(vehicle.Number, history = new VehicleHistory(vehicle, gates.Count));
        return history;
    }

    public void Observe(FusedVehicle vehicle, double now)
    {
        if (vehicle.SeenAt >= now) Of(vehicle).Observe(now, gates, settings);
    }

    /// <param name="time">Seconds since the junction's origin.</param>
    public void Observe(in LocalPassage passage, LocalTrackId track, double time, IEnumerable<FusedVehicle> vehicles)
    {
        CamerasLookBack = true;
        foreach (var vehicle in vehicles)
        {
            if (vehicle.WasSeenAs(track, time)) Of(vehicle).Observe(passage, time, track.Camera);
        }
    }

    public void Join(in QueueJoining joining)
    {
        if (_followed.TryGetValue(joining.Vehicle, out var history)) history.Join(joining);
    }

    /// <summary>Both were one vehicle all the while.</summary>
    public void Merge(FusedVehicle kept, FusedVehicle gone)
    {
        if (_followed.Remove(gone.Number, out var history)) Of(kept).Absorb(history);
    }

    /// <returns>Null where nothing is known of it.</returns>
    public VehicleHistory? End(FusedVehicle vehicle, double now)
    {
        if (_followed.Remove(vehicle.Number, out var history)) _ended.Add((history, now));
        return history;
    }

    /// <summary>Here and not where they are asked for: in a quiet night nobody asks, and what flickers ends by the thousand.</summary>
    public void Evict(double watermark)
    {
        var evicted = 0;
        while (evicted < _ended.Count && _ended[evicted].EndedAt < watermark - RememberedSeconds) evicted++;
        if (evicted > 0) _ended.RemoveRange(0, evicted);
    }
}
