using Microsoft.Data.Sqlite;
using TrafficFlow.SystemTests.Lab;
using TrafficFlow.SystemTests.Postgres;
using TrafficFlow.SystemTests.Settings;
using TrafficFlow.Wire.Journals;
using Xunit;

namespace TrafficFlow.SystemTests.Tables;

/// <summary>A database without tables: its settings, and a way to ask it in SQL; the answer is the first value of the first row.</summary>
internal sealed record EmptyDatabase(JournalSettings Journal, Func<string, Task<string>> Ask);

/// <summary>Both kinds of databases that can hold the read tables.</summary>
internal sealed class EmptyDatabases(PostgresFixture fixture) : IDisposable
{
    private readonly SettingsFolder _folder = new();

    public static TheoryData<string> Kinds => ["sqlite", "postgresql"];

    public async Task<EmptyDatabase> CreateAsync(string kind, string name)
    {
        if (kind == "sqlite")
        {
            var file = new SqliteJournal(Path.Combine(_folder.Path, $"{name}.db"));
            return new EmptyDatabase(file, sql => AskSqliteAsync(file, sql));
        }

        await fixture.Server.SqlAsync($"CREATE DATABASE {name} OWNER {PostgresServer.User}");
        return new EmptyDatabase(
            new PostgresJournal(fixture.Server.Connection(name), fixture.Server.PasswordFile),
            sql => fixture.Server.SqlAsync($"SET client_min_messages = warning; SET ROLE {PostgresServer.User}; {sql}", name).ContinueWith(t => t.Result.Replace("SET\n", "", StringComparison.Ordinal), TaskScheduler.Default));
    }

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        _folder.Dispose();
    }

    private static async Task<string> AskSqliteAsync(SqliteJournal file, string sql)
    {
        await using var connection = new SqliteConnection(file.TablesConnectionString);
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        return (await command.ExecuteScalarAsync())?.ToString() ?? "";
    }
}
