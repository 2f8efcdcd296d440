using TrafficFlow.Core.Counting;
using TrafficFlow.Core.Junctions.Queues;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Core.Junctions.Histories;

/// <summary>
/// What one vehicle did on the junction so far: where it entered and left, its way, and how much of it was emitted. Times are seconds since
/// the junction's origin.
/// </summary>
internal sealed class VehicleHistory
{
    private readonly GateWatch[] _watches;
    private readonly VehicleWay _way = new();
    private (double X, double Y, double Driven) _entered;
    private bool _isEntryConfirmed;
    private Travelled? _wayToExit;

    public VehicleHistory(FusedVehicle vehicle, int gates)
    {
        Vehicle = vehicle;
        _watches = new GateWatch[gates];
        FirstSeen = vehicle.BornAt;
    }

    public FusedVehicle Vehicle { get; }

    public GroundTrace Trace { get; } = new();

    public ObservedPassages Passages { get; } = new();

    public double FirstSeen { get; private set; }

    public GatePassage? Entry { get; private set; }

    /// <summary>The last one: a gate in the middle of the junction may be followed by one at its edge.</summary>
    public GatePassage? Exit { get; private set; }

    public double FirstExitAt { get; private set; }

    /// <summary>Since it was first seen, until it left the junction; what it does behind that is no business of the junction.</summary>
    public Travelled Way => _wayToExit ?? _way.Travelled;

    /// <summary>Since it was first seen until now, also behind its exit.</summary>
    public double MetresSeen => _way.Travelled.Metres;

    /// <summary>With which its present wait, or the last one, before an entering gate began.</summary>
    public QueueJoining? Joining { get; private set; }

    /// <summary>Both ends are known.</summary>
    public bool IsWhole => Entry is not null && Exit is not null;

    /// <summary>Nothing that it does now changes a count.</summary>
    public bool IsFinal { get; set; }

    /// <summary>It became a journey.</summary>
    public bool IsEmitted { get; set; }

    /// <summary>It turned out to be a second image of another vehicle, which was or will be emitted.</summary>
    public bool IsDuplicate { get; set; }

    /// <summary>So many others turned out to be second images of this one.</summary>
    public int SecondImages { get; set; }

    /// <summary>Share of its way on which the nearest other vehicle was beside it, when that was asked.</summary>
    public double BesideShare { get; set; }

    /// <summary>
    /// No camera has seen it pass the entering gate, and it stood when it seemed to, or went no farther for long: as one that waits at the line
    /// and jitters.
    /// </summary>
    public bool IsEntryDoubtful { get; private set; }

    /// <summary>Number of the journey under which its entry was emitted already, because it took too long.</summary>
    public long? EntryEmittedAs { get; private set; }

    /// <summary>From when on something of it is still to be emitted.</summary>
    public double? PendingSince => IsFinal || IsEntryDoubtful ? null : EntryEmittedAs is null ? Entry?.Time ?? Exit?.Time : Exit?.Time;

    /// <summary>Its entry is emitted now, in this form, under this number; it no longer changes.</summary>
    public void EntryEmitted(GatePassage entry, long number) => (Entry, EntryEmittedAs) = (entry, number);

    /// <summary>Its cameras look back at what passes, and none has reported this one's entry for long.</summary>
    public void DoubtEntry() => IsEntryDoubtful = !_isEntryConfirmed && EntryEmittedAs is null;

    /// <summary>What passed the entering gate was no vehicle, as far as can be told by now.</summary>
    public void DropEntry() => (Entry, IsEntryDoubtful) = (null, false);

    /// <summary>Takes where the vehicle is now.</summary>
    public void Observe(double now, IReadOnlyList<GroundGate> gates, FusionSettings settings)
    {
        var (x, y) = (Vehicle.Place.X, Vehicle.Place.Y);
        _way.Move(now, Vehicle.Place, Vehicle.Speed * 3.6, FirstSeen);
        for (var g = 0; g < gates.Count; g++)
        {
            if (_watches[g].Move(gates[g].Line, now, x, y, settings.BeyondMetres) is not { Direction: CrossingDirection.Forward, IsAgain: false } crossed) continue;
            Pass(gates[g], crossed.Time, x, y);
        }

        Trace.Add(now, Vehicle.Place);
    }

    /// <summary>One of its cameras has looked back at how it passed a gate.</summary>
    public void Observe(in LocalPassage passage, double time, CameraId camera)
    {
        Passages.Add(passage, time, camera);
        if (_isEntryConfirmed || EntryEmittedAs is not null || Entry is not { } entry || passage.Role != GateRole.Enters || passage.Approach != entry.Approach) return;
        _isEntryConfirmed = IsEntryDoubtful || Math.Abs(time - entry.Time) <= ObservedPassages.SamePassageSeconds;
        // This is when it drove over it.
        if (IsEntryDoubtful && time > entry.Time) Entry = entry with { Time = time };
        IsEntryDoubtful &= !_isEntryConfirmed;
    }

    /// <summary>It joined a queue, for the first time or again.</summary>
    public void Join(in QueueJoining joining)
    {
        if (Entry is null || IsEntryDoubtful) Joining = QueueJoining.First(Joining, joining);
    }

    private void Pass(GroundGate gate, double time, double x, double y)
    {
        var passed = new GatePassage(gate.Approach, time) { Gate = gate };
        if (gate.Role == GateRole.Enters)
        {
            if (Entry is not null || Exit is not null) return;
            (Entry, _entered) = (passed, (x, y, _way.DrivenMetres));
            _isEntryConfirmed = Passages.ConfirmEntry(passed);
            IsEntryDoubtful = _way.IsStanding && !_isEntryConfirmed;
            return;
        }

        if (Entry is not null && HasLeaptFromEntry(x, y)) return;
        if (Exit is null) FirstExitAt = time;
        (Exit, _wayToExit) = (passed, _way.Travelled);
    }

    // From gate to gate faster than it drove: a camera's track has gone over to another vehicle, and taken this one along.
    private bool HasLeaptFromEntry(double x, double y)
    {
        const double LeastShareDriven = 0.6;
        const double HandOverMetres = 2;
        var (dx, dy) = (x - _entered.X, y - _entered.Y);
        return _way.DrivenMetres - _entered.Driven < (LeastShareDriven * Math.Sqrt((dx * dx) + (dy * dy))) - HandOverMetres;
    }

    /// <summary>
    /// They cannot be one vehicle: they passed the same end at different times, and no two follow each other that closely, or different ends,
    /// where nothing says that this one's are wrong.
    /// </summary>
    public bool Contradicts(VehicleHistory other)
    {
        return Differ(Entry, other.Entry) || Differ(Exit, other.Exit);

        bool Differ(GatePassage? mine, GatePassage? theirs) => mine is { } m && theirs is { } t
            && (m.Approach == t.Approach ? Math.Abs(m.Time - t.Time) > ObservedPassages.SamePassageSeconds : IsWhole);
    }

    /// <summary>The other was the same vehicle, taken for another one for a while.</summary>
    public void Absorb(VehicleHistory other)
    {
        FirstSeen = Math.Min(FirstSeen, other.FirstSeen);
        if (Entry is null || (EntryEmittedAs is null && other.Entry is { } entry && (other.EntryEmittedAs is not null || entry.Time < Entry.Value.Time)))
            (Entry, _entered) = (other.Entry ?? Entry, other.Entry is null ? _entered : other._entered with { Driven = _way.DrivenMetres });
        if (Exit is null || (other.Exit is { } exit && exit.Time > Exit.Value.Time)) Exit = other.Exit ?? Exit;
        if (FirstExitAt == 0) FirstExitAt = other.FirstExitAt;
        // No vehicle leaves before it has entered: such an exit belongs to a gate in the middle that was passed by a wrong track.
        if (Entry is { } entered && Exit is { } left && left.Time <= entered.Time) Exit = null;
        Passages.Absorb(other.Passages);
        Trace.Absorb(other.Trace);
        Joining = QueueJoining.First(Joining, other.Joining);
        _isEntryConfirmed |= other._isEntryConfirmed;
        IsEntryDoubtful &= Entry is not null && !_isEntryConfirmed && other.Entry is null;
        EntryEmittedAs ??= other.EntryEmittedAs;
        IsEmitted |= other.IsEmitted;
        SecondImages += other.SecondImages;
        // What was passed over, as a piece or as a second image, may be judged anew together with the rest.
        IsFinal = IsEmitted;
        IsDuplicate = false;
        _way.Absorb(other._way);
        _wayToExit = Exit is null ? null : Travelled.Longer(_wayToExit, other._wayToExit);
    }
}
