using Akka.Actor;
using TrafficFlow.Wire.Inspection;

namespace TrafficFlow.Wire.Operations;

/// <summary>The actors before which most messages wait, looked at twice within half a second: what grows is told from what is worked off.</summary>
internal static class MailboxFigures
{
    /// <summary>Actors that are looked at; a node has some hundreds.</summary>
    public const int MostActors = 20_000;

    /// <summary>Between two looks, of which the second is shown.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromMilliseconds(500);

    private const int DefaultRows = 20;
    private const int MostRows = 1_000;

    private sealed record Look(ActorRefWithCell Actor, ActorCell Cell, ActorActivity? Activity, int Waiting, long Handled);

    public static async Task<OperatorReply> ShowAsync(ActorSystem system, int? most)
    {
        var actors = ActorTree.All(system, MostActors);
        var before = actors.Select(a => LookAt(a)).OfType<Look>().ToDictionary(l => (IActorRef)l.Actor);
        var begun = TimeProvider.System.GetTimestamp();
        await Task.Delay(Window).ConfigureAwait(false);
        var seconds = TimeProvider.System.GetElapsedTime(begun).TotalSeconds;
        var now = before.Values.Where(l => !l.Cell.IsTerminated).Select(l => LookAt(l.Actor)!).ToList();
        var shown = now.OrderByDescending(l => l.Waiting).ThenByDescending(l => l.Handled - before[l.Actor].Handled).ThenBy(l => l.Actor.Path.ToString(), StringComparer.Ordinal)
            .Take(Math.Min(most ?? DefaultRows, MostRows)).ToList();
        var waiting = now.Sum(l => (long)l.Waiting);
        return new InspectionTables(InspectionTable.Of(
            $"mailboxes of {system.Name}",
            [
                new("actor"), new("waiting", "messages", CellKind.Number), new("change", "messages", CellKind.Number), new("handled", "messages/s", CellKind.Number),
                new("since", "s", CellKind.Number), new("handles now"),
            ],
            shown.Select(l =>
            {
                var current = l.Activity?.Current;
                return new object?[]
                {
                    l.Actor.Path.ToStringWithoutAddress(), (long)l.Waiting, (long)(l.Waiting - before[l.Actor].Waiting),
                    l.Activity is null ? null : Math.Round((l.Handled - before[l.Actor].Handled) / seconds, 1),
                    current is var (_, time) ? ActorOperations.Seconds(time) : null, current?.Message,
                };
            }),
            [
                $"{waiting} messages wait before {now.Count(l => l.Waiting > 0)} of {now.Count} actors; change and rate are of the last {seconds:0.0} s",
                .. actors.Count == MostActors ? [$"only the first {MostActors} actors were looked at"] : Array.Empty<string>(),
                "Akka.NET counts no messages: the rate of its own and of other libraries' actors is not known",
            ]));
    }

    private static Look? LookAt(ActorRefWithCell actor)
    {
        if (ActorOperations.CellOf(actor) is not { } cell) return null;
        var activity = ActorActivity.Find(actor);
        return new Look(actor, cell, activity, cell.NumberOfMessages, activity?.Handled ?? 0);
    }
}
