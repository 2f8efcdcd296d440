using Akka.Actor;
using Akka.Cluster.Tools.PublishSubscribe;
using Akka.Event;
using TrafficFlow.Wire.Aggregation;
using TrafficFlow.Wire.Inspection;
using TrafficFlow.Wire.Serialization;
using TrafficFlow.Wire.Topics;

namespace TrafficFlow.Server.Topics;

/// <summary>
/// Subscribes to one kept topic of a client and puts each message into its buffer: nothing is missed and nothing comes twice. It begins
/// with what the read tables hold after a place, then follows the topic, and wherever a cursor is left out, the topic is silent or the
/// buffer was full it asks the tables. Where nothing will ever be published it hands that on, and ends. States: subscribing, catching up,
/// waiting for room, following.
/// </summary>
public sealed class SubscriberActor : InspectedActor, IWithTimers
{
    private sealed record Look
    {
        public static readonly Look Instance = new();
    }

    private const int SayAfter = 5;

    // Subscriptions take a second or two to be known on all nodes; what is published before that does not come.
    private static readonly TimeSpan FirstLook = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan RoomWithin = TimeSpan.FromMilliseconds(200);

    private readonly string _topic;
    private readonly KeptTopic _kept;
    private readonly SubscriptionBuffer _buffer;
    private readonly IActorRef _approaches;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private TopicPlace? _place;
    private long _published;
    private int _unanswered;
    private int _looks;

    /// <param name="topic">One of which <see cref="KeptTopic.Of"/> knows.</param>
    /// <param name="approaches">The shard region of the aggregators, or its proxy.</param>
    /// <param name="place">What is known already; null for where the topic begins by itself.</param>
    public static Props Props(string topic, SubscriptionBuffer buffer, IActorRef approaches, TopicPlace? place = null) =>
        Akka.Actor.Props.Create(() => new SubscriberActor(topic, buffer, approaches, place));

    public SubscriberActor(string topic, SubscriptionBuffer buffer, IActorRef approaches, TopicPlace? place)
    {
        _topic = topic;
        _kept = KeptTopic.Of(topic) ?? throw new ArgumentException($"nobody keeps {topic}", nameof(topic));
        _buffer = buffer;
        _approaches = approaches;
        _place = place;
        Subscribing();
    }

    public ITimerScheduler Timers { get; set; } = null!;

    private void Subscribing()
    {
        Receive<SubscribeAck>(_ => CatchUp());
        Receive<IWireMessage>(_ => { });
    }

    private void CatchingUp()
    {
        Receive<ApproachNotFound>(Handle);
        Receive<Look>(_ => AskAgain());
        Receive<IWireMessage>(message =>
        {
            if (_kept.Page(message, _place) is { } page) Handle(page);
            else Record(_kept.Published(message));
        });
    }

    /// <summary>What was published meanwhile is in the tables.</summary>
    private void WaitingForRoom()
    {
        Receive<ApproachNotFound>(Handle);
        Receive<Look>(_ => CatchUp());
        Receive<IWireMessage>(_ => { });
    }

    private void Following()
    {
        Receive<ApproachNotFound>(Handle);
        Receive<Look>(_ => CatchUp());
        Receive<IWireMessage>(message =>
        {
            if (_kept.Published(message) is { } published) Follow(published);
        });
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
        _approaches.Tell(_kept.Query(_place));
        Timers.StartSingleTimer(Look.Instance, Look.Instance, AnswerWithin);
    }

    private void AskAgain()
    {
        if (++_unanswered == SayAfter)
            _log.Warning("Nobody answers for {Topic}: is there such an approach, and is a server of this version up? Asking goes on", _topic);
        Ask();
    }

    private void Handle(KeptPage page)
    {
        _unanswered = 0;
        foreach (var kept in page.Messages)
        {
            if (!TryAdd(kept)) return;
        }

        if (_place?.Cursor > page.Last)
            _log.Warning(
                "{Topic} has come to cursor {Last} only, and {Cursor} was asked for: do the tables come from a backup? Following from {Last}",
                _topic, page.Last, _place.Cursor, page.Last);
        _place = page.Reached.Replay is null && page.Reached.Cursor > page.Last ? TopicPlace.After(page.Last) : page.Reached;
        if (page.More || _published > _place.Cursor) Ask();
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

    private void Follow(KeptMessage published)
    {
        if (published.Cursor == 0)
        {
            // From a server of an older version, which gave none.
            _buffer.AddNewest(_topic, published.Message);
        }
        else if (published.Cursor == _place?.Cursor + 1)
        {
            if (TryAdd(published)) Timers.StartSingleTimer(Look.Instance, Look.Instance, Silence);
        }
        else if (published.Cursor > _place?.Cursor)
        {
            Record(published);
            CatchUp();
        }
    }

    /// <summary>What does not fit now is read from the tables later.</summary>
    private bool TryAdd(KeptMessage kept)
    {
        if (!_buffer.TryAdd(_topic, kept.Message, kept.Place))
        {
            Become(WaitingForRoom);
            Timers.StartSingleTimer(Look.Instance, Look.Instance, RoomWithin);
            return false;
        }

        _place = kept.Place;
        return true;
    }

    private void Record(KeptMessage? published) => _published = Math.Max(_published, published?.Cursor ?? 0);

    protected override void PreStart() => DistributedPubSub.Get(Context.System).Mediator.Tell(new Subscribe(_topic, Self));
}
