using Akka.Actor;
using Akka.Cluster;
using Akka.Hosting;
using TrafficFlow.Wire.Inspection;
using TrafficFlow.Wire.Membership;
using TrafficFlow.Wire.Operations;

namespace TrafficFlow.Wire.Commands;

/// <summary>
/// Carries out what a server asks of this node's cameras: /user/commands in the cluster system of a roadside node. Only members with the role
/// server are heard. Each command goes through the same gate as one of the node's own socket, and to the operator actor of the cameras' system.
/// </summary>
public sealed class NodeCommands : InspectedActor
{
    private sealed record Answered(IActorRef AnswerTo, OperatorReply Reply);

    public const string Name = "commands";
    private const int MostRunning = 16;

    // The server waits a little longer, so that it hears what hangs.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(12.5);

    private readonly Cluster _cluster = Cluster.Get(Context.System);
    private readonly IActorRef _operator;
    private readonly CommandGate _gate;
    private int _running;

    /// <param name="operatorActor">Of the actor system that holds the cameras.</param>
    public static Props Props(IActorRef operatorActor, CommandGate gate) => Akka.Actor.Props.Create(() => new NodeCommands(operatorActor, gate));

    public NodeCommands(IActorRef operatorActor, CommandGate gate)
    {
        (_operator, _gate) = (operatorActor, gate);
        Receive<SiteCommand>(Handle);
        Receive<Answered>(answered =>
        {
            _running--;
            answered.AnswerTo.Tell(new SiteCommandAnswer(answered.Reply));
        });
    }

    private void Handle(SiteCommand command)
    {
        if (Refuse(command) is { } refused)
        {
            Sender.Tell(new SiteCommandAnswer(refused));
            return;
        }

        _running++;
        var (sender, from) = (Sender, Sender.Path.Address);
        var read = CommandCatalog.Read(command.Words).Command!;
        var principal = command.Principal with { Account = from.Host is null ? command.Principal.Account : $"{command.Principal.Account}@{from.Host}" };
        _gate.RunAsync(principal, command.Words, read, $"site {command.Site}", () => AskAsync(read)).PipeTo(
            Self,
            success: reply => new Answered(sender, reply),
            failure: e => new Answered(sender, new CommandFailed($"the command failed: {e.GetBaseException().Message}", "please report it")));
    }

    private CommandFailed? Refuse(SiteCommand command)
    {
        var from = Sender.Path.Address;
        if (from.Host is not null && !_cluster.State.Members.Any(m => m.Address == from && m.HasRole(TrafficFlowRoles.Server)))
            return new CommandFailed($"{from} is no server of this cluster", "send commands from a node with the role server");
        if (_running >= MostRunning) return new CommandFailed($"{_running} commands are still running", "try again in some seconds");
        return CommandCatalog.Read(command.Words) switch
        {
            { Command: null } wrong => new CommandFailed(wrong.Problem, "is the node of another version? Use ctl on the node itself"),
            { Target: not CommandTarget.Roadside } => new CommandFailed($"\"{string.Join(' ', command.Words)}\" concerns no camera", "use ctl on the node itself"),
            _ => null,
        };
    }

    private async Task<OperatorReply> AskAsync(OperatorCommand command) =>
        await AskWithTimeout.AskAsync<OperatorReply>(_operator, command, Patience)
        ?? new CommandFailed($"its cameras do not answer within {Patience.TotalSeconds:0.#} s", "look at the load of the machine and into the node's log");
}

public static class NodeCommandsHosting
{
    /// <summary>Adds /user/commands.</summary>
    /// <param name="operatorActor">The <see cref="OperatorActor"/> of this process' roadside system.</param>
    public static AkkaConfigurationBuilder WithNodeCommands(this AkkaConfigurationBuilder builder, IActorRef operatorActor, CommandGate gate) =>
        builder.WithActors((system, _) => system.ActorOf(NodeCommands.Props(operatorActor, gate), NodeCommands.Name));
}
