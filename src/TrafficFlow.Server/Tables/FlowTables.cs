using LinqToDB.Data;
using TrafficFlow.Core.Sites;
using TrafficFlow.Server.Tables.Migrations;
using TrafficFlow.Wire.Aggregation;
using TrafficFlow.Wire.Journals;

namespace TrafficFlow.Server.Tables;

/// <summary>
/// The read tables of a server: flow_bins and flow_counts, with every revision, and views of the latest ones. Writing the same revision
/// again changes nothing.
/// </summary>
public sealed class FlowTables
{
    private readonly TableDatabase _database;

    public FlowTables(JournalSettings settings) => _database = TableDatabase.Of(settings);

    /// <summary>Names the database in messages.</summary>
    public string Name => _database.Name;

    /// <summary>Makes the tables, or brings those of an older version to this one.</summary>
    /// <exception cref="JournalException">The tables are of a newer version of TrafficFlow.</exception>
    public Task MigrateAsync(CancellationToken cancellation) => new TableMigrator(_database).RunAsync(cancellation);

    /// <summary>All or nothing.</summary>
    public async Task WriteAsync(IReadOnlyList<ClosedBin> bins, CancellationToken cancellation)
    {
        if (bins.Count == 0) return;
        await using var connection = await _database.OpenAsync(cancellation).ConfigureAwait(false);
        await using var transaction = await connection.BeginTransactionAsync(cancellation).ConfigureAwait(false);
        // The same revision again holds the same, save where a damaged journal row has changed the order in which things were counted.
        BinRow[] rows = [.. bins.Select(FlowRows.Row)];
        await connection.UpsertAsync(_database, rows, cancellation).ConfigureAwait(false);
        await connection.DeleteOfAsync<CountRow, BinRow>(_database, rows, cancellation).ConfigureAwait(false);
        await connection.UpsertAsync(_database, bins.SelectMany(b => FlowRows.Counts(b.Bin)), cancellation).ConfigureAwait(false);
        await transaction.CommitAsync(cancellation).ConfigureAwait(false);
    }

    /// <summary>What follows a cursor, oldest first; without one, the last closed bin of each duration.</summary>
    public Task<BinsAfter> ReadAfterAsync(SiteId site, ApproachId approach, long? after, int limit, CancellationToken cancellation) =>
        new FlowTableReader(_database).ReadAfterAsync(site, approach, after, limit, cancellation);
}
