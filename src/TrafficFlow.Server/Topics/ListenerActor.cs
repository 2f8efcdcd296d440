using Akka.Actor;
using Akka.Cluster.Tools.PublishSubscribe;
using TrafficFlow.Core.Sites;
using TrafficFlow.Wire.Aggregation;
using TrafficFlow.Wire.Inspection;
using TrafficFlow.Wire.Serialization;
using TrafficFlow.Wire.Topics;

namespace TrafficFlow.Server.Topics;

/// <summary>
/// Subscribes to one topic of a client whose messages nobody keeps, and puts each into its buffer: a client that is slow gets the newest.
/// A live topic begins with the bins that are open now, one of incidents with those that are open; where the server has no such approach it hands that on, and ends.
/// </summary>
internal sealed class ListenerActor : InspectedActor, IWithTimers
{
    private sealed record Look
    {
        public static readonly Look Instance = new();
    }

    // Subscriptions take a second or two to be known on all nodes; what is published before that does not come.
    private static readonly TimeSpan FirstLook = TimeSpan.FromSeconds(2);

    // More than a board keeps.
    private const int MostRemembered = 1000;

    private readonly string _topic;
    private readonly (SiteId Site, ApproachId Approach)? _live;
    private readonly SiteId? _incidents;
    private readonly HashSet<(long Epoch, long Number, int Revision, DateTimeOffset HeardAt)> _told = [];
    private readonly SubscriptionBuffer _buffer;
    private readonly IActorRef _approaches;

    /// <param name="approaches">The shard region of the aggregators, or its proxy.</param>
    public static Props Props(string topic, SubscriptionBuffer buffer, IActorRef approaches) =>
        Akka.Actor.Props.Create(() => new ListenerActor(topic, buffer, approaches));

    public ListenerActor(string topic, SubscriptionBuffer buffer, IActorRef approaches)
    {
        (_topic, _buffer, _approaches) = (topic, buffer, approaches);
        _live = TopicNames.ParseFlow(topic);
        _incidents = TopicNames.ParseIncidents(topic);
        Receive<SubscribeAck>(_ =>
        {
            if (_live is null && _incidents is null) return;
            AskForOpen();
            Timers.StartSingleTimer(Look.Instance, Look.Instance, FirstLook);
        });
        Receive<Look>(_ => AskForOpen());
        Receive<FlowBins>(latest => HandOn(new FlowBinsOpen(_live!.Value.Site, _live.Value.Approach, [.. latest.Bins.Where(b => !b.IsClosed)])));
        Receive<RecentIncidents>(recent =>
        {
            foreach (var told in recent.Incidents.Where(t => t.Incident.IsOpen).Reverse()) HandOn(told);
        });
        Receive<IncidentTold>(HandOn);
        Receive<ApproachNotFound>(Handle);
        Receive<IWireMessage>(HandOn);
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override ActorState Describe() => new("listening")
    {
        { "topic", _topic },
        { "the client has not taken", _buffer.Count, "messages" },
    };

    private void AskForOpen()
    {
        if (_incidents is { } site) _approaches.Tell(new GetIncidents(site));
        else _approaches.Tell(new GetLatestBins(_live!.Value.Site, _live.Value.Approach));
    }

    /// <summary>What is asked for may have been published just before.</summary>
    private void HandOn(IncidentTold told)
    {
        var incident = told.Incident;
        if (!_told.Add((told.Epoch, incident.Number, incident.Revision, told.HeardAt))) return;
        if (_told.Count > MostRemembered) _told.Clear();
        HandOn((IWireMessage)told);
    }

    /// <summary>Nothing will ever be published there: whoever reads is told, and this ends.</summary>
    private void Handle(ApproachNotFound missing)
    {
        _buffer.AddLast(_topic, missing);
        Context.Stop(Self);
    }

    private void HandOn(IWireMessage message) => _buffer.AddNewest(_topic, message);

    protected override void PreStart() => DistributedPubSub.Get(Context.System).Mediator.Tell(new Subscribe(_topic, Self));
}
