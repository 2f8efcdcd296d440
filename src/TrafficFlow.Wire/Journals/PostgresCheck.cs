using System.Net.Sockets;
using System.Security.Authentication;
using Microsoft.Extensions.Logging;
using Npgsql;
using TrafficFlow.Wire.Retry;

namespace TrafficFlow.Wire.Journals;

/// <summary>Looks at a PostgreSQL database before a server starts on it.</summary>
public static partial class PostgresCheck
{
    private const int OldestServer = 140_000;
    private static readonly BackOffSettings Retry = new(TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(5), 0.2, TimeSpan.MaxValue);
    private static readonly TimeSpan SayAgain = TimeSpan.FromMinutes(1);

    /// <summary>Returns when the database can be used; waits while it cannot be reached, and says so.</summary>
    /// <exception cref="JournalException">Waiting would not help: the message says what to do.</exception>
    public static async Task WaitAsync(PostgresJournal journal, ILogger log, TimeProvider time, CancellationToken cancellation)
    {
        var backOff = new BackOff(Retry, Random.Shared);
        long? said = null;
        while (true)
        {
            try
            {
                await LookAsync(journal, cancellation).ConfigureAwait(false);
                if (said is not null) IsReached(log, journal.Name);
                return;
            }
            catch (JournalException e) when (e.Failure == JournalFailure.Unreachable)
            {
                if (said is not { } last || time.GetElapsedTime(last) >= SayAgain)
                {
                    said = time.GetTimestamp();
                    Waits(log, e.Message);
                }
            }

            await Task.Delay(backOff.Next(TimeSpan.Zero), time, cancellation).ConfigureAwait(false);
        }
    }

    /// <exception cref="JournalException">The database cannot be used; <see cref="JournalFailure.Unreachable"/> may pass by itself.</exception>
    public static async Task LookAsync(PostgresJournal journal, CancellationToken cancellation)
    {
        try
        {
            await using var connection = await journal.Source.OpenConnectionAsync(cancellation).ConfigureAwait(false);
            await CheckServerAsync(journal.Name, connection, cancellation).ConfigureAwait(false);
            await CheckRightsAsync(connection, cancellation).ConfigureAwait(false);
        }
        catch (Exception e) when (e is NpgsqlException or SocketException or TimeoutException or IOException)
        {
            throw Explain(journal, e);
        }
    }

    private static async Task CheckServerAsync(string name, NpgsqlConnection connection, CancellationToken cancellation)
    {
        if (int.Parse(await ShowAsync(connection, "server_version_num", cancellation).ConfigureAwait(false), System.Globalization.CultureInfo.InvariantCulture) < OldestServer)
            throw new JournalException(
                JournalFailure.Outdated,
                $"{name} is PostgreSQL {await ShowAsync(connection, "server_version", cancellation).ConfigureAwait(false)}, and 14 is the oldest that can be used: install 15 or newer");
        if (await ShowAsync(connection, "server_encoding", cancellation).ConfigureAwait(false) is not "UTF8" and var encoding)
            throw new JournalException(
                JournalFailure.WrongEncoding,
                $"the database {name} has the encoding {encoding}, in which not every name can be written: make one with createdb --encoding=UTF8 --template=template0");
        foreach (var (setting, loses) in new[] { ("fsync", "a power cut could destroy the database"), ("full_page_writes", "a power cut could destroy the database"), ("synchronous_commit", "a power cut could lose counts that were answered for") })
        {
            if (await ShowAsync(connection, setting, cancellation).ConfigureAwait(false) == "off")
                throw new JournalException(
                    JournalFailure.NotDurable,
                    $"{name} runs with {setting} = off, and {loses}: set it to on in postgresql.conf, and look for it in ALTER ROLE and ALTER DATABASE too");
        }
    }

    private static async Task CheckRightsAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellation).ConfigureAwait(false);
        await using var create = new NpgsqlCommand("CREATE TABLE trafficflow_may_create_tables (a int)", connection, transaction);
        await create.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
        await transaction.RollbackAsync(cancellation).ConfigureAwait(false);
    }

    private static async Task<string> ShowAsync(NpgsqlConnection connection, string setting, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand($"SHOW {setting}", connection);
        return (string)(await command.ExecuteScalarAsync(cancellation).ConfigureAwait(false))!;
    }

    /// <summary>What a failure of the driver means for whoever operates the database, and what to do.</summary>
    public static JournalException Explain(PostgresJournal journal, Exception e)
    {
        // The password provider's own failure comes wrapped.
        for (var inner = e.InnerException; inner is not null; inner = inner.InnerException)
            if (inner is JournalException known) return known;
        var c = new NpgsqlConnectionStringBuilder(journal.Connection);
        var (name, user) = (journal.Name, c.Username ?? Environment.UserName);
        var said = e.GetBaseException().Message.ReplaceLineEndings(" ").Trim();
        return e switch
        {
            PostgresException { SqlState: PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification } => new(
                JournalFailure.AccessDenied,
                $"{name} does not let {user} in ({said}): correct the password in {journal.PasswordFile ?? "journal.password-file"}, the Username, or the server's pg_hba.conf", e),
            PostgresException { SqlState: PostgresErrorCodes.InvalidCatalogName } => new(
                JournalFailure.DatabaseMissing,
                $"PostgreSQL at {c.Host}:{c.Port} has no database {c.Database}: make it with createdb --encoding=UTF8 --template=template0 --owner={user} {c.Database}", e),
            PostgresException { SqlState: PostgresErrorCodes.InsufficientPrivilege or PostgresErrorCodes.InvalidSchemaName } => new(
                JournalFailure.NotWritable,
                $"{user} may not make tables in {name} ({said}): ALTER DATABASE {c.Database} OWNER TO {user}, or GRANT CREATE ON SCHEMA public TO {user}", e),
            PostgresException { SqlState: PostgresErrorCodes.ReadOnlySqlTransaction } => new(
                JournalFailure.NotWritable,
                $"{name} takes no writes ({said}): is it a standby, or is default_transaction_read_only on? Name the primary server", e),
            PostgresException { SqlState: PostgresErrorCodes.DiskFull } => new(
                JournalFailure.DiskFull, $"the disk of {name} is full ({said}): free space there", e),
            // Starting up, shutting down, no connection left, out of memory: it may be otherwise in a moment.
            PostgresException => new(JournalFailure.Unreachable, $"{name} cannot be used yet ({said}): is it starting or overloaded?", e),
            _ when said.StartsWith("No password", StringComparison.Ordinal) => new(
                JournalFailure.AccessDenied, $"{name} wants a password for {user}, and none is set: write it into a file, and name that in journal.password-file", e),
            _ when e.GetBaseException() is AuthenticationException => new(
                JournalFailure.AccessDenied, $"no encrypted connection to {name} ({said}): correct SSL Mode and Root Certificate in journal.connection", e),
            _ => new(JournalFailure.Unreachable, $"{name} does not answer ({said}): is PostgreSQL running, and can this machine reach it?", e),
        };
    }

    [LoggerMessage(LogLevel.Warning, "Waiting for the database: {Problem} This server starts when it can be reached; nothing is lost meanwhile")]
    private static partial void Waits(ILogger log, string problem);

    [LoggerMessage(LogLevel.Information, "The database {Name} is reached")]
    private static partial void IsReached(ILogger log, string name);
}
