using TrafficFlow.Core.Counting;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Core.Junctions;

/// <summary>What one fused vehicle did so far: gates that it passed, its way, its stops. Times are seconds since the junction's origin.</summary>
internal sealed class VehicleStory
{
    internal readonly record struct Passed(ApproachId Approach, double Time, double SpeedKmh);

    private const double JoinsQueueKmh = 5;
    private const double LeavesQueueKmh = 10;

    private readonly FusedVehicle _vehicle;
    private readonly GateWatch[] _watches;
    private double _x;
    private double _y;
    private double _time;
    private bool _begun;
    private bool _stands;

    public VehicleStory(FusedVehicle vehicle, int gates)
    {
        _vehicle = vehicle;
        _watches = new GateWatch[gates];
        FirstSeen = vehicle.BornAt;
    }

    public double FirstSeen { get; private set; }
    public Passed? Entry { get; private set; }

    /// <summary>The last one: a gate in the middle of the junction may be followed by one at its edge.</summary>
    public Passed? Exit { get; private set; }
    public double FirstExitAt { get; private set; }
    public double DistanceMetres { get; private set; }
    public double SpeedErrorKmh { get; private set; }
    public int Stops { get; private set; }
    public double StoppedSeconds { get; private set; }

    /// <summary>It has been given out; what it does now counts nowhere.</summary>
    public bool IsTold { get; set; }

    /// <summary>Its entry was given out with an unknown exit, because it took too long.</summary>
    public bool IsEntryTold { get; set; }

    public double? PendingSince => IsTold ? null : IsEntryTold ? Exit?.Time : Entry?.Time ?? Exit?.Time;

    public void Follow(double now, IReadOnlyList<GroundGate> gates, FusionSettings settings)
    {
        var (x, y, kmh) = (_vehicle.Place.X, _vehicle.Place.Y, _vehicle.Speed * 3.6);
        if (_begun) Walk(now, x, y, kmh);
        else (_begun, _stands, Stops) = (true, kmh < JoinsQueueKmh && _vehicle.Facing is not null, 0);
        for (var g = 0; g < gates.Count; g++)
        {
            if (_watches[g].Move(gates[g].Line, now, x, y, settings.BeyondMetres) is not { Direction: CrossingDirection.Forward } crossed) continue;
            Pass(gates[g], crossed.Time, kmh);
        }

        (_x, _y, _time) = (x, y, now);
    }

    private void Walk(double now, double x, double y, double kmh)
    {
        var step = Math.Sqrt(((x - _x) * (x - _x)) + ((y - _y) * (y - _y)));
        var seconds = now - _time;
        // Where another camera takes over, the place may jump by the cameras' disagreement: the speed is the better measure.
        DistanceMetres += Math.Min(step, (kmh / 3.6 * seconds) + 0.2);
        if (_stands) StoppedSeconds += seconds;
        if (!_stands && kmh < JoinsQueueKmh)
        {
            _stands = true;
            Stops++;
        }
        else if (_stands && kmh > LeavesQueueKmh)
        {
            _stands = false;
        }
    }

    private void Pass(GroundGate gate, double time, double kmh)
    {
        SpeedErrorKmh = _vehicle.SpeedErrorKmh;
        if (gate.Role == GateRole.Enters)
        {
            if (Entry is null && Exit is null) Entry = new Passed(gate.Approach, time, kmh);
            return;
        }

        if (Exit is null) FirstExitAt = time;
        Exit = new Passed(gate.Approach, time, kmh);
    }

    /// <summary>The other was the same vehicle, told apart for a while.</summary>
    public void Absorb(VehicleStory other)
    {
        FirstSeen = Math.Min(FirstSeen, other.FirstSeen);
        if (Entry is null || (other.Entry is { } entry && entry.Time < Entry.Value.Time)) Entry = other.Entry ?? Entry;
        if (Exit is null || (other.Exit is { } exit && exit.Time > Exit.Value.Time)) Exit = other.Exit ?? Exit;
        if (FirstExitAt == 0) FirstExitAt = other.FirstExitAt;
        // Nobody leaves before he has entered: such an exit belongs to a gate in the middle that was passed by a wrong sight.
        if (Entry is { } entered && Exit is { } left && left.Time <= entered.Time) Exit = null;
        IsTold |= other.IsTold;
        IsEntryTold |= other.IsEntryTold;
        if (other.DistanceMetres > DistanceMetres)
            (DistanceMetres, Stops, StoppedSeconds) = (other.DistanceMetres, other.Stops, other.StoppedSeconds);
    }
}
