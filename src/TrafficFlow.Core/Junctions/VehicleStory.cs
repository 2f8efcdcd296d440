using TrafficFlow.Core.Counting;
using TrafficFlow.Core.Geometry;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Core.Junctions;

/// <summary>What one fused vehicle did so far: gates that it passed, its way, its stops. Times are seconds since the junction's origin.</summary>
internal sealed class VehicleStory
{
    internal readonly record struct Passed(ApproachId Approach, double Time);

    /// <summary>What it did on its way.</summary>
    internal readonly record struct Travelled(double Metres, int Stops, double StoppedSeconds);

    // Cameras disagree by less about when a vehicle's middle passes a gate.
    private const double SamePassageSeconds = 1;

    // One that waits at the line, and seems to leap over it, drives over it within so long.
    private const double LeapSeconds = 4;

    // Cameras that say another time must be so much surer together.
    private const double FarSurer = 2;

    private const double SurestKmh = 0.3;

    private const double JoinsQueueKmh = 5;
    private const double LeavesQueueKmh = 10;

    // A track begins without a speed.
    private const double SettlingSeconds = 1;

    private const double TrembleMetres = 2;

    // Who is still so near has not driven on, whatever its speed seems to be.
    private const double SameStandMetres = 5;

    private readonly FusedVehicle _vehicle;
    private readonly GateWatch[] _watches;
    private readonly List<(LocalPassage Passage, double Time)> _known = [];
    private GroundPoint _mark;
    private GroundPoint _stoodAt;
    private double _time;
    private double _driven;
    private (double X, double Y, double Driven) _entered;
    private bool _begun;
    private bool _stands;
    private bool _isEntrySeen;
    private Travelled _way;
    private Travelled? _wayToExit;

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

    /// <summary>Since it was first seen, until it left the junction; what it does behind that is no business of the junction.</summary>
    public Travelled Way => _wayToExit ?? _way;

    /// <summary>Since it was first seen until now, also behind its exit.</summary>
    public double MetresSeen => _way.Metres;

    /// <summary>It has been given out; what it does now counts nowhere.</summary>
    public bool IsTold { get; set; }

    /// <summary>It became a journey.</summary>
    public bool IsGiven { get; set; }

    public bool IsWhole => Entry is not null && Exit is not null;

    /// <summary>It turned out to be a second image of another one, which was or will be given out.</summary>
    public bool IsDouble { get; set; }

    /// <summary>
    /// No camera has seen it pass the entering gate, and it stood when it seemed to, or went no farther for long: as one that waits at the line
    /// and trembles.
    /// </summary>
    public bool IsEntryDoubtful { get; private set; }

    /// <summary>Number of the journey of which its entry was given out already, because it took too long.</summary>
    public long? EntryGivenAs { get; private set; }

    /// <summary>From when on something of it is still to be given out.</summary>
    public double? PendingSince => IsTold || IsEntryDoubtful ? null : EntryGivenAs is null ? Entry?.Time ?? Exit?.Time : Exit?.Time;

    /// <summary>Its entry is given out now, in this form, under this number; no longer changes.</summary>
    public void EntryGiven(Passed entry, long number) => (Entry, EntryGivenAs) = (entry, number);

    /// <summary>Its cameras look back at what passes, and none has told of this one's entry for long.</summary>
    public void DoubtEntry() => IsEntryDoubtful = !_isEntrySeen && EntryGivenAs is null;

    /// <summary>What passed the entering gate was no vehicle, as far as can be told by now.</summary>
    public void DropEntry() => (Entry, IsEntryDoubtful) = (null, false);

    public void Follow(double now, IReadOnlyList<GroundGate> gates, FusionSettings settings)
    {
        var (x, y, kmh) = (_vehicle.Place.X, _vehicle.Place.Y, _vehicle.Speed * 3.6);
        if (_begun) Walk(now, kmh);
        else (_begun, _mark) = (true, _vehicle.Place);
        for (var g = 0; g < gates.Count; g++)
        {
            if (_watches[g].Move(gates[g].Line, now, x, y, settings.BeyondMetres) is not { Direction: CrossingDirection.Forward, IsAgain: false } crossed) continue;
            Pass(gates[g], crossed.Time, x, y);
        }

        Trace.Add(now, _vehicle.Place);
        _time = now;
    }

    private void Walk(double now, double kmh)
    {
        var seconds = now - _time;
        _driven += kmh / 3.6 * seconds;
        if (_stands) _way = _way with { StoppedSeconds = _way.StoppedSeconds + seconds };
        // From place to place a few metres on: what stands trembles, and the cameras do not agree to the metre.
        var place = _vehicle.Place;
        var moved = place.DistanceTo(_mark);
        if (moved > TrembleMetres)
        {
            _way = _way with { Metres = _way.Metres + moved };
            _mark = place;
        }

        if (now - FirstSeen < SettlingSeconds)
        {
            (_stands, _stoodAt) = (kmh < JoinsQueueKmh, place);
        }
        else if (!_stands && kmh < JoinsQueueKmh)
        {
            (_stands, _stoodAt) = (true, place);
            _way = _way with { Stops = _way.Stops + 1 };
        }
        else if (_stands && kmh > LeavesQueueKmh && place.DistanceTo(_stoodAt) > SameStandMetres)
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

    private void Pass(GroundGate gate, double time, double x, double y)
    {
        var passed = new Passed(gate.Approach, time);
        if (gate.Role == GateRole.Enters)
        {
            if (Entry is not null || Exit is not null) return;
            (Entry, _entered) = (passed, (x, y, _driven));
            _isEntrySeen = HasPassedAs(passed);
            IsEntryDoubtful = _stands && !_isEntrySeen;
            return;
        }

        if (Entry is not null && HasLeaptFromEntry(x, y)) return;
        if (Exit is null) FirstExitAt = time;
        (Exit, _wayToExit) = (passed, _way);
    }

    /// <summary>One of its cameras has looked back at how it passed a gate.</summary>
    public void Know(in LocalPassage passage, double time)
    {
        _known.Add((passage, time));
        if (_isEntrySeen || EntryGivenAs is not null || Entry is not { } entry || passage.Role != GateRole.Enters || passage.Approach != entry.Approach) return;
        _isEntrySeen = IsEntryDoubtful || Math.Abs(time - entry.Time) <= SamePassageSeconds;
        // This is when it drove over it.
        if (IsEntryDoubtful && time > entry.Time) Entry = entry with { Time = time };
        IsEntryDoubtful &= !_isEntrySeen;
    }

    private bool HasPassedAs(Passed passed)
    {
        foreach (var (passage, time) in _known)
        {
            if (passage.Role == GateRole.Enters && passage.Approach == passed.Approach && Math.Abs(time - passed.Time) <= SamePassageSeconds) return true;
        }

        return false;
    }

    /// <summary>
    /// When it passed, where its cameras say another time: what all together see may leap over a gate, where one of them takes over or
    /// goes over to a neighbour, but no camera alone looks back at a passage that it did not see.
    /// </summary>
    /// <param name="from">Seconds: what lies before has been given out.</param>
    public Passed? Timed(GateRole role, Passed? at, double from)
    {
        if (at is not { } passed) return null;
        var (best, most) = (passed.Time, FarSurer * Sureness(role, passed, passed.Time));
        foreach (var (passage, time) in _known)
        {
            if (time <= from || Math.Abs(time - passed.Time) is <= SamePassageSeconds or > LeapSeconds) continue;
            if (Sureness(role, passed, time) is var sureness && sureness > most) (best, most) = (time, sureness);
        }

        return passed with { Time = best };
    }

    /// <summary>How sure its cameras are together that it passed then: each by the inverse square of its speed's error, as far as that goes.</summary>
    private double Sureness(GateRole role, in Passed passed, double at)
    {
        var sum = 0.0;
        foreach (var (passage, time) in _known)
        {
            if (passage.Role == role && passage.Approach == passed.Approach && Math.Abs(time - at) <= SamePassageSeconds)
                sum += 1 / Math.Max(SurestKmh * SurestKmh, passage.SpeedErrorKmh * passage.SpeedErrorKmh);
        }

        return sum;
    }

    /// <summary>
    /// Speed at a gate and its deviation, km/h: what the cameras that looked back say, each by how sure it is, carried to the moment of the
    /// passage; null where none did: what all together see is no measurement where it leaps.
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

        return weight > 0 ? (sum / weight, Math.Sqrt(1 / weight)) : null;
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
        if (Entry is null || (EntryGivenAs is null && other.Entry is { } entry && (other.EntryGivenAs is not null || entry.Time < Entry.Value.Time))) (Entry, _entered) = (other.Entry ?? Entry, other.Entry is null ? _entered : other._entered with { Driven = _driven });
        if (Exit is null || (other.Exit is { } exit && exit.Time > Exit.Value.Time)) Exit = other.Exit ?? Exit;
        if (FirstExitAt == 0) FirstExitAt = other.FirstExitAt;
        // Nobody leaves before he has entered: such an exit belongs to a gate in the middle that was passed by a wrong sight.
        if (Entry is { } entered && Exit is { } left && left.Time <= entered.Time) Exit = null;
        _known.AddRange(other._known);
        Trace.Absorb(other.Trace);
        _isEntrySeen |= other._isEntrySeen;
        IsEntryDoubtful &= Entry is not null && !_isEntrySeen && other.Entry is null;
        EntryGivenAs ??= other.EntryGivenAs;
        IsGiven |= other.IsGiven;
        // What was passed over, as a piece or as a second image, may be judged anew together with the rest.
        IsTold = IsGiven;
        IsDouble = false;
        if (other._way.Metres > _way.Metres) _way = other._way;
        _wayToExit = Exit is null ? null : Longer(_wayToExit, other._wayToExit);

        static Travelled? Longer(Travelled? one, Travelled? another) => one is null || another?.Metres > one.Value.Metres ? another : one;
    }
}
