using TrafficFlow.Core.Sites;

namespace TrafficFlow.Core.Junctions.Histories;

/// <summary>A vehicle passed a gate of this approach; seconds since the junction's origin.</summary>
internal readonly record struct GatePassage(ApproachId Approach, double Time)
{
    /// <summary>The gate on the ground that was passed.</summary>
    public GroundGate? Gate { get; init; }
}

/// <summary>
/// Passages of one vehicle that single cameras looked back at. What all cameras together see may leap over a gate, where one of them takes
/// over or goes over to a neighbour; no camera alone looks back at a passage that it did not see.
/// </summary>
internal sealed class ObservedPassages
{
    /// <summary>Cameras disagree by less about when a vehicle's middle passes a gate, seconds.</summary>
    public const double SamePassageSeconds = 1;

    // One that waits at the line, and seems to leap over it, drives over it within so long.
    private const double LeapSeconds = 4;

    // Cameras that say another time must be so much surer together.
    private const double FarSurer = 2;

    private const double SurestKmh = 0.3;

    private readonly List<(LocalPassage Passage, double Time)> _observed = [];
    private readonly List<CameraId> _by = [];

    /// <param name="camera">Whose track it was.</param>
    public void Add(in LocalPassage passage, double time, CameraId camera = default)
    {
        _observed.Add((passage, time));
        _by.Add(camera);
    }

    public void Absorb(ObservedPassages other)
    {
        _observed.AddRange(other._observed);
        _by.AddRange(other._by);
    }

    /// <summary>Those that tell of this passage.</summary>
    public IEnumerable<(CameraId Camera, LocalPassage Passage)> At(GateRole role, GatePassage passed)
    {
        for (var i = 0; i < _observed.Count; i++)
        {
            var (passage, time) = _observed[i];
            if (passage.Role == role && passage.Approach == passed.Approach && Math.Abs(time - passed.Time) <= SamePassageSeconds) yield return (_by[i], passage);
        }
    }

    /// <summary>Some camera saw it enter there at about that time.</summary>
    public bool ConfirmEntry(GatePassage entry)
    {
        foreach (var (passage, time) in _observed)
        {
            if (passage.Role == GateRole.Enters && passage.Approach == entry.Approach && Math.Abs(time - entry.Time) <= SamePassageSeconds) return true;
        }

        return false;
    }

    /// <summary>The same passage, at the time that its cameras are far surer of.</summary>
    /// <param name="from">Seconds: what lies before was emitted already.</param>
    public GatePassage? Timed(GateRole role, GatePassage? at, double from)
    {
        if (at is not { } passed) return null;
        var (best, most) = (passed.Time, FarSurer * Sureness(role, passed, passed.Time));
        foreach (var (_, time) in _observed)
        {
            if (time <= from || Math.Abs(time - passed.Time) is <= SamePassageSeconds or > LeapSeconds) continue;
            if (Sureness(role, passed, time) is var sureness && sureness > most) (best, most) = (time, sureness);
        }

        return passed with { Time = best };
    }

    /// <summary>
    /// Speed at a gate and its standard deviation, km/h: each camera's by how sure it is, carried to the moment of the passage; null where no camera
    /// looked back: what all together see is no measurement where it leaps.
    /// </summary>
    public (double Kmh, double ErrorKmh)? Speed(GateRole role, GatePassage? at)
    {
        if (at is not { } passed) return null;
        double weight = 0, sum = 0;
        foreach (var (passage, time) in _observed)
        {
            var late = passed.Time - time;
            if (passage.Role != role || passage.Approach != passed.Approach || Math.Abs(late) > SamePassageSeconds) continue;
            var w = 1 / Math.Max(0.01, passage.SpeedErrorKmh * passage.SpeedErrorKmh);
            sum += w * Math.Max(0, passage.SpeedKmh + (3.6 * passage.Acceleration * late));
            weight += w;
        }

        return weight > 0 ? (sum / weight, Math.Sqrt(1 / weight)) : null;
    }

    /// <summary>How sure its cameras are together that it passed then: each by the inverse square of its speed's error, as far as that goes.</summary>
    private double Sureness(GateRole role, in GatePassage passed, double at)
    {
        var sum = 0.0;
        foreach (var (passage, time) in _observed)
        {
            if (passage.Role == role && passage.Approach == passed.Approach && Math.Abs(time - at) <= SamePassageSeconds)
                sum += 1 / Math.Max(SurestKmh * SurestKmh, passage.SpeedErrorKmh * passage.SpeedErrorKmh);
        }

        return sum;
    }
}
