using Akka.Actor;
using TrafficFlow.Server.Topics;

namespace TrafficFlow.Node.Topics;

/// <summary>
/// The topics of one reader, for as long as it reads: a subscription in the node's own cluster system. What waits for a reader is bounded; who reads slowly
/// gets the newest of what nobody keeps, with how much was left out, and later what is kept.
/// </summary>
/// <param name="approaches">The shard region of the aggregators, or its proxy.</param>
internal sealed class TopicStream(ActorSystem system, IActorRef approaches, TimeProvider time)
{
    private const int MostWaiting = 1_000;
    private static readonly TimeSpan AliveEach = TimeSpan.FromSeconds(5);

    /// <param name="name">Of the subscription's actor under /user.</param>
    /// <param name="write">Hands a line on; null says that this side is alive: at once, so that the reader knows that it is subscribed, and each few seconds.</param>
    /// <returns>When the subscription has ended, which it does with the cluster system.</returns>
    /// <exception cref="OperationCanceledException">It was ended.</exception>
    public Task RunAsync(string name, IReadOnlyList<AddTopic> topics, Func<TopicLine?, Task> write, CancellationToken end) =>
        RunMessagesAsync(name, topics, message => write(message is { } m ? TopicLine.Of(m) : null), end);

    /// <summary>The same, with the messages themselves.</summary>
    public async Task RunMessagesAsync(string name, IReadOnlyList<AddTopic> topics, Func<TopicMessage?, Task> write, CancellationToken end)
    {
        var waiting = new SubscriptionBuffer(MostWaiting);
        var subscription = system.ActorOf(SubscriptionActor.Props(waiting, approaches), name);
        try
        {
            foreach (var topic in topics) subscription.Tell(topic, ActorRefs.Nobody);
            await CopyAsync(new PacedTopics(waiting, time), write, end);
        }
        finally
        {
            system.Stop(subscription);
        }
    }

    private async Task CopyAsync(PacedTopics published, Func<TopicMessage?, Task> write, CancellationToken end)
    {
        await write(null);
        var next = published.ReadAsync(end);
        while (true)
        {
            if (!next.IsCompleted && await Task.WhenAny(next, Task.Delay(AliveEach, time, end)) != next)
            {
                end.ThrowIfCancellationRequested();
                await write(null);
                continue;
            }

            if (await next is not { } message) return;
            await write(message);
            next = published.ReadAsync(end);
        }
    }
}
