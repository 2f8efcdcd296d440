using LinqToDB;
using LinqToDB.Async;
using TrafficFlow.Server.Tables.Databases;
using TrafficFlow.Wire.Delivery;
using TrafficFlow.Wire.OutboxEntries;

namespace TrafficFlow.Server.Tables.Journeys;

/// <summary>
/// Takes deliveries of a junction's outbox. Its high-water mark is written in the transaction of its journeys, so each is in the table
/// once, whatever is sent again; the table needs no other journal. What is delivered below the mark, which somebody may have forged, is looked up
/// by its key. The site's cursor goes with them.
/// </summary>
internal static class JourneyTableStore
{
    private const int MostWithoutCursor = 1000;

    /// <summary>Within a transaction of the connection; what it gives holds when that is committed.</summary>
    public static async Task<StoredJourneys> TakeAsync(TablesConnection connection, WriteJourneys work, CancellationToken cancellation)
    {
        var batch = work.Batch;
        var (site, camera) = (batch.Site.Value, batch.Camera.Value);
        var last = await LockCursorAsync(connection, site, cancellation).ConfigureAwait(false);
        var log = await connection.JourneyLogs.FirstOrDefaultAsync(l => l.Site == site && l.Camera == camera, cancellation).ConfigureAwait(false);
        var highWater = log is null ? LogPosition.Start : new LogPosition(log.Epoch, log.Sequence);
        if (batch.After > highWater) return new StoredJourneys(new Behind(batch.Camera, batch.Approach, highWater), []);
        var accepted = new Accepted(batch.Camera, batch.Approach, batch.Epoch, batch.UpToSequence);
        var reached = new LogPosition(batch.Epoch, batch.UpToSequence);
        List<JourneyEntry> entries = [.. batch.Entries.OfType<JourneyEntry>()];
        var stored = await StoredAsync(connection, batch, entries.Where(e => new LogPosition(batch.Epoch, e.Sequence) <= highWater), cancellation).ConfigureAwait(false);
        entries.RemoveAll(e => stored.Contains(e.Sequence));
        if (reached <= highWater && entries.Count == 0) return new StoredJourneys(accepted, []);

        var added = entries.ToLookup(e => work.Wrong?.Sequences.Contains(e.Sequence) != true);
        if (!await HeldJourneys.HoldAsync(connection, work, [.. added[false]], cancellation).ConfigureAwait(false)) return new StoredJourneys(null, []);
        // A server of an older version, which locks nothing, may have written the same a moment ago.
        var beyond = highWater.Epoch == batch.Epoch ? highWater.Sequence : highWater.Epoch > batch.Epoch ? long.MaxValue : 0;
        await connection.Journeys.Where(j => j.Site == site && j.Camera == camera && j.Epoch == batch.Epoch
                && j.Sequence > beyond && j.Sequence <= batch.UpToSequence)
            .DeleteAsync(cancellation).ConfigureAwait(false);
        last = await NumberAsync(connection, site, last, cancellation).ConfigureAwait(false);
        var rows = await SharedColours.DecideAsync(connection, [.. added[true].Select(e => JourneyRows.Row(batch, e, ++last))], cancellation).ConfigureAwait(false);
        await connection.InsertAllAsync(rows, cancellation).ConfigureAwait(false);
        if (reached > highWater)
            await connection.InsertOrReplaceAsync(
                new JourneyLogRow { Site = site, Camera = camera, Epoch = reached.Epoch, Sequence = reached.Sequence }, token: cancellation).ConfigureAwait(false);
        await connection.InsertOrReplaceAsync(new JourneyCursorRow { Site = site, Cursor = last }, token: cancellation).ConfigureAwait(false);
        return new StoredJourneys(accepted, [.. rows.Select(JourneyRows.Ended)], added[false].Count());
    }

    /// <summary>Sequences of those of these entries that are in a table.</summary>
    private static async Task<HashSet<long>> StoredAsync(
        TablesConnection connection, DeliveryBatch batch, IEnumerable<JourneyEntry> below, CancellationToken cancellation)
    {
        HashSet<long> sequences = [.. below.Select(e => e.Sequence)];
        if (sequences.Count == 0) return sequences;
        var (site, camera, first, last) = (batch.Site.Value, batch.Camera.Value, sequences.Min(), sequences.Max());
        var stored = await connection.Journeys.Where(j => j.Site == site && j.Camera == camera && j.Epoch == batch.Epoch && j.Sequence >= first && j.Sequence <= last)
            .Select(j => j.Sequence).ToListAsync(cancellation).ConfigureAwait(false);
        var held = await connection.HeldJourneys.Where(j => j.Site == site && j.Camera == camera && j.Epoch == batch.Epoch && j.Sequence >= first && j.Sequence <= last)
            .Select(j => j.Sequence).ToListAsync(cancellation).ConfigureAwait(false);
        sequences.IntersectWith(stored.Concat(held));
        return sequences;
    }

    /// <summary>
    /// The site's last cursor. Its row is locked until the transaction ends, so that another server that still has the site's journeys
    /// waits, then finds what was stored; and cursors become visible in their order.
    /// </summary>
    public static async Task<long> LockCursorAsync(TablesConnection connection, string site, CancellationToken cancellation)
    {
        await connection.JourneyCursors.InsertOrUpdateAsync(
            () => new JourneyCursorRow { Site = site, Cursor = 0 }, c => new JourneyCursorRow { Cursor = c.Cursor }, cancellation).ConfigureAwait(false);
        return await connection.JourneyCursors.Where(c => c.Site == site).Select(c => c.Cursor).FirstAsync(cancellation).ConfigureAwait(false);
    }

    /// <summary>Gives cursors to what a server of an older version wrote.</summary>
    private static async Task<long> NumberAsync(TablesConnection connection, string site, long last, CancellationToken cancellation)
    {
        var without = await connection.Journeys.Where(j => j.Site == site && j.Cursor == null)
            .OrderBy(j => j.LastSeenAt).ThenBy(j => j.Camera).ThenBy(j => j.Epoch).ThenBy(j => j.Sequence)
            .Take(MostWithoutCursor).ToListAsync(cancellation).ConfigureAwait(false);
        foreach (var row in without)
        {
            var cursor = ++last;
            await connection.Journeys.Where(j => j.Site == site && j.Camera == row.Camera && j.Epoch == row.Epoch && j.Sequence == row.Sequence)
                .Set(j => j.Cursor, cursor).UpdateAsync(cancellation).ConfigureAwait(false);
        }

        return last;
    }
}
