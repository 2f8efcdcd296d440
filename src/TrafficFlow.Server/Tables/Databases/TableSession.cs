using System.Data.Common;
using LinqToDB.Data;
using TrafficFlow.Server.Queries;
using TrafficFlow.Server.Tables.Migrations;
using TrafficFlow.Wire.Journals;

namespace TrafficFlow.Server.Tables.Databases;

/// <summary>Reading connections to tables that a server of this or another version may be writing.</summary>
internal sealed class TableSession(TableDatabase database)
{
    /// <summary>Whether there is such a table: of those that no version counts.</summary>
    public async Task<bool> HasAsync(TablesConnection connection, string table, CancellationToken cancellation) =>
        (await connection.QueryToListAsync<long>(database.Dialect.CountTables(table), cancellation).ConfigureAwait(false))[0] > 0;

    /// <param name="version">The tables' version from which on what is asked for exists.</param>
    /// <exception cref="QueryException">They cannot be read.</exception>
    public async Task<T> ReadAsync<T>(int version, Func<TablesConnection, Task<T>> read, CancellationToken cancellation)
    {
        try
        {
            await using var connection = await database.OpenAsync(cancellation).ConfigureAwait(false);
            await using var frozen = await database.FreezeAsync(connection, cancellation).ConfigureAwait(false);
            var found = await new TableMigrator(database).VersionAsync(connection, cancellation).ConfigureAwait(false);
            if (found < version)
                throw new QueryException(found == 0
                    ? $"there are no read tables in {database.Name}: has a server with this database run yet?"
                    : $"the read tables in {database.Name} have version {found}, and this is kept since version {version}: start the server of this version once, which brings them there");
            if (found > TableMigrator.Steps[^1].Version)
                throw new QueryException($"the read tables in {database.Name} have version {found}, and this trafficflow knows {TableMigrator.Steps[^1].Version}: use a newer one");
            return await read(connection).ConfigureAwait(false);
        }
        catch (Exception e) when (e is DbException or JournalException or TimeoutException)
        {
            throw new QueryException(
                $"the read tables in {database.Name} cannot be read ({e.GetBaseException().Message.ReplaceLineEndings(" ").Trim()}): does the database run, and may this account read it{(database is SqliteTables ? " and write its folder" : "")}?", e);
        }
    }
}
