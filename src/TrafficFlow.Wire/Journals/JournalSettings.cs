using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Persistence.Sql.Config;
using LinqToDB;
using LinqToDB.DataProvider.SQLite;
using Microsoft.Data.Sqlite;

namespace TrafficFlow.Wire.Journals;

/// <summary>The database in which a node keeps journal and snapshots, and a server its read tables.</summary>
public abstract record JournalSettings
{
    /// <summary>Names the database in messages.</summary>
    public abstract string Name { get; }

    public abstract Config ToHocon();

    /// <summary>Gives up open connections, which may be broken.</summary>
    internal virtual void DropConnections()
    {
    }

    /// <summary>What must not stand in a configuration that people can look at; null for nothing.</summary>
    internal virtual Setup? Setup => null;
}

/// <summary>Everything in one SQLite file.</summary>
/// <param name="File">Its folder must exist or be creatable.</param>
public sealed record SqliteJournal(string File) : JournalSettings
{
    /// <summary>Below this many free bytes on the disk the node does not start.</summary>
    public long MinFreeBytes { get; init; } = 200_000_000;

    public override string Name => File;

    public string ConnectionString => ConnectionTo(File);

    /// <summary>
    /// The read tables, in a file of their own beside it: SQLite has one write lock a file, for which the journal would wait, and who reads
    /// tables has no business in the journal.
    /// </summary>
    public string TablesFile => Path.Combine(Path.GetDirectoryName(File) ?? "", $"{Path.GetFileNameWithoutExtension(File)}.flows.db");

    public string TablesConnectionString => ConnectionTo(TablesFile);

    private static string ConnectionTo(string file) => new SqliteConnectionStringBuilder { DataSource = file, DefaultTimeout = 30 }.ToString();

    /// <summary>
    /// Whoever finds the file locked (a snapshot is written, rows are deleted) waits inside SQLite, which looks again after milliseconds.
    /// The driver by itself looks again after 150 ms: half of what a count may take to its subscriber.
    /// </summary>
    internal override Setup Setup => new DataOptionsSetup(new DataOptions()
        .UseProvider(ProviderName.SQLiteMS)
        .UseConnectionFactory(SQLiteTools.GetDataProvider(SQLiteProvider.Microsoft), _ => Patient(ConnectionString)));

    internal static SqliteConnection Patient(string connectionString)
    {
        var connection = new SqliteConnection(connectionString);
        connection.StateChange += (_, change) =>
        {
            if (change.CurrentState != System.Data.ConnectionState.Open) return;
            using var wait = connection.CreateCommand();
            wait.CommandText = "PRAGMA busy_timeout=20000";
            wait.ExecuteNonQuery();
        };
        return connection;
    }

    public override Config ToHocon()
    {
        var connection = ConnectionString.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);
        // One writer: SQLite has one write lock, and more writers only wait for it. synchronous stays at SQLite's default FULL, which
        // the check verifies: a power cut loses nothing.
        return ConfigurationFactory.ParseString(
            $$"""
            akka.persistence {
              journal {
                plugin = "akka.persistence.journal.sql"
                sql {
                  class = "Akka.Persistence.Sql.Journal.SqlWriteJournal, Akka.Persistence.Sql"
                  connection-string = "{{connection}}"
                  provider-name = "SQLite.MS"
                  auto-initialize = on
                  parallelism = 1
                }
              }
              snapshot-store {
                plugin = "akka.persistence.snapshot-store.sql"
                sql {
                  class = "Akka.Persistence.Sql.Snapshot.SqlSnapshotStore, Akka.Persistence.Sql"
                  connection-string = "{{connection}}"
                  provider-name = "SQLite.MS"
                  auto-initialize = on
                }
              }
            }
            """);
    }
}
