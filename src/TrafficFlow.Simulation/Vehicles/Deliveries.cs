using TrafficFlow.Core.Detection;

namespace TrafficFlow.Simulation.Vehicles;

/// <summary>Now and then a goods vehicle stops in its lane, unloads for 20 to 60 seconds and goes on; who comes behind it waits.</summary>
internal sealed class Deliveries
{
    private readonly double _perHour;
    private readonly Pcg32 _random;
    private double _next = double.PositiveInfinity;

    public Deliveries(JunctionSettings settings, double startsAt)
    {
        (_perHour, _random) = (settings.Street.DeliveriesPerHour, new Pcg32((ulong)(uint)settings.Seed, 500));
        if (_perHour > 0) _next = startsAt + _random.Exponential(3600 / _perHour);
    }

    /// <summary>Metres to where a vehicle that delivers stands; counts the time that it does. Null when it came too near to stop there.</summary>
    public static double? ToStop(SimulatedVehicle vehicle, double step)
    {
        var left = vehicle.StopsAt - vehicle.S;
        if (vehicle.Speed < 0.25 && left < 2.5) vehicle.StandsSeconds -= step;
        else if (left < -1) vehicle.StandsSeconds = 0;
        return vehicle.StandsSeconds > 0 ? left + CarFollowing.StandstillGap : null;
    }

    /// <summary>Lets a vehicle that has just appeared be the next that delivers.</summary>
    public void Consider(SimulatedVehicle vehicle, double seconds)
    {
        if (seconds < _next || vehicle.Path.Turn == Turn.Right || vehicle.Model is not { Class: VehicleClass.LightGoods or VehicleClass.HeavyGoods, Length: < 7 }) return;
        _next += _random.Exponential(3600 / _perHour);
        // Those on their way out stop far enough for some to queue behind them without filling the junction.
        vehicle.StopsAt = _random.Uniform() < 0.6
            ? JunctionLayout.StopLine - _random.Between(26, 75)
            : vehicle.Path.ConnectorLength + (_random.Between(58, 90) - JunctionLayout.ExitLine);
        vehicle.StandsSeconds = _random.Between(20, 60);
    }
}
