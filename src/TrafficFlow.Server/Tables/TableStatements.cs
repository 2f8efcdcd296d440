using System.Globalization;
using System.Text;
using LinqToDB;
using LinqToDB.Data;
using LinqToDB.Mapping;

namespace TrafficFlow.Server.Tables;

/// <summary>
/// Many rows in one statement, from linq2db's own mapping. Its bulk copy only inserts, its merge is not for SQLite, and one statement a row
/// takes PostgreSQL a round trip each.
/// </summary>
internal static class TableStatements
{
    // Far below the 32,766 parameters of a statement that SQLite allows.
    private const int MostParameters = 10_000;

    /// <summary>Inserts; a row whose key is there already replaces it.</summary>
    public static Task UpsertAsync<T>(this TablesConnection connection, TableDatabase database, IEnumerable<T> rows, CancellationToken cancellation)
        where T : class => InsertAsync(connection, database, rows, replaces: true, cancellation);

    /// <summary>Inserts; a row whose key is there already is left as it is.</summary>
    public static Task InsertNewAsync<T>(this TablesConnection connection, TableDatabase database, IEnumerable<T> rows, CancellationToken cancellation)
        where T : class => InsertAsync(connection, database, rows, replaces: false, cancellation);

    /// <summary>Deletes the rows of <typeparamref name="T"/> whose key begins with the whole key of one of these.</summary>
    public static async Task DeleteOfAsync<T, TOwner>(
        this TablesConnection connection, TableDatabase database, IEnumerable<TOwner> owners, CancellationToken cancellation)
        where T : class
        where TOwner : class
    {
        var key = Columns<TOwner>(connection).Where(c => c.IsPrimaryKey).ToList();
        foreach (var chunk in owners.Chunk(MostParameters / key.Count))
        {
            var values = new Values<TOwner>(database, key, chunk);
            await connection.ExecuteAsync($"DELETE FROM {Table<T>(connection)} WHERE ({Names(key)}) IN (VALUES {values.Sql})", cancellation, values.Parameters).ConfigureAwait(false);
        }
    }

    private static async Task InsertAsync<T>(TablesConnection connection, TableDatabase database, IEnumerable<T> rows, bool replaces, CancellationToken cancellation)
        where T : class
    {
        var columns = Columns<T>(connection);
        var rest = columns.Where(c => !c.IsPrimaryKey).Select(c => $"{c.ColumnName} = excluded.{c.ColumnName}");
        var conflict = replaces
            ? $"({Names(columns.Where(c => c.IsPrimaryKey))}) DO UPDATE SET {string.Join(", ", rest)}"
            : "DO NOTHING";
        foreach (var chunk in rows.Chunk(MostParameters / columns.Count))
        {
            var values = new Values<T>(database, columns, chunk);
            await connection.ExecuteAsync(
                $"INSERT INTO {Table<T>(connection)} ({Names(columns)}) VALUES {values.Sql} ON CONFLICT {conflict}", cancellation, values.Parameters).ConfigureAwait(false);
        }
    }

    private static IReadOnlyList<ColumnDescriptor> Columns<T>(TablesConnection connection) => connection.MappingSchema.GetEntityDescriptor(typeof(T)).Columns;

    private static string Table<T>(TablesConnection connection)
        where T : class => connection.GetTable<T>().TableName;

    private static string Names(IEnumerable<ColumnDescriptor> columns) => string.Join(", ", columns.Select(c => c.ColumnName));

    private sealed class Values<T>
        where T : class
    {
        public Values(TableDatabase database, IReadOnlyList<ColumnDescriptor> columns, IReadOnlyList<T> rows)
        {
            var sql = new StringBuilder();
            Parameters = new DataParameter[rows.Count * columns.Count];
            for (var i = 0; i < Parameters.Length; i++)
            {
                var column = columns[i % columns.Count];
                var name = string.Create(CultureInfo.InvariantCulture, $"p{i}");
                var value = column.MemberAccessor.GetValue(rows[i / columns.Count]);
                Parameters[i] = value is DateTimeOffset time
                    ? new DataParameter(name, database.Time(time))
                    : new DataParameter(name, value, column.DataType);
                sql.Append(i == 0 ? "(@" : i % columns.Count == 0 ? "), (@" : ", @").Append(name);
            }

            Sql = sql.Append(')').ToString();
        }

        public string Sql { get; }

        public DataParameter[] Parameters { get; }
    }
}
