using TrafficFlow.Analysis.Records;
using TrafficFlow.Analysis.Signals.Performance;
using TrafficFlow.Analysis.Studies;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Junctions;
using TrafficFlow.Core.Signals;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Analysis.Causes;

/// <summary>Where a vehicle goes, as far as the directions of the arms tell; traffic keeps left.</summary>
internal enum TurnKind
{
    Unknown = 0,
    Left = 1,
    Through = 2,

    /// <summary>Across the opposing traffic.</summary>
    Right = 3,
}

/// <summary>One vehicle that was seen to enter. Times in seconds since the begin of the record; NaN where not known.</summary>
/// <param name="Arrival">When it would have passed the stop line if nothing had held it up.</param>
/// <param name="Queued">When it joined the queue.</param>
/// <param name="Inside">From the entering to the exiting gate.</param>
internal sealed record ObservedVehicle(
    ApproachId Approach, ApproachId? Exit, TurnKind Turn, double Entered, double Arrival, double Queued, double Delay, double Stopped, int Stops, bool IsHeavy, double Inside, double EnterKmh, double LeaveKmh,
    double Lateral, double QueuedMetres)
{
    /// <summary>It waited for the green that was over before it came to the line.</summary>
    public bool HasWaited => Stops > 0 || Stopped > 1;
}

/// <summary>A signal group of one approach, its cycles and vehicles, by time.</summary>
internal sealed record ObservedGroup(ApproachId Approach, IReadOnlyList<Movement> Movements, IReadOnlyList<ObservedCycle> Cycles, IReadOnlyList<ObservedVehicle> Vehicles)
{
    /// <summary>All that it serves turns across the opposing traffic.</summary>
    public bool IsRight => Vehicles.Count > 0 && Vehicles.Count(v => v.Turn == TurnKind.Right) > 0.9 * Vehicles.Count;
}

/// <summary>From red to red, seconds since the begin of the record.</summary>
internal readonly record struct ObservedCycle(double Red, double Green, double GreenEnd, double End)
{
    public double Seconds => End - Red;

    public double GreenSeconds => GreenEnd - Green;
}

/// <summary>What a record and its signals say, in numbers that are quick to read. It is made once.</summary>
internal sealed class ObservedTraffic
{
    /// <summary>Rear of the queue and head of the next: who joined the queue later than this before the end of green might not have made it anyway.</summary>
    public const double JoinedBefore = 8;

    private readonly DateTimeOffset _zero;

    public ObservedTraffic(JunctionRecord record, ISignalPhases signals)
    {
        (Record, _zero) = (record, record.Span.From);
        Seconds = record.Span.Length.TotalSeconds;
        Vehicles = [.. record.Journeys.Where(j => j is { Approach: not null, EnteredAt: not null, Part: not JourneyPart.EntryAhead }).Select(Read).OrderBy(v => v.Entered)];
        ByApproach = Vehicles.ToLookup(v => v.Approach);
        Groups = [.. record.Approaches.SelectMany(a => GroupsOf(a.Approach, signals))];
    }

    public JunctionRecord Record { get; }

    public double Seconds { get; }

    public IReadOnlyList<ObservedVehicle> Vehicles { get; }

    public ILookup<ApproachId, ObservedVehicle> ByApproach { get; }

    public IReadOnlyList<ObservedGroup> Groups { get; }

    public Interval IntervalOf(Stretch stretch) => new(_zero.AddSeconds(stretch.From), _zero.AddSeconds(stretch.To));

    /// <summary>What was watched of an approach within stretches: elsewhere nobody counted, which is not nobody came.</summary>
    public List<Stretch> Watched(ApproachId approach, IEnumerable<Stretch> stretches)
    {
        var watched = Record.Find(approach)?.Watched ?? IntervalSet.Empty;
        return [.. stretches.SelectMany(s => watched.Within(IntervalOf(s)).Intervals).Select(i => new Stretch(SecondsAt(i.From), SecondsAt(i.To)))];
    }

    public double SecondsAt(DateTimeOffset time) => (time - _zero).TotalSeconds;

    /// <summary>The arm that faces an approach; null where nobody knows directions.</summary>
    public ApproachId? OppositeOf(ApproachId approach) => Record.Approaches.Where(a => a.Approach != approach && TurnOf(approach, a.Approach) == TurnKind.Through).Select(a => (ApproachId?)a.Approach).FirstOrDefault();

    private TurnKind TurnOf(ApproachId from, ApproachId? exit)
    {
        if (exit is not { } to || Record.Find(from)?.HeadingDegrees is not { } heading || Record.Find(to)?.HeadingDegrees is not { } other) return TurnKind.Unknown;
        // Who leaves by an arm drives against those who arrive on it.
        return Math.IEEERemainder(other + 180 - heading, 360) switch
        {
            >= -45 and <= 45 => TurnKind.Through,
            > 45 and < 160 => TurnKind.Right,
            > -160 and < -45 => TurnKind.Left,
            _ => TurnKind.Unknown,
        };
    }

    private ObservedVehicle Read(Journey j)
    {
        var entered = SecondsAt(j.EnteredAt!.Value);
        return new ObservedVehicle(
            j.Approach!.Value, j.Exit, TurnOf(j.Approach.Value, j.Exit), entered, entered - j.DelaySeconds, j.QueuedAt is { } queued ? SecondsAt(queued) : double.NaN, j.DelaySeconds, j.StoppedSeconds, j.Stops,
            j.Class.Size() == VehicleSize.Large, j.LeftAt is { } left ? SecondsAt(left) - entered : double.NaN, j.EnterSpeedKmh ?? double.NaN, j.LeaveSpeedKmh ?? double.NaN, j.LateralMetres ?? double.NaN,
            j.QueuedMetres ?? double.NaN);
    }

    private IEnumerable<ObservedGroup> GroupsOf(ApproachId approach, ISignalPhases signals)
    {
        var vehicles = ByApproach[approach].ToList();
        var sets = signals.Overlapping(approach, Record.Span).Select(p => p.Movements).Where(m => !m.IsDefaultOrEmpty)
            .DistinctBy(m => string.Join(';', m.Select(x => x.Name).Order(StringComparer.Ordinal))).ToList();
        foreach (var movements in sets)
        {
            var cycles = MovementCycles.Of(signals, approach, movements[0], Record.Span)
                .Select(c => new ObservedCycle(SecondsAt(c.Red), SecondsAt(c.Green), SecondsAt(c.Amber), SecondsAt(c.EndOfAmber))).ToList();
            yield return new ObservedGroup(approach, movements, cycles, [.. vehicles.Where(v => v.Exit is { } exit && movements.Contains(Movement.To(exit)))]);
        }

        // Without signals all that arrive are one group, of which nothing but delays can be said.
        if (sets.Count == 0) yield return new ObservedGroup(approach, [Movement.Entering], [], vehicles);
    }
}

/// <summary>A stretch of the record, seconds since its begin.</summary>
internal readonly record struct Stretch(double From, double To)
{
    public double Seconds => Math.Max(0, To - From);

    public bool Contains(double seconds) => seconds >= From && seconds < To;

    public double Overlap(Stretch other) => Math.Max(0, Math.Min(To, other.To) - Math.Max(From, other.From));
}
