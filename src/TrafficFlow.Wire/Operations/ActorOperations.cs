using System.Globalization;
using Akka.Actor;
using TrafficFlow.Wire.Inspection;

namespace TrafficFlow.Wire.Operations;

/// <summary>What may be asked of any actor of a system, of all mailboxes and of all dispatchers. Nothing is measured while nobody asks.</summary>
internal sealed class ActorOperations(ActorSystem system, OperatorTimeouts? timeouts = null) : IOperations
{
    private static readonly InspectionColumn[] Properties = [new("property"), new("value"), new("unit")];

    private readonly OperatorTimeouts _timeouts = timeouts ?? new OperatorTimeouts();

    public Task<OperatorReply>? Answer(OperatorCommand command) => command switch
    {
        ShowActor show => ShowAsync(show.Path),
        ShowMailboxes show => MailboxFigures.ShowAsync(system, show.Most),
        ShowDispatchers => DispatcherFigures.ShowAsync(system),
        _ => null,
    };

    private async Task<OperatorReply> ShowAsync(string path)
    {
        if (ActorTree.Find(system, path, out var actor) is { } missing) return missing;
        if (CellOf(actor) is not { } cell) return new CommandFailed($"{Name(actor)} is being started", "ask again");
        var activity = ActorActivity.Find(actor);
        var waiting = cell.NumberOfMessages;
        var told = activity is null ? null : await AskWithTimeout.AskAsync<StateDescribed>(actor, DescribeState.Instance, _timeouts.Local).ConfigureAwait(false);
        if (cell.IsTerminated) return new CommandFailed($"{Name(actor)} has ended while it was asked", "see actor hierarchy for what is there now");
        if (activity is not null && told is null) return Busy(actor, cell, activity);
        var sheet = InspectionTable.Of($"{Name(actor)} in {system.Name}", Properties, Sheet(actor, cell, activity, waiting, told));
        return told?.State is { Count: > 0 } state
            ? new InspectionTables(sheet, InspectionTable.Of("its own state", Properties, state.Select(v => new[] { v.Name, v.Value, v.Unit })))
            : new InspectionTables(sheet with
            {
                Notes = [activity is null ? "an actor of a library: it tells nothing of its own state, nor what it handles" : "it has no state of its own to tell"],
            });
    }

    private static IEnumerable<object?[]> Sheet(IActorRef actor, ActorCell cell, ActorActivity? activity, int waiting, StateDescribed? told)
    {
        var children = ActorTree.ChildrenOf(actor);
        var restarts = activity?.Restarts;
        return
        [
            ["path", actor.Path.ToStringWithoutAddress(), ""],
            ["class", ActorTree.ClassOf(cell), ""],
            ["state", told?.State?.Word, ""],
            ["children", (long)children.Count, ""],
            ["mailbox", cell.Mailbox?.MessageQueue?.GetType().Name, ""],
            ["waiting", (long)waiting, "messages"],
            ["put aside", (long?)told?.Stashed, "messages"],
            ["handled", activity?.Handled, "messages"],
            ["dispatcher", cell.Dispatcher.Id, ""],
            ["restarts", (long?)restarts?.Count, ""],
            .. restarts is { Count: > 0 } ? new object?[][] { ["last restart", Seconds(restarts.Ago), "s ago"], ["restarted for", restarts.Cause, ""] } : [],
            ["age", activity is null ? null : Seconds(activity.Age), "s"],
        ];
    }

    /// <summary>One line for the terminal at night: what it does, since when, and what piles up behind it.</summary>
    private CommandFailed Busy(IActorRef actor, ActorCell cell, ActorActivity activity)
    {
        var waiting = cell.NumberOfMessages;
        var messages = waiting == 1 ? "1 message waits" : $"{waiting.ToString(CultureInfo.InvariantCulture)} messages wait";
        var current = activity.Current;
        return new CommandFailed(
            $"{Name(actor)} does not answer within {_timeouts.Local.TotalSeconds:0.#} s: {messages}, and " + (current is var (message, time)
                ? $"it handles {message} since {TimeProvider.System.GetUtcNow().UtcDateTime - time:yyyy-MM-dd HH:mm:ss}Z ({time.TotalSeconds:0.0} s)"
                : $"it works on none: its dispatcher {cell.Dispatcher.Id} gives it no thread"),
            "see dispatcher list and the node's log; an actor that stays so hangs, and camera restart or a restart of the node helps");
    }

    internal static double Seconds(TimeSpan time) => Math.Round(time.TotalSeconds, 1);

    internal static ActorCell? CellOf(IActorRef actor) => (actor as ActorRefWithCell)?.Underlying as ActorCell;

    private static string Name(IActorRef actor) => actor.Path.ToStringWithoutAddress();
}
