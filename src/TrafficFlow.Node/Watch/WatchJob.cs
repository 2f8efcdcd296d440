using System.Diagnostics;
using System.Net.Sockets;
using Akka.Actor;
using Akka.Cluster;
using Akka.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Serilog;
using Serilog.Events;
using TrafficFlow.Node.Run;
using TrafficFlow.Node.Settings;
using TrafficFlow.Server;
using TrafficFlow.Server.Membership;
using TrafficFlow.Server.Topics;
using TrafficFlow.Wire;
using TrafficFlow.Wire.Aggregation;
using TrafficFlow.Wire.Topics;

namespace TrafficFlow.Node.Watch;

/// <summary>
/// Joins the cluster as a subscriber, prints, and leaves it. When the cluster has removed it (the link was away for long), it joins anew and
/// goes on after the last bin or journey that it printed.
/// </summary>
internal sealed class WatchJob(IReadOnlyList<string> topics, ClusterMembership membership, TopicPlace? from, int? messages, bool asJson)
{
    private const int MostWaiting = 10_000;

    // While another node cannot be reached nobody comes in until the servers have downed it, which takes them some 20 s.
    private static readonly TimeSpan JoinWithin = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan BetweenLive = TimeSpan.FromSeconds(1);

    private readonly Dictionary<string, TopicPlace?> _places = topics.ToDictionary(t => t, _ => from);
    private readonly Dictionary<string, long> _printedAt = [];
    private int _left = messages ?? int.MaxValue;

    public async Task<int> RunAsync(CancellationToken interrupted)
    {
        await KnockAsync(interrupted);
        try
        {
            while (_left > 0) await WatchAsync(interrupted);
        }
        catch (OperationCanceledException) when (interrupted.IsCancellationRequested)
        {
            // Ctrl-C is how watching ends.
        }

        return ExitCodes.Done;
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
            while (await published.ReadAsync(interrupted) is { } message)
            {
                if (message.Message is ApproachNotFound missing) throw NoSuchApproach(message.Topic, missing);
                await PrintAsync(message, published, interrupted);
                if (--_left == 0) break;
            }
        }
        finally
        {
            await node.StopAsync(CancellationToken.None);
        }
    }

    private static JobFailedException NoSuchApproach(string topic, ApproachNotFound missing) => TopicNames.ParseJourneys(topic) is { } site
        ? new($"{topic}: site {site} of the server has no junction, which alone sees journeys (several calibrated cameras with gates); {Suggestion.For($"{missing.Site}/{missing.Approach}", missing.Known, "it has").Replace($"/{missing.Approach}", "", StringComparison.Ordinal)}")
        : new($"{topic}: the server has no approach {missing.Site}/{missing.Approach}; {Suggestion.For($"{missing.Site}/{missing.Approach}", missing.Known, "it has")}");

    private async Task PrintAsync(TopicMessage message, SubscriptionBuffer published, CancellationToken interrupted)
    {
        switch (message.Message)
        {
            case FlowBinsOpen:
                // Open bins are published many times a second; nobody reads so fast, and the newest ones say it all.
                if (_printedAt.TryGetValue(message.Topic, out var printed) && BetweenLive - Stopwatch.GetElapsedTime(printed) is var wait && wait > TimeSpan.Zero)
                {
                    await Task.Delay(wait, interrupted);
                    message = published.TryRead(message.Topic) ?? message;
                }

                _printedAt[message.Topic] = Stopwatch.GetTimestamp();
                break;
        }

        if (message.Place is { } place) _places[message.Topic] = place;
        WatchPrinter.Print(message, asJson);
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
                .WithSubscription(published, [.. topics.Select(t => new AddTopic(t, _places[t]))])
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
