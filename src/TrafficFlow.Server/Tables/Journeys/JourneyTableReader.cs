using LinqToDB.Async;
using TrafficFlow.Core.Sites;
using TrafficFlow.Server.Tables.Databases;
using TrafficFlow.Wire.Topics;

namespace TrafficFlow.Server.Tables.Journeys;

/// <summary>
/// Reads a site's journeys back for a subscriber: from a time on in the order in which they ended, up to what was stored when that began,
/// and then in the order in which they were stored.
/// </summary>
internal sealed class JourneyTableReader(TableDatabase database)
{
    public async Task<JourneysAfter> ReadAfterAsync(SiteId site, TopicPlace? place, int limit, CancellationToken cancellation)
    {
        await using var connection = await database.OpenAsync(cancellation).ConfigureAwait(false);
        // First the end, so that what is added meanwhile counts as more.
        var last = await connection.JourneyCursors.Where(c => c.Site == site.Value).Select(c => c.Cursor).FirstOrDefaultAsync(cancellation).ConfigureAwait(false);
        if (place is null) return new JourneysAfter(site, place, [], TopicPlace.After(last), false, last);
        var through = place.Cursor ?? last;
        var ofSite = connection.Journeys.Where(j => j.Site == site.Value);
        IQueryable<JourneyRow> wanted;
        if (place.Replay is var (ended, cursor))
        {
            wanted = ofSite.Where(j => j.Cursor <= through && (j.LastSeenAt > ended || (j.LastSeenAt == ended && j.Cursor > cursor)))
                .OrderBy(j => j.LastSeenAt).ThenBy(j => j.Cursor);
        }
        else
        {
            wanted = ofSite.Where(j => j.Cursor > through && j.Cursor <= last).OrderBy(j => j.Cursor);
        }

        var rows = await wanted.Take(limit).ToListAsync(cancellation).ConfigureAwait(false);
        var reached = rows.Count < limit ? TopicPlace.After(place.Replay is null ? Math.Max(last, through) : through)
            : place.Replay is null ? TopicPlace.After(rows[^1].Cursor!.Value)
            : new TopicPlace(through, new ReplayPlace(rows[^1].LastSeenAt, rows[^1].Cursor!.Value));
        return new JourneysAfter(site, place, [.. rows.Select(JourneyRows.Ended)], reached, reached.Replay is not null || reached.Cursor < last, last);
    }
}
