using TrafficFlow.Core.Counting;
using TrafficFlow.Core.Geometry;
using TrafficFlow.Core.Sites;
using TrafficFlow.Simulation;
using TrafficFlow.Simulation.Vehicles;
using TrafficFlow.Synthetic.Truth;

namespace TrafficFlow.Synthetic.Views;

/// <summary>What really passes the gates of a street view, found without painting it.</summary>
public static class StreetTruth
{
    private const double StepSeconds = 0.05;

    /// <summary>A vehicle's hiding changes slowly, and finding it out costs more than all else.</summary>
    private const int StepsToLook = 5;

    private const double NearMetres = 30;

    /// <summary>Crossings of a view's film in order of time.</summary>
    /// <param name="frame">The reference is a point of a box in a picture of that size.</param>
    public static IReadOnlyList<StreetCrossing> Of(SyntheticSource source, StreetView view, FrameFormat frame)
    {
        var seconds = source.Seconds ?? throw new ArgumentException("a live view has no end", nameof(source));
        var (width, height) = (frame.Width, frame.Height);
        var traffic = new JunctionSimulation(source.Traffic);
        var start = source.TrafficStart;
        var gates = view.Gates.Select(g => (Gate: g, Line: new GateLine(g.Gate, width, height), Middle: JunctionLayout.ToGround(g.Arm, 0, g.Outwards))).ToList();
        var traces = new Dictionary<(long Vehicle, int Gate), GateTrace>();
        var hiding = new List<VehicleView>();
        for (var step = 0; step * StepSeconds <= seconds; step++)
        {
            traffic.AdvanceTo(start + TimeSpan.FromSeconds(step * StepSeconds));
            var vehicles = traffic.Vehicles;
            hiding.Clear();
            for (var i = 0; i < vehicles.Count; i++)
            {
                var vehicle = vehicles[i];
                Box? box = null;
                double? seen = null;
                for (var g = 0; g < gates.Count; g++)
                {
                    if (vehicle.Centre.DistanceTo(gates[g].Middle) > NearMetres) continue;
                    box ??= TrueBoxes.Of(view.Camera, vehicle, width, height);
                    if (box is not { } found) break;
                    if (!traces.TryGetValue((vehicle.Id, g), out var trace))
                        traces[(vehicle.Id, g)] = trace = new GateTrace(vehicle.Id, vehicle.Class, gates[g].Gate.Gate.Id, gates[g].Line);
                    trace.Add(step * StepSeconds, found, vehicle.Speed);
                    if (step % StepsToLook != 0 || !trace.IsNear) continue;
                    if (hiding.Count == 0) hiding.AddRange([.. vehicles, .. traffic.Parked, .. ParkedCars.All]);
                    trace.See(seen ??= Sightlines.SeenShare(view.Camera, vehicle, hiding));
                }
            }
        }

        return [.. traces.Values.SelectMany(t => t.Crossings(seconds)).OrderBy(c => c.TimeSeconds).ThenBy(c => c.Vehicle)];
    }
}
