using Akka.Actor;
using Akka.Hosting;
using TrafficFlow.Wire.Inspection;

namespace TrafficFlow.Wire.Operations;

/// <summary>Answers what may be asked of one part of an actor system: its cameras, its place in the cluster.</summary>
public interface IOperations
{
    /// <returns>Null for a command that concerns something else.</returns>
    Task<OperatorReply>? Answer(OperatorCommand command);
}

/// <summary>
/// Answers the <see cref="OperatorCommand"/>s that concern its own actor system; /user/operator, one in each actor system of the
/// process. It has no children and no state: an actor that does not answer in time becomes a stated failure.
/// </summary>
public sealed class OperatorActor : InspectedActor
{
    public const string Name = "operator";

    /// <param name="parts">Who answers what; about actors and dispatchers it answers itself.</param>
    public static Props Props(params IReadOnlyList<IOperations> parts) => Akka.Actor.Props.Create(() => new OperatorActor(parts));

    public OperatorActor(IReadOnlyList<IOperations> parts)
    {
        var system = Context.System;
        parts = [new ActorOperations(system), .. parts];
        Receive<ShowHierarchy>(c => Sender.Tell(new InspectionTables(ActorTree.Hierarchy(system, c.System))));
        Receive<ShowChildren>(c => Sender.Tell(ActorTree.Children(system, c.Path)));
        Receive<OperatorCommand>(c =>
        {
            var answer = parts.Select(p => p.Answer(c)).FirstOrDefault(a => a is not null)
                ?? Task.FromResult<OperatorReply>(new CommandFailed($"{c.GetType().Name} is not supported by this node", "use the trafficflow of the node's own version"));
            answer.PipeTo(Sender, failure: e => new CommandFailed($"the command failed: {e.GetBaseException().Message}", "please report it"));
        });
    }
}

/// <summary>How long the operator actor waits for those that it asks.</summary>
public sealed record OperatorTimeouts
{
    public TimeSpan Local { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>For a camera to stop gracefully.</summary>
    public TimeSpan Restart { get; init; } = TimeSpan.FromSeconds(12);

    /// <summary>For an answer through the cluster.</summary>
    public TimeSpan Cluster { get; init; } = TimeSpan.FromSeconds(5);
}

/// <summary>Asking an actor that may be busy, or gone.</summary>
internal static class AskWithTimeout
{
    /// <returns>Null where it did not answer in time.</returns>
    public static async Task<T?> AskAsync<T>(IActorRef actor, object question, TimeSpan timeout)
        where T : class
    {
        try
        {
            return await actor.Ask<T>(question, timeout).ConfigureAwait(false);
        }
        catch (AskTimeoutException)
        {
            return null;
        }
    }
}

public static class OperatorHosting
{
    /// <summary>Adds /user/operator, registered as <see cref="OperatorActor"/>.</summary>
    public static AkkaConfigurationBuilder WithOperations(this AkkaConfigurationBuilder builder, params IReadOnlyList<Func<ActorSystem, IOperations>> parts) =>
        builder.WithActors((system, registry) =>
            registry.Register<OperatorActor>(system.ActorOf(OperatorActor.Props([.. parts.Select(p => p(system))]), OperatorActor.Name)));
}
