using System.Net.Sockets;
using Akka.Actor;
using Akka.Cluster;
using Akka.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Serilog;
using Serilog.Events;
using TrafficFlow.Node.Run;
using TrafficFlow.Node.Topics;
using TrafficFlow.Server;
using TrafficFlow.Server.Membership;
using TrafficFlow.Server.Topics;
using TrafficFlow.Wire;

namespace TrafficFlow.Node.Watch;

/// <summary>
/// Watches from any machine: joins the cluster as a subscriber, prints, and leaves it. When the cluster has removed it (the link was away
/// for long), it joins anew and goes on after the last bin or journey that it printed.
/// </summary>
internal sealed class WatchMember(ClusterMembership membership, WatchOutput output)
{
    private const int MostWaiting = 10_000;

    // While another node cannot be reached nobody comes in until the servers have downed it, which takes them some 20 s.
    private static readonly TimeSpan JoinWithin = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(5);

    /// <exception cref="OperationCanceledException">It was interrupted.</exception>
    public async Task RunAsync(CancellationToken interrupted)
    {
        await KnockAsync(interrupted);
        while (!output.IsDone) await WatchAsync(interrupted);
    }

    /// <summary>For as long as the node is in the cluster.</summary>
    private async Task WatchAsync(CancellationToken interrupted)
    {
        var published = new SubscriptionBuffer(MostWaiting);
        using var node = Build(published);
        await node.StartAsync(interrupted);
        _ = node.Services.GetRequiredService<ActorSystem>().WhenTerminated.ContinueWith(
            _ => published.Complete(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        try
        {
            await JoinAsync(node, interrupted);
            var paced = new PacedTopics(published, TimeProvider.System);
            while (!output.IsDone && await paced.ReadAsync(interrupted) is { } message) output.Print(TopicLine.Of(message));
        }
        finally
        {
            await node.StopAsync(CancellationToken.None);
        }
    }

    /// <summary>Waiting for a cluster in which nobody answers would tell nothing.</summary>
    private async Task KnockAsync(CancellationToken interrupted)
    {
        Exception? last = null;
        foreach (var seed in membership.Seeds.Select(Address.Parse))
        {
            using var door = new TcpClient();
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(interrupted);
            patience.CancelAfter(AnswerWithin);
            try
            {
                await door.ConnectAsync(seed.Host, seed.Port!.Value, patience.Token);
                return;
            }
            catch (Exception e) when (e is SocketException || (e is OperationCanceledException && !interrupted.IsCancellationRequested))
            {
                last = e;
            }
        }

        throw new JobFailedException($"no node answers at {Seeds} ({last?.Message}): is it running? Name another in the seed-nodes of the file", last);
    }

    private string Seeds => string.Join(", ", membership.Seeds.Select(Address.Parse).Select(a => $"{a.Host}:{a.Port}"));

    private IHost Build(SubscriptionBuffer published)
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        VerbLifetime.Use(builder.Services);
        builder.Services.AddSerilog(logs => logs.MinimumLevel.Warning().WriteTo.Console(standardErrorFromLevel: LogEventLevel.Verbose));
        builder.Services.AddAkka(NodeHost.SystemName, akka =>
        {
            akka.ConfigureLoggers(loggers =>
            {
                loggers.ClearLoggers();
                loggers.AddLoggerFactory();
            });
            akka.WithTrafficFlowSerialization()
                .WithTrafficFlowCluster(membership)
                .WithApproachProxy()
                .WithSubscription(published, [.. output.Topics.Select(t => new AddTopic(t.Topic, t.Place))])
                .WithMembershipWatch(membership);
        });
        return builder.Build();
    }

    private async Task JoinAsync(IHost node, CancellationToken interrupted)
    {
        var cluster = Cluster.Get(node.Services.GetRequiredService<ActorSystem>());
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(interrupted);
        patience.CancelAfter(JoinWithin);
        var up = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        cluster.RegisterOnMemberUp(up.SetResult);
        try
        {
            await up.Task.WaitAsync(patience.Token);
        }
        catch (OperationCanceledException e) when (!interrupted.IsCancellationRequested)
        {
            throw new JobFailedException(
                $"{Seeds} answers but does not let this node in: is it a trafficflow node of the same version, reachable from both sides, with TLS as this one? Its own log says whom it refused", e);
        }
    }
}
