using System.Net.Sockets;
using System.Threading.Channels;
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
internal sealed class WatchJob(string topic, string host, int port, int? messages, bool asJson)
{
    private const int MostWaiting = 10_000;
    private static readonly TimeSpan JoinWithin = TimeSpan.FromSeconds(20);
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

    private async Task KnockAsync(CancellationToken interrupted)
    {
        using var door = new TcpClient();
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(interrupted);
        patience.CancelAfter(AnswerWithin);
        try
        {
            await door.ConnectAsync(host, port, patience.Token);
        }
        catch (Exception e) when (e is SocketException || (e is OperationCanceledException && !interrupted.IsCancellationRequested))
        {
            throw new JobFailedException($"no node answers at {host}:{port} ({e.Message}): is it running? Name another with --node HOST:PORT", e);
        }
    }

    private IHost Build(ChannelWriter<IWireMessage> published)
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Services.AddSerilog(logs => logs.MinimumLevel.Warning().WriteTo.Console(standardErrorFromLevel: LogEventLevel.Verbose));
        builder.Services.AddAkka(NodeHost.SystemName, akka =>
        {
            akka.ConfigureLoggers(loggers =>
            {
                loggers.ClearLoggers();
                loggers.AddLoggerFactory();
            });
            akka.WithTrafficFlowSerialization()
                .WithTrafficFlowCluster(new ClusterMembership(
                    "127.0.0.1", 0, [TrafficFlowRoles.Subscriber], [$"akka.tcp://{NodeHost.SystemName}@{host}:{port}"]))
                .WithApproachProxy()
                .WithSubscriber(topic, published);
        });
        return builder.Build();
    }

    private async Task JoinAsync(IHost node, CancellationToken interrupted)
    {
        var cluster = Cluster.Get(node.Services.GetRequiredService<Akka.Actor.ActorSystem>());
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
                $"{host}:{port} answers but does not let this node in: is it a trafficflow node of the same version, reachable from both sides?", e);
        }
    }
}
