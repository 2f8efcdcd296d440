using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Incidents;
using Xunit;
using static TrafficFlow.Core.Tests.Incidents.IncidentStreet;

namespace TrafficFlow.Core.Tests.Incidents;

public sealed class IncidentDetectorTests
{
    private readonly IncidentDetector _detector = new(Site, IncidentSettings.Default with { LeastUsualVehicles = int.MaxValue });

    [Fact]
    public void A_vehicle_that_stands_in_a_lane_with_a_free_road_ahead_is_told_within_half_a_minute_and_cleared_when_it_drives_on()
    {
        var told = WatchAfterTraffic(ScriptedCar.Stopping(1, Kerb, 700, -40, 60));

        var opened = told[0];
        Assert.Equal((IncidentKind.StoppedVehicle, IncidentArea.Approach, West), (opened.Kind, opened.Area, opened.Approach));
        Assert.Equal(40, opened.MetresFromGate!.Value, 1);
        Assert.Equal(-1.3, opened.LateralMetres!.Value, 1);
        Assert.InRange((opened.UpdatedAt - Start).TotalSeconds, 720, 730);
        Assert.InRange((opened.BeganAt - Start).TotalSeconds, 705, 706);
        var ended = told[^1];
        Assert.Equal((IncidentState.Cleared, opened.Number), (ended.State, ended.Number));
        Assert.InRange((ended.EndedAt!.Value - Start).TotalSeconds, 765, 767);
        Assert.Equal(Enumerable.Range(1, told.Count), told.Select(i => i.Revision));
        Assert.Equal(0, _detector.Open);
    }

    [Fact]
    public void Where_others_go_past_it_the_lane_is_blocked_and_that_is_told_sooner()
    {
        var told = WatchAfterTraffic(
            ScriptedCar.Stopping(1, Kerb, 700, -40, 60), ScriptedCar.Driving(2, Inner, 702), ScriptedCar.Driving(3, Inner, 705));

        Assert.Equal((IncidentKind.BlockedLane, 2), (told[0].Kind, told[0].Passed));
        Assert.InRange((told[0].UpdatedAt - Start).TotalSeconds, 714, 718);
    }

    [Fact]
    public void Who_stops_beyond_the_exit_or_inside_is_told_with_the_place()
    {
        var told = WatchAfterTraffic(ScriptedCar.Stopping(1, Inner, 700, 50, 60));
        Assert.Equal((IncidentArea.Exit, East), (told[0].Area, told[0].Approach!.Value));

        var inside = WatchOn(800, ScriptedCar.Stopping(2, Inner, 800, 15, 100));
        Assert.Equal((IncidentArea.Inside, West), (inside[0].Area, inside[0].Approach!.Value));
        Assert.Null(inside[0].MetresFromGate);
    }

    [Fact]
    public void A_queue_before_the_signal_and_a_queue_that_reaches_back_from_the_next_junction_are_none()
    {
        // Six stand one after the other for longer than a red, the first at the stop line; and four beyond the exit up to the end of what is seen.
        var queue = Enumerable.Range(0, 6).Select(i => ScriptedCar.Stopping(1 + i, Kerb, 700 + (i * 3), -4 - (i * 8), 100 + (i * 2)));
        var beyond = Enumerable.Range(0, 4).Select(i => ScriptedCar.Stopping(11 + i, Kerb, 680 + (i * 3), 86 - (i * 8), 100 + (i * 2)));

        Assert.Empty(WatchAfterTraffic([.. queue, .. beyond]));
    }

    [Fact]
    public void Who_stands_behind_a_stopped_vehicle_is_no_second_incident()
    {
        var told = WatchAfterTraffic([.. Enumerable.Range(0, 4).Select(i => ScriptedCar.Stopping(1 + i, Kerb, 700 + (i * 3), -40 - (i * 8), 80 + (i * 2)))]);

        Assert.Equal([1L], told.Select(i => i.Number).Distinct());
    }

    [Fact]
    public void What_is_parked_from_the_beginning_is_none() =>
        Assert.Empty(WatchAfterTraffic(new ScriptedCar(1, Kerb + 1, true, _ => (-40, 0)), ScriptedCar.Driving(2, Inner, 705), ScriptedCar.Driving(3, Inner, 710)));

    [Fact]
    public void Where_vehicles_often_stop_a_stop_is_none_and_a_longer_one_is()
    {
        var told = WatchAfterTraffic();
        for (var i = 0; i < 3; i++) told.AddRange(WatchOn(700 + (i * 100), ScriptedCar.Stopping(1 + i, Kerb, 700 + (i * 100), -40, 30) with { Class = VehicleClass.Bus }));
        Assert.Equal(3, told.Count(i => i.Revision == 1));

        Assert.Empty(WatchOn(1000, ScriptedCar.Stopping(5, Kerb, 1000, -40, 30) with { Class = VehicleClass.Bus }));
        Assert.NotEmpty(WatchOn(1100, ScriptedCar.Stopping(6, Kerb, 1100, -40, 80) with { Class = VehicleClass.Bus }));
    }

    [Fact]
    public void A_delivery_is_a_hint_of_lower_confidence()
    {
        var car = WatchAfterTraffic(ScriptedCar.Stopping(1, Kerb, 700, -40, 60))[0];
        var van = WatchOn(800, ScriptedCar.Stopping(2, Kerb, 800, -40, 60) with { Class = VehicleClass.LightGoods })[0];

        Assert.InRange(van.Confidence, 0.1, car.Confidence - 0.15);
    }

    [Fact]
    public void A_camera_that_gives_no_frames_ends_what_is_open_as_not_watched_and_tells_nothing_new()
    {
        ScriptedCar[] cars = [ScriptedCar.Stopping(1, Kerb, 700, -40, 600)];
        WatchAfterTraffic();
        Assert.NotEmpty(Watch(_detector, cars, 700, 740));
        var told = new List<Incident>();

        for (var second = 740; second < 800; second++) _detector.Watch(SceneAt(second, cars, Cam1, Cam2), told);

        Assert.Equal(IncidentState.NotWatched, told[^1].State);
        Assert.Equal(1, told.Count(i => !i.IsOpen));
        Assert.Single(told.Select(i => i.Number).Distinct());
    }

    [Theory]
    [InlineData(-3600)]
    [InlineData(3600)]
    public void A_clock_that_is_set_ends_what_is_open_as_not_watched_and_begins_anew(int step)
    {
        ScriptedCar[] cars = [ScriptedCar.Stopping(1, Kerb, 700, -40, 600)];
        WatchAfterTraffic();
        Watch(_detector, cars, 700, 740);
        var told = new List<Incident>();

        for (var second = 740; second < 790; second++) _detector.Watch(SceneAt(second, cars) with { Time = Start.AddSeconds(second + step) }, told);

        // It is not known any more that it ever drove.
        Assert.Equal(IncidentState.NotWatched, Assert.Single(told).State);
    }

    [Fact]
    public void A_vehicle_that_drives_against_its_lane_is_told_after_twenty_five_metres()
    {
        var told = WatchAfterTraffic(ScriptedCar.Driving(1, Kerb, 700, isEastbound: false));

        Assert.Equal((IncidentKind.WrongWay, IncidentArea.Exit, East), (told[0].Kind, told[0].Area, told[0].Approach!.Value));
        Assert.InRange((told[0].UpdatedAt - Start).TotalSeconds, 703, 705);
        Assert.InRange(told[0].Confidence, 0.5, 1);
        Assert.False(told[^1].IsOpen);
    }

    [Fact]
    public void Who_reverses_into_a_parking_space_or_turns_round_is_none()
    {
        // 20 m backwards at 7 km/h; and one that goes east in its lane and returns in the other one.
        var reversing = new ScriptedCar(1, Kerb, false, t => t is < 700 or > 710 ? null : (-30 - (2 * (t - 700)), 2));
        var there = ScriptedCar.Driving(2, Inner, 700, speed: 8);
        var back = new ScriptedCar(3, -Inner, false, t => t is < 712 or > 730 ? null : (6 - (8 * (t - 712)), 8));

        Assert.Empty(WatchAfterTraffic(reversing, there with { At = t => t > 712 ? null : there.At(t) }, back));
    }

    private List<Incident> WatchAfterTraffic(params IReadOnlyList<ScriptedCar> cars) => Watch(_detector, [.. Traffic(690, 10), .. cars], 0, 790);

    private List<Incident> WatchOn(int from, params IReadOnlyList<ScriptedCar> cars) => Watch(_detector, cars, from, from + 100);
}
