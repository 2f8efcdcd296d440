using System.Net.Sockets;
using System.Threading.Channels;
using Akka.Actor;
using Akka.Cluster;
using Akka.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Serilog;
using Serilog.Events;
using TrafficFlow.Actors.Hosting;
using TrafficFlow.Actors.Serialization;
using TrafficFlow.Node.Run;

namespace TrafficFlow.Node.Watch;

/// <summary>Joins the cluster as a subscriber, prints, and leaves it.</summary>
internal sealed class WatchJob(string topic, ClusterMembership membership, int? messages, bool asJson)
{
    private const int MostWaiting = 10_000;

    // While another node cannot be reached nobody comes in until the servers have downed it, which takes them some 20 s.
    private static readonly TimeSpan JoinWithin = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(5);

    public async Task<int> RunAsync(CancellationToken interrupted)
    {
        await KnockAsync(interrupted);
        var published = Channel.CreateBounded<IWireMessage>(MostWaiting);
        using var node = Build(published.Writer);
        await node.StartAsync(interrupted);
        try
        {
            await JoinAsync(node, interrupted);
            var left = messages ?? int.MaxValue;
            await foreach (var message in published.Reader.ReadAllAsync(interrupted))
            {
                WatchPrinter.Print(message, asJson);
                if (--left == 0) break;
            }
        }
        catch (OperationCanceledException) when (interrupted.IsCancellationRequested)
        {
            // Ctrl-C is how watching ends.
        }

        await node.StopAsync(CancellationToken.None);
        return ExitCodes.Done;
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

        throw new JobFailedException($"no node answers at {Seeds} ({last?.Message}): is it running? Name another with --node HOST:PORT, or in the file of --config", last);
    }

    private string Seeds => string.Join(", ", membership.Seeds.Select(Address.Parse).Select(a => $"{a.Host}:{a.Port}"));

    private IHost Build(ChannelWriter<IWireMessage> published)
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
                .WithSubscriber(topic, published);
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
