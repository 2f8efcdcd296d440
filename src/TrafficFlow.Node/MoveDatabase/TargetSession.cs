using Npgsql;
using NpgsqlTypes;

namespace TrafficFlow.Node.MoveDatabase;

/// <summary>
/// One transaction that fills the database: all of it is there after <see cref="CommitAsync"/>, and nothing without it, however the process ends. The tables
/// are locked, so that nobody reads or writes a half.
/// </summary>
internal sealed class TargetSession : IAsyncDisposable
{
    // Of this database, for whoever moves something into it.
    private const string OneMoveAtATime = "SELECT pg_try_advisory_xact_lock(7322)";
    private const string LockWithin = "SET LOCAL lock_timeout = '10s'";

    private readonly string _name;
    private readonly NpgsqlConnection _connection;
    private readonly NpgsqlTransaction _transaction;

    private TargetSession(string name, NpgsqlConnection connection, NpgsqlTransaction transaction) => (_name, _connection, _transaction) = (name, connection, transaction);

    /// <exception cref="MoveException">Another move fills it now, or somebody holds its tables.</exception>
    public static async Task<TargetSession> BeginAsync(TargetDatabase target, IReadOnlyList<string> tables, CancellationToken cancellation)
    {
        var connection = await target.Journal.Source.OpenConnectionAsync(cancellation);
        var session = new TargetSession(target.Name, connection, await connection.BeginTransactionAsync(cancellation));
        try
        {
            await session.LockAsync(tables, cancellation);
            return session;
        }
        catch
        {
            await session.DisposeAsync();
            throw;
        }
    }

    public Task<IReadOnlyList<MoveRecord>> MovesAsync(CancellationToken cancellation) => TargetDatabase.MovesAsync(_connection, cancellation);

    /// <exception cref="MoveException">It has a column that no table of ours has.</exception>
    public async Task<IReadOnlyList<MovedColumn>> ColumnsAsync(string table, CancellationToken cancellation)
    {
        await using var query = Command(
            "SELECT attname, format_type(atttypid, NULL) FROM pg_attribute WHERE attrelid = to_regclass(quote_ident($1)) AND attnum > 0 AND NOT attisdropped ORDER BY attnum", table);
        await using var reader = await query.ExecuteReaderAsync(cancellation);
        var columns = new List<MovedColumn>();
        while (await reader.ReadAsync(cancellation))
            columns.Add(MovedColumn.Of(reader.GetString(0), reader.GetString(1))
                ?? throw new MoveException($"{_name} has a table {table} whose column {reader.GetString(0)} is a {reader.GetString(1)}, which is none of TrafficFlow's: name a database of its own"));
        return columns;
    }

    /// <summary>Of rows, and of what is known of a move.</summary>
    public async Task EmptyAsync(IReadOnlyList<string> tables, CancellationToken cancellation)
    {
        await RunAsync($"TRUNCATE {string.Join(", ", tables)}", cancellation);
        await RunAsync(MoveRecord.Create, cancellation);
        await RunAsync(MoveRecord.Delete, cancellation);
    }

    /// <summary>Bulk copy; one row at a time is in memory.</summary>
    /// <param name="tick">Called after each row.</param>
    public async Task WriteAsync(string table, IReadOnlyList<MovedColumn> columns, IEnumerable<object?[]> rows, Action tick, CancellationToken cancellation)
    {
        await using var copy = await _connection.BeginBinaryImportAsync(
            $"COPY {table} ({string.Join(", ", columns.Select(c => $"\"{c.Name}\""))}) FROM STDIN (FORMAT BINARY)", cancellation);
        foreach (var row in rows)
        {
            await copy.StartRowAsync(cancellation);
            for (var i = 0; i < row.Length; i++) await WriteAsync(copy, row[i], columns[i].Type, cancellation);
            tick();
        }

        await copy.CompleteAsync(cancellation);
    }

    /// <summary>What is in the table, read back.</summary>
    public async Task<TableSum> SumAsync(string table, IReadOnlyList<MovedColumn> columns, CancellationToken cancellation)
    {
        await using var query = Command($"SELECT {string.Join(", ", columns.Select(c => $"\"{c.Name}\""))} FROM {table}");
        await using var reader = await query.ExecuteReaderAsync(cancellation);
        var digest = new TableDigest(columns);
        var row = new object?[columns.Count];
        while (await reader.ReadAsync(cancellation))
        {
            for (var i = 0; i < row.Length; i++) row[i] = ValueOf(reader, i, columns[i]);
            digest.Add(row);
        }

        return digest.Sum;
    }

    /// <summary>The columns of a table that PostgreSQL numbers by itself.</summary>
    public async Task<IReadOnlyList<string>> NumberedAsync(string table, IReadOnlyList<MovedColumn> columns, CancellationToken cancellation)
    {
        var numbered = new List<string>();
        foreach (var column in columns.Where(c => c.Kind == ValueKind.Whole))
        {
            await using var query = Command("SELECT pg_get_serial_sequence(quote_ident($1), $2)", table, column.Name);
            if (await query.ExecuteScalarAsync(cancellation) is string) numbered.Add(column.Name);
        }

        return numbered;
    }

    /// <summary>The next number is the one after this. Not undone with the transaction, and of no effect on an empty table.</summary>
    public async Task NumberFromAsync(string table, string column, long last, CancellationToken cancellation)
    {
        await using var set = Command("SELECT setval(pg_get_serial_sequence(quote_ident($1), $2)::regclass, $3, $4)", table, column, Math.Max(1, last), last > 0);
        await set.ExecuteScalarAsync(cancellation);
    }

    public async Task RecordAsync(MoveRecord move, CancellationToken cancellation)
    {
        await using var insert = move.Insert(_connection);
        await insert.ExecuteNonQueryAsync(cancellation);
    }

    public Task CommitAsync(CancellationToken cancellation) => _transaction.CommitAsync(cancellation);

    public async ValueTask DisposeAsync()
    {
        await _transaction.DisposeAsync();
        await _connection.DisposeAsync();
    }

    private async Task LockAsync(IReadOnlyList<string> tables, CancellationToken cancellation)
    {
        await using (var only = Command(OneMoveAtATime))
            if (await only.ExecuteScalarAsync(cancellation) is not true) throw new MoveException($"another trafficflow move-database fills {_name} now: wait for its end");
        await RunAsync(LockWithin, cancellation);
        try
        {
            await RunAsync($"LOCK TABLE {string.Join(", ", tables)} IN ACCESS EXCLUSIVE MODE", cancellation);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            throw new MoveException($"somebody uses the tables of {_name} now (pg_stat_activity tells who): stop it, and run the same command again", e);
        }
    }

    private static Task WriteAsync(NpgsqlBinaryImporter copy, object? value, NpgsqlDbType type, CancellationToken cancellation) => value switch
    {
        null => copy.WriteNullAsync(cancellation),
        string text => copy.WriteAsync(text, type, cancellation),
        long number when type == NpgsqlDbType.Integer => copy.WriteAsync(checked((int)number), type, cancellation),
        long number when type == NpgsqlDbType.Smallint => copy.WriteAsync(checked((short)number), type, cancellation),
        long number => copy.WriteAsync(number, type, cancellation),
        bool flag => copy.WriteAsync(flag, type, cancellation),
        double number => copy.WriteAsync(number, type, cancellation),
        DateTime time => copy.WriteAsync(time, type, cancellation),
        byte[] bytes => copy.WriteAsync(bytes, type, cancellation),
        _ => throw new ArgumentOutOfRangeException(nameof(value), value.GetType(), "no such value"),
    };

    private static object? ValueOf(NpgsqlDataReader reader, int i, MovedColumn column) => reader.IsDBNull(i) ? null : column.Kind switch
    {
        ValueKind.Text or ValueKind.Json => reader.GetString(i),
        ValueKind.Whole => Convert.ToInt64(reader.GetValue(i), System.Globalization.CultureInfo.InvariantCulture),
        ValueKind.Flag => reader.GetBoolean(i),
        ValueKind.Number => reader.GetDouble(i),
        ValueKind.Time => reader.GetDateTime(i),
        ValueKind.Bytes => reader.GetFieldValue<byte[]>(i),
        _ => throw new ArgumentOutOfRangeException(nameof(column), column.Kind, "no such kind"),
    };

    private NpgsqlCommand Command(string sql, params object[] values)
    {
        var command = new NpgsqlCommand(sql, _connection);
        foreach (var value in values) command.Parameters.Add(new NpgsqlParameter { Value = value });
        return command;
    }

    private async Task RunAsync(string sql, CancellationToken cancellation)
    {
        await using var command = Command(sql);
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
