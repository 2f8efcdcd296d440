using Akka.Actor;
using Akka.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using TrafficFlow.Wire;
using TrafficFlow.Wire.Hosting;

namespace TrafficFlow.Actors.Tests.Hosting;

/// <summary>An actor without which a node does nothing has ended: the system ends, for its host to start it anew.</summary>
public sealed class VitalActorsTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task When_it_is_killed_or_stopped_the_whole_system_ends(bool kill)
    {
        await using var system = await StartAsync();
        system.System.ActorSelection("/user/writer").Tell(kill ? Kill.Instance : PoisonPill.Instance);

        await system.WhenTerminated.WaitAsync(Patience, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task One_that_is_not_vital_may_end()
    {
        await using var system = await StartAsync();
        var other = await system.System.ActorSelection("/user/other").ResolveOne(Patience);
        await other.GracefulStop(Patience);

        // Longer than it takes to look again; the writer still answers then.
        await Assert.ThrowsAsync<TimeoutException>(() => system.WhenTerminated.WaitAsync(TimeSpan.FromSeconds(1.5), TestContext.Current.CancellationToken));
        Assert.Equal("written", await system.System.ActorSelection("/user/writer").Ask<string>("write", Patience));
    }

    private static async Task<HostedActorSystem> StartAsync()
    {
        var system = await HostedActorSystem.StartAsync("vital", NullLoggerFactory.Instance, builder => builder
            .WithTrafficFlowSerialization()
            .WithActors((system, _) =>
            {
                system.ActorOf(Props.Create(() => new Writer()), "writer");
                system.ActorOf(Props.Create(() => new Writer()), "other");
            })
            .WithVitalActors("/user/writer", "/user/none"));
        // It has asked after the others when it answers.
        await system.System.ActorSelection("/user/vital").ResolveOne(Patience);
        return system;
    }

    private sealed class Writer : ReceiveActor
    {
        public Writer() => Receive<string>(_ => Sender.Tell("written"));
    }
}
