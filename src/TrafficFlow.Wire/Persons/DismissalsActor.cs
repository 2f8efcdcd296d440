using Akka.Actor;
using Akka.Cluster;
using Akka.Hosting;
using TrafficFlow.Wire.Inspection;
using TrafficFlow.Wire.Membership;

namespace TrafficFlow.Wire.Persons;

/// <summary>Carries out here what another server has entered. Thread-safe.</summary>
public interface IDismissals
{
    /// <param name="from">The server, HOST:PORT.</param>
    Task<DismissalsHeard> HearAsync(TellDismissals told, string from);
}

/// <summary>Hears of persons who were dismissed at a server: /user/dismissals in the cluster system of every node. Only members with the role server are heard, one after another.</summary>
public sealed class DismissalsActor : InspectedActor
{
    private sealed record Answered(IActorRef AnswerTo, DismissalsHeard Answer);

    public const string Name = "dismissals";
    private const int MostRunning = 4;

    private readonly Cluster _cluster = Cluster.Get(Context.System);
    private readonly IDismissals _dismissals;
    private int _running;

    public static Props Props(IDismissals dismissals) => Akka.Actor.Props.Create(() => new DismissalsActor(dismissals));

    public DismissalsActor(IDismissals dismissals)
    {
        _dismissals = dismissals;
        Receive<TellDismissals>(Handle);
        Receive<Answered>(answered =>
        {
            _running--;
            answered.AnswerTo.Tell(answered.Answer);
        });
    }

    protected override ActorState Describe() => new("hearing") { { "under way", _running } };

    private void Handle(TellDismissals told)
    {
        var (sender, from) = (Sender, Sender.Path.Address);
        if (from.Host is null || !_cluster.State.Members.Any(m => m.Address == from && m.HasRole(TrafficFlowRoles.Server)))
        {
            sender.Tell(new DismissalsHeard([], $"{from} is no server of this cluster"));
            return;
        }

        if (_running >= MostRunning)
        {
            sender.Tell(new DismissalsHeard([], "others are still being carried out here: tell it again"));
            return;
        }

        _running++;
        _dismissals.HearAsync(told, $"{from.Host}:{from.Port}").PipeTo(
            Self,
            success: answer => new Answered(sender, answer),
            failure: e => new Answered(sender, new DismissalsHeard([], $"it failed there ({e.GetBaseException().Message})")));
    }
}

public static class DismissalsHosting
{
    /// <summary>Adds /user/dismissals.</summary>
    public static AkkaConfigurationBuilder WithDismissals(this AkkaConfigurationBuilder builder, IDismissals dismissals) =>
        builder.WithActors((system, _) => system.ActorOf(DismissalsActor.Props(dismissals), DismissalsActor.Name));
}
