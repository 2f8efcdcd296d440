using Akka.Actor.Setup;
using Akka.Configuration;
using Microsoft.Data.Sqlite;

namespace TrafficFlow.Actors.Hosting;

/// <summary>The database in which a node keeps journal and snapshots, and a server its read tables.</summary>
public abstract record JournalSettings
{
    public abstract Config ToHocon();

    /// <summary>What must not stand in a configuration that people can look at; null for nothing.</summary>
    internal virtual Setup? Setup => null;
}

/// <summary>Everything in one SQLite file.</summary>
/// <param name="File">Its folder must exist or be creatable.</param>
public sealed record SqliteJournal(string File) : JournalSettings
{
    /// <summary>Below this many free bytes on the disk the node does not start.</summary>
    public long MinFreeBytes { get; init; } = 200_000_000;

    public string ConnectionString => new SqliteConnectionStringBuilder { DataSource = File, DefaultTimeout = 30 }.ToString();

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
