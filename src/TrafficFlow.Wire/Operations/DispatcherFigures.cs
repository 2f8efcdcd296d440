using System.Diagnostics;
using Akka.Actor;
using Akka.Dispatch;
using TrafficFlow.Wire.Inspection;

namespace TrafficFlow.Wire.Operations;

/// <summary>
/// The dispatchers that run the actors of a system, and .NET's thread pool, which some of them share. Akka.NET keeps no figures of a dispatcher, so a
/// small piece of work is given to each: how long it waits for a thread is what every message waits now.
/// </summary>
internal static class DispatcherFigures
{
    private static readonly TimeSpan ProbeWithin = TimeSpan.FromSeconds(1);

    public static async Task<OperatorReply> ShowAsync(ActorSystem system)
    {
        var cells = ActorTree.All(system, MailboxFigures.MostActors).Select(a => (Actor: (IActorRef)a, Cell: ActorOperations.CellOf(a))).Where(c => c.Cell is not null).ToList();
        var groups = cells.GroupBy(c => c.Cell!.Dispatcher.Id, StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal).ToList();
        var handled = groups.ToDictionary(g => g.Key, g => Handled(g.Select(c => c.Actor)));
        var (completed, begun) = (ThreadPool.CompletedWorkItemCount, Stopwatch.GetTimestamp());
        // A pinned dispatcher is one for each actor, with the id of all of them: the slowest counts.
        var probes = groups.Select(g => ProbeAsync(g.Select(c => c.Cell!.Dispatcher).Distinct().ToList())).ToList();
        await Task.WhenAll([Task.Delay(MailboxFigures.Window), .. probes]).ConfigureAwait(false);
        var seconds = Stopwatch.GetElapsedTime(begun).TotalSeconds;
        var delays = await Task.WhenAll(probes).ConfigureAwait(false);
        var rows = groups.Select((g, i) =>
        {
            var dispatchers = g.Select(c => c.Cell!.Dispatcher).Distinct().ToList();
            return new object?[]
            {
                g.Key, TypeOf(dispatchers[0]), Threads(dispatchers), (long)dispatchers[0].Throughput, (long)g.Count(), g.Sum(c => (long)c.Cell!.NumberOfMessages),
                Math.Round((Handled(g.Select(c => c.Actor)) - handled[g.Key]) / seconds, 1), delays[i] is { } delay ? Math.Round(delay.TotalMilliseconds, 2) : null,
            };
        }).ToList();
        var late = groups.Where((_, i) => delays[i] is null).Select(g => g.Key).ToList();
        return new InspectionTables(
            InspectionTable.Of(
                $"dispatchers of {system.Name}",
                [
                    new("dispatcher"), new("runs on"), new("threads", Kind: CellKind.Number), new("throughput", Kind: CellKind.Number), new("actors", Kind: CellKind.Number),
                    new("waiting", "messages", CellKind.Number), new("handled", "messages/s", CellKind.Number), new("delay", "ms", CellKind.Number),
                ],
                rows,
                [
                    .. late.Select(id => $"{id} gave no thread within {ProbeWithin.TotalSeconds:0} s: all of its threads work, see actor mailboxes"),
                    "delay: how long a piece of work waited for a thread just now. waiting and handled are sums over its actors, handled over ours only: Akka.NET itself tells neither the length of a dispatcher's queue nor what it has completed",
                ]),
            InspectionTable.Of(
                "thread pool of the process",
                [new("threads", Kind: CellKind.Number), new("least", Kind: CellKind.Number), new("waiting", "work items", CellKind.Number), new("completed", "work items/s", CellKind.Number)],
                [[(long)ThreadPool.ThreadCount, Least(), ThreadPool.PendingWorkItemCount, Math.Round((ThreadPool.CompletedWorkItemCount - completed) / seconds, 1)]]));
    }

    private static long Handled(IEnumerable<IActorRef> actors) => actors.Sum(a => ActorActivity.Find(a)?.Handled ?? 0);

    private static long Least()
    {
        ThreadPool.GetMinThreads(out var workers, out _);
        return workers;
    }

    /// <returns>Null where no thread came in time.</returns>
    private static async Task<TimeSpan?> ProbeAsync(IReadOnlyList<MessageDispatcher> dispatchers)
    {
        var begun = Stopwatch.GetTimestamp();
        try
        {
            await Task.WhenAll(dispatchers.Select(d =>
            {
                var run = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                d.Schedule(() => run.SetResult());
                return run.Task;
            })).WaitAsync(ProbeWithin).ConfigureAwait(false);
            return Stopwatch.GetElapsedTime(begun);
        }
        catch (TimeoutException)
        {
            return null;
        }
    }

    private static string TypeOf(MessageDispatcher dispatcher) => dispatcher switch
    {
        PinnedDispatcher => "a thread for each actor",
        _ => dispatcher.Configurator.Config.GetString("executor", "") switch
        {
            "fork-join-executor" => "threads of its own",
            "thread-pool-executor" or "default-executor" => "the process's thread pool",
            "channel-executor" => "the process's thread pool, by priority",
            "task-executor" => "the process's thread pool, by tasks",
            "" => dispatcher.GetType().Name,
            var other => other,
        },
    };

    /// <returns>Null where it has none of its own.</returns>
    private static long? Threads(IReadOnlyList<MessageDispatcher> dispatchers)
    {
        if (dispatchers[0] is PinnedDispatcher) return dispatchers.Count;
        var config = dispatchers[0].Configurator.Config;
        if (config.GetString("executor", "") != "fork-join-executor") return null;
        if (config.GetInt("dedicated-thread-pool.thread-count", 0) is > 0 and var fixedCount) return fixedCount;
        var pool = config.GetConfig("fork-join-executor");
        return pool is null ? null : ThreadPoolConfig.ScaledPoolSize(pool.GetInt("parallelism-min", 8), pool.GetDouble("parallelism-factor", 1.0), pool.GetInt("parallelism-max", 64));
    }
}
