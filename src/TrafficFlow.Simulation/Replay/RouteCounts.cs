using TrafficFlow.Core.Counting;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Simulation.Replay;

/// <summary>One count that a vehicle of a route gives.</summary>
internal sealed record RouteCount(ApproachId Approach, Movement Movement, bool AtExit, bool HasSpeed);

/// <summary>
/// What one replay camera counts of a vehicle that goes from one approach to an exit: what the gates that it has mean, in the words of
/// <see cref="MovementMapper"/>. Of several cameras that see the same traffic, the first one that would give a count gives it.
/// </summary>
/// <param name="sameTraffic">The cameras of the site that see the same vehicles, the camera itself among them, in the site's order.</param>
internal sealed class RouteCounts(Site site, CameraSetup camera, IReadOnlyList<CameraSetup> sameTraffic)
{
    private static readonly DateTimeOffset EntryTime = DateTimeOffset.UnixEpoch;
    private static readonly DateTimeOffset ExitTime = EntryTime.AddSeconds(1);

    private readonly Dictionary<(ApproachId Entry, ApproachId Exit), RouteCount[]> _known = [];

    public RouteCount[] Of(ApproachId entry, ApproachId exit)
    {
        if (_known.TryGetValue((entry, exit), out var counts)) return counts;
        var taken = new HashSet<(ApproachId, Movement)>();
        foreach (var earlier in sameTraffic.TakeWhile(c => c.Id != camera.Id))
            foreach (var count in Seen(earlier, entry, exit)) taken.Add((count.Approach, count.Movement));
        return _known[(entry, exit)] = [.. Seen(camera, entry, exit).Where(c => taken.Add((c.Approach, c.Movement)))];
    }

    private IEnumerable<RouteCount> Seen(CameraSetup by, ApproachId entry, ApproachId exit)
    {
        var map = new MovementMapper(by, site);
        var (enters, exits) = (Gate(by, GateRole.Enters, entry), Gate(by, GateRole.Exits, exit));
        var counted = new List<CountedVehicle>();
        if (enters is { } into && map.Count(Crossing(by, into, EntryTime)) is { } entering) counted.Add(entering);
        if (exits is { } outOf && map.Count(Crossing(by, outOf, ExitTime)) is { } exiting) counted.Add(exiting);
        if (enters is { } first && exits is { } last)
            counted.AddRange(map.Count(new FlowPassage(
                by.Id, first.Gate, first.Direction, last.Gate, last.Direction, 0, EntryTime, ExitTime, default, default, 1)));
        return counted.Select(c => new RouteCount(c.Approach, c.Movement, c.Time == ExitTime, c.SpeedKmh is not null));
    }

    private static Crossing Crossing(CameraSetup by, (GateId Gate, CrossingDirection Direction) at, DateTimeOffset time) =>
        new(by.Id, at.Gate, at.Direction, 0, time, default, default, 1, 1);

    /// <summary>Where several gates mean the same, a lane each, a vehicle passes one of them.</summary>
    private static (GateId Gate, CrossingDirection Direction)? Gate(CameraSetup by, GateRole role, ApproachId approach)
    {
        foreach (var gate in by.Gates)
        {
            if (gate.Forward?.Role == role && gate.Forward.Approach == approach) return (gate.Id, CrossingDirection.Forward);
            if (gate.Backward?.Role == role && gate.Backward.Approach == approach) return (gate.Id, CrossingDirection.Backward);
        }

        return null;
    }
}
