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
    // Some 30 ms of SQLite's write lock.
    private const int RowsOfAPortion = 1000;

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
                if (await DeleteAsync(connection, site, approach, duration, today - retention.Of(duration), cancellation).ConfigureAwait(false)) return true;
            }
        }

        foreach (var site in streams.Select(s => s.Site).Distinct())
        {
            if (await DeleteJourneysAsync(connection, site, today - retention.Journeys, cancellation).ConfigureAwait(false)) return true;
        }

        return false;
    }

    private static async Task<bool> DeleteJourneysAsync(TablesConnection connection, string site, DateTimeOffset before, CancellationToken cancellation)
    {
        var old = connection.Journeys.Where(j => j.Site == site && j.LastSeenAt < before);
        var ends = await old.OrderBy(j => j.LastSeenAt).Select(j => j.LastSeenAt).Take(RowsOfAPortion).ToListAsync(cancellation).ConfigureAwait(false);
        if (ends.Count == 0) return false;
        var last = ends[^1];
        await old.Where(j => j.LastSeenAt <= last).DeleteAsync(cancellation).ConfigureAwait(false);
        return true;
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

    private static async Task<bool> DeleteAsync(
        TablesConnection connection, string site, string approach, BinDuration duration, DateTimeOffset before, CancellationToken cancellation)
    {
        var old = connection.Bins.Where(b => b.Site == site && b.Approach == approach && b.Minutes == duration.Minutes && b.Start < before);
        var starts = await old.OrderBy(b => b.Start).Select(b => b.Start).Take(RowsOfAPortion).ToListAsync(cancellation).ConfigureAwait(false);
        if (starts.Count == 0) return false;
        // Whole bins with all their revisions.
        var last = starts[^1];
        await using var transaction = await connection.BeginTransactionAsync(cancellation).ConfigureAwait(false);
        await connection.Counts.Where(c => c.Site == site && c.Approach == approach && c.Minutes == duration.Minutes && c.Start <= last)
            .DeleteAsync(cancellation).ConfigureAwait(false);
        await old.Where(b => b.Start <= last).DeleteAsync(cancellation).ConfigureAwait(false);
        await transaction.CommitAsync(cancellation).ConfigureAwait(false);
        return true;
    }
}
