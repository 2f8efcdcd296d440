using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Junctions;
using TrafficFlow.Core.Sites;
using TrafficFlow.Core.Tests.Support;
using TrafficFlow.Core.Tracking.Ground;
using Xunit;
using Found = TrafficFlow.Core.Detection.Detection;

namespace TrafficFlow.Core.Tests.Tracking;

public sealed class GroundTrackTests
{
    public static TheoryData<string, double, double, double, double, double> Drives => new()
    {
        // name, frames a second, x and y at the start, heading, km/h
        { "away", 10, 2, 14, 0, 40 },
        { "towards", 10, -3, 55, 180, 40 },
        { "to the right", 10, -25, 30, 90, 50 },
        { "to the left", 10, 25, 30, 270, 30 },
        { "slantwise", 10, -15, 18, 45, 36 },
        { "at five frames a second", 5, -25, 30, 90, 50 },
        { "at twenty-five frames a second", 25, -25, 30, 90, 50 },
        { "slowly", 10, -4, 25, 90, 8 },
    };

    [Theory]
    [MemberData(nameof(Drives))]
    public void A_vehicle_that_drives_straight_is_where_it_is_and_as_fast_as_it_is(
        string name, double framesPerSecond, double x, double y, double heading, double kmh)
    {
        var states = Drive(new StreetCamera(), framesPerSecond, 4, VehicleClass.PassengerCar, noise: 0.5, t => Straight(x, y, heading, kmh, t));

        var settled = states.Where(s => s.Time > 2 && s.IsFree).ToList();
        Assert.True(settled.Count > 3, name);
        foreach (var s in settled)
        {
            Assert.InRange(s.State.Centre.DistanceTo(new(s.True.X, s.True.Y)), 0, 0.9);
            Assert.InRange(s.State.SpeedKmh - kmh, -3, 3);
            Assert.InRange(Turned(s.State.HeadingDegrees!.Value, heading), -8, 8);
            Assert.InRange(s.State.LengthMetres!.Value - s.True.Length, -0.7, 0.7);
            Assert.InRange(s.State.SpeedErrorKmh, 0.05, 5);
        }
    }

    [Fact]
    public void Map_coordinates_of_millions_of_metres_cost_no_digits()
    {
        var camera = new StreetCamera(east: 424_134, north: 5_662_241);

        var states = Drive(camera, 10, 4, VehicleClass.PassengerCar, 0, t => Straight(424_134 - 15, 5_662_241 + 30, 90, 36, t));

        Assert.InRange(states[^1].State.Centre.DistanceTo(new(states[^1].True.X, states[^1].True.Y)), 0, 0.3);
        Assert.InRange(states[^1].State.SpeedKmh, 35.5, 36.5);
    }

    [Theory]
    [InlineData(VehicleClass.Bus, 11.2, 2.5, 3.1)]
    [InlineData(VehicleClass.HeavyGoods, 6.5, 2.2, 2.8)]
    [InlineData(VehicleClass.PassengerCar, 3.4, 1.48, 1.7)]
    [InlineData(VehicleClass.Motorcycle, 2.1, 0.8, 1.7)]
    [InlineData(VehicleClass.Unclassified, 7.5, 2.3, 3)]
    public void The_length_is_learnt_from_boxes_and_not_taken_from_the_class(VehicleClass vehicleClass, double length, double width, double height)
    {
        var states = Drive(new StreetCamera(), 10, 5, vehicleClass, 0.5, t => Straight(-25, 30, 90, 36, t) with { Length = length, Width = width, Height = height });

        Assert.InRange(states[^1].State.LengthMetres!.Value, length - 0.5, length + 0.5);
    }

    [Fact]
    public void A_vehicle_that_has_not_moved_has_a_place_and_no_heading()
    {
        var states = Drive(new StreetCamera(), 10, 20, VehicleClass.PassengerCar, 1, _ => Straight(3, 25, 0, 0, 0));

        Assert.All(states, s => Assert.Null(s.State.HeadingDegrees));
        Assert.All(states.Skip(10), s => Assert.InRange(s.State.Centre.DistanceTo(new(3, 25)), 0, 1.5));
        Assert.All(states.Skip(20), s => Assert.InRange(s.State.SpeedKmh, 0, 3));
    }

    [Fact]
    public void A_vehicle_that_stops_stands_still_and_keeps_its_heading()
    {
        // 36 km/h, braking with 2.5 m/s² from the second second on: it stands after 6 s.
        var states = Drive(new StreetCamera(), 10, 60, VehicleClass.PassengerCar, 1, t =>
        {
            var braking = Math.Clamp(t - 2, 0, 4);
            return Straight(-25, 30, 90, 0, 0) with { X = -25 + (10 * Math.Min(t, 2)) + (10 * braking) - (1.25 * braking * braking), Speed = 10 - (2.5 * braking) };
        });

        var standing = states.Where(s => s.Time > 9).ToList();
        Assert.All(standing, s => Assert.InRange(s.State.SpeedKmh, 0, 3));
        Assert.All(standing, s => Assert.InRange(Turned(s.State.HeadingDegrees!.Value, 90), -5, 5));
        Assert.InRange(standing.Average(s => s.State.SpeedKmh), 0, 0.7);
    }

    [Fact]
    public void A_turning_vehicle_is_followed_through_its_bend()
    {
        const double Radius = 10;
        const double Speed = 6;
        var states = Drive(new StreetCamera(), 10, 5, VehicleClass.PassengerCar, 0.5, t =>
        {
            // Northwards, then a quarter circle to the left, then westwards.
            var way = Speed * t;
            var angle = Math.Clamp((way - 10) / Radius, 0, Math.PI / 2);
            var (straight, after) = (Math.Min(way, 10), Math.Max(0, way - 10 - (Radius * Math.PI / 2)));
            return new Block(5 - (Radius * (1 - Math.Cos(angle))) - after, 18 + straight + (Radius * Math.Sin(angle)), 360 - (angle * 180 / Math.PI), Speed);
        });

        foreach (var s in states.Where(s => s.Time > 1.5))
        {
            Assert.InRange(s.State.Centre.DistanceTo(new(s.True.X, s.True.Y)), 0, 0.7);
            Assert.InRange(s.State.SpeedKmh - (Speed * 3.6), -3, 3);
            Assert.InRange(Turned(s.State.HeadingDegrees!.Value, s.True.Heading), -13, 13);
        }
    }

    [Fact]
    public void A_vehicle_cut_by_the_border_is_placed_by_the_sides_that_are_its_own()
    {
        // Its front has left the picture on the right; the box shrinks, the vehicle goes on.
        var states = Drive(new StreetCamera(), 10, 6, VehicleClass.PassengerCar, 0.3, t => Straight(-18, 30, 90, 36, t));

        var cut = states.Where(s => s.Time > 2 && !s.IsFree).ToList();
        Assert.True(cut.Count >= 3);
        Assert.All(cut, s => Assert.InRange(s.State.SpeedKmh, 33, 39));
        Assert.All(cut, s => Assert.InRange(s.State.Centre.DistanceTo(new(s.True.X, s.True.Y)), 0, 0.8));
    }

    [Fact]
    public void Dropped_frames_change_neither_speed_nor_place()
    {
        var random = new Random(4);
        var states = Drive(
            new StreetCamera(), 10, 4, VehicleClass.PassengerCar, 0.5, t => Straight(-20, 30, 90, 36, t), frame => frame < 5 || random.NextDouble() > 0.4);

        Assert.All(states.Where(s => s.Time > 2), s => Assert.InRange(s.State.SpeedKmh, 33.5, 38.5));
        Assert.All(states.Where(s => s.Time > 2), s => Assert.InRange(s.State.Centre.DistanceTo(new(s.True.X, s.True.Y)), 0, 0.6));
    }

    [Fact]
    public void Without_a_ground_plane_there_is_no_state()
    {
        var film = Film.Run(3, 10, Film.Across(200), t => Film.Car(100 + (40 * t), 150));

        Assert.All(film.Frames.SelectMany(f => f), t => Assert.Null(t.Ground));
    }

    [Fact]
    public void Following_on_the_ground_allocates_nothing()
    {
        var camera = new StreetCamera();
        var pipeline = new CameraPipeline(camera.Setup(10, Film.Across(20)), Film.Scores);
        var output = new PipelineOutput();
        var lists = Enumerable.Range(0, 401).Select(i => new List<Found> { camera.See(Straight(-10 + (10 * Math.Sin(i / 50.0)), 30, 90, 0, 0), VehicleClass.PassengerCar)!.Value }).ToList();
        for (var i = 0; i < 200; i++) pipeline.Process(Film.At(i / 10.0), lists[i], output);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 200; i <= 400; i++) pipeline.Process(Film.At(i / 10.0), lists[i], output);
        var bytesPerFrame = (GC.GetAllocatedBytesForCurrentThread() - before) / 201.0;

        Assert.NotNull(output.Tracks.Single().Ground!.Value.HeadingDegrees);
        Assert.InRange(bytesPerFrame, 0, 8);
    }

    [Fact]
    public void Any_gate_of_the_site_is_looked_back_at()
    {
        var camera = new StreetCamera();
        var gate = camera.Gate("in", 0, 20, 0, 40) with { Forward = new GateMeaning(GateRole.Enters, new ApproachId("west")) };
        // The gate is another camera's, which looks at the same ground.
        var mine = camera.Setup(10);
        var site = new Site(
            new SiteId("s"), "S", TimeZoneInfo.Utc, [new Approach(new ApproachId("west"), "West")], [mine, camera.Setup(10, gate) with { Id = new CameraId("other") }], "h");
        var pipeline = new CameraPipeline(mine, Film.Scores, site: site);
        var (output, passages) = (new PipelineOutput(), new List<LocalPassage>());
        // From standstill 15 m before the gate it gathers speed by 2 m/s²: after 3.87 s it passes, at 27.9 km/h.
        for (var frame = 0; frame <= 60; frame++)
        {
            var t = frame / 10.0;
            if (camera.See(Straight(-15 + (t * t), 30, 90, 0, 0), VehicleClass.PassengerCar) is { } seen) pipeline.Process(Film.At(t), [seen], output);
            passages.AddRange(output.LocalPassages);
        }

        var passage = Assert.Single(passages);
        Assert.Equal((GateRole.Enters, new ApproachId("west")), (passage.Role, passage.Approach));
        Assert.Equal(3.87, (passage.Time - Film.Origin).TotalSeconds, 0.1);
        Assert.Equal(27.9, passage.SpeedKmh, 1.0);
        Assert.Equal(2, passage.Acceleration, 0.6);
    }

    private static Block Straight(double x, double y, double heading, double kmh, double t)
    {
        var (sin, cos) = Math.SinCos(heading * Math.PI / 180);
        return new Block(x + (kmh / 3.6 * t * sin), y + (kmh / 3.6 * t * cos), heading, kmh / 3.6);
    }

    private static double Turned(double a, double b) => Math.IEEERemainder(a - b, 360);

    private static List<(double Time, GroundState State, Block True, bool IsFree)> Drive(
        StreetCamera camera, double framesPerSecond, double seconds, VehicleClass vehicleClass, double noise, Func<double, Block> way, Predicate<int>? arrives = null)
    {
        var random = new Random(1);
        var pipeline = new CameraPipeline(camera.Setup(framesPerSecond), Film.Scores);
        var (output, states) = (new PipelineOutput(), new List<(double, GroundState, Block, bool)>());
        for (var frame = 0; frame <= seconds * framesPerSecond; frame++)
        {
            if (arrives?.Invoke(frame) == false) continue;
            var time = frame / framesPerSecond;
            var seen = camera.See(way(time), vehicleClass, random, noise);
            pipeline.Process(Film.At(time), seen is { } f ? [f] : [], output);
            if (seen is not { Box: var box } || output.Tracks.Count == 0) continue;
            Assert.Single(output.Tracks);
            var isFree = box.X > 2 && box.Y > 2 && box.Right < Film.Width - 2 && box.Bottom < Film.Height - 2;
            if (output.Tracks[0].Ground is { } state) states.Add((time, state, way(time), isFree));
        }

        Assert.NotEmpty(states);
        return states;
    }
}
