using Akka.Actor;
using Akka.TestKit.Xunit;
using TrafficFlow.Actors.Tests.Support;
using TrafficFlow.Core.Sites;
using TrafficFlow.Roadside.Operations;
using TrafficFlow.Server;
using TrafficFlow.Server.Membership;
using TrafficFlow.Server.Operations;
using TrafficFlow.SystemTests.Security;
using TrafficFlow.Wire.Membership;
using TrafficFlow.Wire.Operations;

namespace TrafficFlow.Actors.Tests.Operations;

/// <summary>The operator actor where others are missing: the cluster, a server, the cameras.</summary>
public sealed class LonelyOperatorTests() : TestKit(TestConfig.InMemory)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly Site Site = TestSites.Site(TestSites.Camera("cam1"));

    [Fact]
    public async Task A_roadside_node_that_has_found_no_server_says_so()
    {
        using var certificates = new TestCertificates();
        await using var node = await TestNode.Start(builder => builder
            .WithTrafficFlowCluster(new ClusterMembership("127.0.0.1", 0, [TrafficFlowRoles.Roadside], ["akka.tcp://trafficflow@127.0.0.1:1"], certificates.Node("roadside", "roadside", "kokandori")))
            .WithApproachProxy()
            .WithOperations(system => new ClusterOperations(system, () => [Site], new OperatorTimeouts { Cluster = TimeSpan.FromMilliseconds(300) })));
        var operatorActor = node.Registry.Get<OperatorActor>();

        var cluster = Assert.Single(Assert.IsType<InspectionTables>(await AskAsync(operatorActor, ShowCluster.Instance)).Tables);
        Assert.Empty(cluster.Rows);
        Assert.Contains("is in no cluster yet", Assert.Single(cluster.Notes));
        var one = Assert.IsType<CommandFailed>(await AskAsync(operatorActor, new ShowApproaches("kokandori/north")));
        Assert.Equal("no server answers for kokandori/north; this node is in no cluster", one.Reason);
        var all = Assert.IsType<CommandFailed>(await AskAsync(operatorActor, new ShowApproaches(null)));
        Assert.Equal("no server answers; this node is in no cluster", all.Reason);
        Assert.IsType<CommandFailed>(await AskAsync(operatorActor, new LeaveCluster(null)));
        Assert.IsType<InspectionTables>(await AskAsync(operatorActor, new ShowHierarchy(true)));
    }

    [Fact]
    public async Task A_system_without_cluster_and_cameras_says_so()
    {
        var operatorActor = Sys.ActorOf(OperatorActor.Props(new CameraOperations(Sys), new ClusterOperations(Sys, () => [])), OperatorActor.Name);

        Assert.Equal("test is no part of a cluster", Assert.IsType<CommandFailed>(await AskAsync(operatorActor, ShowCluster.Instance)).Reason);
        Assert.Equal("test has no way to the approaches", Assert.IsType<CommandFailed>(await AskAsync(operatorActor, new ShowApproaches(null))).Reason);
        foreach (var command in new OperatorCommand[]
        {
            ListCameras.Instance, new ShowCamera(new CameraId("cam1")), new RestartOneCamera(new CameraId("cam1")), new ShowOutboxes(null),
        })
        {
            Assert.Equal("this node has no cameras", Assert.IsType<CommandFailed>(await AskAsync(operatorActor, command)).Reason);
        }
    }

    [Fact]
    public async Task Cameras_that_do_not_answer_become_a_stated_failure()
    {
        Sys.ActorOf(Akka.TestKit.TestActors.BlackHoleActor.Props, "cameras");
        var soon = TimeSpan.FromMilliseconds(100);
        var operatorActor = Sys.ActorOf(OperatorActor.Props(new CameraOperations(Sys, new OperatorTimeouts { Local = soon, Restart = soon })));

        Assert.Equal("the cameras do not answer", Assert.IsType<CommandFailed>(await AskAsync(operatorActor, ListCameras.Instance)).Reason);
        Assert.Contains("has not stopped within", Assert.IsType<CommandFailed>(await AskAsync(operatorActor, new RestartOneCamera(new CameraId("cam1")))).Reason);
    }

    private static Task<OperatorReply> AskAsync(IActorRef operatorActor, OperatorCommand command) =>
        operatorActor.Ask<OperatorReply>(command, Patience);
}
