using System.Data;
using System.Data.Common;
using LinqToDB;
using LinqToDB.Data;
using TrafficFlow.Server.Tables.Flows;
using TrafficFlow.Server.Tables.Journeys;
using TrafficFlow.Server.Tables.Migrations;
using TrafficFlow.Wire.Journals;

namespace TrafficFlow.Server.Tables.Databases;

/// <summary>What differs between the databases that can hold the read tables; the rest is linq2db's to say in each one's SQL.</summary>
internal abstract class TableDatabase
{
    /// <summary>Names the database in messages.</summary>
    public abstract string Name { get; }

    /// <summary>How this database says what a migration asks for.</summary>
    public abstract SchemaDialect Dialect { get; }

    /// <summary>Keeps other servers from migrating at the same time, until the transaction ends; null where a transaction does so anyway.</summary>
    public abstract string? MigrationLock { get; }

    /// <summary>At which all statements of a transaction read one state of the tables, and nobody is kept from writing meanwhile.</summary>
    public abstract IsolationLevel ReadLevel { get; }

    /// <param name="isReadOnly">Nothing is written or made, also no file.</param>
    public static TableDatabase Of(JournalSettings settings, bool isReadOnly = false) => settings switch
    {
        SqliteJournal sqlite => new SqliteTables(sqlite, isReadOnly),
        PostgresJournal postgres => new PostgresTables(postgres, isReadOnly),
        _ => throw new NotSupportedException($"no read tables in {settings.GetType().Name}"),
    };

    public abstract Task<TablesConnection> OpenAsync(CancellationToken cancellation);

    /// <summary>After rows were removed for good: leaves as little of them in the files as this database lets.</summary>
    public virtual Task ForgetAsync(TablesConnection connection, CancellationToken cancellation) => Task.CompletedTask;

    /// <summary>Until it is disposed, the tables are as they are now: of a bin whose rows are deleted between two statements counts would be missing, which is no zero.</summary>
    public Task<DataConnectionTransaction> FreezeAsync(TablesConnection connection, CancellationToken cancellation) => connection.BeginTransactionAsync(ReadLevel, cancellation);
}

/// <summary>A connection to the read tables; not thread-safe.</summary>
/// <param name="times">For statements that are written by hand.</param>
internal sealed class TablesConnection(DataOptions options, StoredTimes times) : DataConnection(options)
{
    private static readonly BulkCopyOptions Copy = new() { BulkCopyType = BulkCopyType.MultipleRows, MaxBatchSize = 500 };

    public StoredTimes Times { get; } = times;

    public ITable<BinRow> Bins => this.GetTable<BinRow>();

    public ITable<CountRow> Counts => this.GetTable<CountRow>();

    public ITable<JourneyRow> Journeys => this.GetTable<JourneyRow>();

    public ITable<JourneyLogRow> JourneyLogs => this.GetTable<JourneyLogRow>();

    public ITable<HeldJourneyRow> HeldJourneys => this.GetTable<HeldJourneyRow>();

    public ITable<JourneyCursorRow> JourneyCursors => this.GetTable<JourneyCursorRow>();

    public ITable<SchemaVersionRow> SchemaVersions => this.GetTable<SchemaVersionRow>();

    /// <summary>Many rows in few statements; their keys must not be there.</summary>
    public async Task InsertAllAsync<T>(IEnumerable<T> rows, CancellationToken cancellation)
        where T : class => await this.BulkCopyAsync(Copy, rows, cancellation).ConfigureAwait(false);
}

/// <summary>How times lie in a database.</summary>
/// <param name="Read">That of a column, in UTC.</param>
/// <param name="Parameter">With its name.</param>
internal sealed record StoredTimes(Func<DbDataReader, int, DateTimeOffset> Read, Func<string, DateTimeOffset, DataParameter> Parameter);
