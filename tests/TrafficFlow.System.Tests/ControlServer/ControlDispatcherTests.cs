using Akka.Actor;
using Akka.Hosting;
using Akka.TestKit.Xunit;
using Microsoft.Extensions.Logging.Abstractions;
using TrafficFlow.Core.Sites;
using TrafficFlow.Node.ControlServer;
using TrafficFlow.Node.Settings;
using TrafficFlow.Roadside.Operations;
using TrafficFlow.Server.Operations;
using TrafficFlow.Wire.Audit;
using TrafficFlow.Wire.Authorization;
using TrafficFlow.Wire.Commands;
using TrafficFlow.Wire.Operations;
using Xunit;

namespace TrafficFlow.SystemTests.ControlServer;

/// <summary>A process whose actor systems come and go.</summary>
public sealed class ControlDispatcherTests : TestKit, INodeSystems
{
    private readonly ActorSystem _cluster = ActorSystem.Create("cluster", "akka.loglevel = ERROR, akka.stdout-loglevel = ERROR");

    private readonly CommandGate _gate = new(AllowAllUntilThereAreAccounts.Instance, new AuditTrail(() => null), NullLogger<CommandGate>.Instance);

    public ActorSystem? Roadside { get; private set; }

    public ActorSystem? Cluster { get; private set; }

    public IReadOnlyList<EffectiveSetting> Settings { get; } = [new("trafficflow.node.roles", "[server]", "node.conf:3")];

    public IReadOnlyList<Site> Sites => [];

    public Task<OperatorReply> ReloadSitesAsync(CancellationToken cancellation) =>
        Task.FromResult<OperatorReply>(new CommandFailed("reloaded", ""));

    [Fact]
    public async Task What_the_process_itself_knows_is_answered_without_any_actor_system()
    {
        Assert.Single(Assert.IsType<InspectionTables>(await AskAsync("config", "show", "roles")).Tables);
        Assert.Equal("reloaded", (await FailureAsync("site", "reload")).Reason);
        Assert.Equal("this node has no cameras", (await FailureAsync("camera", "list")).Reason);
        Assert.StartsWith("the cluster part of this node is down", (await FailureAsync("cluster", "show")).Reason);
        Assert.StartsWith("the cluster part of this node is down", (await FailureAsync("actor", "hierarchy")).Reason);
        Assert.Contains("camera restart ID", (await FailureAsync("camera", "explode")).Reason);
    }

    [Fact]
    public async Task What_one_system_knows_is_answered_while_the_other_is_away()
    {
        Roadside = Inspected(Sys);
        Assert.Single(Assert.IsType<InspectionTables>(await AskAsync("actor", "hierarchy")).Tables);

        Cluster = Inspected(_cluster);
        Assert.Equal(2, Assert.IsType<InspectionTables>(await AskAsync("actor", "hierarchy")).Tables.Count);
        Assert.Equal("children of /user in cluster", Assert.Single(Assert.IsType<InspectionTables>(await AskAsync("actor", "children", "akka://cluster/user")).Tables).Name);
        Assert.Contains("test has no actor /user/x", (await FailureAsync("actor", "children", "/user/x")).Reason);

        await _cluster.Terminate();
        Assert.Single(Assert.IsType<InspectionTables>(await AskAsync("actor", "hierarchy")).Tables);
        Assert.StartsWith("the cluster part of this node is down", (await FailureAsync("cluster", "show")).Reason);
    }

    [Fact]
    public async Task A_system_that_ends_over_a_question_is_told_as_that_at_once()
    {
        Cluster = _cluster;
        Assert.Equal("the node is still starting", (await FailureAsync("cluster", "show")).Reason);
        ActorRegistry.For(_cluster).Register<OperatorActor>(_cluster.ActorOf(Akka.TestKit.TestActors.BlackHoleActor.Props));

        var asked = FailureAsync("cluster", "show");
        await _cluster.Terminate();

        Assert.StartsWith("the cluster part of this node is down", (await asked).Reason);
    }

    protected override void AfterAll()
    {
        base.AfterAll();
        _ = _cluster.Terminate();
    }

    private static ActorSystem Inspected(ActorSystem system)
    {
        ActorRegistry.For(system).Register<OperatorActor>(system.ActorOf(OperatorActor.Props(new CameraOperations(system), new ClusterOperations(system, () => [])), OperatorActor.Name));
        return system;
    }

    [Theory]
    [InlineData("Tokyo\u001b[2J")]
    [InlineData("a/b")]
    public async Task A_site_that_no_node_can_have_is_told_at_once(string site)
    {
        var request = new ControlRequest(["camera", "list"], site);

        var refused = Assert.IsType<CommandFailed>(await new ControlDispatcher(this, _gate).AnswerAsync(request, "unix:tester", TestContext.Current.CancellationToken));

        Assert.Contains("is no name of a site", refused.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', refused.Reason);
    }

    private Task<OperatorReply> AskAsync(params string[] words) => new ControlDispatcher(this, _gate).AnswerAsync(new ControlRequest(words), "unix:tester", CancellationToken.None);

    private async Task<CommandFailed> FailureAsync(params string[] words) => Assert.IsType<CommandFailed>(await AskAsync(words));
}
