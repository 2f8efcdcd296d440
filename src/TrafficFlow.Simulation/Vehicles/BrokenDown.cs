namespace TrafficFlow.Simulation.Vehicles;

/// <summary>Vehicles that break down where and when the settings say; they stop and go on as those that deliver.</summary>
internal sealed class BrokenDown(JunctionSettings settings)
{
    private const double Braking = 3;

    private readonly long?[] _vehicles = new long?[settings.Breakdowns.Count];

    public IReadOnlyList<long?> Vehicles => _vehicles;

    /// <summary>The nearest one that is still far enough away to brake.</summary>
    public void Choose(double seconds, IReadOnlyList<SimulatedVehicle> vehicles)
    {
        for (var i = 0; i < _vehicles.Length; i++)
        {
            var (approach, turn, from, metres, lasts) = settings.Breakdowns[i];
            if (_vehicles[i] is not null || seconds < from) continue;
            SimulatedVehicle? nearest = null;
            foreach (var vehicle in vehicles)
            {
                if (vehicle.Path != LanePath.Of(JunctionLayout.IndexOf(approach), turn) || vehicle.StandsSeconds > 0) continue;
                if (vehicle.S + (vehicle.Speed * vehicle.Speed / (2 * Braking)) + 1 < metres && (nearest is null || vehicle.S > nearest.S)) nearest = vehicle;
            }

            if (nearest is null) continue;
            (nearest.StopsAt, nearest.StandsSeconds, _vehicles[i]) = (metres, lasts, nearest.Id);
        }
    }
}
