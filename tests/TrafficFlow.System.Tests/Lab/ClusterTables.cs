using System.Globalization;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.SystemTests.Lab;

/// <summary>Reads the flow tables as any reader of the database does.</summary>
internal static class ClusterTables
{
    private static readonly Dictionary<string, VehicleClass> Classes = Enum.GetValues<VehicleClass>().ToDictionary(c => c.Name());

    /// <summary>Event time up to which every approach has closed its bins of one minute; null before that, and while the database is away.</summary>
    public static async Task<DateTimeOffset?> ClosedThroughAsync(PostgresServer database, Site site)
    {
        string ends;
        try
        {
            ends = await database.SqlAsync($"select approach, max(extract(epoch from end_time)) from flow_bins where site = '{site.Id}' and minutes = 1 group by approach", PostgresServer.Database);
        }
        catch (InvalidOperationException)
        {
            return null;
        }

        var found = Rows(ends).ToDictionary(r => new ApproachId(r[0]), r => Time(r[1]));
        return site.Approaches.All(a => found.ContainsKey(a.Id)) ? site.Approaches.Min(a => found[a.Id]) : null;
    }

    /// <summary>The latest revision of every closed bin, in one snapshot of the database.</summary>
    public static async Task<IReadOnlyList<StoredBin>> ReadAsync(PostgresServer database, SiteId site)
    {
        var rows = await database.SqlAsync(
            $"""
            select b.approach, b.minutes, extract(epoch from b.start_time), extract(epoch from b.end_time), b.observed_seconds,
              (select string_agg(c.movement || '=' || c.class || '=' || c.count, ';') from flow_counts c
               where c.site = b.site and c.approach = b.approach and c.minutes = b.minutes and c.start_time = b.start_time and c.revision = b.revision)
            from flow_bins_latest b where b.site = '{site}'
            """,
            PostgresServer.Database);
        return [.. Rows(rows).Select(r => new StoredBin(
            new ApproachId(r[0]), new BinDuration(int.Parse(r[1], CultureInfo.InvariantCulture)), Time(r[2]), Time(r[3]),
            TimeSpan.FromSeconds(double.Parse(r[4], CultureInfo.InvariantCulture)), Counts(r[5])))];
    }

    private static IEnumerable<string[]> Rows(string table) => table.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(row => row.Split('|'));

    private static DateTimeOffset Time(string epoch) => DateTimeOffset.FromUnixTimeMilliseconds((long)(decimal.Parse(epoch, CultureInfo.InvariantCulture) * 1000));

    private static Dictionary<(Movement, VehicleClass), long> Counts(string counts) =>
        counts.Split(';', StringSplitOptions.RemoveEmptyEntries).Select(c => c.Split('='))
            .ToDictionary(c => (new Movement(c[0]), Classes[c[1]]), c => long.Parse(c[2], CultureInfo.InvariantCulture));
}
