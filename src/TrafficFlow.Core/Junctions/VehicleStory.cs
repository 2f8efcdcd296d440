using TrafficFlow.Core.Counting;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Core.Junctions;

/// <summary>What one fused vehicle did so far: gates that it passed, its way, its stops. Times are seconds since the junction's origin.</summary>
internal sealed class VehicleStory
{
    internal readonly record struct Passed(ApproachId Approach, double Time, double SpeedKmh, double SpeedErrorKmh);

    // Cameras disagree by less about when a vehicle's middle passes a gate.
    private const double SamePassageSeconds = 1;

    private const double JoinsQueueKmh = 5;
    private const double LeavesQueueKmh = 10;

    private readonly FusedVehicle _vehicle;
    private readonly GateWatch[] _watches;
    private readonly List<(LocalPassage Passage, double Time)> _known = [];
    private double _x;
    private double _y;
    private double _time;
    private double _driven;
    private (double X, double Y, double Driven) _entered;
    private bool _begun;
    private bool _stands;

    public VehicleStory(FusedVehicle vehicle, int gates)
    {
        _vehicle = vehicle;
        _watches = new GateWatch[gates];
        FirstSeen = vehicle.BornAt;
    }

    public FusedVehicle Vehicle => _vehicle;
    public GroundTrace Trace { get; } = new();
    public double FirstSeen { get; private set; }
    public Passed? Entry { get; private set; }

    /// <summary>The last one: a gate in the middle of the junction may be followed by one at its edge.</summary>
    public Passed? Exit { get; private set; }
    public double FirstExitAt { get; private set; }
    public double DistanceMetres { get; private set; }
    public int Stops { get; private set; }
    public double StoppedSeconds { get; private set; }

    /// <summary>It has been given out; what it does now counts nowhere.</summary>
    public bool IsTold { get; set; }

    /// <summary>It became a journey.</summary>
    public bool IsGiven { get; set; }

    public bool IsWhole => Entry is not null && Exit is not null;

    /// <summary>It turned out to be a second image of another one, which was or will be given out.</summary>
    public bool IsDouble { get; set; }

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
            Pass(gates[g], crossed.Time, x, y, kmh);
        }

        Trace.Add(now, _vehicle.Place);
        (_x, _y, _time) = (x, y, now);
    }

    private void Walk(double now, double x, double y, double kmh)
    {
        var step = Math.Sqrt(((x - _x) * (x - _x)) + ((y - _y) * (y - _y)));
        var seconds = now - _time;
        // Where another camera takes over, the place may jump by the cameras' disagreement: the speed is the better measure.
        DistanceMetres += Math.Min(step, (kmh / 3.6 * seconds) + 0.2);
        _driven += kmh / 3.6 * seconds;
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

    // From gate to gate faster than it drove: a camera's track has gone over to another vehicle, and taken this one along.
    private bool HasLeaptFromEntry(double x, double y)
    {
        const double LeastShareDriven = 0.6;
        const double HandOverMetres = 2;
        var (dx, dy) = (x - _entered.X, y - _entered.Y);
        return _driven - _entered.Driven < (LeastShareDriven * Math.Sqrt((dx * dx) + (dy * dy))) - HandOverMetres;
    }

    private void Pass(GroundGate gate, double time, double x, double y, double kmh)
    {
        var passed = new Passed(gate.Approach, time, kmh, _vehicle.SpeedErrorKmh);
        if (gate.Role == GateRole.Enters)
        {
            if (Entry is not null || Exit is not null) return;
            (Entry, _entered) = (passed, (x, y, _driven));
            return;
        }

        if (Entry is not null && HasLeaptFromEntry(x, y)) return;
        if (Exit is null) FirstExitAt = time;
        Exit = passed;
    }

    /// <summary>One of its cameras has looked back at how it passed a gate.</summary>
    public void Know(in LocalPassage passage, double time) => _known.Add((passage, time));

    /// <summary>
    /// Speed at a gate and its deviation, km/h: what the cameras that looked back say, each by how sure it is, carried to the moment of the
    /// passage; where none did, what all together said live.
    /// </summary>
    public (double Kmh, double ErrorKmh)? Speed(GateRole role, Passed? at)
    {
        if (at is not { } passed) return null;
        double weight = 0, sum = 0;
        foreach (var (passage, time) in _known)
        {
            var late = passed.Time - time;
            if (passage.Role != role || passage.Approach != passed.Approach || Math.Abs(late) > SamePassageSeconds) continue;
            var w = 1 / Math.Max(0.01, passage.SpeedErrorKmh * passage.SpeedErrorKmh);
            sum += w * Math.Max(0, passage.SpeedKmh + (3.6 * passage.Acceleration * late));
            weight += w;
        }

        return weight > 0 ? (sum / weight, Math.Sqrt(1 / weight)) : (passed.SpeedKmh, passed.SpeedErrorKmh);
    }

    /// <summary>
    /// They cannot be one vehicle: they passed the same end at different times, and no two follow each other that closely, or different ends,
    /// where nothing says that this one's are wrong.
    /// </summary>
    public bool Contradicts(VehicleStory other)
    {
        return Differ(Entry, other.Entry) || Differ(Exit, other.Exit);

        bool Differ(Passed? mine, Passed? theirs) => mine is { } m && theirs is { } t
            && (m.Approach == t.Approach ? Math.Abs(m.Time - t.Time) > SamePassageSeconds : IsWhole);
    }

    /// <summary>The other was the same vehicle, told apart for a while.</summary>
    public void Absorb(VehicleStory other)
    {
        FirstSeen = Math.Min(FirstSeen, other.FirstSeen);
        if (Entry is null || (other.Entry is { } entry && entry.Time < Entry.Value.Time)) (Entry, _entered) = (other.Entry ?? Entry, other.Entry is null ? _entered : other._entered with { Driven = _driven });
        if (Exit is null || (other.Exit is { } exit && exit.Time > Exit.Value.Time)) Exit = other.Exit ?? Exit;
        if (FirstExitAt == 0) FirstExitAt = other.FirstExitAt;
        // Nobody leaves before he has entered: such an exit belongs to a gate in the middle that was passed by a wrong sight.
        if (Entry is { } entered && Exit is { } left && left.Time <= entered.Time) Exit = null;
        _known.AddRange(other._known);
        Trace.Absorb(other.Trace);
        IsTold |= other.IsTold;
        IsEntryTold |= other.IsEntryTold;
        if (other.DistanceMetres > DistanceMetres)
            (DistanceMetres, Stops, StoppedSeconds) = (other.DistanceMetres, other.Stops, other.StoppedSeconds);
    }
}
