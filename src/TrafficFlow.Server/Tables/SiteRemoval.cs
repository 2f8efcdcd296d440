using LinqToDB;
using LinqToDB.Async;
using TrafficFlow.Core.Custody;
using TrafficFlow.Core.Flow;
using TrafficFlow.Server.Queries;
using TrafficFlow.Server.Tables.Databases;
using TrafficFlow.Server.Tables.Flows;

namespace TrafficFlow.Server.Tables;

/// <summary>
/// Removes what must be gone by a site's file: journeys by when they were last seen, held ones by when they came, bins whole with all revisions by when they begin. How far each junction's log is in the tables stays, and so
/// do cursors: what is delivered again is known, and comes neither twice nor back.
/// </summary>
internal sealed class SiteRemoval(TableDatabase database, ISiteRetention custody)
{
    /// <summary>Removes a portion.</summary>
    /// <returns>True where there may be more.</returns>
    public async Task<bool> RunAsync(DateTimeOffset now, CancellationToken cancellation)
    {
        var due = custody.Due(now);
        if (due.Count == 0) return false;
        await using var connection = await database.OpenAsync(cancellation).ConfigureAwait(false);
        await RemovedRows.MakeAsync(connection, cancellation).ConfigureAwait(false);
        foreach (var limit in due)
        {
            var site = limit.Site.Value;
            if (await RemovedRows.OpenAsync(connection, site, limit.Kind, cancellation).ConfigureAwait(false) is not { } open)
            {
                var rows = await CountAsync(connection, site, limit, cancellation).ConfigureAwait(false);
                if (rows == 0 || !await custody.RecordAsync(limit, rows, cancellation).ConfigureAwait(false)) continue;
                open = new RemovedSpan(limit.Kind, limit.Before, now, rows, limit.Reason);
                await RemovedRows.OrderAsync(connection, site, open, cancellation).ConfigureAwait(false);
            }

            if (await PortionAsync(connection, site, open, cancellation).ConfigureAwait(false)) return true;
            await RemovedRows.DoneAsync(connection, site, open, cancellation).ConfigureAwait(false);
            await database.ForgetAsync(connection, cancellation).ConfigureAwait(false);
        }

        return false;
    }

    private static async Task<long> CountAsync(TablesConnection connection, string site, SiteLimit limit, CancellationToken cancellation)
    {
        var before = limit.Before;
        return limit.Kind == KeptKind.Journeys
            ? await connection.Journeys.Where(j => j.Site == site && j.LastSeenAt < before).LongCountAsync(cancellation).ConfigureAwait(false)
                + await connection.HeldJourneys.Where(j => j.Site == site && j.HeldSince < before).LongCountAsync(cancellation).ConfigureAwait(false)
            : await CountBinsAsync(connection, site, before, cancellation).ConfigureAwait(false);
    }

    /// <summary>By approach and length, along the key: all bins of years are not read each hour.</summary>
    private static async Task<long> CountBinsAsync(TablesConnection connection, string site, DateTimeOffset before, CancellationToken cancellation)
    {
        var count = 0L;
        foreach (var approach in await StoredStreams.ApproachesAsync(connection, site, cancellation).ConfigureAwait(false))
        {
            foreach (var minutes in BinDuration.All.Select(d => d.Minutes))
                count += await connection.Bins.Where(b => b.Site == site && b.Approach == approach && b.Minutes == minutes && b.Start < before).LongCountAsync(cancellation).ConfigureAwait(false);
        }

        return count;
    }

    /// <returns>Whether anything was removed.</returns>
    private static async Task<bool> PortionAsync(TablesConnection connection, string site, RemovedSpan open, CancellationToken cancellation)
    {
        var before = open.Before;
        return open.Kind == KeptKind.Journeys
            ? await OldRows.DeleteJourneysAsync(connection, site, before, cancellation).ConfigureAwait(false) || await connection.HeldJourneys.Where(j => j.Site == site && j.HeldSince < before).DeleteAsync(cancellation).ConfigureAwait(false) > 0
            : await BinsAsync(connection, site, before, cancellation).ConfigureAwait(false);
    }

    private static async Task<bool> BinsAsync(TablesConnection connection, string site, DateTimeOffset before, CancellationToken cancellation)
    {
        var approaches = await StoredStreams.ApproachesAsync(connection, site, cancellation).ConfigureAwait(false);
        foreach (var (approach, duration) in from approach in approaches from duration in BinDuration.All select (approach, duration))
        {
            if (await OldRows.DeleteBinsAsync(connection, site, approach, duration, before, cancellation).ConfigureAwait(false)) return true;
        }

        return false;
    }
}
