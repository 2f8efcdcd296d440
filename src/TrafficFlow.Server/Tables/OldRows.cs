using LinqToDB;
using LinqToDB.Async;
using TrafficFlow.Core.Flow;
using TrafficFlow.Server.Tables.Databases;

namespace TrafficFlow.Server.Tables;

/// <summary>Deletes a portion of what lies before a moment, the oldest first: the tables are written meanwhile.</summary>
internal static class OldRows
{
    // Some 30 ms of SQLite's write lock.
    private const int RowsOfAPortion = 1000;

    /// <summary>Journeys of a site, by when they were last seen.</summary>
    /// <returns>Whether anything was deleted.</returns>
    public static async Task<bool> DeleteJourneysAsync(TablesConnection connection, string site, DateTimeOffset before, CancellationToken cancellation)
    {
        var old = connection.Journeys.Where(j => j.Site == site && j.LastSeenAt < before);
        var ends = await old.OrderBy(j => j.LastSeenAt).Select(j => j.LastSeenAt).Take(RowsOfAPortion).ToListAsync(cancellation).ConfigureAwait(false);
        if (ends.Count == 0) return false;
        var last = ends[^1];
        await old.Where(j => j.LastSeenAt <= last).DeleteAsync(cancellation).ConfigureAwait(false);
        return true;
    }

    /// <summary>Bins of an approach, by when they begin: whole, with all their revisions and counts.</summary>
    /// <returns>Whether anything was deleted.</returns>
    public static async Task<bool> DeleteBinsAsync(TablesConnection connection, string site, string approach, BinDuration duration, DateTimeOffset before, CancellationToken cancellation)
    {
        var old = connection.Bins.Where(b => b.Site == site && b.Approach == approach && b.Minutes == duration.Minutes && b.Start < before);
        var starts = await old.OrderBy(b => b.Start).Select(b => b.Start).Take(RowsOfAPortion).ToListAsync(cancellation).ConfigureAwait(false);
        if (starts.Count == 0) return false;
        var last = starts[^1];
        await using var transaction = await connection.BeginTransactionAsync(cancellation).ConfigureAwait(false);
        await connection.Counts.Where(c => c.Site == site && c.Approach == approach && c.Minutes == duration.Minutes && c.Start <= last).DeleteAsync(cancellation).ConfigureAwait(false);
        await old.Where(b => b.Start <= last).DeleteAsync(cancellation).ConfigureAwait(false);
        await transaction.CommitAsync(cancellation).ConfigureAwait(false);
        return true;
    }
}
