using System.Data.Common;
using System.Globalization;
using System.Text;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Scene;
using TrafficFlow.Core.Sites;
using TrafficFlow.Wire.Aggregation;
using TrafficFlow.Wire.Journals;

namespace TrafficFlow.Server.Tables;

/// <summary>
/// The read tables of a server: flow_bins and flow_counts, with every revision, and views of the latest ones. Writing the same revision
/// again changes nothing.
/// </summary>
public sealed class FlowTables
{
    // Far below the 32,766 parameters of a statement that SQLite allows.
    private const int MostParameters = 1000;

    private readonly FlowDatabase _database;

    public FlowTables(JournalSettings settings) => _database = FlowDatabase.Of(settings);

    /// <summary>Names the database in messages.</summary>
    public string Name => _database.Name;

    /// <summary>Makes what is missing.</summary>
    /// <exception cref="JournalException">The tables are of a newer version of TrafficFlow.</exception>
    public async Task CreateAsync(CancellationToken cancellation)
    {
        await using var connection = await _database.OpenAsync(cancellation).ConfigureAwait(false);
        await using var transaction = await connection.BeginTransactionAsync(cancellation).ConfigureAwait(false);
        if (_database.LockForCreation is { } sql) await RunAsync(connection, transaction, sql, cancellation).ConfigureAwait(false);
        if (await HasAsync(connection, transaction, "flow_tables_version", cancellation).ConfigureAwait(false))
        {
            await using var ask = Command(connection, transaction, "SELECT max(version) FROM flow_tables_version");
            var version = Convert.ToInt32(await ask.ExecuteScalarAsync(cancellation).ConfigureAwait(false), CultureInfo.InvariantCulture);
            if (version > FlowTableSchema.Version)
                throw new JournalException(
                    JournalFailure.Outdated,
                    $"the read tables in {Name} have version {version}, and this trafficflow knows {FlowTableSchema.Version}: run a newer one");
            return;
        }

        foreach (var statement in Statements()) await RunAsync(connection, transaction, statement, cancellation).ConfigureAwait(false);
        await transaction.CommitAsync(cancellation).ConfigureAwait(false);
    }

    /// <summary>All or nothing.</summary>
    public async Task WriteAsync(IReadOnlyList<ClosedBin> bins, CancellationToken cancellation)
    {
        if (bins.Count == 0) return;
        await using var connection = await _database.OpenAsync(cancellation).ConfigureAwait(false);
        await using var transaction = await connection.BeginTransactionAsync(cancellation).ConfigureAwait(false);
        foreach (var chunk in bins.Chunk(MostParameters / FlowTableSchema.Bins.Length))
        {
            await UpsertBinsAsync(connection, transaction, chunk, cancellation).ConfigureAwait(false);
            await ForgetCountsAsync(connection, transaction, chunk, cancellation).ConfigureAwait(false);
        }

        var counts = bins.SelectMany(b => b.Bin.Rows.Select(r => (b.Bin, Row: r)));
        foreach (var chunk in counts.Chunk(MostParameters / FlowTableSchema.Counts.Length))
        {
            var insert = new Insert(_database, "flow_counts", FlowTableSchema.Counts);
            foreach (var (bin, row) in chunk)
            {
                var s = row.Sums;
                insert.Add([.. Key(bin), row.Movement.Name, row.Class.Name(), s.Count, s.Small, s.Large, s.SpeedSamples, s.SpeedSumKmh, s.PaceSum]);
            }

            await insert.RunAsync(connection, transaction, "", cancellation).ConfigureAwait(false);
        }

        await transaction.CommitAsync(cancellation).ConfigureAwait(false);
    }

    /// <summary>What follows a cursor, oldest first; without one, the last closed bin of each duration.</summary>
    public Task<BinsAfter> ReadAfterAsync(SiteId site, ApproachId approach, long? after, int limit, CancellationToken cancellation) =>
        new FlowTableReader(_database).ReadAfterAsync(site, approach, after, limit, cancellation);

    private async Task UpsertBinsAsync(DbConnection connection, DbTransaction transaction, ClosedBin[] bins, CancellationToken cancellation)
    {
        var insert = new Insert(_database, "flow_bins", FlowTableSchema.Bins);
        foreach (var closed in bins)
        {
            var bin = closed.Bin;
            var newest = bin.Sources.IsEmpty ? null : bin.Sources[^1].Provenance;
            insert.Add(
            [
                .. Key(bin), closed.Cursor, _database.Time(bin.End), (int)bin.Key.Start.Offset.TotalMinutes, (int)bin.End.Offset.TotalMinutes,
                bin.ObservedSeconds, BinNames.Of(bin.Quality), bin.SiteHash, newest?.DetectorName ?? "", newest?.DetectorVersion ?? "",
                newest?.Calibration ?? "", BinSources.Write(bin.Sources), _database.Time(closed.ClosedAt),
            ]);
        }

        // The same revision again holds the same, save where a damaged journal row has changed the order in which things were counted.
        var rest = FlowTableSchema.Bins.Select(c => c.Name).Except(FlowTableSchema.KeyOfBins).Select(c => $"{c} = excluded.{c}");
        await insert.RunAsync(
            connection, transaction, $" ON CONFLICT ({string.Join(", ", FlowTableSchema.KeyOfBins)}) DO UPDATE SET {string.Join(", ", rest)}", cancellation)
            .ConfigureAwait(false);
    }

    private async Task ForgetCountsAsync(DbConnection connection, DbTransaction transaction, ClosedBin[] bins, CancellationToken cancellation)
    {
        var keys = new Insert(_database, "flow_counts", [.. FlowTableSchema.Counts.Take(FlowTableSchema.KeyOfBins.Length)]);
        foreach (var closed in bins) keys.Add(Key(closed.Bin));
        await keys.DeleteAsync(connection, transaction, cancellation).ConfigureAwait(false);
    }

    private object[] Key(Core.Flow.FlowBin bin) =>
        [bin.Key.Site.Value, bin.Key.Approach.Value, bin.Key.Duration.Minutes, _database.Time(bin.Key.Start), bin.Revision];

    private IEnumerable<string> Statements() =>
    [
        .. _database.Create("flow_bins", FlowTableSchema.Bins, FlowTableSchema.KeyOfBins),
        .. _database.Create("flow_counts", FlowTableSchema.Counts, FlowTableSchema.KeyOfCounts),
        "CREATE INDEX flow_bins_cursor ON flow_bins (site, approach, cursor)",
        .. FlowTableSchema.Views,
        "CREATE TABLE flow_tables_version (version int NOT NULL)",
        $"INSERT INTO flow_tables_version (version) VALUES ({FlowTableSchema.Version})",
    ];

    private async Task<bool> HasAsync(DbConnection connection, DbTransaction transaction, string table, CancellationToken cancellation)
    {
        await using var command = Command(connection, transaction, _database.HasTable);
        Parameter(command, "@name", table);
        return Convert.ToInt64(await command.ExecuteScalarAsync(cancellation).ConfigureAwait(false), CultureInfo.InvariantCulture) > 0;
    }

    private static async Task RunAsync(DbConnection connection, DbTransaction transaction, string sql, CancellationToken cancellation)
    {
        await using var command = Command(connection, transaction, sql);
        await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
    }

    private static DbCommand Command(DbConnection connection, DbTransaction transaction, string sql)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        command.Transaction = transaction;
        return command;
    }

    private static void Parameter(DbCommand command, string name, object value)
    {
        var parameter = command.CreateParameter();
        parameter.ParameterName = name;
        parameter.Value = value;
        command.Parameters.Add(parameter);
    }

    /// <summary>Many rows in one statement.</summary>
    private sealed class Insert(FlowDatabase database, string table, FlowTableColumn[] columns)
    {
        private readonly StringBuilder _rows = new();
        private readonly List<object> _values = [];

        public void Add(IReadOnlyList<object> row)
        {
            _rows.Append(_rows.Length == 0 ? "(" : ", (");
            for (var i = 0; i < columns.Length; i++)
            {
                var name = string.Create(CultureInfo.InvariantCulture, $"@p{_values.Count}");
                _rows.Append(i == 0 ? "" : ", ").Append(columns[i].Type == ColumnType.Json ? database.JsonPlaceholder(name) : name);
                _values.Add(row[i]);
            }

            _rows.Append(')');
        }

        public Task RunAsync(DbConnection connection, DbTransaction transaction, string conflict, CancellationToken cancellation) =>
            RunSqlAsync(connection, transaction, $"INSERT INTO {table} ({Names}) VALUES {_rows}{conflict}", cancellation);

        public Task DeleteAsync(DbConnection connection, DbTransaction transaction, CancellationToken cancellation) =>
            RunSqlAsync(connection, transaction, $"DELETE FROM {table} WHERE ({Names}) IN (VALUES {_rows})", cancellation);

        private string Names => string.Join(", ", columns.Select(c => c.Name));

        private async Task RunSqlAsync(DbConnection connection, DbTransaction transaction, string sql, CancellationToken cancellation)
        {
            await using var command = Command(connection, transaction, sql);
            for (var i = 0; i < _values.Count; i++) Parameter(command, string.Create(CultureInfo.InvariantCulture, $"@p{i}"), _values[i]);
            await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
        }
    }
}
