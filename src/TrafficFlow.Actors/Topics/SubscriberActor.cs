using Akka.Actor;
using Akka.Cluster.Tools.PublishSubscribe;
using Akka.Event;
using TrafficFlow.Actors.Aggregation;
using TrafficFlow.Actors.Serialization;
using TrafficFlow.Core.Flow;

namespace TrafficFlow.Actors.Topics;

/// <summary>
/// Subscribes to one topic and hands each message on; `trafficflow watch` uses it. For a flow topic it first asks the approach for its
/// latest bins, so that a subscriber need not wait for the next one, and asks once more when the cluster has surely heard of the
/// subscription: what is published before that does not come. States: subscribing, watching.
/// </summary>
public sealed class SubscriberActor : ReceiveActor, IWithTimers
{
    private sealed record AskForLatest
    {
        public static readonly AskForLatest Instance = new();
    }

    // Longer than subscriptions take to spread (gossip once a second).
    private static readonly TimeSpan AskAgain = TimeSpan.FromSeconds(4);
    private const int Answers = 2;

    private readonly string _topic;
    private readonly Func<IWireMessage, bool> _take;
    private readonly IActorRef _approaches;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly HashSet<(BinKey Key, int Revision)> _seen = [];
    private int _answers;
    private long _lost;

    /// <param name="take">Takes a message without blocking; false where there is no room for it.</param>
    /// <param name="approaches">The shard region of the aggregators, or its proxy.</param>
    public static Props Props(string topic, Func<IWireMessage, bool> take, IActorRef approaches) =>
        Akka.Actor.Props.Create(() => new SubscriberActor(topic, take, approaches));

    public SubscriberActor(string topic, Func<IWireMessage, bool> take, IActorRef approaches)
    {
        _topic = topic;
        _take = take;
        _approaches = approaches;
        Subscribing();
    }

    public ITimerScheduler Timers { get; set; } = null!;

    private void Subscribing()
    {
        Receive<SubscribeAck>(_ => Subscribed());
        Receive<FlowBinClosed>(Handle);
        Receive<IWireMessage>(HandOn);
    }

    private void Watching()
    {
        Receive<AskForLatest>(_ => Ask());
        Receive<FlowBins>(Handle);
        Receive<FlowBinClosed>(Handle);
        Receive<IWireMessage>(HandOn);
    }

    private void Subscribed()
    {
        Become(Watching);
        if (TopicNames.ParseFlow(_topic) is not null) Ask();
    }

    private void Ask()
    {
        var (site, approach) = TopicNames.ParseFlow(_topic)!.Value;
        _approaches.Tell(new GetLatestBins(site, approach));
        Timers.StartSingleTimer(AskForLatest.Instance, AskForLatest.Instance, AskAgain);
    }

    private void Handle(FlowBins latest)
    {
        var (site, approach) = TopicNames.ParseFlow(_topic)!.Value;
        if (_topic == TopicNames.Live(site, approach))
            HandOn(new FlowBinsOpen(site, approach, [.. latest.Bins.Where(b => !b.IsClosed)]));
        else
            foreach (var bin in latest.Bins.Where(b => b.IsClosed)) Handle(new FlowBinClosed(bin));
        if (++_answers < Answers) return;
        Timers.Cancel(AskForLatest.Instance);
        _seen.Clear();
    }

    private void Handle(FlowBinClosed closed)
    {
        // Until the last answer a bin may come both ways.
        if (_answers >= Answers || _seen.Add((closed.Bin.Key, closed.Bin.Revision))) HandOn(closed);
    }

    private void HandOn(IWireMessage message)
    {
        if (_take(message)) return;
        if (_lost++ == 0) _log.Warning("A subscriber of {Topic} is too slow: messages are lost. Ask for missed bins instead", _topic);
    }

    protected override void PreStart() => DistributedPubSub.Get(Context.System).Mediator.Tell(new Subscribe(_topic, Self));
}
