using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Persistence.Sql.Config;
using LinqToDB;
using LinqToDB.DataProvider.PostgreSQL;
using Npgsql;

namespace TrafficFlow.Wire.Journals;

/// <summary>
/// A PostgreSQL database. The password is read from its file whenever a connection is made, so that it can be changed without a restart;
/// it stands in no setting, no log and no configuration of the actor system.
/// </summary>
/// <param name="Connection">Npgsql's keywords without a password: Host, Port, Database, Username and what else is wanted.</param>
/// <param name="PasswordFile">Its first line is the password; null where the server asks for none.</param>
public sealed record PostgresJournal(string Connection, string? PasswordFile = null) : JournalSettings
{
    // Ours come first: what the operator writes overrides it. Writers, recoveries of many aggregators at once and the read tables share
    // the pool; two servers together stay below PostgreSQL's default of 100 connections. A host that vanished without a word is noticed by
    // the command timeout, well before the journal's circuit breaker.
    private const string Defaults =
        "Application Name=trafficflow;Maximum Pool Size=32;Timeout=5;Command Timeout=15;Cancellation Timeout=2000;Keepalive=15;Max Auto Prepare=20;Auto Prepare Min Usages=3;";

    private readonly Lazy<NpgsqlDataSource> _source = new(() => Build($"{Defaults}{Connection}", PasswordFile));

    public NpgsqlDataSource Source => _source.Value;

    /// <summary>Host, port and database, for people.</summary>
    public override string Name
    {
        get
        {
            var c = new NpgsqlConnectionStringBuilder(Connection);
            return $"{c.Host}:{c.Port}/{c.Database}";
        }
    }

    internal override void DropConnections() => Source.Clear();

    // The plugin goes by the provider's name, linq2db by the provider.
    internal override Setup Setup => new DataOptionsSetup(new DataOptions()
        .UseProvider(ProviderName.PostgreSQL15)
        .UseConnectionFactory(PostgreSQLTools.GetDataProvider(PostgreSQLVersion.v15), _ => Source.CreateConnection()));

    public override Config ToHocon() => ConfigurationFactory.ParseString(
        """
        akka.persistence {
          journal {
            plugin = "akka.persistence.journal.sql"
            sql {
              class = "Akka.Persistence.Sql.Journal.SqlWriteJournal, Akka.Persistence.Sql"
              provider-name = "PostgreSQL.15"
              auto-initialize = on
              # Each commit waits for the disk: many aggregators' events share one, and three are under way at once.
              batch-size = 400
              parallelism = 3
              replay-batch-size = 2000
            }
          }
          snapshot-store {
            plugin = "akka.persistence.snapshot-store.sql"
            sql {
              class = "Akka.Persistence.Sql.Snapshot.SqlSnapshotStore, Akka.Persistence.Sql"
              provider-name = "PostgreSQL.15"
              auto-initialize = on
            }
          }
        }
        """);

    private static NpgsqlDataSource Build(string connection, string? passwordFile)
    {
        var builder = new NpgsqlDataSourceBuilder(connection);
        if (passwordFile is not null)
            builder.UsePasswordProvider(_ => ReadPassword(passwordFile), (_, _) => ValueTask.FromResult(ReadPassword(passwordFile)));
        return builder.Build();
    }

    private static string ReadPassword(string file)
    {
        try
        {
            using var reader = new StreamReader(file);
            return reader.ReadLine() ?? "";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new JournalException(
                JournalFailure.AccessDenied,
                $"the password file {file} cannot be read ({e.Message}): give the account that runs trafficflow read access, or correct journal.password-file", e);
        }
    }
}
