using Akka.Actor;
using Akka.Hosting;
using TrafficFlow.Core.Sites;
using TrafficFlow.Core.Texts;
using TrafficFlow.Node.Logging;
using TrafficFlow.Server.Commands;
using TrafficFlow.Wire.Authorization;
using TrafficFlow.Wire.Commands;
using TrafficFlow.Wire.Operations;

namespace TrafficFlow.Node.ControlServer;

/// <summary>Finds who in the process, or behind the server, answers a command, and answers itself where nobody can.</summary>
/// <param name="log">Null where its levels cannot be changed.</param>
internal sealed class ControlDispatcher(INodeSystems node, CommandGate gate, NodeLog? log = null)
{
    /// <summary>More than the operator actor, or the router to other nodes, waits for anybody.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private static readonly CommandFailed NoCameras = new("this node has no cameras", "ask a node with the role roadside");

    private static readonly CommandFailed NoCluster = new(
        "the cluster part of this node is down: it waits for its database, or is being started again", "cameras go on; look into the node's log, and try again");

    /// <param name="account">At the other end of the socket.</param>
    public async Task<OperatorReply> AnswerAsync(ControlRequest request, string account, CancellationToken cancellation)
    {
        var (command, target, problem) = CommandCatalog.Read(request.Words);
        if (command is null) return new CommandFailed(problem, "see trafficflow ctl --help of the node's own version");
        if (request.By is { } by && !Principal.IsName(by)) return new CommandFailed("the name that was given is none", "give one of 1 to 64 letters");
        // Other nodes do not read a message with such a name: the question would go unanswered.
        if (request.Site is { } asked && !NameRule.IsKnown(asked)) return new CommandFailed($"{PlainText.Of(asked, NameRule.MaxLength)} is no name of a site", "see the site files for its id");
        if (request.Site is not null && target != CommandTarget.Roadside)
            return new CommandFailed($"{request.Words[0]} {request.Words[1]} cannot be sent to a site", "only camera, outbox and vehicle commands can; ask without --site, on the node itself");
        var principal = Principal.Of(account, request.By);
        return request.Site is { } site
            ? await gate.RunAsync(principal, request.Words, command, $"site {site}", () => SendAsync(new SiteCommand(new SiteId(site), request.Words, principal), cancellation))
            : await gate.RunAsync(principal, request.Words, command, "this node", () => AnswerAsync(command, target, cancellation));
    }

    private async Task<OperatorReply> SendAsync(SiteCommand command, CancellationToken cancellation)
    {
        if (Living(node.Cluster) is not { } system) return NoCluster;
        return ActorRegistry.For(system).TryGet<SiteCommandRouter>(out var router)
            ? await AskAsync(system, router, new RunOnSite(command), NoCluster, cancellation)
            : new CommandFailed("this node is no server, and sends no commands to others", "use ctl --site on a server, or ctl on the node that has the camera");
    }

    private async Task<OperatorReply> AnswerAsync(OperatorCommand command, CommandTarget target, CancellationToken cancellation) => target switch
    {
        CommandTarget.Roadside => Living(node.Roadside) is { } system ? await AskAsync(system, command, NoCameras, cancellation) : NoCameras,
        CommandTarget.Cluster => Living(node.Cluster) is { } system ? await AskAsync(system, command, NoCluster, cancellation) : NoCluster,
        CommandTarget.Audit => Living(node.Roadside ?? node.Cluster) is { } system ? await AskAsync(system, command, NoCluster, cancellation) : NoCluster,
        CommandTarget.Each => Together(await Task.WhenAll(Systems().Select(s => AskAsync(s, command, NoCluster, cancellation)))),
        CommandTarget.Process => command switch
        {
            ShowConfig show => ConfigTable.Of(node.Settings, show.Key),
            ReloadSites => await node.ReloadSitesAsync(cancellation),
            ShowLog => LogLevels.Show(log),
            SetLogLevel set => LogLevels.Set(log, set, Systems()),
            _ => throw new ArgumentOutOfRangeException(nameof(command), command, "the process does not answer this"),
        },
        _ => throw new ArgumentOutOfRangeException(nameof(target), target, "no such target"),
    };

    private IEnumerable<ActorSystem> Systems() =>
        new[] { Living(node.Roadside), Living(node.Cluster) }.OfType<ActorSystem>().Distinct();

    private static async Task<OperatorReply> AskAsync(ActorSystem system, OperatorCommand command, CommandFailed gone, CancellationToken cancellation) =>
        ActorRegistry.For(system).TryGet<OperatorActor>(out var operatorActor)
            ? await AskAsync(system, operatorActor, command, gone, cancellation)
            : new CommandFailed("the node is still starting", "try again in some seconds");

    private static async Task<OperatorReply> AskAsync(ActorSystem system, IActorRef actor, object question, CommandFailed gone, CancellationToken cancellation)
    {
        var reply = actor.Ask<OperatorReply>(question, Patience, cancellation);
        if (await Task.WhenAny(reply, system.WhenTerminated) != reply) return gone;
        try
        {
            return await reply;
        }
        catch (AskTimeoutException)
        {
            return new CommandFailed($"{system.Name} does not answer within {Patience.TotalSeconds:0} s", "look at the load of the machine and into the node's log");
        }
    }

    /// <summary>What one system knows is an answer, even where another does not.</summary>
    private static OperatorReply Together(IReadOnlyList<OperatorReply> replies)
    {
        var tables = replies.OfType<InspectionTables>().SelectMany(t => t.Tables).ToList();
        if (tables.Count > 0) return new InspectionTables(tables);
        var failures = replies.OfType<CommandFailed>().ToList();
        if (failures.Any(f => !f.IsElsewhere)) failures.RemoveAll(f => f.IsElsewhere);
        return failures.Count == 0
            ? NoCluster
            : new CommandFailed(string.Join("; ", failures.Select(f => f.Reason)), failures[0].Remedy);
    }

    private static ActorSystem? Living(ActorSystem? system) => system is { WhenTerminated.IsCompleted: false } ? system : null;
}
