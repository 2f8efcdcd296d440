using Akka.Actor;
using Akka.TestKit.Xunit;
using TrafficFlow.Actors.Tests.Support;
using TrafficFlow.Core.Junctions;
using TrafficFlow.Core.Sites;
using TrafficFlow.Roadside.Cameras;
using TrafficFlow.Roadside.Cameras.Junctions;
using TrafficFlow.Roadside.Outbox;
using TrafficFlow.Wire.Delivery;
using TrafficFlow.Wire.OutboxEntries;
using TrafficFlow.Wire.Topics;

namespace TrafficFlow.Actors.Tests.Cameras;

/// <summary>A PC that boots with a wrong clock, which somebody sets right while its cameras run.</summary>
public sealed class SetClockTests : TestKit
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly ManualTime _time = new(TestSites.Morning);
    private readonly List<(long Epoch, OutboxEntry Entry)> _stored = [];
    private readonly List<EpochOpened> _epochs = [];
    private IActorRef _subject = ActorRefs.Nobody;

    public SetClockTests() : base(TestConfig.InMemory)
    {
    }

    [Theory]
    [InlineData(2)]
    [InlineData(-2)]
    public void What_a_camera_stamped_before_and_after_are_two_logs_and_the_first_tells_by_how_much_it_was_wrong(int hours)
    {
        var setup = TestSites.Camera("cam1");
        _subject = ActorOf(TrackerActor.Props(TestSites.Site([setup]), setup, new CameraPolicy { CoverageInterval = TimeSpan.FromSeconds(1) }, _time));
        _subject.Tell(new ApplyOutbox(TestActor));
        _subject.Tell(new DetectorReady(CarEachThreeSeconds.Identity));
        _subject.Tell(new BeginRun(1, true, null));
        Frames(50);
        Answer();

        _time.Step(TimeSpan.FromHours(hours));
        Frames(50);
        Answer();

        AssertTwoLogs(hours);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(-2)]
    public void What_a_junction_stamped_before_and_after_are_two_logs(int hours)
    {
        var site = TestSites.Site([JunctionActorTests.Camera("cam1", "rtsp://1"), JunctionActorTests.Camera("cam2", "rtsp://2")]);
        Assert.NotNull(site.Junction);
        _subject = ActorOf(FusionActor.Props(site, new CameraPolicy { CoverageInterval = TimeSpan.FromSeconds(1) }, _time));
        _subject.Tell(new ApplyOutbox(TestActor));
        foreach (var camera in (string[])["cam1", "cam2"]) _subject.Tell(new CameraOpened(new CameraId(camera), true, "", CarEachThreeSeconds.Identity));
        Sights(50);
        Answer();

        var before = _time.GetUtcNow();
        _time.Step(TimeSpan.FromHours(hours));
        See("cam1", _time.GetUtcNow());
        // A picture of the other camera that was stamped before the clock was set is still under way.
        See("cam2", before);
        Sights(50);
        Answer();

        AssertTwoLogs(hours);
    }

    private void AssertTwoLogs(int hours)
    {
        Assert.Equal(2, _epochs.Count);
        var clock = new NodeClock(_time);
        Assert.Equal([TimeSpan.FromHours(hours), TimeSpan.Zero], _epochs.Select(e => clock.ShiftSince(e.Origin!)));
        Assert.Equal(2, _stored.Select(s => s.Epoch).Distinct().Count());
        foreach (var (epoch, entry) in _stored)
        {
            var expected = epoch == _epochs[0].Epoch ? TestSites.Morning : TestSites.Morning.AddHours(hours);
            var (from, to) = entry switch
            {
                CoverageEntry { Coverage: var c } => (c.From, c.To),
                VehicleEntry { Vehicle.Time: var t } => (t, t),
                _ => throw new NotSupportedException(),
            };
            Assert.InRange(from, expected, expected.AddSeconds(20));
            Assert.InRange(to, from, expected.AddSeconds(20));
        }
    }

    private void Frames(int count)
    {
        for (var i = 0; i < count; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(0.1));
            _subject.Tell(new FrameDetections { Run = 1, EventTime = _time.GetUtcNow() });
            Handled();
        }
    }

    private void Sights(int count)
    {
        for (var i = 0; i < count; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(0.1));
            foreach (var camera in (string[])["cam1", "cam2"]) See(camera, _time.GetUtcNow());
        }
    }

    private void See(string camera, DateTimeOffset time)
    {
        _subject.Tell(new ObservationMade(new CameraObservation(new CameraId(camera), time, [])));
        Handled();
    }

    /// <summary>The clock is read as a message is handled: it moves on only then.</summary>
    private void Handled() => Assert.True(_subject.Ask<ActorIdentity>(new Identify(1), Patience).Wait(Patience));

    /// <summary>As an outbox answers, until nothing is asked any more.</summary>
    private void Answer()
    {
        while (ReceiveOne(TimeSpan.FromMilliseconds(500)) is { } message)
        {
            switch (message)
            {
                case OpenEpoch open:
                    if (_epochs.All(e => e.Run != open.Run)) _epochs.Add(new EpochOpened(_epochs.Count + 1, open.Run, open.Provenance, open.Feeds, open.Origin));
                    _subject.Tell(new EpochReady(open.Run, _epochs.Single(e => e.Run == open.Run).Epoch, 0));
                    break;
                case Store store:
                    _stored.AddRange(store.Entries.Select(e => (store.Epoch, e)));
                    _subject.Tell(new Stored(store.Epoch, store.Entries[^1].Sequence));
                    break;
            }
        }
    }
}
