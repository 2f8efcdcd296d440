using System.Collections.Immutable;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Simulation.Replay;

/// <summary>One vehicle's way over a junction.</summary>
/// <param name="Enters">Since the beginning of the period, and within it.</param>
/// <param name="Leaves">Not before it enters; may lie beyond the end of the period.</param>
/// <param name="SpeedKmh">Null where it is not known.</param>
public sealed record ScriptVehicle(
    TimeSpan Enters, TimeSpan Leaves, ApproachId Entry, ApproachId Exit, VehicleClass Class, VehicleSize Size, double? SpeedKmh)
{
    public TimeSpan Stay => Leaves - Enters;
}

/// <summary>All vehicles that enter a junction within one period, sorted by the time at which they enter. Played in a loop it is traffic without end.</summary>
public sealed class FlowScript
{
    public FlowScript(string name, TimeSpan period, IEnumerable<ScriptVehicle> vehicles)
    {
        (Name, Period) = (name, period);
        Vehicles = [.. vehicles.OrderBy(v => v.Enters)];
        if (period <= TimeSpan.Zero) throw new ArgumentOutOfRangeException(nameof(period), period, "a period must be longer than nothing");
        foreach (var vehicle in Vehicles)
            if (vehicle.Enters < TimeSpan.Zero || vehicle.Enters >= period || vehicle.Stay < TimeSpan.Zero || vehicle.Stay >= period)
                throw new ArgumentException($"{vehicle} does not fit a period of {period}: it must enter within it and leave within one more", nameof(vehicles));
    }

    /// <summary>Where it comes from; part of the provenance of every number made from it.</summary>
    public string Name { get; }

    public TimeSpan Period { get; }

    public ImmutableArray<ScriptVehicle> Vehicles { get; }

    /// <summary>The traffic of the simulated junction, from the end of its warm-up on. Equal settings give equal scripts.</summary>
    public static FlowScript Simulated(JunctionSettings settings, TimeSpan period)
    {
        var simulation = new JunctionSimulation(settings);
        simulation.AdvanceTo(period);
        // Who has entered in time must be seen to leave.
        var entered = simulation.Truth.Entries.Where(e => e.Time < period).Select(e => e.Vehicle).ToHashSet();
        while (simulation.Truth.Journeys.Count(j => entered.Contains(j.Vehicle)) < entered.Count) simulation.AdvanceTo(simulation.Now + TimeSpan.FromSeconds(10));
        return new FlowScript(
            $"simulation-{settings.Seed}",
            period,
            from journey in simulation.Truth.Journeys
            where entered.Contains(journey.Vehicle)
            select new ScriptVehicle(
                journey.EnteredAt, journey.LeftAt, journey.Approach, journey.Exit, journey.Class, journey.Class.Size(), journey.EnterSpeedKmh));
    }
}
