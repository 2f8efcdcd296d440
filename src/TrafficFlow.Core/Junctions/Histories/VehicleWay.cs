using TrafficFlow.Core.Geometry;

namespace TrafficFlow.Core.Junctions.Histories;

/// <summary>How far a vehicle went, how often it stopped and for how long.</summary>
internal readonly record struct Travelled(double Metres, int Stops, double StoppedSeconds)
{
    public static Travelled? Longer(Travelled? one, Travelled? another) => one is null || another?.Metres > one.Value.Metres ? another : one;
}

/// <summary>Measures the way of one vehicle, from place to place. Times are seconds since the junction's origin.</summary>
internal sealed class VehicleWay
{
    private const double JoinsQueueKmh = 5;
    private const double LeavesQueueKmh = 10;

    // A track begins without a speed.
    private const double SettlingSeconds = 1;

    // What stands jitters, and the cameras do not agree to the metre.
    private const double JitterMetres = 2;

    // A vehicle that is still so near has not driven on, whatever its speed seems to be.
    private const double SameStandMetres = 5;

    private GroundPoint _mark;
    private GroundPoint _stoodAt;
    private double _time;
    private bool _hasBegun;

    public Travelled Travelled { get; private set; }

    public bool IsStanding { get; private set; }

    /// <summary>What its speed alone makes of its way, metres.</summary>
    public double DrivenMetres { get; private set; }

    /// <param name="firstSeen">When the vehicle was first seen.</param>
    public void Move(double now, GroundPoint place, double kmh, double firstSeen)
    {
        if (_hasBegun) Walk(now, place, kmh, firstSeen);
        else (_hasBegun, _mark) = (true, place);
        _time = now;
    }

    /// <summary>The other one was measured on the same vehicle; the longer way is kept.</summary>
    public void Absorb(VehicleWay other)
    {
        if (other.Travelled.Metres > Travelled.Metres) Travelled = other.Travelled;
    }

    private void Walk(double now, GroundPoint place, double kmh, double firstSeen)
    {
        var seconds = now - _time;
        DrivenMetres += kmh / 3.6 * seconds;
        if (IsStanding) Travelled = Travelled with { StoppedSeconds = Travelled.StoppedSeconds + seconds };
        var moved = place.DistanceTo(_mark);
        if (moved > JitterMetres)
        {
            Travelled = Travelled with { Metres = Travelled.Metres + moved };
            _mark = place;
        }

        if (now - firstSeen < SettlingSeconds)
        {
            (IsStanding, _stoodAt) = (kmh < JoinsQueueKmh, place);
        }
        else if (!IsStanding && kmh < JoinsQueueKmh)
        {
            (IsStanding, _stoodAt) = (true, place);
            Travelled = Travelled with { Stops = Travelled.Stops + 1 };
        }
        else if (IsStanding && kmh > LeavesQueueKmh && place.DistanceTo(_stoodAt) > SameStandMetres)
        {
            IsStanding = false;
        }
    }
}
