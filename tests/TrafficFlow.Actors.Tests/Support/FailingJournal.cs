using System.Collections.Immutable;
using Akka.Persistence;
using Akka.Persistence.Journal;

namespace TrafficFlow.Actors.Tests.Support;

/// <summary>A journal in memory whose disk is full whenever the test says so.</summary>
public sealed class FailingJournal : SharedMemoryJournal
{
    public static volatile bool IsFull;

    protected override Task<IImmutableList<Exception>> WriteMessagesAsync(IEnumerable<AtomicWrite> messages, CancellationToken cancellationToken) =>
        IsFull
            ? Task.FromException<IImmutableList<Exception>>(new IOException("database or disk is full"))
            : base.WriteMessagesAsync(messages, cancellationToken);
}
