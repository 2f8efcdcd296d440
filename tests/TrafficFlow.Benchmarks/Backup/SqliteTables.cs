using System.Globalization;
using Microsoft.Data.Sqlite;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;
using TrafficFlow.SystemTests.Lab;

namespace TrafficFlow.Benchmarks.Backup;

/// <summary>Reads a node's flow tables as any reader of the file does, also while the node writes.</summary>
internal static class SqliteTables
{
    private static readonly Dictionary<string, VehicleClass> Classes = Enum.GetValues<VehicleClass>().ToDictionary(c => c.Name());

    /// <summary>The latest revision of every closed bin; none while there are no tables.</summary>
    public static IReadOnlyList<StoredBin> Read(string file, SiteId site)
    {
        if (!File.Exists(file)) return [];
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString());
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText =
            """
            select b.approach, b.minutes, b.start_time, b.end_time, b.observed_seconds,
              (select group_concat(c.movement || '=' || c.class || '=' || c.count, ';') from flow_counts c
               where c.site = b.site and c.approach = b.approach and c.minutes = b.minutes and c.start_time = b.start_time and c.revision = b.revision)
            from flow_bins_latest b where b.site = $site
            """;
        command.Parameters.AddWithValue("$site", site.Value);
        using var rows = command.ExecuteReader();
        var bins = new List<StoredBin>();
        while (rows.Read())
            bins.Add(new StoredBin(
                new ApproachId(rows.GetString(0)), new BinDuration(rows.GetInt32(1)), Time(rows.GetString(2)), Time(rows.GetString(3)), TimeSpan.FromSeconds(rows.GetDouble(4)),
                rows.IsDBNull(5) ? new Dictionary<(Movement, VehicleClass), long>() : Counts(rows.GetString(5))));
        return bins;
    }

    private static DateTimeOffset Time(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

    private static Dictionary<(Movement, VehicleClass), long> Counts(string counts) =>
        counts.Split(';').Select(c => c.Split('=')).ToDictionary(c => (new Movement(c[0]), Classes[c[1]]), c => long.Parse(c[2], CultureInfo.InvariantCulture));
}
