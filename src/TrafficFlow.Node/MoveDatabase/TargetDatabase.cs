using Npgsql;
using TrafficFlow.Server.Tables;
using TrafficFlow.Wire.Journals;

namespace TrafficFlow.Node.MoveDatabase;

/// <summary>The PostgreSQL database that a node's counts are moved to, before and between what is written to it.</summary>
internal sealed class TargetDatabase
{
    private const string Self = "trafficflow move-database";

    // A commit of a large database may wait for a busy disk; a host that vanished is noticed all the same.
    private const int PatienceSeconds = 120;

    public TargetDatabase(PostgresJournal settings)
    {
        Settings = settings;
        Journal = new PostgresJournal(
            new NpgsqlConnectionStringBuilder(settings.Connection) { ApplicationName = Self, CommandTimeout = PatienceSeconds, Timeout = 15 }.ToString(), settings.PasswordFile);
    }

    /// <summary>As a node will have it.</summary>
    public PostgresJournal Settings { get; }

    /// <summary>The same for the move itself.</summary>
    public PostgresJournal Journal { get; }

    public string Name => Settings.Name;

    /// <summary>Whether the database can be used by a node. Changes nothing.</summary>
    /// <param name="tables">What would be moved.</param>
    /// <returns>What the tables hold already, as "TABLE ROWS"; those that are empty or not there are left out.</returns>
    /// <exception cref="JournalException">It cannot be used.</exception>
    /// <exception cref="MoveException">A program of ours is using it.</exception>
    public async Task<IReadOnlyList<string>> LookAsync(IEnumerable<string> tables, CancellationToken cancellation)
    {
        await PostgresCheck.LookAsync(Journal, cancellation);
        await using var connection = await Journal.Source.OpenConnectionAsync(cancellation);
        await RefuseNodesAsync(connection, cancellation);
        var held = new List<string>();
        foreach (var table in tables)
        {
            if (await IsThereAsync(connection, table, cancellation) && await CountAsync(connection, table, cancellation) is > 0 and var rows) held.Add($"{table} {rows}");
        }

        return held;
    }

    /// <summary>The moves that have filled it; none where it has no table of them.</summary>
    public static async Task<IReadOnlyList<MoveRecord>> MovesAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        if (!await IsThereAsync(connection, MoveRecord.Table, cancellation)) return [];
        await using var query = new NpgsqlCommand(MoveRecord.Select, connection);
        await using var reader = await query.ExecuteReaderAsync(cancellation);
        var moves = new List<MoveRecord>();
        while (await reader.ReadAsync(cancellation)) moves.Add(MoveRecord.Of(reader));
        return moves;
    }

    /// <summary>Whether this move has filled it to the end.</summary>
    public async Task<bool> KnowsAsync(string move, CancellationToken cancellation)
    {
        await using var connection = await Journal.Source.OpenConnectionAsync(cancellation);
        return (await MovesAsync(connection, cancellation)).Any(m => m.Id == move);
    }

    /// <summary>Makes the tables where there are none, and brings empty ones of an older version to this one: the same way as a node.</summary>
    /// <exception cref="JournalException">They are of a newer version, or cannot be made.</exception>
    public async Task MakeTablesAsync(CancellationToken cancellation)
    {
        await JournalSchema.CreateAsync(Journal, cancellation);
        await new FlowTables(Journal).MigrateAsync(cancellation);
        await new FeedPlaces(Journal).MakeAsync(cancellation);
    }

    /// <summary>Those of these tables that it has.</summary>
    public async Task<IReadOnlySet<string>> HasAsync(IEnumerable<string> tables, CancellationToken cancellation)
    {
        await using var connection = await Journal.Source.OpenConnectionAsync(cancellation);
        var there = new HashSet<string>(StringComparer.Ordinal);
        foreach (var table in tables)
        {
            if (await IsThereAsync(connection, table, cancellation)) there.Add(table);
        }

        return there;
    }

    /// <summary>A node that counts in it meanwhile would have its counts among those that come.</summary>
    private async Task RefuseNodesAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var query = new NpgsqlCommand(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE 'trafficflow%' AND application_name <> $1", connection)
        {
            Parameters = { new() { Value = Self } },
        };
        if (await query.ExecuteScalarAsync(cancellation) is > 0L)
            throw new MoveException($"a node uses {Name} now: stop it, or name an empty database of this node's own");
    }

    private static async Task<bool> IsThereAsync(NpgsqlConnection connection, string table, CancellationToken cancellation)
    {
        await using var query = new NpgsqlCommand("SELECT to_regclass(quote_ident($1)) IS NOT NULL", connection) { Parameters = { new() { Value = table } } };
        return (bool)(await query.ExecuteScalarAsync(cancellation))!;
    }

    private static async Task<long> CountAsync(NpgsqlConnection connection, string table, CancellationToken cancellation)
    {
        await using var query = new NpgsqlCommand($"SELECT count(*) FROM {table}", connection);
        return (long)(await query.ExecuteScalarAsync(cancellation))!;
    }
}
