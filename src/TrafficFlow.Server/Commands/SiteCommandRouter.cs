using Akka.Actor;
using Akka.Cluster;
using Akka.Hosting;
using TrafficFlow.Server.Health;
using TrafficFlow.Wire.Commands;
using TrafficFlow.Wire.Health;
using TrafficFlow.Wire.Inspection;
using TrafficFlow.Wire.Membership;
using TrafficFlow.Wire.Operations;

namespace TrafficFlow.Server.Commands;

/// <summary>
/// Has commands for the cameras of a site carried out by the nodes that have them: /user/site-commands, on every server. Each node has the
/// same time to answer, and one that does not is named in the answer. No more than some commands run at a time; no state otherwise.
/// </summary>
public sealed class SiteCommandRouter : InspectedActor
{
    private sealed record Answered(IActorRef AnswerTo, OperatorReply Reply);

    public const string Name = "site-commands";
    private const int MostRunning = 32;

    private readonly Cluster _cluster = Cluster.Get(Context.System);
    private readonly ActorSystem _system = Context.System;
    private readonly IHealthQuery _health;
    private readonly TimeSpan _patience;
    private int _running;

    /// <param name="patience">For a node's answer: more than a camera takes to stop gracefully.</param>
    public static Props Props(IHealthQuery health, TimeSpan patience) => Akka.Actor.Props.Create(() => new SiteCommandRouter(health, patience));

    public SiteCommandRouter(IHealthQuery health, TimeSpan patience)
    {
        (_health, _patience) = (health, patience);
        Receive<RunOnSite>(Handle);
        Receive<Answered>(answered =>
        {
            _running--;
            answered.AnswerTo.Tell(answered.Reply);
        });
    }

    private void Handle(RunOnSite run)
    {
        if (_running >= MostRunning)
        {
            Sender.Tell(new CommandFailed($"{_running} commands for other nodes are still running", "try again in some seconds"));
            return;
        }

        _running++;
        var sender = Sender;
        RunAsync(run.Command).PipeTo(
            Self,
            success: reply => new Answered(sender, reply),
            failure: e => new Answered(sender, new CommandFailed($"the command could not be sent: {e.GetBaseException().Message}", "please report it")));
    }

    private async Task<OperatorReply> RunAsync(SiteCommand command)
    {
        if (await _health.ReadAsync(null, CancellationToken.None) is not { } health)
            return new CommandFailed("no server's health board answers, so that nobody knows which node has the site", "see cluster show: is a server up and reachable?");
        var members = _cluster.State.Members.Where(m => m.HasRole(TrafficFlowRoles.Roadside)).Select(m => m.Address.ToString()).ToList();
        var (nodes, none) = SiteNodes.For(command.Site, CommandCatalog.Read(command.Words).Command?.OneCamera, health, members);
        return none ?? SiteAnswers.Together(await Task.WhenAll(nodes.Select(n => AskAsync(n, command, health, members.Contains(n)))));
    }

    private async Task<NodeAnswer> AskAsync(string node, SiteCommand command, HealthOverview health, bool isMember)
    {
        var name = node[(node.IndexOf('@', StringComparison.Ordinal) + 1)..];
        if (!isMember) return new NodeAnswer(name, null, $"it is not in the cluster; {LastHeard(node, health)}");
        try
        {
            var receiver = _system.ActorSelection(new RootActorPath(Address.Parse(node)) / "user" / NodeCommands.Name);
            return new NodeAnswer(name, (await receiver.Ask<SiteCommandAnswer>(command, _patience).ConfigureAwait(false)).Reply, "");
        }
        catch (AskTimeoutException)
        {
            return new NodeAnswer(name, null, $"nothing within {_patience.TotalSeconds:0.#} s; {LastHeard(node, health)}. It may still do what it was told");
        }
    }

    private static string LastHeard(string node, HealthOverview health) =>
        health.Nodes.FirstOrDefault(n => n.Report.Node == node) is { } known
            ? $"it last reported at {known.ReceivedAt.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z"
            : "it has never reported";
}

public static class SiteCommandHosting
{
    /// <summary>Adds /user/site-commands, registered as <see cref="SiteCommandRouter"/>. Call it after what registers a <see cref="HealthBoardProxy"/>.</summary>
    public static AkkaConfigurationBuilder WithSiteCommands(this AkkaConfigurationBuilder builder, TimeSpan? patience = null) =>
        builder.WithActors((system, registry) => registry.Register<SiteCommandRouter>(system.ActorOf(
            SiteCommandRouter.Props(new HealthQuery(registry.Get<HealthBoardProxy>()), patience ?? TimeSpan.FromSeconds(13.5)), SiteCommandRouter.Name)));
}
