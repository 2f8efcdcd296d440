using Akka.Actor;
using Akka.Cluster.Tools.PublishSubscribe;
using Akka.Event;
using TrafficFlow.Core.Sites;
using TrafficFlow.Wire.Aggregation;
using TrafficFlow.Wire.Serialization;
using TrafficFlow.Wire.Topics;

namespace TrafficFlow.Server.Topics;

/// <summary>
/// Subscribes to one topic of a client and puts each message into its buffer. Of a flow topic nothing is missed and nothing comes
/// twice: it begins with what the read tables hold after a cursor, or with the last closed bins, then follows the topic, and wherever a
/// cursor is left out, the topic is silent or the buffer was full it asks the tables. Of other topics a client that is slow gets the newest. Where the server has no such approach it hands that on, and ends. A live topic begins with the bins that are open now. States: subscribing;
/// catching up and following for a flow topic, listening for another.
/// </summary>
public sealed class SubscriberActor : ReceiveActor, IWithTimers
{
    private sealed record Look
    {
        public static readonly Look Instance = new();
    }

    private const int PageBins = 500;
    private const int SayAfter = 5;

    // Subscriptions take a second or two to be known on all nodes; what is published before that does not come.
    private static readonly TimeSpan FirstLook = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan RoomWithin = TimeSpan.FromMilliseconds(200);

    private readonly string _topic;
    private readonly (SiteId Site, ApproachId Approach)? _flow;
    private readonly bool _isLive;
    private readonly SubscriptionBuffer _buffer;
    private readonly IActorRef _approaches;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private long? _cursor;
    private long _published;
    private int _unanswered;
    private int _looks;

    /// <param name="approaches">The shard region of the aggregators, or its proxy.</param>
    /// <param name="after">Cursor of the last bin that is known already; null for the last closed bins. Only for a flow topic.</param>
    public static Props Props(string topic, SubscriptionBuffer buffer, IActorRef approaches, long? after = null) =>
        Akka.Actor.Props.Create(() => new SubscriberActor(topic, buffer, approaches, after));

    public SubscriberActor(string topic, SubscriptionBuffer buffer, IActorRef approaches, long? after)
    {
        _topic = topic;
        _flow = TopicNames.ParseFlow(topic);
        _isLive = _flow is var (site, approach) && topic == TopicNames.Live(site, approach);
        _buffer = buffer;
        _approaches = approaches;
        _cursor = after;
        Subscribing();
    }

    public ITimerScheduler Timers { get; set; } = null!;

    private void Subscribing()
    {
        Receive<SubscribeAck>(_ => Subscribed());
        Receive<FlowBinClosed>(Record);
        Receive<IWireMessage>(HandOn);
    }

    private void CatchingUp()
    {
        Receive<BinsAfter>(Handle);
        Receive<ApproachNotFound>(Handle);
        Receive<FlowBinClosed>(Record);
        Receive<Look>(_ => AskAgain());
    }

    private void Following()
    {
        Receive<FlowBinClosed>(Follow);
        Receive<Look>(_ => CatchUp());
        // The answer to an earlier question.
        Receive<BinsAfter>(_ => { });
        Receive<ApproachNotFound>(Handle);
    }

    private void Listening()
    {
        Receive<FlowBins>(latest => HandOn(new FlowBinsOpen(_flow!.Value.Site, _flow.Value.Approach, [.. latest.Bins.Where(b => !b.IsClosed)])));
        Receive<Look>(_ => AskForOpen());
        Receive<ApproachNotFound>(Handle);
        Receive<IWireMessage>(HandOn);
    }

    private void Subscribed()
    {
        if (_flow is not null && !_isLive)
        {
            CatchUp();
            return;
        }

        Become(Listening);
        if (_isLive) AskForOpen();
    }

    private void AskForOpen()
    {
        _approaches.Tell(new GetLatestBins(_flow!.Value.Site, _flow.Value.Approach));
        if (_looks++ == 0) Timers.StartSingleTimer(Look.Instance, Look.Instance, FirstLook);
    }

    private void CatchUp()
    {
        Become(CatchingUp);
        Ask();
    }

    private void Ask()
    {
        // What was published until now is in the tables.
        _published = 0;
        _approaches.Tell(new GetBinsAfter(_flow!.Value.Site, _flow.Value.Approach, _cursor, PageBins));
        Timers.StartSingleTimer(Look.Instance, Look.Instance, AnswerWithin);
    }

    private void AskAgain()
    {
        if (++_unanswered == SayAfter)
            _log.Warning("Nobody answers for {Topic}: is there such an approach, and is a server up? Asking goes on", _topic);
        Ask();
    }

    private void Handle(BinsAfter page)
    {
        _unanswered = 0;
        foreach (var closed in page.Bins)
        {
            if (closed.Cursor <= _cursor) continue;
            if (!_buffer.TryAdd(_topic, new FlowBinClosed(closed.Bin, closed.Cursor)))
            {
                WaitForRoom();
                return;
            }

            _cursor = closed.Cursor;
        }

        if (_cursor > page.Last)
            _log.Warning(
                "{Topic} has come to cursor {Last} only, and {Cursor} was asked for: do the tables come from a backup? Following from {Last}",
                _topic, page.Last, _cursor, page.Last);
        _cursor = page.Reached > page.Last ? page.Last : page.Reached;
        if (page.More || _published > _cursor) Ask();
        else Follow();
    }

    /// <summary>Nothing will ever be published there: whoever reads is told, and this ends.</summary>
    private void Handle(ApproachNotFound missing)
    {
        _buffer.AddLast(_topic, missing);
        Context.Stop(Self);
    }

    private void Follow()
    {
        Become(Following);
        Timers.StartSingleTimer(Look.Instance, Look.Instance, _looks++ == 0 ? FirstLook : Silence);
    }

    private void Follow(FlowBinClosed closed)
    {
        Record(closed);
        if (closed.Cursor == 0)
        {
            HandOn(closed);
        }
        else if (closed.Cursor == _cursor + 1)
        {
            if (!_buffer.TryAdd(_topic, closed))
            {
                WaitForRoom();
                return;
            }

            _cursor = closed.Cursor;
            Timers.StartSingleTimer(Look.Instance, Look.Instance, Silence);
        }
        else if (closed.Cursor > _cursor)
        {
            CatchUp();
        }
    }

    /// <summary>What does not fit now is read from the tables later.</summary>
    private void WaitForRoom()
    {
        Become(Following);
        Timers.StartSingleTimer(Look.Instance, Look.Instance, RoomWithin);
    }

    private void Record(FlowBinClosed closed) => _published = Math.Max(_published, closed.Cursor);

    private void HandOn(IWireMessage message) => _buffer.AddNewest(_topic, message);

    protected override void PreStart() => DistributedPubSub.Get(Context.System).Mediator.Tell(new Subscribe(_topic, Self));
}
