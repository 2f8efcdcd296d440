using Akka.Actor;
using Akka.Hosting;
using TrafficFlow.Wire.Inspection;

namespace TrafficFlow.Node.Control;

/// <summary>Finds who in the process answers a command, and answers itself where nobody can.</summary>
internal sealed class ControlDispatcher(INodeSystems node)
{
    /// <summary>More than the inspector waits for anybody.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private static readonly InspectionFailed NoCameras = new("this node has no cameras", "ask a node with the role roadside");

    private static readonly InspectionFailed NoCluster = new(
        "the cluster part of this node is down: it waits for its database, or is being started again", "cameras go on; look into the node's log, and try again");

    public Task<InspectionReply> AnswerAsync(IReadOnlyList<string> words, CancellationToken cancellation)
    {
        var (command, target, problem) = Palette.Read(words);
        return command is null
            ? Task.FromResult<InspectionReply>(new InspectionFailed(problem, "see trafficflow ctl --help of the node's own version"))
            : AnswerAsync(command, target, cancellation);
    }

    private async Task<InspectionReply> AnswerAsync(InspectionCommand command, InspectionTarget target, CancellationToken cancellation) => target switch
    {
        InspectionTarget.Roadside => Living(node.Roadside) is { } system ? await AskAsync(system, command, NoCameras, cancellation) : NoCameras,
        InspectionTarget.Cluster => Living(node.Cluster) is { } system ? await AskAsync(system, command, NoCluster, cancellation) : NoCluster,
        InspectionTarget.Each => Together(await Task.WhenAll(Systems().Select(s => AskAsync(s, command, NoCluster, cancellation)))),
        InspectionTarget.Process => command switch
        {
            ShowConfig show => ConfigTable.Of(node.Settings, show.Key),
            ReloadSites => await node.ReloadSitesAsync(cancellation),
            _ => throw new ArgumentOutOfRangeException(nameof(command), command, "the process does not answer this"),
        },
        _ => throw new ArgumentOutOfRangeException(nameof(target), target, "no such target"),
    };

    private IEnumerable<ActorSystem> Systems() =>
        new[] { Living(node.Roadside), Living(node.Cluster) }.OfType<ActorSystem>().Distinct();

    private static async Task<InspectionReply> AskAsync(ActorSystem system, InspectionCommand command, InspectionFailed gone, CancellationToken cancellation)
    {
        if (!ActorRegistry.For(system).TryGet<InspectorActor>(out var inspector))
            return new InspectionFailed("the node is still starting", "try again in some seconds");
        var reply = inspector.Ask<InspectionReply>(command, Patience, cancellation);
        if (await Task.WhenAny(reply, system.WhenTerminated) != reply) return gone;
        try
        {
            return await reply;
        }
        catch (AskTimeoutException)
        {
            return new InspectionFailed($"{system.Name} does not answer within {Patience.TotalSeconds:0} s", "look at the load of the machine and into the node's log");
        }
    }

    /// <summary>What one system knows is an answer, even where another does not.</summary>
    private static InspectionReply Together(IReadOnlyList<InspectionReply> replies)
    {
        var tables = replies.OfType<InspectionTables>().SelectMany(t => t.Tables).ToList();
        if (tables.Count > 0) return new InspectionTables(tables);
        var failures = replies.OfType<InspectionFailed>().ToList();
        return failures.Count == 0
            ? NoCluster
            : new InspectionFailed(string.Join("; ", failures.Select(f => f.Reason)), failures[0].Remedy);
    }

    private static ActorSystem? Living(ActorSystem? system) => system is { WhenTerminated.IsCompleted: false } ? system : null;
}
