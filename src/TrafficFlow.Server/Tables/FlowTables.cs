using TrafficFlow.Core.Sites;
using TrafficFlow.Server.Tables.Databases;
using TrafficFlow.Server.Tables.Flows;
using TrafficFlow.Server.Tables.Journeys;
using TrafficFlow.Server.Tables.Migrations;
using TrafficFlow.Wire.Aggregation;
using TrafficFlow.Wire.Journals;
using TrafficFlow.Wire.Topics;

namespace TrafficFlow.Server.Tables;

/// <summary>
/// The read tables of a server: flow_bins and flow_counts, with every revision, and views of the latest ones; journeys. Writing the same
/// again changes nothing.
/// </summary>
public sealed class FlowTables
{
    private readonly TableDatabase _database;

    public FlowTables(JournalSettings settings) => _database = TableDatabase.Of(settings);

    /// <summary>Of the tables that this program makes and reads.</summary>
    public static int CurrentVersion => TableMigrator.Steps[^1].Version;

    /// <summary>Names the database in messages.</summary>
    public string Name => _database.Name;

    /// <summary>Makes the tables, or brings those of an older version to this one.</summary>
    /// <exception cref="JournalException">The tables are of a newer version of TrafficFlow.</exception>
    public Task MigrateAsync(CancellationToken cancellation) => new TableMigrator(_database).RunAsync(cancellation);

    /// <summary>Whether this version can use the tables that are there; changes nothing.</summary>
    /// <exception cref="JournalException">The tables are of a newer version of TrafficFlow.</exception>
    public Task LookAsync(CancellationToken cancellation) => new TableMigrator(_database).LookAsync(cancellation);

    /// <summary>All or nothing.</summary>
    public Task WriteAsync(IReadOnlyList<ClosedBin> bins, CancellationToken cancellation) => WriteAsync(bins, [], cancellation);

    /// <summary>All or nothing, in one transaction.</summary>
    /// <returns>What the work on journeys came to, in its order.</returns>
    internal async Task<IReadOnlyList<StoredJourneys>> WriteAsync(IReadOnlyList<ClosedBin> bins, IReadOnlyList<JourneysWrite> journeys, CancellationToken cancellation)
    {
        try
        {
            return await WriteAsync(bins, isAgain: false, journeys, cancellation).ConfigureAwait(false);
        }
        catch (Exception e) when (DatabaseFault.IsUniqueViolation(e))
        {
            // An earlier life, or another server, wrote some of them. Looked for first, that would cost every write what few need.
            return await WriteAsync(bins, isAgain: true, journeys, cancellation).ConfigureAwait(false);
        }
    }

    private async Task<IReadOnlyList<StoredJourneys>> WriteAsync(
        IReadOnlyList<ClosedBin> bins, bool isAgain, IReadOnlyList<JourneysWrite> journeys, CancellationToken cancellation)
    {
        await using var connection = await _database.OpenAsync(cancellation).ConfigureAwait(false);
        await using var transaction = await connection.BeginTransactionAsync(cancellation).ConfigureAwait(false);
        if (isAgain) await FlowTableStore.DeleteAsync(connection, bins, cancellation).ConfigureAwait(false);
        await FlowTableStore.InsertAsync(connection, bins, cancellation).ConfigureAwait(false);
        var stored = new List<StoredJourneys>();
        foreach (var work in journeys)
        {
            stored.Add(work switch
            {
                WriteJourneys batch => await JourneyTableStore.TakeAsync(connection, batch, cancellation).ConfigureAwait(false),
                ResolveJourneys decision => await HeldJourneys.ResolveAsync(connection, decision, cancellation).ConfigureAwait(false),
                _ => throw new NotSupportedException($"no such work: {work.GetType().Name}"),
            });
        }

        await transaction.CommitAsync(cancellation).ConfigureAwait(false);
        return stored;
    }

    /// <summary>Deletes a portion of what is older than the retention.</summary>
    /// <returns>True where there may be more.</returns>
    public async Task<bool> RetireAsync(TableRetention retention, DateTimeOffset now, CancellationToken cancellation) =>
        // Whoever asks for it is no place to look at clocks.
        (retention.Custody is { } custody && await Task.Run(() => new SiteRemoval(_database, custody).RunAsync(now, cancellation), cancellation).ConfigureAwait(false))
        || await new RetentionPurge(_database, retention).DeleteAsync(now, cancellation).ConfigureAwait(false);

    /// <summary>What follows a cursor, oldest first; without one, the last closed bin of each duration.</summary>
    public Task<BinsAfter> ReadAfterAsync(SiteId site, ApproachId approach, long? after, int limit, CancellationToken cancellation) =>
        new FlowTableReader(_database).ReadAfterAsync(site, approach, after, limit, cancellation);

    /// <summary>The journeys of a site that follow a place, see <see cref="GetJourneysAfter"/>.</summary>
    public Task<JourneysAfter> ReadJourneysAfterAsync(SiteId site, TopicPlace? place, int limit, CancellationToken cancellation) =>
        new JourneyTableReader(_database).ReadAfterAsync(site, place, limit, cancellation);

    /// <summary>Journeys of a site that wait because their clock was wrong.</summary>
    public async Task<Quarantine> ReadHeldJourneysAsync(SiteId site, CancellationToken cancellation)
    {
        await using var connection = await _database.OpenAsync(cancellation).ConfigureAwait(false);
        return await HeldJourneys.ShowAsync(connection, site, cancellation).ConfigureAwait(false);
    }
}
