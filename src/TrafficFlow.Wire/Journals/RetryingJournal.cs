using System.Collections.Concurrent;
using System.Collections.Immutable;
using Akka.Actor;
using Akka.Configuration;
using Akka.Persistence;
using Akka.Persistence.Sql.Journal;

namespace TrafficFlow.Wire.Journals;

/// <summary>
/// The SQL journal of a server, whose writes and reads wait for a database that is away. The library's own fails them at once: each entity
/// then ends, is started again by the next delivery and fails to recover, with a stack trace each time. Written once more is only what the
/// database has not got: a connection that broke during a commit tells nothing about it.
/// </summary>
public sealed class RetryingJournal(Config config) : SqlWriteJournal(config)
{
    // The library's journal keeps books that only its own thread may touch.
    private sealed record Run(Action Now);

    // Rows of several entities are written in one transaction: another one's duplicate fails all of them.
    private const int MostConflicts = 5;

    private readonly DatabaseAvailability _database = DatabaseAvailability.Of(Context.System);
    private readonly IActorContext _context = Context;
    private readonly Akka.Serialization.Serialization _serialization = Context.System.Serialization;
    private readonly IActorRef _self = Context.Self;
    private readonly CancellationTokenSource _stopped = new();
    private readonly ConcurrentDictionary<string, Task> _writing = new(StringComparer.Ordinal);

    protected override Task<IImmutableList<Exception>> WriteMessagesAsync(IEnumerable<AtomicWrite> messages, CancellationToken cancellationToken)
    {
        var writes = messages.ToList();
        var id = writes[0].PersistenceId;
        var isCallersThread = true;
        var written = _database.RunAsync(
            failures => failures > 0 ? WriteAgainAsync(writes, cancellationToken)
                : isCallersThread ? base.WriteMessagesAsync(writes, cancellationToken)
                : HereAsync(() => base.WriteMessagesAsync(writes, cancellationToken)),
            _stopped.Token);
        isCallersThread = false;
        _writing[id] = written;
        _ = written.ContinueWith(
            done => _writing.TryRemove(new KeyValuePair<string, Task>(id, done)), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        return written;
    }

    /// <summary>Defers to a write of the same entity that is still tried: its next life must see what its last one has stored.</summary>
    public override async Task<long> ReadHighestSequenceNrAsync(string persistenceId, long fromSequenceNr, CancellationToken cancellationToken)
    {
        if (_writing.TryGetValue(persistenceId, out var writing)) await writing.ContinueWith(_ => { }, TaskScheduler.Default).ConfigureAwait(false);
        return await _database.RunAsync(
            _ => HereAsync(() => base.ReadHighestSequenceNrAsync(persistenceId, fromSequenceNr, cancellationToken)), _stopped.Token).ConfigureAwait(false);
    }

    public override Task ReplayMessagesAsync(
        IActorContext context, string persistenceId, long fromSequenceNr, long toSequenceNr, long max, Action<IPersistentRepresentation> recoveryCallback)
    {
        var (next, left) = (fromSequenceNr, max);
        return _database.RunAsync(
            _ => next > toSequenceNr || left <= 0
                ? Task.CompletedTask
                : base.ReplayMessagesAsync(context, persistenceId, next, toSequenceNr, left, row =>
                {
                    (next, left) = (row.SequenceNr + 1, left - 1);
                    recoveryCallback(row);
                }),
            _stopped.Token);
    }

    protected override Task DeleteMessagesToAsync(string persistenceId, long toSequenceNr, CancellationToken cancellationToken) =>
        _database.RunAsync(_ => base.DeleteMessagesToAsync(persistenceId, toSequenceNr, cancellationToken), _stopped.Token);

    protected override bool ReceivePluginInternal(object message)
    {
        if (message is not Run run) return base.ReceivePluginInternal(message);
        run.Now();
        return true;
    }

    protected override void PostStop()
    {
        _stopped.Cancel();
        base.PostStop();
    }

    private async Task<IImmutableList<Exception>> WriteAgainAsync(List<AtomicWrite> writes, CancellationToken cancellation)
    {
        for (var conflicts = 0; ; conflicts++)
        {
            // Null: no event was rejected.
            if (await AreStoredAsync(writes).ConfigureAwait(false)) return null!;
            try
            {
                return await HereAsync(() => base.WriteMessagesAsync(writes, cancellation)).ConfigureAwait(false);
            }
            catch (Exception e) when (DatabaseFault.IsUniqueViolation(e) && conflicts < MostConflicts)
            {
                // Looked at again: the commit that was under way may have gone through meanwhile.
            }
        }
    }

    /// <summary>
    /// Whether the journal holds these very events at their places. Compared byte by byte: it does not tell which entity wrote a row, and
    /// what another node has written there meanwhile is another event.
    /// </summary>
    private async Task<bool> AreStoredAsync(List<AtomicWrite> writes)
    {
        var wanted = writes.SelectMany(w => (IImmutableList<IPersistentRepresentation>)w.Payload).ToDictionary(p => p.SequenceNr, p => p.Payload);
        var found = 0;
        await base.ReplayMessagesAsync(
            _context, writes[0].PersistenceId, wanted.Keys.Min(), wanted.Keys.Max(), long.MaxValue,
            row => found += wanted.TryGetValue(row.SequenceNr, out var own) && AreSame(own, row.Payload) ? 1 : 0).ConfigureAwait(false);
        return found == wanted.Count;
    }

    private bool AreSame(object own, object stored) => own.GetType() == stored.GetType() && Bytes(own).AsSpan().SequenceEqual(Bytes(stored));

    private byte[] Bytes(object payload) => _serialization.FindSerializerFor(payload).ToBinary(payload);

    private Task<T> HereAsync<T>(Func<Task<T>> work)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        _self.Tell(new Run(() => _ = CompleteAsync()));
        return done.Task.WaitAsync(_stopped.Token);

        async Task CompleteAsync()
        {
            try
            {
                done.TrySetResult(await work().ConfigureAwait(false));
            }
            catch (Exception e)
            {
                done.TrySetException(e);
            }
        }
    }
}
