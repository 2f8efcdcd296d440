using LinqToDB;
using LinqToDB.Async;
using LinqToDB.Data;
using TrafficFlow.Server.Tables.Databases;
using TrafficFlow.Wire.Journals;

namespace TrafficFlow.Server.Tables.Migrations;

/// <summary>Brings the read tables to this version, from nothing or from any version before it; all steps or none.</summary>
/// <param name="steps">In order, from version 1; other than <see cref="Steps"/> in tests only.</param>
internal sealed class TableMigrator(TableDatabase database, IReadOnlyList<TableMigration>? steps = null)
{
    public static readonly IReadOnlyList<TableMigration> Steps =
    [
        new FlowTablesMigration(), new JourneysMigration(), new QueuesMigration(), new JourneyCursorsMigration(), new SharedColoursMigration(), new JourneyLanesMigration(),
    ];

    private readonly IReadOnlyList<TableMigration> _steps = steps ?? Steps;

    /// <returns>The version that was found; 0 where there were no tables.</returns>
    /// <exception cref="JournalException">The tables are of a newer version of TrafficFlow.</exception>
    public async Task<int> RunAsync(CancellationToken cancellation)
    {
        await using var connection = await database.OpenAsync(cancellation).ConfigureAwait(false);
        await using var transaction = await connection.BeginTransactionAsync(cancellation).ConfigureAwait(false);
        if (database.MigrationLock is { } sql) await connection.ExecuteAsync(sql, cancellation).ConfigureAwait(false);
        var found = await VersionAsync(connection, cancellation).ConfigureAwait(false);
        Refuse(found);
        foreach (var step in _steps.Where(s => s.Version > found))
        {
            foreach (var statement in step.Statements(database.Dialect)) await connection.ExecuteAsync(statement, cancellation).ConfigureAwait(false);
            await connection.InsertAsync(new SchemaVersionRow { Version = step.Version }, token: cancellation).ConfigureAwait(false);
        }

        await transaction.CommitAsync(cancellation).ConfigureAwait(false);
        return found;
    }

    /// <summary>Whether <see cref="RunAsync"/> would find tables that it can bring to this version; changes nothing.</summary>
    /// <exception cref="JournalException">The tables are of a newer version of TrafficFlow.</exception>
    public async Task LookAsync(CancellationToken cancellation)
    {
        await using var connection = await database.OpenAsync(cancellation).ConfigureAwait(false);
        Refuse(await VersionAsync(connection, cancellation).ConfigureAwait(false));
    }

    private void Refuse(int found)
    {
        if (found > _steps[^1].Version)
            throw new JournalException(
                JournalFailure.Outdated,
                $"the read tables in {database.Name} have version {found}, and this trafficflow knows {_steps[^1].Version}: run a newer one, or restore the database's backup of before the upgrade");
    }

    /// <summary>0 where there are no tables.</summary>
    public async Task<int> VersionAsync(TablesConnection connection, CancellationToken cancellation)
    {
        var tables = await connection.QueryToListAsync<long>(database.Dialect.CountTables("flow_tables_version"), cancellation).ConfigureAwait(false);
        return tables[0] == 0 ? 0 : await connection.SchemaVersions.MaxAsync(v => v.Version, cancellation).ConfigureAwait(false);
    }
}
