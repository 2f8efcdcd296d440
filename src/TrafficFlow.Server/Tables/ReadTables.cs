using TrafficFlow.Server.Queries;
using TrafficFlow.Server.Tables.Databases;
using TrafficFlow.Server.Tables.Flows;
using TrafficFlow.Server.Tables.Journeys;
using TrafficFlow.Wire.Journals;

namespace TrafficFlow.Server.Tables;

/// <summary>The queries on a server's read tables, in whatever process: they write nothing, and do not disturb the server.</summary>
public static class ReadTables
{
    /// <param name="database">Of the server's node file.</param>
    /// <exception cref="QueryException">There is no such SQLite file. Everything else is found with the first query.</exception>
    public static IFlowQuery Flows(JournalSettings database) => new FlowTableQuery(Open(database));

    /// <inheritdoc cref="Flows(JournalSettings)"/>
    public static IJourneyQuery Journeys(JournalSettings database) => new JourneyTableQuery(Open(database));

    private static TableSession Open(JournalSettings database)
    {
        if (database is SqliteJournal sqlite && MovedDatabase.Problem(sqlite) is { } moved) throw new QueryException(moved);
        if (database is SqliteJournal { TablesFile: var file } && !File.Exists(file))
            throw new QueryException($"there is no file {file}, where the read tables would be: has a server with this data directory run yet?");
        return new TableSession(TableDatabase.Of(database, isReadOnly: true));
    }
}
