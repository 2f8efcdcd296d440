using Akka.Actor;
using Akka.TestKit.Xunit;
using TrafficFlow.Actors.Tests.Support;
using TrafficFlow.Core.Sites;
using TrafficFlow.Roadside.Operations;
using TrafficFlow.Server;
using TrafficFlow.Server.Membership;
using TrafficFlow.Server.Operations;
using TrafficFlow.Wire.Membership;
using TrafficFlow.Wire.Operations;

namespace TrafficFlow.Actors.Tests.Operations;

/// <summary>The inspector where others are missing: the cluster, a server, the cameras.</summary>
public sealed class LonelyInspectorTests() : TestKit(TestConfig.InMemory)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly Site Site = TestSites.Site(TestSites.Camera("cam1"));

    [Fact]
    public async Task A_roadside_node_that_has_found_no_server_says_so()
    {
        await using var node = await TestNode.Start(builder => builder
            .WithTrafficFlowCluster(new ClusterMembership("127.0.0.1", 0, [TrafficFlowRoles.Roadside], ["akka.tcp://trafficflow@127.0.0.1:1"]))
            .WithApproachProxy()
            .WithInspector(system => new ClusterInspection(system, () => [Site], new InspectionPatience { Cluster = TimeSpan.FromMilliseconds(300) })));
        var inspector = node.Registry.Get<InspectorActor>();

        var cluster = Assert.Single(Assert.IsType<InspectionTables>(await AskAsync(inspector, ShowCluster.Instance)).Tables);
        Assert.Empty(cluster.Rows);
        Assert.Contains("is in no cluster yet", Assert.Single(cluster.Notes));
        var one = Assert.IsType<InspectionFailed>(await AskAsync(inspector, new ShowApproaches("kokandori/north")));
        Assert.Equal("no server answers for kokandori/north; this node is in no cluster", one.Reason);
        var all = Assert.IsType<InspectionFailed>(await AskAsync(inspector, new ShowApproaches(null)));
        Assert.Equal("no server answers; this node is in no cluster", all.Reason);
        Assert.IsType<InspectionFailed>(await AskAsync(inspector, new LeaveCluster(null)));
        Assert.IsType<InspectionTables>(await AskAsync(inspector, new ShowHierarchy(true)));
    }

    [Fact]
    public async Task A_system_without_cluster_and_cameras_says_so()
    {
        var inspector = Sys.ActorOf(InspectorActor.Props(new CameraInspection(Sys), new ClusterInspection(Sys, () => [])), InspectorActor.Name);

        Assert.Equal("test is no part of a cluster", Assert.IsType<InspectionFailed>(await AskAsync(inspector, ShowCluster.Instance)).Reason);
        Assert.Equal("test has no way to the approaches", Assert.IsType<InspectionFailed>(await AskAsync(inspector, new ShowApproaches(null))).Reason);
        foreach (var command in new InspectionCommand[]
        {
            ListCameras.Instance, new ShowCamera(new CameraId("cam1")), new RestartOneCamera(new CameraId("cam1")), new ShowOutboxes(null),
        })
        {
            Assert.Equal("this node has no cameras", Assert.IsType<InspectionFailed>(await AskAsync(inspector, command)).Reason);
        }
    }

    [Fact]
    public async Task Cameras_that_do_not_answer_become_a_stated_failure()
    {
        Sys.ActorOf(Akka.TestKit.TestActors.BlackHoleActor.Props, "cameras");
        var soon = TimeSpan.FromMilliseconds(100);
        var inspector = Sys.ActorOf(InspectorActor.Props(new CameraInspection(Sys, new InspectionPatience { Local = soon, Restart = soon })));

        Assert.Equal("the cameras do not answer", Assert.IsType<InspectionFailed>(await AskAsync(inspector, ListCameras.Instance)).Reason);
        Assert.Contains("has not stopped within", Assert.IsType<InspectionFailed>(await AskAsync(inspector, new RestartOneCamera(new CameraId("cam1")))).Reason);
    }

    private static Task<InspectionReply> AskAsync(IActorRef inspector, InspectionCommand command) =>
        inspector.Ask<InspectionReply>(command, Patience);
}
