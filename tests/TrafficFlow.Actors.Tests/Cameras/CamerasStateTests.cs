using TrafficFlow.Actors.Tests.Support;
using TrafficFlow.Core.Calibration;
using TrafficFlow.Core.Sites;
using TrafficFlow.Roadside.Cameras;
using TrafficFlow.Roadside.Cameras.Junctions;
using TrafficFlow.Roadside.Cameras.Roster;
using TrafficFlow.Wire.Aggregation;
using TrafficFlow.Wire.Cameras;
using static TrafficFlow.Actors.Tests.Support.Counts;

namespace TrafficFlow.Actors.Tests.Cameras;

/// <summary>What the cameras' supervisor decides, without an actor.</summary>
public sealed class CamerasStateTests
{
    private static readonly CameraId Junction = new("junction-kokandori");

    [Fact]
    public void Every_camera_starts_and_what_a_former_one_counted_is_delivered()
    {
        var events = new CamerasState([Two]).Start([(TestSites.Kokandori, new CameraId("cam9")), (TestSites.Kokandori, Cam1)]);

        Assert.Equal([Cam1, Cam2], events.OfType<CameraStarted>().Select(e => e.Camera.Id));
        Assert.Equal(new FormerOutboxStarted(TestSites.Kokandori, new CameraId("cam9")), Assert.Single(events.OfType<FormerOutboxStarted>()));
    }

    [Fact]
    public void A_junction_starts_before_its_cameras_and_joins_them()
    {
        var events = new CamerasState([Calibrated("rtsp://camera/1")]).Start([]);

        Assert.Equal([Junction, Cam1, Cam2], events.OfType<CameraStarted>().Select(e => e.Camera.Id));
        Assert.Equal([null, Junction, Junction], events.OfType<CameraStarted>().Select(e => e.Junction));
    }

    [Fact]
    public void A_camera_that_leaves_stops_and_then_its_outbox_is_delivered_and_ends()
    {
        var state = After(Started(Two), s => s.Process(new ApplySites([One])));
        Assert.Equal([Cam2], Started(Two).Compare([One]).Removed);
        Assert.Contains(Cam2, state.Leaving.Keys);

        state = After(state, s => s.CameraTerminated(Cam2));
        Assert.Contains((TestSites.Kokandori, Cam2), state.Former);
        Assert.Equal([new FormerOutboxStopping(TestSites.Kokandori, Cam2)], state.FormerDelivered(TestSites.Kokandori, Cam2));

        state = After(state, s => s.FormerTerminated(TestSites.Kokandori, Cam2));
        Assert.Empty(state.Former);
        Assert.Equal([Cam1], state.Running);
    }

    [Fact]
    public void A_camera_that_comes_back_waits_until_the_outbox_of_its_former_self_has_ended()
    {
        var state = After(After(Started(Two), s => s.Process(new ApplySites([One]))), s => s.CameraTerminated(Cam2));

        var back = state.Process(new ApplySites([Two]));
        Assert.Empty(back.OfType<CameraStarted>());
        state = After(state, _ => back);

        Assert.Equal(Cam2, state.FormerTerminated(TestSites.Kokandori, Cam2).OfType<CameraStarted>().Single().Camera.Id);
    }

    [Fact]
    public void A_camera_that_leaves_again_while_it_waits_does_not_start()
    {
        var state = After(After(Started(Two), s => s.Process(new ApplySites([One]))), s => s.CameraTerminated(Cam2));
        state = After(After(state, s => s.Process(new ApplySites([Two]))), s => s.Process(new ApplySites([One])));

        Assert.Empty(state.FormerTerminated(TestSites.Kokandori, Cam2).OfType<CameraStarted>());
    }

    [Fact]
    public void The_last_camera_may_leave_too()
    {
        var state = After(Started(One), s => s.Process(new ApplySites([])));

        Assert.Equal([new FormerOutboxStarted(TestSites.Kokandori, Cam1)], state.CameraTerminated(Cam1).OfType<FormerOutboxStarted>());
    }

    [Fact]
    public void A_changed_camera_starts_again_and_one_whose_site_changed_goes_on_under_the_new_hash()
    {
        var changed = TestSites.Site(TestSites.Camera("cam1"), TestSites.Camera("cam2", "rtsp://elsewhere/")) with { Hash = "moved" };

        var events = Started(Two).Process(new ApplySites([changed]));

        Assert.Equal([Cam2], events.OfType<CameraRestarting>().Select(e => e.Camera));
        Assert.Equal([Cam1], events.OfType<CameraKept>().Select(e => e.Camera));
    }

    [Fact]
    public void A_restart_ends_the_camera_starts_it_again_and_is_answered()
    {
        var state = After(Started(Two), s => s.Process(new RestartCamera(Cam1)));
        Assert.Empty(state.Process(new RestartCamera(Cam1)));

        var events = state.CameraTerminated(Cam1);

        Assert.Equal([typeof(CameraEnded), typeof(CameraStarted), typeof(RestartAnswered)], events.Select(e => e.GetType()));
        Assert.Empty(After(state, _ => events).Restarting);
    }

    [Fact]
    public void A_camera_that_ended_unexpectedly_can_be_restarted()
    {
        var state = Started(Two);
        var ended = state.CameraTerminated(Cam1);
        Assert.Contains(new CameraEndedUnexpectedly(Cam1), ended);

        var events = After(state, _ => ended).Process(new RestartCamera(Cam1));

        Assert.Equal([typeof(CameraStarted), typeof(RestartAnswered)], events.Select(e => e.GetType()));
    }

    [Fact]
    public void A_restart_of_a_camera_that_nobody_knows_is_refused() =>
        Assert.Equal([new RestartAnswered(new CameraId("cam9"), IsKnown: false)], Started(Two).Process(new RestartCamera(new CameraId("cam9"))));

    [Fact]
    public void A_file_of_a_junction_starts_again_with_all_files_of_the_junction()
    {
        var state = Started(Calibrated("a.mp4"));
        var restart = state.Process(new RestartCamera(Cam1));
        Assert.Equal([(Cam1, false), (Junction, true)], restart.OfType<CameraRestarting>().Select(e => (e.Camera, e.StopsNow)));

        var events = After(state, _ => restart).CameraTerminated(Junction);

        Assert.Equal([(Cam1, true), (Cam2, true)], events.OfType<CameraRestarting>().Select(e => (e.Camera, e.StopsNow)));
    }

    [Fact]
    public void Cameras_of_a_junction_that_cannot_go_on_count_each_by_itself()
    {
        var events = Started(Calibrated("rtsp://camera/1")).Process(Junction, new JunctionChanged(IsUp: false));

        Assert.Equal([new CameraJoined(Cam1, null), new CameraJoined(Cam2, null)], events);
    }

    [Fact]
    public void A_run_ends_once_everything_is_delivered_and_the_last_bins_are_closed()
    {
        var state = After(Started(Two), s => s.Process(new CameraDelivered(Status(Cam1)), closesBins: true));
        Assert.False(state.HasCompleted);
        state = After(state, s => s.Process(new CameraDelivered(Status(Cam2)), closesBins: true));
        Assert.Equal([(TestSites.Kokandori, TestSites.North)], state.OpenApproaches);

        state = After(state, s => s.Process(new OpenBinsClosed(TestSites.Kokandori, TestSites.North)));

        Assert.True(state.Report.AllDelivered);
    }

    [Fact]
    public void While_everything_stops_nothing_starts_again()
    {
        var state = After(After(Started(Two), s => s.Process(new RestartCamera(Cam1))), s => s.Process(StopCameras.Instance));

        var first = state.CameraTerminated(Cam1);
        Assert.Empty(first.OfType<CameraStarted>());
        Assert.Contains(new StopCompleted(), After(state, _ => first).CameraStopped(Cam2));
    }

    private static Site One => TestSites.Site(TestSites.Camera("cam1"));

    private static Site Two => TestSites.Site(TestSites.Camera("cam1"), TestSites.Camera("cam2"));

    private static Site Calibrated(string source)
    {
        var plane = new GroundPlane(new Homography(25.6, 0, 0, 0, -19.2, 0, 0, 0, 1), 0.1, "map");
        return TestSites.Site(TestSites.Camera("cam1", source) with { Plane = plane }, TestSites.Camera("cam2", source) with { Plane = plane });
    }

    private static CamerasState Started(Site site) => After(new CamerasState([site]), s => s.Start([]));

    private static CamerasState After(CamerasState state, Func<CamerasState, IReadOnlyList<CamerasEvent>> decide) =>
        decide(state).Aggregate(state, (s, e) => s.Apply(e));

    private static CameraStatus Status(CameraId camera) =>
        new(TestSites.Kokandori, camera, CameraState.Finished, "", 0, 0, 0, 0, null, 0, 0, "");
}
