using LinqToDB;
using LinqToDB.Async;
using TrafficFlow.Server.Tables.Databases;
using TrafficFlow.Wire.Delivery;
using TrafficFlow.Wire.OutboxEntries;
using TrafficFlow.Wire.Serialization;

namespace TrafficFlow.Server.Tables.Journeys;

/// <summary>
/// Takes deliveries of a junction's outbox. Its high-water mark is written in the transaction of its journeys, so each is in the table
/// once, whatever is sent again; the table needs no other journal.
/// </summary>
internal static class JourneyTableStore
{
    /// <summary>Within a transaction of the connection.</summary>
    /// <returns>The answer to the outbox, for when the transaction is committed.</returns>
    public static async Task<IWireMessage> TakeAsync(TablesConnection connection, DeliveryBatch batch, CancellationToken cancellation)
    {
        var log = await connection.JourneyLogs.FirstOrDefaultAsync(l => l.Site == batch.Site.Value && l.Camera == batch.Camera.Value, cancellation).ConfigureAwait(false);
        var highWater = log is null ? LogPosition.Start : new LogPosition(log.Epoch, log.Sequence);
        if (batch.After > highWater) return new Behind(batch.Camera, batch.Approach, highWater);
        var reached = new LogPosition(batch.Epoch, batch.UpToSequence);
        if (reached > highWater)
        {
            var (site, camera) = (batch.Site.Value, batch.Camera.Value);
            var stored = highWater.Epoch == batch.Epoch ? highWater.Sequence : 0;
            // Another server may have written the same a moment ago.
            await connection.Journeys.Where(j => j.Site == site && j.Camera == camera && j.Epoch == batch.Epoch
                    && j.Sequence > stored && j.Sequence <= batch.UpToSequence)
                .DeleteAsync(cancellation).ConfigureAwait(false);
            await connection.InsertAllAsync(
                batch.Entries.OfType<JourneyEntry>().Where(e => new LogPosition(batch.Epoch, e.Sequence) > highWater).Select(e => JourneyRows.Row(batch, e)), cancellation).ConfigureAwait(false);
            await connection.InsertOrReplaceAsync(
                new JourneyLogRow { Site = site, Camera = camera, Epoch = reached.Epoch, Sequence = reached.Sequence }, token: cancellation).ConfigureAwait(false);
        }

        return new Accepted(batch.Camera, batch.Approach, batch.Epoch, batch.UpToSequence);
    }
}
