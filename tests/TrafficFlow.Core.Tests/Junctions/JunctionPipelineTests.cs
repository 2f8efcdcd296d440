using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Geometry;
using TrafficFlow.Core.Junctions;
using TrafficFlow.Core.Junctions.Histories;
using TrafficFlow.Core.Sites;
using TrafficFlow.Core.Tracking.Ground;
using TrafficFlow.Simulation;
using Xunit;

namespace TrafficFlow.Core.Tests.Junctions;

/// <summary>Journeys of the simulated junction, seen by four imperfect cameras.</summary>
public sealed class JunctionPipelineTests
{
    [Theory]
    [InlineData(0.0, 0.0, 0.0, 0.99)]
    [InlineData(0.25, 0.8, 0.02, 0.99)]
    [InlineData(0.4, 1.2, 0.05, 0.97)]
    public void Every_vehicle_that_four_cameras_see_is_one_journey(double noise, double bias, double breaks, double least)
    {
        var (journeys, truth, _) = Run(300, new ObservationFaults { Noise = noise, Bias = bias, BreaksPerSecond = breaks });

        var (precision, recall) = JourneyMatch.Score(truth, journeys);
        Assert.True(precision >= least && recall >= 0.99, $"precision {precision:0.0000}, recall {recall:0.0000}");
    }

    [Fact]
    public void A_vehicle_that_only_one_camera_sees_is_counted_all_the_same()
    {
        // The east camera is dark: who arrives there is seen by the others on the junction only.
        var (journeys, truth, _) = Run(300, new ObservationFaults { Dark = [1] });

        var (precision, recall) = JourneyMatch.Score(truth, journeys);
        Assert.True(precision >= 0.98 && recall >= 0.95, $"precision {precision:0.0000}, recall {recall:0.0000}");
    }

    [Fact]
    public void Every_vehicle_that_entered_has_left_or_is_inside()
    {
        var observations = new SimulatedObservations(JunctionSettings.Default, new ObservationFaults());
        var pipeline = new JunctionPipeline(MapSite.Site);
        var journeys = new List<Journey>();
        foreach (var observation in observations.Play(200))
        {
            pipeline.Process(observation, journeys);
            // The trackers and the fusion need some seconds to know, and a vehicle whose track has just broken is not known to be there.
            var (book, truth) = (pipeline.Conservation, observations.Junction.Truth);
            var inside = truth.Entries.Count - truth.Journeys.Count(j => j.EnteredAt >= TimeSpan.Zero);
            Assert.InRange(book.Inside, inside - 4, inside + 6);
        }

        pipeline.Finish(journeys);
        var (end, real) = (pipeline.Conservation, observations.Junction.Truth);
        Assert.InRange(end.Entered, real.Entries.Count - 3, real.Entries.Count + 1);
        Assert.InRange(end.Left, real.Journeys.Count - 3, real.Journeys.Count + 1);
        Assert.Equal(0, end.Inside);
        Assert.False(pipeline.IsConservationViolated);
    }

    [Fact]
    public void Cameras_that_miss_the_exits_are_noticed()
    {
        var blind = MapSite.Site with
        {
            Cameras = [.. MapSite.Site.Cameras.Select(c => c with { Gates = [.. c.Gates.Where(g => g.Forward!.Role == GateRole.Enters || g.Forward.Approach.Value != "south")] })],
        };
        var observations = new SimulatedObservations(JunctionSettings.Default, new ObservationFaults());
        var pipeline = new JunctionPipeline(blind);
        var journeys = new List<Journey>();
        foreach (var observation in observations.Play(400)) pipeline.Process(observation, journeys);

        Assert.True(pipeline.IsConservationViolated, $"{pipeline.BrokenShare:0.00}");
    }

    [Theory]
    [InlineData(19, 19, false)]
    [InlineData(20, 4, false)]
    [InlineData(20, 5, true)]
    [InlineData(400, 50, false)]
    [InlineData(400, 60, true)]
    public void What_chance_makes_of_few_journeys_is_no_violation(int journeys, int broken, bool isViolated)
    {
        var watch = new ConservationWatch();
        for (var i = 0; i < journeys; i++) watch.Add(i, isWhole: i >= broken);

        Assert.Equal(isViolated, watch.IsViolated);
        watch.Forget(journeys + ConservationWatch.WindowSeconds);
        Assert.False(watch.IsViolated);
    }

    [Fact]
    public void A_vehicle_that_was_inside_when_the_cameras_were_switched_on_is_no_violation()
    {
        var journeys = new List<Journey>();
        var broken = 0.0;
        for (var from = 10; from < 40; from += 3)
        {
            var observations = new SimulatedObservations(JunctionSettings.Default, new ObservationFaults { BreaksPerSecond = 0 });
            var pipeline = new JunctionPipeline(MapSite.Site);
            foreach (var observation in observations.Play(60).Where(s => s.Time >= SimulatedObservations.Start.AddSeconds(from))) pipeline.Process(observation, journeys);
            broken = Math.Max(broken, pipeline.BrokenShare);
        }

        Assert.Contains(journeys, j => j.Approach is null);
        Assert.Equal(0, broken);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Nothing_is_given_out_behind_the_watermark(bool camerasSayEarlier)
    {
        var observations = new SimulatedObservations(JunctionSettings.Default, new ObservationFaults());
        var pipeline = new JunctionPipeline(MapSite.Site);
        var journeys = new List<Journey>();
        var (late, before) = (0, DateTimeOffset.MinValue);
        foreach (var observation in observations.Play(200))
        {
            var known = journeys.Count;
            // Now and then all cameras are sure that all their tracks have just passed every gate: some of them do a moment later.
            var passages = from track in observation.Tracks
                           from approach in JunctionLayout.Approaches
                           from role in (GateRole[])[GateRole.Enters, GateRole.Exits]
                           where camerasSayEarlier && observation.Time.Second % 5 == 0 && observation.Time.Millisecond == 0
                           select new LocalPassage(track.Number, role, approach, observation.Time.AddSeconds(-2), 30, 0.3, 0);
            pipeline.Process(observation with { Passages = [.. passages] }, journeys);
            late += journeys.Skip(known).Count(j => (j.EnteredAt ?? j.LeftAt) < before);
            Assert.True(pipeline.Watermark >= before);
            before = pipeline.Watermark;
        }

        Assert.True(late <= journeys.Count / 100, $"{late} of {journeys.Count} were late");
        Assert.True(observations.Junction.Now - (before - SimulatedObservations.Start) < TimeSpan.FromSeconds(120));
    }

    [Fact]
    public void A_second_image_of_a_long_vehicle_is_not_another_one()
    {
        var faults = new ObservationFaults { LongOffMetres = 3.7, Noise = 0.1, Bias = 0 };
        var (journeys, truth, _) = Run(300, faults);
        var (trusting, _, _) = Run(300, faults, fusion: FusionSettings.Default with { DoubleShare = 2 });

        var (precision, recall) = JourneyMatch.Score(truth, journeys);
        Assert.True(precision >= 0.98 && recall >= 0.98, $"precision {precision:0.0000}, recall {recall:0.0000}");
        // Without the rule there are more, whole ones and such of whom one end is missing.
        Assert.True(journeys.Count < trusting.Count, $"{journeys.Count} journeys, {trusting.Count} without");
    }

    [Fact]
    public void A_speed_that_was_looked_back_at_is_the_journeys()
    {
        var observations = new SimulatedObservations(JunctionSettings.Default, new ObservationFaults());
        var pipeline = new JunctionPipeline(MapSite.Site);
        var journeys = new List<Journey>();
        foreach (var observation in observations.Play(200))
        {
            // Every camera has just seen each of its tracks pass every entering gate at 99 km/h: only those that did take it.
            var passages = from track in observation.Tracks
                           from approach in JunctionLayout.Approaches
                           select new LocalPassage(track.Number, GateRole.Enters, approach, observation.Time, 99, 0.5, 0);
            pipeline.Process(observation with { Passages = [.. passages] }, journeys);
        }

        var entered = journeys.Where(j => j.EnterSpeedKmh is not null).ToList();
        Assert.NotEmpty(entered);
        Assert.All(entered, j => Assert.Equal(99, j.EnterSpeedKmh!.Value, 0.001));
        Assert.All(journeys.Where(j => j.LeaveSpeedKmh is not null), j => Assert.InRange(j.LeaveSpeedKmh!.Value, 0, 80));
    }

    [Fact]
    public void A_vehicle_that_stays_for_long_is_counted_in_two_parts_and_is_one_journey_all_the_same()
    {
        var (whole, truth, pipeline) = Run(200, new ObservationFaults());
        var (parts, _, impatient) = Run(200, new ObservationFaults(), fusion: FusionSettings.Default with { LongestJourneySeconds = 1.5 });

        Assert.Contains(parts, j => j.Part == JourneyPart.EntryAhead);
        var ways = parts.Where(j => j.Part != JourneyPart.EntryAhead).ToList();
        Assert.Equal(ways.Count, ways.Select(j => j.Number).Distinct().Count());
        Assert.Equal(JourneyMatch.Score(truth, whole), JourneyMatch.Score(truth, ways));
        Assert.Equal(pipeline.Conservation, impatient.Conservation);
        foreach (var movement in (Movement[])[Movement.Entering, Movement.Exiting]) Assert.Equal(Counted(whole, movement), Counted(parts, movement));
        Assert.Equal(Counted(parts, Movement.Entering), Enumerable.Sum(JunctionLayout.Approaches.Append(JourneyMapper.UnknownExit), a => Counted(parts, Movement.To(a))));
        Assert.All(parts.GroupBy(j => j.Number).Where(g => g.Count() > 1), g => Assert.Single(g.Select(j => j.EnteredAt).Distinct()));

        static int Counted(IEnumerable<Journey> journeys, Movement movement) =>
            journeys.SelectMany(j => JourneyMapper.Count(new CameraId("junction"), j)).Count(v => v.Movement == movement);
    }

    [Fact]
    public void A_cyclist_who_waits_behind_the_line_is_no_vehicle_however_long()
    {
        var pipeline = new JunctionPipeline(MapSite.Site);
        var journeys = new List<Journey>();
        foreach (var observation in Wait(isRider: true)) pipeline.Process(observation, journeys);
        Assert.Empty(journeys);
        Assert.True(pipeline.Watermark > SimulatedObservations.Start.AddSeconds(170), "the bins go on");

        pipeline = new JunctionPipeline(MapSite.Site);
        foreach (var observation in Wait(isRider: false)) pipeline.Process(observation, journeys);
        Assert.Equal(JourneyPart.EntryAhead, Assert.Single(journeys).Part);

        // Rides north over the south arm's stop line at 5 m/s, and stands there for three minutes.
        static IEnumerable<CameraObservation> Wait(bool isRider)
        {
            for (var frame = 0; frame < 1800; frame++)
            {
                var moved = Math.Min(frame / 10.0 * 5, 26);
                var place = JunctionLayout.ToGround(2, 3.5, 30 - moved);
                var ahead = JunctionLayout.ToGround(2, 3.5, 29 - moved);
                var speed = moved < 26 ? 5 : 0;
                var state = new GroundState(place, 0.3, (ahead.X - place.X) * speed, (ahead.Y - place.Y) * speed, 0, 0.5, 4);
                yield return new CameraObservation(MapSite.CameraOf(2), SimulatedObservations.Start.AddSeconds(frame / 10.0), [new LocalTrack(1, state, true, VehicleClass.Unclassified, 0) { IsRider = isRider }]);
            }
        }
    }

    [Fact]
    public void A_vehicle_that_waits_at_the_line_and_jitters_over_it_has_entered_when_it_drove()
    {
        var pipeline = new JunctionPipeline(MapSite.Site);
        var journeys = new List<Journey>();
        for (var frame = 0; frame < 2100; frame++)
        {
            var t = frame / 10.0;
            // Up to the line, three minutes of red, on at 8 m/s; once the picture jitters over the gate, which lies at 9.5 m.
            var (b, speed) = t < 3 ? (34.6 - (8 * t), 8.0) : t < 183 ? (t is > 60 and < 61 ? 8.6 : 10.6, 0.0) : (10.6 - (8 * (t - 183)), 8.0);
            if (b < -40) break;
            var (place, ahead) = (JunctionLayout.ToGround(2, 3.5, b), JunctionLayout.ToGround(2, 3.5, b - 1));
            var state = new GroundState(place, 0.3, (ahead.X - place.X) * speed, (ahead.Y - place.Y) * speed, 0, 0.5, 4);
            pipeline.Process(
                new CameraObservation(MapSite.CameraOf(2), SimulatedObservations.Start.AddSeconds(t), [new LocalTrack(1, state, true, VehicleClass.PassengerCar, 0.9)])
                {
                    Passages = frame == 1850 ? [new LocalPassage(1, GateRole.Enters, JunctionLayout.South, SimulatedObservations.Start.AddSeconds(183.2), 29, 0.3, 0)] : [],
                },
                journeys);
        }

        pipeline.Finish(journeys);
        var journey = Assert.Single(journeys);
        Assert.Equal(JourneyPart.All, journey.Part);
        Assert.Equal(183.2, (journey.EnteredAt!.Value - SimulatedObservations.Start).TotalSeconds, 0.001);
        Assert.True(journey.IsWhole);
    }

    [Fact]
    public void In_a_quiet_night_what_flickers_is_not_remembered_for_ever()
    {
        var pipeline = new JunctionPipeline(MapSite.Site);
        var (journeys, most) = (new List<Journey>(), 0);
        for (var frame = 0; frame < 9000; frame++)
        {
            // Each five seconds a light on a wet spot, for two seconds; now here, now there.
            var light = frame / 25;
            var spot = new GroundState(JunctionLayout.ToGround(2, 3.5, 20 + (15 * (light % 4))), 0.3, 0, 0, 0, 0.5, 4);
            IReadOnlyList<LocalTrack> seen = frame % 25 < 10 ? [new LocalTrack(light, spot, true, VehicleClass.Unclassified, 0)] : [];
            pipeline.Process(new CameraObservation(MapSite.CameraOf(2), SimulatedObservations.Start.AddSeconds(frame / 5.0), seen), journeys);
            most = Math.Max(most, pipeline.RememberedVehicles);
        }

        Assert.Empty(journeys);
        Assert.InRange(most, 2, 40);
    }

    [Theory]
    [InlineData(0.3, 0)]
    [InlineData(20, 1)]
    public void What_appears_on_a_gate_and_vanishes_behind_the_next_is_a_piece_of_another_vehicle(double seenBefore, int expected)
    {
        var exit = JunctionLayout.ExitOf(2, Turn.Left);
        var (line, behind) = (JunctionLayout.ToGround(2, 3.5, 9.6), JunctionLayout.ToGround(exit, -3.5, 13.5));
        var corner = line.DistanceTo(behind);
        Assert.InRange(corner, 5, 12);
        var pipeline = new JunctionPipeline(MapSite.Site);
        var journeys = new List<Journey>();
        for (var frame = 0; frame * 0.8 <= seenBefore + corner; frame++)
        {
            var driven = (frame * 0.8) - seenBefore;
            var place = driven < 0
                ? JunctionLayout.ToGround(2, 3.5, 9.6 - driven)
                : new GroundPoint(line.X + ((behind.X - line.X) * driven / corner), line.Y + ((behind.Y - line.Y) * driven / corner));
            var state = new GroundState(place, 0.3, (behind.X - line.X) / corner * 8, (behind.Y - line.Y) / corner * 8, 0, 0.5, 4);
            pipeline.Process(new CameraObservation(MapSite.CameraOf(2), SimulatedObservations.Start.AddSeconds(frame / 10.0), [new LocalTrack(1, state, true, VehicleClass.Unclassified, 0)]), journeys);
        }

        pipeline.Finish(journeys);
        Assert.Equal(expected, journeys.Count(j => j.IsWhole));
    }

    [Fact]
    public void Stops_and_delay_are_those_of_the_vehicles_way_until_it_left()
    {
        var observations = new SimulatedObservations(JunctionSettings.Default, new ObservationFaults { Noise = 0.1, Bias = 0, BreaksPerSecond = 0 });
        var pipeline = new JunctionPipeline(MapSite.Site);
        var journeys = new List<Journey>();
        var speeds = new Dictionary<(long Vehicle, DateTimeOffset Time), double>();
        foreach (var observation in observations.Play(300))
        {
            foreach (var vehicle in observations.Junction.Vehicles) speeds[(vehicle.Id, observation.Time)] = vehicle.Speed;
            pipeline.Process(observation, journeys);
        }

        var errors = new List<(int Stops, double Stood, double Delay)>();
        foreach (var journey in journeys.Where(j => j.IsWhole))
        {
            var entered = (journey.EnteredAt!.Value - SimulatedObservations.Start).TotalSeconds;
            var vehicle = observations.Junction.Truth.Journeys.Where(t => t.Approach == journey.Approach && t.Exit == journey.Exit).MinBy(t => Math.Abs(t.EnteredAt.TotalSeconds - entered));
            var way = speeds.Where(s => s.Key.Vehicle == vehicle!.Vehicle && s.Key.Time >= journey.FirstSeenAt && s.Key.Time < journey.LeftAt).OrderBy(s => s.Key.Time).Select(s => s.Value * 3.6).ToList();
            var (stops, stood, stands) = (0, 0.0, way[0] < 5);
            foreach (var kmh in way)
            {
                if (stands) stood += 0.1;
                if (!stands && kmh < 5) (stands, stops) = (true, stops + 1);
                else if (stands && kmh > 10) stands = false;
            }

            errors.Add((journey.Stops - stops, journey.StoppedSeconds - stood, journey.DelaySeconds - Math.Max(0, (way.Count / 10.0) - (way.Sum() / 36 / (40 / 3.6)))));
        }

        Assert.True(errors.Count > 50 && journeys.Any(j => j.Stops > 0) && journeys.Any(j => j.Stops == 0), $"{errors.Count} journeys");
        Assert.True(errors.Count(e => e.Stops == 0) >= 0.95 * errors.Count, $"{errors.Count(e => e.Stops == 0)} of {errors.Count} stops are right");
        Assert.InRange(errors.Average(e => Math.Abs(e.Stood)), 0, 1);
        Assert.InRange(errors.Average(e => Math.Abs(e.Delay)), 0, 1);
    }

    [Fact]
    public void A_look_back_is_carried_to_the_moment_of_the_passage_and_the_surer_one_counts_more()
    {
        var passages = new ObservedPassages();
        var passed = new GatePassage(JunctionLayout.North, 10);
        passages.Add(Passage(30, 1, 2), 9.5);
        passages.Add(Passage(40, 2, 0), 10);
        passages.Add(Passage(90, 0.1, 0), 13);
        passages.Add(Passage(90, 0.1, 0) with { Approach = JunctionLayout.East }, 10);

        // 30 km/h and half a second at 2 m/s² more are 33.6; four times as sure as 40.
        var (kmh, error) = passages.Speed(GateRole.Enters, passed)!.Value;
        Assert.Equal(((4 * 33.6) + 40) / 5, kmh, 6);
        Assert.Equal(Math.Sqrt(1 / 1.25), error, 6);
        Assert.Null(passages.Speed(GateRole.Exits, passed));
        Assert.Null(passages.Speed(GateRole.Exits, null));
    }

    [Fact]
    public void A_vehicle_that_seems_to_leap_over_a_gate_passed_it_when_its_cameras_say()
    {
        var leapt = new GatePassage(JunctionLayout.North, 10);
        var passages = new ObservedPassages();
        Assert.Equal(10, Timed());

        passages.Add(Passage(1, 1.3, 0), 10.2);
        Assert.Equal(10, Timed());

        // Two that are sure, a second and a half later, against one that is not.
        passages.Add(Passage(17, 0.4, 1), 11.6);
        passages.Add(Passage(18, 0.3, 1), 11.7);
        Assert.Equal(11.65, Timed(), 0.06);
        Assert.Equal(10, Timed(from: 12));

        // Of another time altogether, or of another gate, is nothing of this passage.
        var other = new ObservedPassages();
        other.Add(Passage(20, 0.3, 0), 15);
        other.Add(Passage(20, 0.3, 0) with { Role = GateRole.Exits }, 12);
        other.Add(Passage(20, 0.3, 0) with { Approach = JunctionLayout.East }, 12);
        Assert.Equal(10, other.Timed(GateRole.Enters, leapt, 0)!.Value.Time);
        Assert.Null(other.Timed(GateRole.Enters, null, 0));

        double Timed(double from = 0) => passages.Timed(GateRole.Enters, leapt, from)!.Value.Time;
    }

    private static LocalPassage Passage(double kmh, double error, double acceleration) =>
        new(1, GateRole.Enters, JunctionLayout.North, default, kmh, error, acceleration);

    [Fact]
    public void A_trace_tells_of_late_only_however_long_a_vehicle_stands()
    {
        var (parked, passing) = (new GroundTrace(), new GroundTrace());
        for (var second = 0; second <= 7200; second++) parked.Add(second, new GroundPoint(0, 0));
        foreach (var from in (int[])[10, 7190])
            for (var second = from; second < from + 10; second++) passing.Add(second, new GroundPoint(1, 0));

        Assert.Equal(1, passing.ShareBeside(parked, 7190, 7199, along: 2, across: 2));
        Assert.Equal(0, passing.ShareBeside(parked, 7190, 7199, along: 0.5, across: 0.5));
        Assert.Equal(0, passing.ShareBeside(parked, 10, 19, along: 2, across: 2));
    }

    [Fact]
    public void Equal_observations_give_equal_journeys()
    {
        var (one, _, _) = Run(120, new ObservationFaults());
        var (other, _, _) = Run(120, new ObservationFaults());

        Assert.NotEmpty(one);
        Assert.Equal(one, other);
    }

    private static (List<Journey> Journeys, JunctionTruth Truth, JunctionPipeline Pipeline) Run(double seconds, ObservationFaults faults, JunctionSettings? settings = null, FusionSettings? fusion = null)
    {
        var observations = new SimulatedObservations(settings ?? JunctionSettings.Default, faults);
        var pipeline = new JunctionPipeline(MapSite.Site, fusion);
        var journeys = new List<Journey>();
        foreach (var observation in observations.Play(seconds)) pipeline.Process(observation, journeys);
        pipeline.Finish(journeys);
        return (journeys, observations.Junction.Truth, pipeline);
    }
}
