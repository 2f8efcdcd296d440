using LinqToDB;
using LinqToDB.Async;
using TrafficFlow.Server.Tables.Databases;

namespace TrafficFlow.Server.Tables.Journeys;

/// <summary>
/// Keeps rare vehicles out of what leaves the node. The bins of one minute, which all may read, tell how many vehicles of which class took which
/// movement; a colour beside class and minute could single one out. So a journey's colour is shared only where at least
/// <see cref="LeastVehicles"/> of its class and colour, itself among them, ended at the site within the hour before the batch's last. It is decided
/// once, when the journey is stored, so that a topic and its replay say the same.
/// </summary>
internal static class SharedColours
{
    public const int LeastVehicles = 5;

    private static readonly TimeSpan Within = TimeSpan.FromHours(1);

    /// <summary>Within the transaction that stores these rows, all of one site.</summary>
    public static async Task<List<JourneyRow>> DecideAsync(TablesConnection connection, IReadOnlyList<JourneyRow> rows, CancellationToken cancellation)
    {
        if (rows.Count == 0) return [];
        var (site, end) = (rows[0].Site, rows.Max(r => r.LastSeenAt));
        var begin = end.UtcTicks > Within.Ticks ? end - Within : DateTimeOffset.MinValue;
        var stored = await connection.Journeys.Where(j => j.Site == site && j.LastSeenAt > begin && j.LastSeenAt <= end)
            .GroupBy(j => new { j.Class, j.Colour }).Select(g => new { g.Key.Class, g.Key.Colour, Count = g.Count() })
            .ToListAsync(cancellation).ConfigureAwait(false);
        var vehicles = rows.Where(r => r.LastSeenAt > begin).CountBy(r => (r.Class, r.Colour)).ToDictionary();
        foreach (var group in stored) vehicles[(group.Class, group.Colour)] = vehicles.GetValueOrDefault((group.Class, group.Colour)) + group.Count;
        return [.. rows.Select(r => r.LastSeenAt > begin && vehicles[(r.Class, r.Colour)] >= LeastVehicles ? r with { SharedColour = r.Colour } : r)];
    }
}
