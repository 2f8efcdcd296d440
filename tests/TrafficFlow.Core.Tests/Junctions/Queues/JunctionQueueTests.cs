using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Junctions;
using TrafficFlow.Core.Sites;
using TrafficFlow.Simulation;
using Xunit;

namespace TrafficFlow.Core.Tests.Junctions.Queues;

/// <summary>Queues of the simulated junction, measured from what four imperfect cameras see, beside the true ones.</summary>
public sealed class JunctionQueueTests
{
    // As far as the cameras see along an arm, and where its entering gate lies.
    private const double SeenTo = 55;
    private const double Gate = 9.5;

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    public void Queues_are_as_long_as_they_were(int seed)
    {
        var observations = new SimulatedObservations(JunctionSettings.Default with { Seed = seed }, new ObservationFaults(), seed);
        var pipeline = new JunctionPipeline(MapSite.Site);
        var truth = JunctionLayout.Approaches.ToDictionary(a => a, _ => new List<(double Metres, int Vehicles)>());
        var queued = new HashSet<long>();
        var journeys = new List<Journey>();
        var next = TimeSpan.Zero;
        foreach (var observation in observations.Play(400))
        {
            pipeline.Process(observation, journeys);
            if (observation.Time - SimulatedObservations.Start < next) continue;
            next += TimeSpan.FromSeconds(1);
            foreach (var (approach, samples) in truth) samples.Add(TrueQueue(observations.Junction, approach, queued));
        }

        var readings = pipeline.TakeQueues(DateTimeOffset.MaxValue).ToLookup(r => r.Approach, r => r.Sums);

        foreach (var (approach, samples) in truth)
        {
            var measured = readings[approach].Aggregate((a, b) => a + b);
            var told = $"{approach}: mean {measured.MeanMetres:0.0} of {samples.Average(s => s.Metres):0.0} m, max {measured.MaxMetres:0.0} of {samples.Max(s => s.Metres):0.0} m, "
                + $"mean {measured.MeanVehicles:0.00} of {samples.Average(s => s.Vehicles):0.00} vehicles";
            TestContext.Current.TestOutputHelper!.WriteLine(told);
            Assert.InRange(measured.Seconds, 395, 400.5);
            Assert.True(samples.Average(s => s.Metres) > 3, told);
            Assert.True(Math.Abs(measured.MeanMetres!.Value - samples.Average(s => s.Metres)) < 2, told);
            Assert.True(Math.Abs(measured.MaxMetres - samples.Max(s => s.Metres)) < 6, told);
            Assert.True(Math.Abs(measured.MeanVehicles!.Value - samples.Average(s => s.Vehicles)) < 0.5, told);
        }
    }

    private static (double Metres, int Vehicles) TrueQueue(JunctionSimulation junction, ApproachId approach, HashSet<long> queued)
    {
        var (back, vehicles) = (0.0, 0);
        foreach (var vehicle in junction.Vehicles)
        {
            var place = JunctionLayout.ToArm(JunctionLayout.IndexOf(approach), vehicle.Centre.X, vehicle.Centre.Y);
            if (place.X < 0 || place.X > JunctionLayout.HalfWidth || place.Y < Gate || place.Y > SeenTo) continue;
            if (vehicle.Speed * 3.6 < 5) queued.Add(vehicle.Id);
            else if (vehicle.Speed * 3.6 > 10) queued.Remove(vehicle.Id);
            if (!queued.Contains(vehicle.Id)) continue;
            vehicles++;
            back = Math.Max(back, place.Y - Gate + (vehicle.Length / 2));
        }

        return (back, vehicles);
    }
}
