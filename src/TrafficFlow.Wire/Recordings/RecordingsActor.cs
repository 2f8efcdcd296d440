using Akka.Actor;
using Akka.Cluster;
using Akka.Hosting;
using TrafficFlow.Wire.Inspection;
using TrafficFlow.Wire.Membership;

namespace TrafficFlow.Wire.Recordings;

/// <summary>Answers questions about the recordings of this node, wherever they come from. Thread-safe.</summary>
public interface IRecordingsAnswers
{
    /// <param name="from">Where the question comes from, HOST:PORT; null for this very node.</param>
    /// <returns>The answer that belongs to the question, or a <see cref="RecordingsRefused"/>; null for what is not answered.</returns>
    Task<object?> AnswerAsync(IRecordingsQuestion question, string? from);
}

/// <summary>
/// What servers ask of this node's recordings: /user/recordings in the cluster system. Only members with the role server are heard. Who may do what, and what is recorded of it, is decided by whoever answers. A few questions at a
/// time, the others are told to come again: no mailbox fills with blocks that wait for a disk.
/// </summary>
public sealed class RecordingsActor : InspectedActor
{
    private sealed record Answered(IActorRef AnswerTo, object? Answer);

    public const string Name = "recordings";
    private const int MostRunning = 16;

    private readonly Cluster _cluster = Cluster.Get(Context.System);
    private readonly IRecordingsAnswers _answers;
    private int _running;
    private long _answered;

    public static Props Props(IRecordingsAnswers answers) => Akka.Actor.Props.Create(() => new RecordingsActor(answers));

    public RecordingsActor(IRecordingsAnswers answers)
    {
        _answers = answers;
        Receive<IRecordingsQuestion>(Handle);
        Receive<Answered>(answered =>
        {
            _running--;
            _answered++;
            if (answered.Answer is { } answer) answered.AnswerTo.Tell(answer);
        });
    }

    protected override ActorState Describe() => new("answering") { { "questions under way", _running }, { "questions answered", _answered } };

    private void Handle(IRecordingsQuestion question)
    {
        var (sender, from) = (Sender, Sender.Path.Address);
        if (from.Host is not null && !_cluster.State.Members.Any(m => m.Address == from && m.HasRole(TrafficFlowRoles.Server)))
        {
            Refuse(question, RecordingsRefusal.NotAllowed, $"{from} is no server of this cluster: ask from a node with the role server");
            return;
        }

        if (_running >= MostRunning)
        {
            Refuse(question, RecordingsRefusal.NotNow, $"{_running} questions about recordings are still being answered here: try again in some seconds");
            return;
        }

        _running++;
        _answers.AnswerAsync(question, from.Host is null ? null : $"{from.Host}:{from.Port}").PipeTo(
            Self,
            success: answer => new Answered(sender, answer),
            failure: e => new Answered(sender, question is EndRecording ? null : new RecordingsRefused(RecordingsRefusal.NotNow, $"it failed there ({e.GetBaseException().Message}): please report it")));
    }

    private void Refuse(IRecordingsQuestion question, RecordingsRefusal why, string reason)
    {
        if (question is not EndRecording) Sender.Tell(new RecordingsRefused(why, reason) { IsUndone = true });
    }
}

public static class RecordingsHosting
{
    /// <summary>Adds /user/recordings.</summary>
    public static AkkaConfigurationBuilder WithRecordings(this AkkaConfigurationBuilder builder, IRecordingsAnswers answers) =>
        builder.WithActors((system, _) => system.ActorOf(RecordingsActor.Props(answers), RecordingsActor.Name));
}
