using TrafficFlow.Actors.Tests.Support;
using TrafficFlow.Core.Calibration;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Geometry;
using TrafficFlow.Core.Incidents;
using TrafficFlow.Core.Junctions;
using TrafficFlow.Core.Sites;
using TrafficFlow.Roadside.Cameras;
using TrafficFlow.Roadside.Cameras.Junctions;

namespace TrafficFlow.Actors.Tests.Cameras;

public sealed class JunctionCounterTests : ICountSink
{
    private static readonly CameraId[] s_cameras = [new("cam1"), new("cam2")];

    private readonly List<Coverage> _coverage = [];

    void ICountSink.Add(CountedVehicle vehicle)
    {
    }

    void ICountSink.Add(Coverage coverage) => _coverage.Add(coverage);

    [Fact]
    public void What_one_camera_sees_through_a_fault_is_degraded_for_the_junction_and_nothing_else_is()
    {
        var site = TestSites.Site([.. s_cameras.Select(Camera)]);
        var counter = new JunctionCounter(site, new CameraPolicy { CoverageInterval = TimeSpan.FromSeconds(1) }, this, (_, _) => { });
        for (var frame = 0; frame < 100; frame++)
        {
            foreach (var camera in s_cameras)
                counter.Process(new CameraObservation(camera, TestSites.Morning.AddSeconds(frame / 10.0), []) { IsDegraded = camera == s_cameras[1] && frame is >= 40 and < 45 });
        }

        counter.Interrupt();

        Assert.Contains(_coverage, c => c.State == WatchState.Watching);
        var degraded = _coverage.Where(c => c.State == WatchState.Degraded).ToList();
        Assert.NotEmpty(degraded);
        Assert.True(degraded[0].From <= TestSites.Morning.AddSeconds(4) && degraded[^1].To > TestSites.Morning.AddSeconds(4.4));
        Assert.All(degraded, c => Assert.True(c.From >= TestSites.Morning.AddSeconds(2.5) && c.To <= TestSites.Morning.AddSeconds(6)));
        Assert.Equal(TestSites.Morning.AddSeconds(10), _coverage[^1].To);
    }

    [Fact]
    public void A_detector_of_incidents_that_fails_stops_no_counting_and_rests_until_the_next_run()
    {
        var site = TestSites.Site([.. s_cameras.Select(Camera)]);
        var (made, found, faults) = (0, new List<Incident>(), new List<Exception>());
        var counter = new JunctionCounter(
            site, new CameraPolicy { CoverageInterval = TimeSpan.FromSeconds(1) }, this, (_, _) => { }, new IncidentHints(() => ++made == 1 ? new FailingDetector(after: 3) : new FailingDetector(after: 1000), found.Add, faults.Add));

        Watch(from: 0);
        Assert.Equal("scene 4", Assert.Single(faults).Message);
        Assert.Equal([1L, 2, 3], found.Select(i => i.Number));
        Assert.True(_coverage[^1].To > TestSites.Morning.AddSeconds(9));

        counter.Interrupt();
        Watch(from: 100);
        Assert.Single(faults);
        Assert.Equal(2, made);
        Assert.True(found.Count > 8);

        void Watch(double from)
        {
            for (var frame = 0; frame < 100; frame++)
            {
                foreach (var camera in s_cameras) counter.Process(new CameraObservation(camera, TestSites.Morning.AddSeconds(from + (frame / 10.0)), []));
            }

            counter.Cover();
        }
    }

    private sealed class FailingDetector(int after) : IIncidentDetector
    {
        private int _scenes;

        public void Watch(JunctionScene scene, ICollection<Incident> told)
        {
            told.Add(new Incident(++_scenes, 1, IncidentKind.FlowDrop, IncidentArea.Approach, TestSites.North, scene.Time, scene.Time, 0.5));
            if (_scenes > after) throw new InvalidOperationException($"scene {_scenes}");
        }

        public void Interrupt(ICollection<Incident> told)
        {
        }
    }

    private static CameraSetup Camera(CameraId id) => new(
        id,
        "a.mp4",
        new FrameFormat(64, 48, 10),
        "motion",
        [],
        [new Gate(new GateId("in"), new PicturePoint(0, 0.45), new PicturePoint(1, 0.45), new GateMeaning(GateRole.Enters, TestSites.North))],
        [])
    {
        Plane = new GroundPlane(new Homography(25.6, 0, 0, 0, -19.2, 0, 0, 0, 1), 0.1, "map"),
    };
}
