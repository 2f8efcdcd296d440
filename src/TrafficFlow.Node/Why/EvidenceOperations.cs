using Akka.Actor;
using TrafficFlow.Server.Queries;
using TrafficFlow.Wire.Operations;

namespace TrafficFlow.Node.Why;

/// <summary>Answers why something was counted, of a running node. It reads the file beside whoever writes it.</summary>
/// <param name="cluster">The node's system in the cluster, for what the servers know; null while there is none.</param>
/// <param name="tables">The node's own read tables; null where it is no server.</param>
internal sealed class EvidenceOperations(string file, Func<ActorSystem?> cluster, Func<IFlowQuery>? tables) : IOperations
{
    public Task<OperatorReply>? Answer(OperatorCommand command) => command is ExplainCount why ? ExplainAsync(why) : null;

    private async Task<OperatorReply> ExplainAsync(ExplainCount why)
    {
        var (document, problem, remedy) = EvidenceReader.Find(file, why.Id);
        return document is null ? new CommandFailed(problem, remedy) : WhyTable.Of(document, await ServerSide.AskAsync(cluster(), tables, document));
    }
}
