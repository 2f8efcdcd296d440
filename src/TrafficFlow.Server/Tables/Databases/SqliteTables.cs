using System.Data;
using System.Globalization;
using LinqToDB;
using LinqToDB.Data;
using LinqToDB.DataProvider.SQLite;
using LinqToDB.Mapping;
using Microsoft.Data.Sqlite;
using TrafficFlow.Server.Tables.Migrations;
using TrafficFlow.Wire.Journals;

namespace TrafficFlow.Server.Tables.Databases;

/// <summary>The read tables in a SQLite file. Times stand in it as ISO 8601 text in UTC, whose order is that of time.</summary>
internal sealed class SqliteTables : TableDatabase
{
    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    private static readonly MappingSchema Mapping = MapTimes();
    private static readonly StoredTimes Times = new((reader, column) => Read(reader.GetString(column)), Parameter);

    private readonly SqliteJournal _settings;
    private readonly bool _isReadOnly;
    private readonly DataOptions _options;

    public SqliteTables(SqliteJournal settings, bool isReadOnly)
    {
        (_settings, _isReadOnly) = (settings, isReadOnly);
        var connection = isReadOnly
            ? new SqliteConnectionStringBuilder(settings.TablesConnectionString) { Mode = SqliteOpenMode.ReadOnly }.ToString()
            : settings.TablesConnectionString;
        _options = new DataOptions()
            .UseConnectionFactory(SQLiteTools.GetDataProvider(SQLiteProvider.Microsoft), _ => SqliteJournal.Patient(connection))
            .UseMappingSchema(Mapping);
    }

    public override string Name => _settings.TablesFile;

    public override SchemaDialect Dialect => SchemaDialect.Sqlite;

    public override string? MigrationLock => null;

    // The driver takes the write lock at the beginning of any other; SQLite itself reads a snapshot in each.
    public override IsolationLevel ReadLevel => IsolationLevel.ReadUncommitted;

    // SQLite blocks its thread, and the actor's is shared.
    public override Task<TablesConnection> OpenAsync(CancellationToken cancellation) => Task.Run(
        () =>
        {
            var connection = new TablesConnection(_options, Times);
            // Write-ahead mode stays in the file: who only reads finds it there.
            // What is deleted is overwritten in its pages.
            connection.Execute(_isReadOnly ? "PRAGMA query_only=1" : "PRAGMA journal_mode=WAL; PRAGMA secure_delete=ON");
            return connection;
        },
        cancellation);

    /// <summary>Pages of before lie in the write-ahead log until they are in the file: it is emptied. Where somebody reads meanwhile, that comes with the next removal, or when the log is full.</summary>
    public override Task ForgetAsync(TablesConnection connection, CancellationToken cancellation) => connection.ExecuteAsync("PRAGMA wal_checkpoint(TRUNCATE)", cancellation);

    /// <summary>By itself linq2db would wrap each comparison of times in strftime, and no index would be used.</summary>
    private static MappingSchema MapTimes()
    {
        var mapping = new MappingSchema();
        mapping.SetDataType(typeof(DateTimeOffset), DataType.NVarChar);
        mapping.SetConverter<DateTimeOffset, DataParameter>(time => Parameter(null, time));
        mapping.SetConverter<string, DateTimeOffset>(Read);
        mapping.SetValueToSqlConverter(typeof(DateTimeOffset), (sql, _, _, value) => sql.Append('\'').Append(Text((DateTimeOffset)value)).Append('\''));
        return mapping;
    }

    private static DataParameter Parameter(string? name, DateTimeOffset time) => new(name, Text(time), DataType.NVarChar);

    private static string Text(DateTimeOffset time) => time.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture);

    /// <summary>Of each row that is read: by digits, which takes a tenth of what a parser of formats does.</summary>
    private static DateTimeOffset Read(string text)
    {
        if (text is not [_, _, _, _, '-', _, _, '-', _, _, 'T', _, _, ':', _, _, ':', _, _, '.', _, _, _, 'Z'])
            return DateTimeOffset.ParseExact(text, TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
        return new DateTimeOffset(Number(text, 0, 4), Number(text, 5, 2), Number(text, 8, 2), Number(text, 11, 2), Number(text, 14, 2), Number(text, 17, 2), Number(text, 20, 3), TimeSpan.Zero);
    }

    private static int Number(string text, int at, int digits)
    {
        var number = 0;
        for (var i = at; i < at + digits; i++) number = char.IsAsciiDigit(text[i]) ? (number * 10) + (text[i] - '0') : throw new FormatException($"\"{text}\" is no time of the tables");
        return number;
    }
}
