using TrafficFlow.Core.Geometry;
using TrafficFlow.Core.Junctions;
using TrafficFlow.Core.Sites;
using TrafficFlow.Simulation;
using Xunit;

namespace TrafficFlow.Core.Tests.Junctions;

/// <summary>Lane and place in the queue of journeys on the simulated junction, seen by four imperfect cameras, beside the true ones.</summary>
public sealed class JourneyLaneTests
{
    // Where the entering gates of the site lie along their arms, and their middle across it.
    private const double Gate = 9.5;
    private const double Middle = 3.7;
    private const double Seconds = 500;

    [Theory]
    [InlineData(22_901)]
    [InlineData(22_902)]
    public void A_journey_tells_its_lane_and_where_it_joined_the_queue(int seed)
    {
        var observations = new SimulatedObservations(JunctionSettings.Default with { Seed = seed }, new ObservationFaults(), seed);
        var truth = new TrueWaits(observations.Junction);
        var (journeys, _) = Run(MapSite.Site, observations, truth);

        var matched = truth.Match(journeys);
        Assert.True(matched.Count > 100, $"{matched.Count} journeys matched");
        Assert.All(matched, m => Assert.NotNull(m.Counted.LateralMetres));
        // Bias of the cameras included, within half a lane.
        var inLane = matched.Count(m => Math.Abs(m.Counted.LateralMetres!.Value - m.True.Lateral) < 1.5);
        Assert.True(inLane >= 0.97 * matched.Count, $"{inLane} of {matched.Count} in their lane");
        // Left and through come in the kerb lane, which lies left of the middle: traffic keeps left, and an arm's a points to its arriving side.
        Assert.All(matched.Where(m => Math.Abs(m.True.Lateral) > 1), m => Assert.Equal(m.True.IsKerbLane, m.True.Lateral < 0));

        var waited = matched.Where(m => m.True.JoinedAt is not null && m.Counted.QueuedAt is not null).ToList();
        Assert.True(waited.Count > 40, $"{waited.Count} waited");
        var near = waited.Count(m => Math.Abs(m.Counted.QueuedMetres!.Value - m.True.JoinedMetres) < 4 && Math.Abs((m.Counted.QueuedAt!.Value - SimulatedObservations.Start).TotalSeconds - m.True.JoinedAt!.Value) < 3);
        Assert.True(near >= 0.9 * waited.Count, $"{near} of {waited.Count} joined where they did");
        var agree = matched.Count(m => m.True.JoinedAt is null == (m.Counted.QueuedAt is null));
        Assert.True(agree >= 0.93 * matched.Count, $"of {agree} of {matched.Count} it is known whether they waited");
    }

    [Fact]
    public void Whichever_of_two_gates_is_passed_the_first_of_the_site_file_is_the_reference()
    {
        // A second camera has a gate a little before the first one, and only half as long: its middle lies elsewhere.
        var north = MapSite.Site.Cameras[0];
        var entering = north.Gates[0];
        var middle = new PicturePoint((entering.From.X + entering.To.X) / 2, (entering.From.Y + entering.To.Y) / 2 - (1 / 200.0));
        var half = entering with { From = entering.From with { Y = entering.From.Y - (1 / 200.0) }, To = middle };
        var second = MapSite.Site.Cameras[1];
        var both = MapSite.Site with { Cameras = [north, second with { Gates = [half, .. second.Gates] }, .. MapSite.Site.Cameras.Skip(2)] };
        var faults = new ObservationFaults { Noise = 0, Bias = 0, BreaksPerSecond = 0 };

        var (one, _) = Run(MapSite.Site, new SimulatedObservations(JunctionSettings.Default, faults), null);
        var (two, _) = Run(both, new SimulatedObservations(JunctionSettings.Default, faults), null);

        var expected = one.Where(j => j.Approach == JunctionLayout.North).OrderBy(j => j.EnteredAt).ToList();
        var told = two.Where(j => j.Approach == JunctionLayout.North).OrderBy(j => j.EnteredAt).ToList();
        Assert.Equal(expected.Count, told.Count);
        Assert.Contains(expected.Zip(told), p => p.First.EnteredAt != p.Second.EnteredAt);
        Assert.All(expected.Zip(told), p => Assert.Equal(p.First.LateralMetres!.Value, p.Second.LateralMetres!.Value, 0.3));
    }

    [Fact]
    public void Who_was_never_seen_to_enter_has_neither_lane_nor_wait()
    {
        var observations = new SimulatedObservations(JunctionSettings.Default, new ObservationFaults { BreaksPerSecond = 0 });
        var pipeline = new JunctionPipeline(MapSite.Site);
        var journeys = new List<Journey>();
        foreach (var observation in observations.Play(90).Where(o => o.Time >= SimulatedObservations.Start.AddSeconds(12))) pipeline.Process(observation, journeys);

        var appeared = journeys.Where(j => j.Approach is null).ToList();
        Assert.NotEmpty(appeared);
        Assert.All(appeared, j => Assert.Equal((null, null, null), (j.LateralMetres, j.QueuedAt, j.QueuedMetres)));
    }

    private static (List<Journey> Journeys, JunctionPipeline Pipeline) Run(Site site, SimulatedObservations observations, TrueWaits? truth)
    {
        var pipeline = new JunctionPipeline(site);
        var journeys = new List<Journey>();
        var next = 0.0;
        foreach (var observation in observations.Play(Seconds))
        {
            pipeline.Process(observation, journeys);
            if ((observation.Time - SimulatedObservations.Start).TotalSeconds < next) continue;
            truth?.Look();
            next += 0.1;
        }

        pipeline.Finish(journeys);
        return (journeys, pipeline);
    }

    /// <summary>Of one vehicle: lateral place at the gate, and where and when it first fell below 5 km/h within sight, as the queue's last.</summary>
    private sealed record TrueWait(ApproachId Approach, bool IsKerbLane)
    {
        public double Lateral { get; set; }

        public double? PassedAt { get; set; }

        public double? JoinedAt { get; set; }

        public double JoinedMetres { get; set; }
    }

    private sealed class TrueWaits(JunctionSimulation junction)
    {
        private const double SeenTo = 50;

        private readonly Dictionary<long, TrueWait> _waits = [];

        public void Look()
        {
            var now = junction.Now.TotalSeconds;
            foreach (var vehicle in junction.Vehicles)
            {
                for (var arm = 0; arm < 4; arm++)
                {
                    var place = JunctionLayout.ToArm(arm, vehicle.Centre.X, vehicle.Centre.Y);
                    var inwards = JunctionLayout.ToArm(arm, Math.Cos(vehicle.HeadingRadians), Math.Sin(vehicle.HeadingRadians)).Y < -0.7;
                    if (!inwards || place.X < 0.2 || place.X > JunctionLayout.HalfWidth || place.Y < 0) continue;
                    if (!_waits.TryGetValue(vehicle.Id, out var wait))
                        _waits.Add(vehicle.Id, wait = new TrueWait(JunctionLayout.Approaches[arm], place.X > (JunctionLayout.KerbLane + JunctionLayout.InnerLane) / 2));
                    if (place.Y > Gate && place.Y < SeenTo && vehicle.Speed * 3.6 < 5 && wait.JoinedAt is null) (wait.JoinedAt, wait.JoinedMetres) = (now, place.Y - Gate + (vehicle.Length / 2));
                    // To the right of who drives towards the middle of the junction is the arm's -a.
                    if (place.Y > Gate - 1.5 && place.Y <= Gate && wait.PassedAt is null) (wait.PassedAt, wait.Lateral) = (now, Middle - place.X);
                }
            }
        }

        public List<(TrueWait True, Journey Counted)> Match(IEnumerable<Journey> journeys)
        {
            var rest = journeys.Where(j => j.Approach is not null && j.EnteredAt > SimulatedObservations.Start.AddSeconds(60)).ToList();
            var matched = new List<(TrueWait, Journey)>();
            foreach (var wait in _waits.Values.Where(w => w.PassedAt > 60).OrderBy(w => w.PassedAt))
            {
                // The nearest in time and across the road.
                var counted = rest.Where(j => j.Approach == wait.Approach && Math.Abs((j.EnteredAt!.Value - SimulatedObservations.Start).TotalSeconds - wait.PassedAt!.Value) < 1.5)
                    .MinBy(j => Math.Abs((j.EnteredAt!.Value - SimulatedObservations.Start).TotalSeconds - wait.PassedAt!.Value) + (j.LateralMetres is { } l && Math.Abs(l - wait.Lateral) > 1.5 ? 1 : 0));
                if (counted is null) continue;
                rest.Remove(counted);
                matched.Add((wait, counted));
            }

            return matched;
        }
    }
}
