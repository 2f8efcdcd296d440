using System.Globalization;

namespace TrafficFlow.SystemTests.Lab;

/// <summary>
/// What a live junction counted against the journeys that it told: two deliveries of one log, by other actors into other tables, so that what
/// one of them loses or doubles shows beside the other. Nobody knows the truth of a live camera.
/// </summary>
/// <param name="Journeys">Ends of journeys: one for entering, one for leaving.</param>
/// <param name="Lost">Ends that no bin of one minute has.</param>
/// <param name="Doubled">Vehicles that entered or left by the bins and by no journey.</param>
/// <param name="WrongHour">The same over hours, both ways, and all that is said to have been before the cluster began or after now.</param>
internal sealed record JunctionComparison(long Journeys, long Lost, long Doubled, long WrongHour, IReadOnlyList<string> Differences)
{
    // As long as a vehicle may stay on the junction before its entry is told without its exit, and what comes after it.
    private static readonly TimeSpan Pending = TimeSpan.FromSeconds(180);

    /// <summary>Over all minutes that ended so long ago that no vehicle of theirs is on its way, by the junction's own stamps.</summary>
    /// <param name="began">When the cluster was started, by a right clock.</param>
    public static async Task<JunctionComparison> ReadAsync(PostgresServer database, string site, DateTimeOffset began)
    {
        var outside = Number((await database.SqlAsync(
            $"""
            SELECT coalesce(sum(count), 0) FROM flow_counts_latest WHERE site = '{site}' AND minutes = 1 AND movement IN ('entering', 'exiting')
            AND (start_time < '{began.UtcDateTime:yyyy-MM-dd HH:mm}Z' OR start_time > now())
            """,
            PostgresServer.Database)).Trim());
        var pending = Pending.TotalSeconds.ToString(CultureInfo.InvariantCulture);
        var rows = (await database.SqlAsync(
            $"""
            WITH closed AS (
              SELECT min(ended) - interval '{pending} seconds' AS through FROM (
                SELECT max(end_time) AS ended FROM flow_bins WHERE site = '{site}' AND approach NOT LIKE '\_%' AND minutes = 1 GROUP BY approach) e),
            counted AS (
              SELECT approach, movement, class, start_time AS minute, sum(count) AS vehicles FROM flow_counts_latest
              WHERE site = '{site}' AND minutes = 1 AND movement IN ('entering', 'exiting') GROUP BY 1, 2, 3, 4),
            told AS (
              SELECT approach, 'entering' AS movement, class, date_trunc('minute', entered_at) AS minute, count(*) AS vehicles FROM journeys
              WHERE site = '{site}' AND approach IS NOT NULL AND entered_at IS NOT NULL GROUP BY 1, 2, 3, 4
              UNION ALL
              SELECT exit, 'exiting', class, date_trunc('minute', left_at), count(*) FROM journeys
              WHERE site = '{site}' AND exit IS NOT NULL AND left_at IS NOT NULL GROUP BY 1, 2, 3, 4)
            SELECT coalesce(c.approach, t.approach), coalesce(c.movement, t.movement), coalesce(c.class, t.class),
              to_char(coalesce(c.minute, t.minute) AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI'), coalesce(c.vehicles, 0), coalesce(t.vehicles, 0)
            FROM counted c FULL JOIN told t ON c.approach = t.approach AND c.movement = t.movement AND c.class = t.class AND c.minute = t.minute
            WHERE coalesce(c.minute, t.minute) < (SELECT date_trunc('minute', through) FROM closed) ORDER BY 4, 1, 2, 3
            """,
            PostgresServer.Database))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(r => r.Split('|'))
            .Select(r => (Stream: (r[0], r[1], r[2]), Minute: r[3], Counted: Number(r[4]), Told: Number(r[5]))).ToList();
        var hours = rows.GroupBy(r => (r.Stream, Hour: r.Minute[..13]));
        return new JunctionComparison(
            rows.Sum(r => r.Told),
            rows.Sum(r => Math.Max(0, r.Told - r.Counted)),
            rows.Sum(r => Math.Max(0, r.Counted - r.Told)),
            outside + hours.Sum(h => Math.Abs(h.Sum(r => r.Counted) - h.Sum(r => r.Told))),
            [.. rows.Where(r => r.Counted != r.Told).Take(40).Select(r => $"{r.Minute} {r.Stream}: {r.Counted} counted, {r.Told} journeys")]);
    }

    private static long Number(string text) => (long)decimal.Parse(text, CultureInfo.InvariantCulture);
}
