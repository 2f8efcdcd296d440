using System.Net.Sockets;
using System.Runtime.Serialization;
using Google.Protobuf;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace TrafficFlow.Wire.Journals;

/// <summary>Tells a database that is away for a while from an operation that can never succeed.</summary>
internal static class DatabaseFault
{
    private const int UniqueViolationInSqlite = 19;

    // SQLite: busy, locked, input/output error, disk full, file cannot be opened; out of memory and read-only file systems pass too.
    private static readonly HashSet<int> PassingInSqlite = [5, 6, 7, 8, 10, 13, 14];

    /// <summary>Why the database cannot be used now, and what may help, as a sentence; null where waiting would not help.</summary>
    public static string? Of(Exception e) => Cause(e) switch
    {
        PostgresException { SqlState: PostgresErrorCodes.DiskFull } p => $"its disk is full ({Said(p)}): free space there.",
        PostgresException { SqlState: PostgresErrorCodes.TooManyConnections } p => $"it takes no more connections ({Said(p)}): raise max_connections, or lower Maximum Pool Size.",
        PostgresException { SqlState: PostgresErrorCodes.ReadOnlySqlTransaction } p => $"it takes no writes ({Said(p)}): is it a standby? Name the primary server.",
        PostgresException { SqlState: PostgresErrorCodes.CannotConnectNow } p => $"it is not ready yet ({Said(p)}); nothing is to be done unless that lasts.",
        PostgresException p when Passes(p.SqlState) => $"it ended the connection ({Said(p)}): was it stopped?",
        SqliteException { SqliteErrorCode: 13 } s => $"its disk is full ({Said(s)}): free space there.",
        SqliteException s when PassingInSqlite.Contains(s.SqliteErrorCode) => $"the file cannot be written ({Said(s)}): look at the disk, and at who else has the file open.",
        PostgresException or SqliteException or null => null,
        var other => $"it does not answer ({Said(other)}): is PostgreSQL running, and can this machine reach it?",
    };

    /// <summary>A row with the same key is there already.</summary>
    public static bool IsUniqueViolation(Exception e) => Cause(e) is
        PostgresException { SqlState: PostgresErrorCodes.UniqueViolation } or SqliteException { SqliteErrorCode: UniqueViolationInSqlite };

    // Connection exceptions, insufficient resources, operator intervention, lost serialization.
    private static bool Passes(string state) =>
        state.StartsWith("08", StringComparison.Ordinal) || state.StartsWith("53", StringComparison.Ordinal)
        || state.StartsWith("57", StringComparison.Ordinal) || state.StartsWith("40", StringComparison.Ordinal);

    /// <summary>The first in the chain that says something about the database.</summary>
    private static Exception? Cause(Exception? e)
    {
        for (; e is not null; e = e is AggregateException all ? all.InnerExceptions.FirstOrDefault() : e.InnerException)
        {
            // What was read cannot be understood: of an IOException's type, and no fault of the database.
            if (e is InvalidProtocolBufferException or SerializationException) return null;
            if (e is PostgresException or SqliteException or SocketException or TimeoutException or IOException) return e;
            // Without a cause of its own it is a connection that broke; a mistake in using the driver has none of these types.
            if (e is NpgsqlException && e.InnerException is null) return e;
        }

        return null;
    }

    private static string Said(Exception e) => (e is PostgresException p ? p.MessageText : e.Message).ReplaceLineEndings(" ").Trim();
}
