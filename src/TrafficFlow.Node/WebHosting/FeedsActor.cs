using Akka.Actor;
using Akka.Cluster.Hosting;
using Akka.Event;
using Akka.Hosting;
using TrafficFlow.Web.Feeds;
using TrafficFlow.Wire.Inspection;
using TrafficFlow.Wire.Membership;

namespace TrafficFlow.Node.WebHosting;

/// <summary>
/// Runs the feeds on one server of the cluster at a time, as its singleton: no event is published by two. When its server goes, the next one goes on from the places
/// that are stored in their database. States: sending, ending.
/// </summary>
internal sealed class FeedsActor : InspectedActor
{
    private const string Name = "feeds";

    private readonly FeedRunner _feeds;
    private readonly CancellationTokenSource _end = new();
    private bool _isEnding;

    /// <summary>Another server takes over, or this one stops.</summary>
    internal sealed class HandOver : INoSerializationVerificationNeeded
    {
        public static readonly HandOver Instance = new();
    }

    private sealed record Ended(Exception? Fault) : INoSerializationVerificationNeeded;

    public static Props Props(FeedRunner feeds) => Akka.Actor.Props.Create(() => new FeedsActor(feeds));

    public FeedsActor(FeedRunner feeds)
    {
        _feeds = feeds;
        Receive<HandOver>(_ => End());
        Receive<Ended>(Handle);
    }

    protected override ActorState Describe() => new(_isEnding ? "ending" : "sending") { { "feeds", string.Join(' ', _feeds.Feeds.Select(f => f.Name)) } };

    private void End()
    {
        _isEnding = true;
        _end.Cancel();
    }

    private void Handle(Ended ended)
    {
        if (ended.Fault is { } fault) Context.GetLogger().Error(fault, "The feeds have ended with an error");
        Context.Stop(Self);
    }

    protected override void PreStart()
    {
        var self = Self;
        Task.Run(() => _feeds.RunAsync(_end.Token)).ContinueWith(t => self.Tell(new Ended(t.Exception)), TaskScheduler.Default);
    }

    protected override void PostStop() => _end.Cancel();

    /// <summary>On each server, after the journal; all with the same feeds.</summary>
    public static AkkaConfigurationBuilder AddTo(AkkaConfigurationBuilder akka, FeedRunner feeds) => akka.WithSingleton<FeedsActor>(
        Name, Props(feeds), new ClusterSingletonOptions { Role = TrafficFlowRoles.Server, TerminationMessage = HandOver.Instance }, createProxyToo: false);
}
