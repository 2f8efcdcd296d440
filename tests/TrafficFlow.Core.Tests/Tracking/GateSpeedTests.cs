using TrafficFlow.Core.Counting;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;
using TrafficFlow.Core.Tests.Support;
using Xunit;

namespace TrafficFlow.Core.Tests.Tracking;

public sealed class GateSpeedTests
{
    private static readonly StreetCamera s_camera = new();

    public static TheoryData<string, double, double, double> Ways => new()
    {
        // name, frames a second, noise in pixels, acceleration
        { "steady", 10, 0.5, 0 },
        { "without noise", 10, 0, 0 },
        { "braking", 10, 0.5, -2.5 },
        { "speeding up", 10, 0.5, 2 },
        { "at five frames a second", 5, 0.5, -1.5 },
        { "at twenty-five frames a second", 25, 0.5, 1 },
        { "jitter", 10, 1.5, 0 },
    };

    [Theory]
    [MemberData(nameof(Ways))]
    public void The_speed_is_that_of_the_moment_of_the_crossing(string name, double framesPerSecond, double noise, double acceleration)
    {
        var errors = new List<double>();
        for (var seed = 0; seed < 8; seed++)
        {
            var crossing = Cross(framesPerSecond, noise, seed, t => Accelerated(10, acceleration, t)).Crossings.Single();

            var moment = Film.Seconds(crossing);
            errors.Add(crossing.SpeedKmh!.Value - Accelerated(10, acceleration, moment).Speed * 3.6);
            Assert.InRange(Math.IEEERemainder(crossing.HeadingDegrees!.Value - 90, 360), -2, 2);
            Assert.InRange(crossing.LengthMetres!.Value, 4, 4.8);
            Assert.InRange(crossing.SpeedErrorKmh!.Value, 0.02, 3);
            Assert.InRange(crossing.HeadingErrorDegrees!.Value, 0.01, 5);
        }

        Assert.All(errors, e => Assert.True(Math.Abs(e) < 1.5, $"{name}: off by {e:0.00} km/h"));
        Assert.InRange(errors.Average(), -0.4, 0.4);
    }

    [Fact]
    public void One_side_that_another_vehicle_hides_for_a_second_does_not_bend_the_speed()
    {
        var crossing = Cross(10, 0.3, 1, t => Accelerated(10, 0, t), hidden: t => t is > 1.6 and < 2.4).Crossings.Single();

        Assert.InRange(crossing.SpeedKmh!.Value, 35, 37);
    }

    [Fact]
    public void Between_two_gates_the_speed_is_the_way_by_the_time()
    {
        // 10 m/s at first, 2 s of braking to 5 m/s.
        var film = Cross(10, 0.3, 1, t => Accelerated(10, -2.5, Math.Min(t, 2)) is var v && t <= 2 ? v : v with { X = v.X + (5 * (t - 2)) }, secondGate: 8, seconds: 6);

        var passage = film.Passages.Single();
        var seconds = (passage.LeftAt - passage.EnteredAt).TotalSeconds;
        var (entered, left) = (Film.Seconds(film.Crossings[0]), Film.Seconds(film.Crossings[1]));
        var metres = Place(left) - Place(entered);
        Assert.InRange(passage.SpeedKmh!.Value, (3.6 * metres / seconds) - 1, (3.6 * metres / seconds) + 1);
        Assert.InRange(passage.SpeedErrorKmh!.Value, 0.05, 2);

        static double Place(double t) => Accelerated(10, -2.5, Math.Min(t, 2)).X + (5 * Math.Max(0, t - 2));
    }

    [Fact]
    public void The_aggregators_get_the_speed_of_crossings_and_of_movements()
    {
        var camera = s_camera.Setup(10) with
        {
            Gates =
            [
                new Gate(new GateId("in"), new(0.4, 0.2), new(0.4, 0.9), Forward: new GateMeaning(GateRole.Enters, new ApproachId("west"))),
                new Gate(new GateId("out"), new(0.7, 0.2), new(0.7, 0.9), Forward: new GateMeaning(GateRole.Exits, new ApproachId("east"))),
            ],
        };
        var map = new MovementMapper(camera);
        var crossing = new Crossing(camera.Id, new GateId("in"), CrossingDirection.Forward, 1, Film.At(1), VehicleClass.Bus, VehicleSize.Large, 31.5, 1);
        var passage = new FlowPassage(
            camera.Id, new GateId("in"), CrossingDirection.Forward, new GateId("out"), CrossingDirection.Forward, 1, Film.At(1), Film.At(3), VehicleClass.Bus,
            VehicleSize.Large, 1)
        {
            SpeedKmh = 28.5,
        };

        Assert.Equal(31.5, map.Count(crossing)!.SpeedKmh);
        Assert.Equal(28.5, map.Count(passage).Single().SpeedKmh);
    }

    [Fact]
    public void Without_a_ground_plane_a_crossing_has_no_speed()
    {
        var film = Film.Run(8, 10, Film.Across(200), t => Film.Car(100, 100 + (40 * t)));

        var crossing = film.Crossings.Single();
        Assert.Null(crossing.SpeedKmh);
        Assert.Null(crossing.HeadingDegrees);
        Assert.Null(crossing.LengthMetres);
    }

    [Fact]
    public void A_vehicle_that_stands_across_the_line_for_half_a_minute_keeps_the_slow_speed_at_which_it_came()
    {
        // It creeps over the line at 1 m/s, stops just behind it, and goes on after the red phase.
        var crossing = Cross(10, 0.3, 1, t => new Block(-3 + Math.Min(t, 3.2) + (4 * Math.Max(0, t - 33)), 25, 90, t < 3.2 ? 1 : 0), seconds: 40).Crossings.Single();

        Assert.InRange(crossing.SpeedKmh ?? 0, 0, 6);
    }

    private static Block Accelerated(double speed, double acceleration, double t) =>
        new(-18 + (speed * t) + (acceleration * t * t / 2), 25, 90, speed + (acceleration * t));

    private static Film Cross(
        double framesPerSecond, double noise, int seed, Func<double, Block> way, Predicate<double>? hidden = null, double? secondGate = null, double seconds = 4)
    {
        var random = new Random(seed);
        List<Gate> gates = [s_camera.Gate("g", 0, 21, 0, 30)];
        if (secondGate is { } x) gates.Add(s_camera.Gate("h", x, 21, x, 30));
        return Film.Run(seconds, framesPerSecond, s_camera.Setup(framesPerSecond, [.. gates]), time =>
        {
            if (s_camera.See(way(time), VehicleClass.PassengerCar, random, noise) is not { } seen) return null;
            // The near half of its front is behind something.
            return hidden?.Invoke(time) == true ? seen with { Box = seen.Box with { Height = seen.Box.Height * 0.75f } } : seen;
        });
    }
}
