using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using TrafficFlow.Wire.Journals;

namespace TrafficFlow.Node.Run;

/// <summary>Whether a database answers, and has a table.</summary>
/// <param name="table">One that is there whenever the node works.</param>
internal sealed class DatabaseCheck(string what, string table, Func<DbConnection> connect) : IHealthCheck
{
    public static DatabaseCheck OfJournal(JournalSettings journal) => journal switch
    {
        PostgresJournal postgres => new DatabaseCheck("the journal's PostgreSQL", "journal", () => postgres.Source.CreateConnection()),
        SqliteJournal sqlite => new DatabaseCheck(sqlite.File, "journal", () => Open(sqlite.File)),
        _ => throw new ArgumentOutOfRangeException(nameof(journal), journal, "no such journal"),
    };

    public static DatabaseCheck OfTables(JournalSettings journal) => journal switch
    {
        PostgresJournal postgres => new DatabaseCheck("the read tables' PostgreSQL", "flow_bins", () => postgres.Source.CreateConnection()),
        SqliteJournal sqlite => new DatabaseCheck(sqlite.TablesFile, "flow_bins", () => Open(sqlite.TablesFile)),
        _ => throw new ArgumentOutOfRangeException(nameof(journal), journal, "no such journal"),
    };

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await using var database = connect();
            await database.OpenAsync(cancellationToken);
            await using var query = database.CreateCommand();
            query.CommandText = $"select 1 from {table} limit 1";
            await query.ExecuteScalarAsync(cancellationToken);
            return HealthCheckResult.Healthy($"{what} answers");
        }
        catch (Exception e) when (e is DbException or IOException or TimeoutException or InvalidOperationException)
        {
            return HealthCheckResult.Unhealthy($"{what} does not answer ({e.Message}): is it up, is its disk full? Counts wait and are stored when it is back");
        }
    }

    private static SqliteConnection Open(string file) =>
        new(new SqliteConnectionStringBuilder { DataSource = file, Mode = SqliteOpenMode.ReadOnly, Pooling = false, DefaultTimeout = 5 }.ToString());
}
