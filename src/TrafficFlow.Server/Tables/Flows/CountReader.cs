using System.Data.Common;
using LinqToDB.Data;
using TrafficFlow.Core.Detection;
using TrafficFlow.Server.Queries;
using TrafficFlow.Server.Tables.Databases;

namespace TrafficFlow.Server.Tables.Flows;

/// <summary>
/// Reads rows of flow_counts column by column: there are dozens of them to a bin, and a mapper takes several times what the database does. Columns that are the
/// same in all of them are not asked for, and movements and classes are one text each.
/// </summary>
internal sealed class CountReader
{
    private const string Columns = "start_time, revision, movement, class, count, small, large, speed_samples, speed_sum_kmh, pace_sum";

    private readonly Dictionary<string, string> _names = new(StringComparer.Ordinal);
    private readonly StoredTimes _times;

    private CountReader(StoredTimes times) => _times = times;

    /// <param name="filter">With its approach.</param>
    /// <param name="first">Start of the first bin.</param>
    /// <param name="last">Start of the last one.</param>
    /// <returns>Of every revision; without site, approach and minutes, which are the filter's.</returns>
    public static async Task<List<CountRow>> ReadAsync(TablesConnection connection, FlowFilter filter, DateTimeOffset first, DateTimeOffset last, CancellationToken cancellation)
    {
        var sql = $"SELECT {Columns} FROM flow_counts WHERE site = @site AND approach = @approach AND minutes = @minutes AND start_time >= @first AND start_time <= @last";
        List<DataParameter> parameters =
        [
            new("site", filter.Site.Value), new("approach", filter.Approach!.Value.Value), new("minutes", (long)filter.Duration.Minutes),
            connection.Times.Parameter("first", first), connection.Times.Parameter("last", last),
        ];
        if (filter.Movement is { Name: var movement })
        {
            sql += " AND movement = @movement";
            parameters.Add(new("movement", movement));
        }

        if (filter.Class?.Name() is { } vehicleClass)
        {
            sql += " AND class = @class";
            parameters.Add(new("class", vehicleClass));
        }

        var reader = new CountReader(connection.Times);
        return await connection.QueryToListAsync(reader.Read, sql, cancellation, [.. parameters]).ConfigureAwait(false);
    }

    private CountRow Read(DbDataReader row) => new()
    {
        Start = _times.Read(row, 0),
        Revision = row.GetInt64(1),
        Movement = Known(row.GetString(2)),
        Class = Known(row.GetString(3)),
        Count = row.GetInt64(4),
        Small = row.GetInt64(5),
        Large = row.GetInt64(6),
        SpeedSamples = row.GetInt64(7),
        SpeedSumKmh = row.GetDouble(8),
        PaceSum = row.GetDouble(9),
    };

    private string Known(string name)
    {
        if (_names.TryGetValue(name, out var known)) return known;
        _names.Add(name, name);
        return name;
    }
}
