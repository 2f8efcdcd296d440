using System.Collections.Immutable;
using System.Data.Common;
using System.Globalization;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;
using TrafficFlow.Wire.Aggregation;

namespace TrafficFlow.Server.Tables;

/// <summary>Reads bins back from the tables.</summary>
internal sealed class FlowTableReader(FlowDatabase database)
{
    private static readonly string BinColumns = string.Join(", ", FlowTableSchema.Bins.Select(c => $"b.{c.Name}"));

    // The newest closed bin of each duration; all of it was there when the stream had come to its last cursor.
    private const string Newest =
        """
        b.cursor IN (SELECT (SELECT l.cursor FROM flow_bins l WHERE l.site = @site AND l.approach = @approach AND l.minutes = m.minutes
          ORDER BY l.start_time DESC, l.revision DESC LIMIT 1) FROM (SELECT 1 AS minutes UNION SELECT 5 UNION SELECT 15 UNION SELECT 60) m)
        """;

    public async Task<BinsAfter> ReadAfterAsync(SiteId site, ApproachId approach, long? after, int limit, CancellationToken cancellation)
    {
        await using var connection = await database.OpenAsync(cancellation).ConfigureAwait(false);
        // First the end, so that what is added meanwhile counts as more.
        var last = await LastAsync(connection, site, approach, cancellation).ConfigureAwait(false);
        var which = after is null ? $"{Newest} AND b.cursor <= @last" : "b.cursor > @after AND b.cursor <= @last";
        await using var command = Command(connection, site, approach, $"SELECT {BinColumns} FROM flow_bins b WHERE b.site = @site AND b.approach = @approach AND {which} ORDER BY b.cursor LIMIT @limit");
        Parameter(command, "@last", last);
        Parameter(command, "@limit", limit);
        if (after is { } cursor) Parameter(command, "@after", cursor);
        var bins = new List<ClosedBin>();
        await using (var rows = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false))
        {
            while (await rows.ReadAsync(cancellation).ConfigureAwait(false)) bins.Add(Bin(rows));
        }

        var counts = bins.Count == 0 ? [] : await CountsAsync(connection, site, approach, bins, cancellation).ConfigureAwait(false);
        var filled = bins.Select(b => counts.TryGetValue(b.Cursor, out var rows) ? b with { Bin = b.Bin with { Rows = Ordered(rows) } } : b).ToImmutableArray();
        var reached = after is null || filled.Length < limit ? Math.Max(last, after ?? 0) : filled[^1].Cursor;
        return new BinsAfter(site, approach, filled, reached, reached < last, last);
    }

    private static async Task<long> LastAsync(DbConnection connection, SiteId site, ApproachId approach, CancellationToken cancellation)
    {
        await using var command = Command(connection, site, approach, "SELECT coalesce(max(cursor), 0) FROM flow_bins WHERE site = @site AND approach = @approach");
        return Convert.ToInt64(await command.ExecuteScalarAsync(cancellation).ConfigureAwait(false), CultureInfo.InvariantCulture);
    }

    private static async Task<Dictionary<long, List<FlowRow>>> CountsAsync(
        DbConnection connection, SiteId site, ApproachId approach, List<ClosedBin> bins, CancellationToken cancellation)
    {
        await using var command = Command(
            connection, site, approach,
            """
            SELECT b.cursor, c.movement, c.class, c.count, c.small, c.large, c.speed_samples, c.speed_sum_kmh, c.pace_sum
            FROM flow_bins b JOIN flow_counts c ON c.site = b.site AND c.approach = b.approach AND c.minutes = b.minutes
              AND c.start_time = b.start_time AND c.revision = b.revision
            WHERE b.site = @site AND b.approach = @approach AND b.cursor BETWEEN @first AND @last
            """);
        Parameter(command, "@first", bins[0].Cursor);
        Parameter(command, "@last", bins[^1].Cursor);
        var counts = new Dictionary<long, List<FlowRow>>();
        await using var rows = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        while (await rows.ReadAsync(cancellation).ConfigureAwait(false))
        {
            if (!counts.TryGetValue(rows.GetInt64(0), out var list)) counts.Add(rows.GetInt64(0), list = []);
            list.Add(new FlowRow(
                new Movement(rows.GetString(1)),
                VehicleClassNames.TryParse(rows.GetString(2), out var vehicleClass) ? vehicleClass : throw new InvalidDataException($"flow_counts has the class {rows.GetString(2)}"),
                new FlowSums((int)rows.GetInt64(3), (int)rows.GetInt64(4), (int)rows.GetInt64(5), (int)rows.GetInt64(6), rows.GetDouble(7), rows.GetDouble(8))));
        }

        return counts;
    }

    private static ImmutableArray<FlowRow> Ordered(List<FlowRow> rows) => [.. rows.OrderBy(r => new FlowStream(r.Movement, r.Class))];

    private ClosedBin Bin(DbDataReader row)
    {
        var (start, end) = (database.Time(row, 3), database.Time(row, 6));
        var bin = new FlowBin(
            new BinKey(
                new SiteId(row.GetString(0)), new ApproachId(row.GetString(1)), new BinDuration((int)row.GetInt64(2)),
                start.ToOffset(TimeSpan.FromMinutes(row.GetInt64(7)))),
            end.ToOffset(TimeSpan.FromMinutes(row.GetInt64(8))),
            TimeSpan.FromTicks((long)Math.Round(row.GetDouble(9) * TimeSpan.TicksPerSecond)),
            BinNames.Quality(row.GetString(10)),
            (int)row.GetInt64(4),
            [],
            BinSources.Read(row.GetString(15)));
        return new ClosedBin(row.GetInt64(5), bin, database.Time(row, 16));
    }

    private static DbCommand Command(DbConnection connection, SiteId site, ApproachId approach, string sql)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        Parameter(command, "@site", site.Value);
        Parameter(command, "@approach", approach.Value);
        return command;
    }

    private static void Parameter(DbCommand command, string name, object value)
    {
        var parameter = command.CreateParameter();
        parameter.ParameterName = name;
        parameter.Value = value;
        command.Parameters.Add(parameter);
    }
}
