using System.Data;
using LinqToDB;
using LinqToDB.Data;
using LinqToDB.DataProvider.PostgreSQL;
using LinqToDB.Mapping;
using TrafficFlow.Server.Tables.Migrations;
using TrafficFlow.Wire.Journals;

namespace TrafficFlow.Server.Tables.Databases;

/// <summary>The read tables in a PostgreSQL database that servers share.</summary>
internal sealed class PostgresTables(PostgresJournal settings, bool isReadOnly) : TableDatabase
{
    private static readonly MappingSchema Mapping = MapTimes();
    private static readonly StoredTimes Times = new((reader, column) => reader.GetFieldValue<DateTimeOffset>(column), Parameter);

    private readonly DataOptions _options = new DataOptions()
        .UseConnectionFactory(PostgreSQLTools.GetDataProvider(PostgreSQLVersion.v15), _ => settings.Source.CreateConnection())
        .UseMappingSchema(Mapping);

    public override string Name => settings.Name;

    public override SchemaDialect Dialect => SchemaDialect.Postgres;

    public override string? MigrationLock => "SELECT pg_advisory_xact_lock(7321)";

    public override IsolationLevel ReadLevel => IsolationLevel.RepeatableRead;

    public override async Task<TablesConnection> OpenAsync(CancellationToken cancellation)
    {
        var connection = new TablesConnection(_options, Times);
        if (isReadOnly) await connection.ExecuteAsync("SET default_transaction_read_only = on", cancellation).ConfigureAwait(false);
        return connection;
    }

    /// <summary>timestamptz holds an instant, and the driver takes it in UTC only.</summary>
    private static MappingSchema MapTimes()
    {
        var mapping = new MappingSchema();
        mapping.SetConverter<DateTimeOffset, DataParameter>(time => Parameter(null, time));
        return mapping;
    }

    private static DataParameter Parameter(string? name, DateTimeOffset time) => new(name, time.ToUniversalTime(), DataType.DateTimeOffset);
}
