using LinqToDB;
using LinqToDB.Async;
using TrafficFlow.Core.Flow;
using TrafficFlow.Server.Tables.Databases;
using TrafficFlow.Server.Tables.Flows;

namespace TrafficFlow.Server.Tables;

/// <summary>
/// Deletes what is older than the retention, a portion at a time: the tables are written meanwhile. Age is measured from now, or from the
/// newest bin of the whole database where that lies before: a server whose clock has run ahead must not delete everything.
/// </summary>
internal sealed class RetentionPurge(TableDatabase database, TableRetention retention)
{
    /// <returns>True where there may be more.</returns>
    public async Task<bool> DeleteAsync(DateTimeOffset now, CancellationToken cancellation)
    {
        await using var connection = await database.OpenAsync(cancellation).ConfigureAwait(false);
        var streams = await StoredStreams.AllAsync(connection, cancellation).ConfigureAwait(false);
        if (await NewestAsync(connection, streams, cancellation).ConfigureAwait(false) is not { } newest) return false;
        var today = newest < now ? newest : now;
        foreach (var (site, approach) in streams)
        {
            foreach (var duration in BinDuration.All)
            {
                if (await OldRows.DeleteBinsAsync(connection, site, approach, duration, today - retention.Of(duration), cancellation).ConfigureAwait(false)) return true;
            }
        }

        foreach (var site in streams.Select(s => s.Site).Distinct())
        {
            if (await OldRows.DeleteJourneysAsync(connection, site, today - retention.Journeys, cancellation).ConfigureAwait(false)) return true;
        }

        return false;
    }

    private static async Task<DateTimeOffset?> NewestAsync(TablesConnection connection, IReadOnlyList<(string Site, string Approach)> streams, CancellationToken cancellation)
    {
        DateTimeOffset? newest = null;
        foreach (var (site, approach) in streams)
        {
            foreach (var duration in BinDuration.All)
            {
                var last = await connection.Bins.Where(b => b.Site == site && b.Approach == approach && b.Minutes == duration.Minutes)
                    .OrderByDescending(b => b.Start).Select(b => (DateTimeOffset?)b.Start).FirstOrDefaultAsync(cancellation).ConfigureAwait(false);
                if (last > (newest ?? DateTimeOffset.MinValue)) newest = last;
            }
        }

        return newest;
    }
}
