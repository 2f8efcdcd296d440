using Akka.Actor;
using Akka.Cluster;
using Akka.Hosting;
using TrafficFlow.Actors.Tests.Support;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Geometry;
using TrafficFlow.Core.Incidents;
using TrafficFlow.Core.Junctions;
using TrafficFlow.Core.Sites;
using TrafficFlow.Core.Tests.Incidents;
using TrafficFlow.Core.Tracking.Ground;
using TrafficFlow.Roadside;
using TrafficFlow.Roadside.Cameras;
using TrafficFlow.Roadside.Cameras.Junctions;
using TrafficFlow.Roadside.Outbox;
using TrafficFlow.Roadside.Uplink;
using TrafficFlow.Server;
using TrafficFlow.Server.Membership;
using TrafficFlow.Server.Topics;
using TrafficFlow.SystemTests.Security;
using TrafficFlow.Wire.Aggregation;
using TrafficFlow.Wire.Journals;
using TrafficFlow.Wire.Membership;
using TrafficFlow.Wire.Routing;
using TrafficFlow.Wire.Topics;

namespace TrafficFlow.Actors.Tests.Incidents;

/// <summary>From what cameras see of a street, in a node beside them, over sockets with TLS to a server and on to a subscriber.</summary>
public sealed class IncidentLinkTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly TempFolder _folder = new();
    private readonly TestCertificates _certificates = new();

    [Fact]
    public async Task A_vehicle_that_stops_in_a_lane_is_told_to_who_subscribes_and_to_who_comes_later()
    {
        var site = IncidentStreet.Site;
        await using var server = await TestNode.Start(builder => builder
            .WithTrafficFlowCluster(new ClusterMembership("127.0.0.1", 0, [TrafficFlowRoles.Server], [], _certificates.Node("server")))
            .WithTrafficFlowJournal(new SqliteJournal(_folder.File("server.db")) { MinFreeBytes = 0 })
            .WithFlowTables(new SqliteJournal(_folder.File("server.db")))
            .WithApproachAggregators(site));
        var address = Cluster.Get(server.System).SelfAddress.ToString();
        await using var cameras = await TestNode.Start(builder => builder.WithTrafficFlowJournal(new SqliteJournal(_folder.File("roadside.db")) { MinFreeBytes = 0 }).WithUplink());
        var uplink = cameras.Registry.Get<ApproachRegion>();

        // The street while the way to the server is not there yet.
        var junction = cameras.System.ActorOf(JunctionActor.Props(new CameraSettings(
            site, site.Junction!, new TestReaders(), new CarEachThreeSeconds(), new CameraPolicy(), new OutboxSettings(), uplink, new TopicPublisher(uplink), TimeProvider.System)));
        await PlayAsync(junction);

        await using var roadside = await TestNode.Start(builder => builder
            .WithTrafficFlowCluster(new ClusterMembership("127.0.0.1", 0, [TrafficFlowRoles.Roadside], [address], _certificates.Node("pole", "roadside", "street")))
            .WithApproachProxy()
            .WithUplinkRelay(cameras.Registry.Get<UplinkActor>()));
        using var patience = new CancellationTokenSource(Patience);
        foreach (var name in new[] { "first", "second" })
        {
            var buffer = new SubscriptionBuffer(100);
            await using var subscriber = await TestNode.Start(builder => builder
                .WithTrafficFlowCluster(new ClusterMembership("127.0.0.1", 0, [TrafficFlowRoles.Subscriber], [address], _certificates.Node(name, "subscriber")))
                .WithApproachProxy()
                .WithSubscription(buffer, new AddTopic("incidents.street"), new AddTopic("incidents.nowhere")));

            IncidentTold? told = null;
            ApproachNotFound? missing = null;
            while (told is null || missing is null)
            {
                var message = (await buffer.ReadAsync(patience.Token))!.Value.Message;
                told ??= message as IncidentTold;
                missing ??= message as ApproachNotFound;
            }

            Assert.Equal((IncidentKind.StoppedVehicle, IncidentArea.Approach, IncidentStreet.West), (told.Incident.Kind, told.Incident.Area, told.Incident.Approach!.Value));
            Assert.True(told.Incident.IsOpen);
            Assert.True(told.IsLate);
            Assert.Equal(["street/_incidents"], missing.Known);
        }
    }

    /// <summary>As files are read: as fast as the junction takes it, with the times of the street.</summary>
    private static async Task PlayAsync(IActorRef junction)
    {
        ScriptedCar[] cars = [.. IncidentStreet.Traffic(240, 9), ScriptedCar.Stopping(1, IncidentStreet.Kerb, 245, -40, 100)];
        CameraId[] both = [IncidentStreet.Cam1, IncidentStreet.Cam2];
        foreach (var camera in both) junction.Tell(new CameraOpened(camera, false, camera.Value, CarEachThreeSeconds.Identity));
        for (var frame = 0; frame < 1400; frame++)
        {
            var tracks = cars.Select(c => Track(c, frame / 5.0)).OfType<LocalTrack>().ToList();
            foreach (var camera in both) junction.Tell(new ObservationMade(new CameraObservation(camera, IncidentStreet.Start.AddSeconds(frame / 5.0), tracks) { Frame = frame }));
            if (frame % 100 == 99) await junction.Ask<Wire.Cameras.CameraStatus>(new Wire.Cameras.GetCameraStatus(new CameraId("junction-street")), Patience);
        }
    }

    private static LocalTrack? Track(ScriptedCar car, double second)
    {
        if (car.At(second) is not var (x, speed)) return null;
        var way = car.IsEastbound ? 1 : -1;
        return new LocalTrack(car.Number, new GroundState(new GroundPoint(x, car.Y), 0.3, way * speed, 0, car.IsEastbound ? 90 : 270, 1, 4.5), true, VehicleClass.PassengerCar, 0.9);
    }

    public void Dispose()
    {
        _folder.Dispose();
        _certificates.Dispose();
    }
}
