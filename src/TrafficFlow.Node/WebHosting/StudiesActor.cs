using Akka.Actor;
using Akka.Cluster.Hosting;
using Akka.Event;
using Akka.Hosting;
using TrafficFlow.Node.Analyse;
using TrafficFlow.Wire.Inspection;
using TrafficFlow.Wire.Membership;

namespace TrafficFlow.Node.WebHosting;

/// <summary>Has the studies of each week made on one server of the cluster at a time, as its singleton. States: scheduling, ending.</summary>
internal sealed class StudiesActor : InspectedActor
{
    private const string Name = "studies";

    private readonly StudyRunner _studies;
    private readonly CancellationTokenSource _end = new();
    private bool _isEnding;

    /// <summary>Another server takes over, or this one stops.</summary>
    internal sealed class HandOver : INoSerializationVerificationNeeded
    {
        public static readonly HandOver Instance = new();
    }

    private sealed record Ended(Exception? Fault) : INoSerializationVerificationNeeded;

    public static Props Props(StudyRunner studies) => Akka.Actor.Props.Create(() => new StudiesActor(studies));

    public StudiesActor(StudyRunner studies)
    {
        _studies = studies;
        Receive<HandOver>(_ => End());
        Receive<Ended>(Handle);
    }

    protected override ActorState Describe() => new(_isEnding ? "ending" : "scheduling") { { "problem", _studies.Problem ?? "" } };

    private void End()
    {
        _isEnding = true;
        _end.Cancel();
    }

    private void Handle(Ended ended)
    {
        if (ended.Fault is { } fault) Context.GetLogger().Error(fault, "The studies of each week have ended with an error, and are made no more until the node is started anew");
        Context.Stop(Self);
    }

    protected override void PreStart()
    {
        var self = Self;
        Task.Run(() => _studies.RunAsync(_end.Token)).ContinueWith(t => self.Tell(new Ended(t.Exception)), TaskScheduler.Default);
    }

    protected override void PostStop() => _end.Cancel();

    /// <summary>On each server, after the journal; all with the same settings.</summary>
    public static AkkaConfigurationBuilder AddTo(AkkaConfigurationBuilder akka, StudyRunner studies) => akka.WithSingleton<StudiesActor>(
        Name, Props(studies), new ClusterSingletonOptions { Role = TrafficFlowRoles.Server, TerminationMessage = HandOver.Instance }, createProxyToo: false);
}
