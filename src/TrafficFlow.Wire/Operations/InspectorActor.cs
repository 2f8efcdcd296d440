using Akka.Actor;
using Akka.Hosting;

namespace TrafficFlow.Wire.Operations;

/// <summary>Answers what may be asked of one part of an actor system: its cameras, its place in the cluster.</summary>
public interface IInspection
{
    /// <returns>Null for a command that concerns something else.</returns>
    Task<InspectionReply>? Answer(InspectionCommand command);
}

/// <summary>
/// Answers the <see cref="InspectionCommand"/>s that concern its own actor system; /user/inspector, one in each actor system of the
/// process. It has no children and no state: an actor that does not answer in time becomes a stated failure.
/// </summary>
public sealed class InspectorActor : ReceiveActor
{
    public const string Name = "inspector";

    /// <param name="parts">Who answers what; the tree of actors it answers itself.</param>
    public static Props Props(params IReadOnlyList<IInspection> parts) => Akka.Actor.Props.Create(() => new InspectorActor(parts));

    public InspectorActor(IReadOnlyList<IInspection> parts)
    {
        var system = Context.System;
        Receive<ShowHierarchy>(c => Sender.Tell(new InspectionTables(ActorTree.Hierarchy(system, c.System))));
        Receive<ShowChildren>(c => Sender.Tell(ActorTree.Children(system, c.Path)));
        Receive<InspectionCommand>(c =>
        {
            var answer = parts.Select(p => p.Answer(c)).FirstOrDefault(a => a is not null)
                ?? Task.FromResult<InspectionReply>(new InspectionFailed($"{c.GetType().Name} is not supported by this node", "use the trafficflow of the node's own version"));
            answer.PipeTo(Sender, failure: e => new InspectionFailed($"the inspection failed: {e.GetBaseException().Message}", "please report it"));
        });
    }
}

/// <summary>How long the inspector waits for those that it asks.</summary>
public sealed record InspectionPatience
{
    public TimeSpan Local { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>For a camera to stop gracefully.</summary>
    public TimeSpan Restart { get; init; } = TimeSpan.FromSeconds(12);

    /// <summary>For an answer through the cluster.</summary>
    public TimeSpan Cluster { get; init; } = TimeSpan.FromSeconds(5);
}

/// <summary>Asking an actor that may be busy, or gone.</summary>
internal static class PatientAsk
{
    /// <returns>Null where it did not answer in time.</returns>
    public static async Task<T?> AskAsync<T>(IActorRef actor, object question, TimeSpan patience)
        where T : class
    {
        try
        {
            return await actor.Ask<T>(question, patience).ConfigureAwait(false);
        }
        catch (AskTimeoutException)
        {
            return null;
        }
    }
}

public static class InspectorHosting
{
    /// <summary>Adds /user/inspector, registered as <see cref="InspectorActor"/>.</summary>
    public static AkkaConfigurationBuilder WithInspector(this AkkaConfigurationBuilder builder, params IReadOnlyList<Func<ActorSystem, IInspection>> parts) =>
        builder.WithActors((system, registry) =>
            registry.Register<InspectorActor>(system.ActorOf(InspectorActor.Props([.. parts.Select(p => p(system))]), InspectorActor.Name)));
}
