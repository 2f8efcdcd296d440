using TrafficFlow.Core.Counting;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Geometry;
using TrafficFlow.Core.Sites;
using TrafficFlow.Core.Tests.Support;
using Xunit;
using Found = TrafficFlow.Core.Detection.Detection;

namespace TrafficFlow.Core.Tests.Counting;

/// <summary>Kinds of motion at a gate that were counted wrongly on film. The gate lies at y = 200; a car is 50 x 40 pixels.</summary>
public sealed class CrossingKindsTests
{
    [Theory]
    [InlineData(203, 1, "g Forward 4")]
    [InlineData(198, 1, "g Forward 4")]
    [InlineData(198, -1, "g Backward 4")]
    [InlineData(203, -1, "g Backward 4")]
    public void A_vehicle_first_seen_standing_over_the_line_counts_once_when_it_goes(double ground, int way, string expected)
    {
        var noise = new Random(5);
        var film = Film.Run(8, 10, Film.Across(200), t => Film.Car(300, ground + noise.Next(-2, 3) + (way * 40 * Math.Max(0, t - 4))));

        Assert.Equal(expected, film.Summary());
    }

    [Fact]
    public void A_vehicle_that_is_lost_and_found_again_where_it_stands_over_the_line_counts_once()
    {
        // It comes, stands over the line, is hidden for longer than anybody is waited for, and goes.
        var film = Film.Run(60, 10, Film.Across(200), t => t is > 8 and < 33 ? null : Film.Car(300, t < 40 ? Math.Min(203, 60 + (50 * t)) : 203 + (40 * (t - 40))));

        Assert.Equal(["g Forward"], film.Crossings.Select(c => $"{c.Gate} {c.Direction}"));
    }

    [Theory]
    [InlineData(8)]
    [InlineData(12)]
    public void A_standing_box_that_jitters_over_the_line_and_back_within_a_second_crosses_in_neither_direction(double pixels)
    {
        var film = Film.Run(60, 10, Film.Across(200), t => Film.Car(300, 194 + (t % 7 < 0.8 ? pixels : 0)));

        Assert.Empty(film.Crossings);
    }

    [Fact]
    public void A_second_wider_box_on_a_vehicle_is_no_second_vehicle()
    {
        var film = Film.Run(
            7, 10, Film.Across(200), t => Film.Car(300, 60 + (50 * t)), t => t % 1 < 0.5 ? Film.Car(305, 64 + (50 * t), 0.6f, 80, 50) : null);

        Assert.Equal("g Forward 3", film.Summary());
        Assert.Single(film.Tracks);
    }

    [Fact]
    public void A_box_around_two_vehicles_beside_a_box_around_each_is_no_third_vehicle()
    {
        var film = Film.Run(
            7, 10, Film.Across(200), t => Film.Car(270, 60 + (50 * t)), t => Film.Car(325, 60 + (50 * t)), t => t > 1 ? Film.Car(297, 61 + (50 * t), 0.7f, 106, 42) : null);

        Assert.Equal("g Forward 3, g Forward 3", film.Summary());
    }

    [Fact]
    public void A_vehicle_whose_box_breaks_into_two_pieces_on_the_line_counts_once()
    {
        var film = Film.Run(
            7,
            10,
            Film.Across(200),
            t => t is > 2.5 and < 3.2 ? Film.Car(322, 60 + (50 * t), 0.6f, 55, 45) : Film.Car(300, 60 + (50 * t), width: 100, height: 60),
            t => t is > 2.5 and < 3.6 ? Film.Car(268, 48 + (50 * t), 0.6f, 40, 45) : null);

        Assert.Equal("g Forward 3", film.Summary());
    }

    [Fact]
    public void A_hidden_track_that_is_dragged_over_the_line_to_its_standing_neighbour_does_not_cross()
    {
        var film = Film.Run(
            30, 10, Film.Across(200), t => t < 8 ? Film.Car(300, 188) : null, t => t > 8.4 ? Film.Car(304, 213) : null);

        Assert.Empty(film.Crossings);
        Assert.Single(film.Tracks);
    }

    [Fact]
    public void A_hidden_vehicle_that_drove_on_behind_a_lorry_crosses()
    {
        var film = Film.Run(10, 10, Film.Across(200), t => t is > 2.6 and < 3.4 ? null : Film.Car(300, 60 + (50 * t)));

        Assert.Equal("g Forward 3", film.Summary());
    }

    [Fact]
    public void A_walker_who_is_a_vehicle_for_a_few_pictures_crosses_nothing()
    {
        static Found Person(double t, float score) => Film.Car(300, 150 + (30 * t), score, 14, 36) with { Kind = DetectedKind.Person, Class = VehicleClass.Unclassified };
        var film = Film.Run(6, 10, Film.Across(200), t => Person(t, 0.7f), t => t is > 1.3 and < 2.2 ? Person(t, 0.55f) with { Kind = DetectedKind.Vehicle } : null);

        Assert.Empty(film.Crossings);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(25)]
    public void Arriving_and_departing_vehicles_are_timed_by_the_same_point_the_bottom_centre_of_the_box(int framesPerSecond)
    {
        var arriving = Film.Run(6, framesPerSecond, Film.Across(203), t => Film.Car(300, 63 + (50 * t)));
        var departing = Film.Run(6, framesPerSecond, Film.Across(203), t => Film.Car(300, 343 - (50 * t)));

        Assert.Equal(2.8, Film.Seconds(Assert.Single(arriving.Crossings)), 0.03);
        Assert.Equal(2.8, Film.Seconds(Assert.Single(departing.Crossings)), 0.03);
    }

    [Fact]
    public void A_vehicle_that_has_begun_to_cross_when_the_clip_ends_counts()
    {
        var film = Film.Run(3, 10, Film.Across(200), t => Film.Car(300, 358 - (50 * t)), t => Film.Car(100, 60 + (50 * t)));

        Assert.Equal("g Forward 3", film.Summary());
        Assert.Equal("g Forward 3, g Backward 3", Film.Run(3.3, 10, Film.Across(200), t => Film.Car(300, 358 - (50 * t)), t => Film.Car(100, 60 + (50 * t))).Summary());
    }

    [Theory]
    [InlineData(4)]
    [InlineData(9)]
    public void A_shaking_picture_over_standing_vehicles_adds_nothing_and_loses_nobody(double pixels)
    {
        static double Shake(double t) => Math.Sin(t * 9.1) + (0.3 * Math.Sin(t * 23));
        var film = Film.Run(
            60,
            25,
            Film.Across(200),
            t => Film.Car(120, 201 + (pixels * Shake(t))),
            t => Film.Car(200, 196 + (pixels * Shake(t))),
            t => t is > 20 and < 26 ? Film.Car(420, 60 + (50 * (t - 20)) + (pixels * Shake(t))) : null);

        Assert.Equal("g Forward 23", film.Summary());
    }

    [Fact]
    public void A_vehicle_parked_over_part_of_the_line_does_not_keep_others_from_counting()
    {
        var noise = new Random(9);
        var film = Film.Run(
            40,
            10,
            Film.Across(200),
            _ => Film.Car(150 + noise.Next(-1, 2), 206 + noise.Next(-2, 3), width: 120, height: 70),
            t => Film.Car(300, 60 + (50 * (t % 10))) is var car && t % 10 < 6 ? car : null);

        Assert.Equal(["g Forward", "g Forward", "g Forward", "g Forward"], film.Crossings.Select(c => $"{c.Gate} {c.Direction}"));
    }

    [Theory]
    [InlineData(60, 2, "g Forward 2, g Backward 6")]
    [InlineData(8, 1, "")]
    public void A_turn_on_the_line_is_each_crossing_once_and_none_where_the_vehicle_only_touched_it(double deep, double seconds, string expected)
    {
        var film = Film.Run(9, 10, Film.Across(200), t => Film.Car(280 + (12 * t), 200 + deep - (Math.Pow((t - 4) / seconds, 2) * deep)));

        Assert.Equal(expected, film.Summary());
    }

    [Fact]
    public void A_motorcycle_before_a_car_counts_beside_it()
    {
        static Found Motorcycle(double t) => new(new Box(305, (float)(30 + (50 * t)), 14, 30), 0.7f, VehicleClass.Motorcycle);
        var film = Film.Run(7, 10, Film.Across(200), t => Film.Car(300, 60 + (50 * t)), t => Motorcycle(t));

        Assert.Equal(2, film.Crossings.Count);
    }

    [Fact]
    public void A_track_that_only_unsure_detections_lead_over_the_line_does_not_cross()
    {
        // It stops before the line, and a shadow that is found where it stood moves on.
        var film = Film.Run(
            8, 10, Film.Across(200), t => t < 2.5 ? Film.Car(300, 100 + (30 * t)) : null, t => t >= 2.5 ? Film.Car(300, 100 + (30 * t), 0.25f) : null);

        Assert.Empty(film.Crossings);
    }

    [Fact]
    public void A_vehicle_that_is_seen_in_half_of_the_pictures_crosses()
    {
        var film = Film.Run(8, 10, Film.Across(200), t => (int)Math.Round(t * 10) % 2 == 0 ? Film.Car(300, 60 + (50 * t)) : null);

        Assert.Equal("g Forward 3", film.Summary());
    }

    [Fact]
    public void A_vehicle_that_stops_just_beyond_the_line_counts_when_it_goes_on()
    {
        var film = Film.Run(60, 10, Film.Across(200), t => Film.Car(300, t < 50 ? Math.Min(211, 60 + (50 * t)) : 211 + (40 * (t - 50))));

        Assert.Equal("g Forward 3", film.Summary());
    }

    [Fact]
    public void A_vehicle_that_leaves_the_picture_just_beyond_the_line_crosses()
    {
        var film = Film.Run(8, 10, Film.Across(350), t => 160 + (70 * t) < 380 ? Film.Car(300, 160 + (70 * t)) : null);

        Assert.Equal(["g Forward"], film.Crossings.Select(c => $"{c.Gate} {c.Direction}"));
    }

    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 1)]
    public void A_box_that_only_grows_over_the_line_as_a_bus_before_it_drives_off_does_not_cross(bool drives, int expected)
    {
        // The top of a lorry is seen above the bus, then the whole of it; or a lorry comes on behind the bus.
        var film = Film.Run(
            12,
            10,
            Film.Across(200),
            t => Film.Car(300 + (120 * Math.Clamp(t - 5, 0, 2)), 300, width: 100, height: 135),
            t =>
            {
                var grown = 50 * Math.Clamp(t - 5, 0, 1);
                return drives ? Film.Car(300, 165 + (50 * Math.Clamp(t - 5, 0, 2)), width: 60, height: 50 + (grown / 3)) : Film.Car(300, 165 + grown, width: 60, height: 35 + grown);
            });

        Assert.Equal(expected, film.Crossings.Count);
    }

    [Theory]
    [InlineData(0, 213, 180, 1)]
    [InlineData(6, 213, 180, 0)]
    [InlineData(6, 260, 140, 1)]
    public void What_drives_against_everybody_else_must_be_seen_to_come_and_to_go(int others, double from, double to, int expected)
    {
        Seen[] stream = [.. Enumerable.Range(0, others).Select(k => (Seen)(t => t - (2 * k) is >= 0 and < 6 ? Film.Car(150, 60 + (50 * (t - (2 * k)))) : null))];
        var film = Film.Run(50, 10, [Film.Across(200)], [.. stream, t => t > 20 ? Film.Car(450, from + ((to - from) * Math.Clamp((t - 30) / 1.5, 0, 1))) : null]);

        Assert.Equal(others, film.Crossings.Count(c => c.Direction == CrossingDirection.Forward));
        Assert.Equal(expected, film.Crossings.Count(c => c.Direction == CrossingDirection.Backward));
    }

    [Theory]
    [InlineData(213, 180, 0)]
    [InlineData(260, 140, 1)]
    public void Where_the_site_names_one_direction_the_other_one_is_against_the_stream_from_the_beginning(double from, double to, int expected)
    {
        var gate = Film.Across(200) with { Forward = new GateMeaning(GateRole.Enters, new ApproachId("north")), Backward = null };
        var film = Film.Run(30, 10, [gate], t => Film.Car(450, from + ((to - from) * Math.Clamp((t - 10) / 1.5, 0, 1))));

        Assert.Equal(expected, film.Crossings.Count);
    }
}
