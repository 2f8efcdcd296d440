using Akka.Configuration;
using Akka.Persistence;
using Akka.Persistence.Sql.Snapshot;

namespace TrafficFlow.Wire.Journals;

/// <summary>The SQL snapshot store of a server; what is asked of it waits for a database that is away, as in <see cref="RetryingJournal"/>.</summary>
public sealed class RetryingSnapshotStore(Config config) : SqlSnapshotStore(config)
{
    private readonly DatabaseAvailability _database = DatabaseAvailability.Of(Context.System);
    private readonly CancellationTokenSource _stopped = new();

    protected override Task<SelectedSnapshot?> LoadAsync(string persistenceId, SnapshotSelectionCriteria criteria, CancellationToken cancellationToken) =>
        _database.RunAsync(_ => base.LoadAsync(persistenceId, criteria, cancellationToken), _stopped.Token);

    protected override Task SaveAsync(SnapshotMetadata metadata, object snapshot, CancellationToken cancellationToken) =>
        _database.RunAsync(_ => base.SaveAsync(metadata, snapshot, cancellationToken), _stopped.Token);

    protected override Task DeleteAsync(SnapshotMetadata metadata, CancellationToken cancellationToken) =>
        _database.RunAsync(_ => base.DeleteAsync(metadata, cancellationToken), _stopped.Token);

    protected override Task DeleteAsync(string persistenceId, SnapshotSelectionCriteria criteria, CancellationToken cancellationToken) =>
        _database.RunAsync(_ => base.DeleteAsync(persistenceId, criteria, cancellationToken), _stopped.Token);

    protected override void PostStop()
    {
        _stopped.Cancel();
        base.PostStop();
    }
}
