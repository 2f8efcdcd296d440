using System.Globalization;
using LinqToDB.Data;
using LinqToDB.Mapping;
using TrafficFlow.Core.Custody;
using TrafficFlow.Server.Queries;
using TrafficFlow.Server.Tables.Databases;

namespace TrafficFlow.Server.Tables;

/// <summary>
/// What was removed from the read tables because a site's file limits its age: ordered first, done in portions, and kept, so that whoever asks for a day that is gone is told so. A table of its own beside them,
/// which no version of them counts. Of each day one row stays.
/// </summary>
internal static class RemovedRows
{
    public const string Table = "trafficflow_removed";

    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    private const string Create =
        $"""
        CREATE TABLE IF NOT EXISTS {Table} (site text NOT NULL, kind text NOT NULL, removed_before text NOT NULL, removed_at text NOT NULL, removed_rows bigint NOT NULL, reason text NOT NULL, is_done integer NOT NULL,
        PRIMARY KEY (site, kind, removed_before))
        """;

    private const string Columns = $"SELECT kind AS \"Kind\", removed_before AS \"Before\", removed_at AS \"At\", removed_rows AS \"Rows\", reason AS \"Reason\", is_done AS \"IsDone\" FROM {Table} WHERE site = @site";

    private sealed record Row
    {
        [Column]
        public string Kind { get; init; } = "";

        [Column]
        public string Before { get; init; } = "";

        [Column]
        public string At { get; init; } = "";

        [Column]
        public long Rows { get; init; }

        [Column]
        public string Reason { get; init; } = "";

        [Column]
        public long IsDone { get; init; }
    }

    public static Task MakeAsync(TablesConnection connection, CancellationToken cancellation) => connection.ExecuteAsync(Create, cancellation);

    /// <returns>What was ordered and is not done; null where that is nothing.</returns>
    public static async Task<RemovedSpan?> OpenAsync(TablesConnection connection, string site, KeptKind kind, CancellationToken cancellation) =>
        (await RowsAsync(connection, site, cancellation).ConfigureAwait(false)).Where(r => r.IsDone == 0).Select(Of).FirstOrDefault(r => r.Kind == kind);

    public static async Task<IReadOnlyList<RemovedSpan>> AllAsync(TablesConnection connection, string site, CancellationToken cancellation) =>
        [.. (await RowsAsync(connection, site, cancellation).ConfigureAwait(false)).Select(Of).OrderBy(r => r.Before)];

    public static Task OrderAsync(TablesConnection connection, string site, RemovedSpan span, CancellationToken cancellation) => connection.ExecuteAsync(
        $"INSERT INTO {Table} (site, kind, removed_before, removed_at, removed_rows, reason, is_done) VALUES (@site, @kind, @before, @at, @rows, @reason, 0) ON CONFLICT (site, kind, removed_before) DO NOTHING",
        cancellation, new DataParameter("site", site), new DataParameter("kind", Text(span.Kind)), new DataParameter("before", Text(span.Before)), new DataParameter("at", Text(span.At)), new DataParameter("rows", span.Rows), new DataParameter("reason", span.Reason));

    /// <summary>Nothing of it is left. Earlier removals of the same day become one with it.</summary>
    public static async Task DoneAsync(TablesConnection connection, string site, RemovedSpan span, CancellationToken cancellation)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellation).ConfigureAwait(false);
        var day = Text(span.At)[..10];
        var earlier = (await RowsAsync(connection, site, cancellation).ConfigureAwait(false))
            .Where(r => r.IsDone == 1 && r.Kind == Text(span.Kind) && r.At.StartsWith(day, StringComparison.Ordinal) && string.CompareOrdinal(r.Before, Text(span.Before)) < 0).ToList();
        foreach (var row in earlier)
            await connection.ExecuteAsync($"DELETE FROM {Table} WHERE site = @site AND kind = @kind AND removed_before = @before", cancellation, new DataParameter("site", site), new DataParameter("kind", row.Kind), new DataParameter("before", row.Before)).ConfigureAwait(false);
        await connection.ExecuteAsync(
            $"UPDATE {Table} SET is_done = 1, removed_rows = removed_rows + @rows WHERE site = @site AND kind = @kind AND removed_before = @before",
            cancellation, new DataParameter("site", site), new DataParameter("kind", Text(span.Kind)), new DataParameter("before", Text(span.Before)), new DataParameter("rows", earlier.Sum(r => r.Rows))).ConfigureAwait(false);
        await transaction.CommitAsync(cancellation).ConfigureAwait(false);
    }

    private static async Task<List<Row>> RowsAsync(TablesConnection connection, string site, CancellationToken cancellation) =>
        await connection.QueryToListAsync<Row>(Columns, new DataParameter("site", site), cancellation).ConfigureAwait(false);

    private static RemovedSpan Of(Row row) => new(Enum.Parse<KeptKind>(row.Kind, ignoreCase: true), Time(row.Before), Time(row.At), row.Rows, row.Reason);

    private static string Text(KeptKind kind) => kind == KeptKind.Journeys ? "journeys" : "counts";

    private static string Text(DateTimeOffset time) => time.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture);

    private static DateTimeOffset Time(string text) => DateTimeOffset.ParseExact(text, TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
}
