using LinqToDB;
using LinqToDB.Async;
using TrafficFlow.Core.Sites;
using TrafficFlow.Server.Tables.Databases;
using TrafficFlow.Wire.Aggregation;
using TrafficFlow.Wire.OutboxEntries;

namespace TrafficFlow.Server.Tables.Journeys;

/// <summary>Journeys whose clock was wrong: they are in a table of their own, and on no topic, until somebody decides on them.</summary>
internal static class HeldJourneys
{
    private const int MostRows = 2000;

    /// <summary>Within the transaction that takes the batch.</summary>
    /// <returns>False where there is no room for them.</returns>
    public static async Task<bool> HoldAsync(TablesConnection connection, WriteJourneys work, IReadOnlyList<JourneyEntry> wrong, CancellationToken cancellation)
    {
        if (work.Wrong is not { } stamps || wrong.Count == 0) return true;
        var site = work.Site.Value;
        var held = await connection.HeldJourneys.CountAsync(j => j.Site == site, cancellation).ConfigureAwait(false);
        if (held + wrong.Count > stamps.MostHeld) return false;
        await connection.InsertAllAsync(
            wrong.Select(e => new HeldJourneyRow(JourneyRows.Row(work.Batch, e, 0), stamps.ClockOffset, stamps.At)), cancellation).ConfigureAwait(false);
        return true;
    }

    /// <summary>Within a transaction of the connection. What is released gets cursors, as if it had come now: subscribers read it from the table.</summary>
    public static async Task<StoredJourneys> ResolveAsync(TablesConnection connection, ResolveJourneys work, CancellationToken cancellation)
    {
        var command = work.Command;
        var (site, camera) = (command.Site.Value, command.Camera.Value);
        var last = await JourneyTableStore.LockCursorAsync(connection, site, cancellation).ConfigureAwait(false);
        var held = connection.HeldJourneys.Where(j => j.Site == site && j.Camera == camera && j.Epoch == command.Epoch);
        var count = await held.LongCountAsync(cancellation).ConfigureAwait(false);
        if (count == 0)
            return Refused($"No journeys of {command.Camera} wait under epoch {command.Epoch}: list what does with `quarantine show {command.Site}/{command.Approach}`.");
        if (command.Action == QuarantineAction.Release)
        {
            var (first, end) = (await held.MinAsync(j => j.FirstSeenAt, cancellation).ConfigureAwait(false), await held.MaxAsync(j => j.LastSeenAt, cancellation).ConfigureAwait(false));
            if (command.Shift > work.Now - end + work.Bound)
                return Refused($"Moved by {command.Shift:c} they would end ahead of the server's clock ({work.Now:O}): set the server's clock right, or move them further back.");
            // An hour is room for what lies between the times of one journey.
            if (first.UtcTicks - TimeSpan.TicksPerHour < -(decimal)command.Shift.Ticks)
                return Refused($"Moved by {command.Shift:c} they would lie before the first day that a clock knows.");
            long sequence = -1;
            while (await held.Where(j => j.Sequence > sequence).OrderBy(j => j.Sequence).Take(MostRows).ToListAsync(cancellation).ConfigureAwait(false) is { Count: > 0 } rows)
            {
                await connection.InsertAllAsync(rows.Select(r => r.Released(command.Shift, ++last)), cancellation).ConfigureAwait(false);
                sequence = rows[^1].Sequence;
            }

            await connection.InsertOrReplaceAsync(new JourneyCursorRow { Site = site, Cursor = last }, token: cancellation).ConfigureAwait(false);
        }

        await held.DeleteAsync(cancellation).ConfigureAwait(false);
        return new StoredJourneys(new QuarantineAnswer(command.Site, command.Approach, count, ""), []);

        StoredJourneys Refused(string problem) => new(new QuarantineAnswer(command.Site, command.Approach, 0, problem), []);
    }

    /// <summary>What waits of a site, by log and epoch; in order.</summary>
    public static async Task<Quarantine> ShowAsync(TablesConnection connection, SiteId site, CancellationToken cancellation)
    {
        var runs = await connection.HeldJourneys.Where(j => j.Site == site.Value).GroupBy(j => new { j.Camera, j.Epoch })
            .Select(g => new
            {
                g.Key.Camera,
                g.Key.Epoch,
                Count = g.LongCount(),
                From = g.Min(j => j.FirstSeenAt),
                To = g.Max(j => j.LastSeenAt),
                // Latency only increases the offset: the least is the nearest to the truth.
                Offset = g.Min(j => j.ClockOffsetSeconds),
                Since = g.Min(j => j.HeldSince),
            })
            .ToListAsync(cancellation).ConfigureAwait(false);
        return new Quarantine(site, ApproachId.Journeys,
        [
            .. runs.OrderBy(r => r.Camera, StringComparer.Ordinal).ThenBy(r => r.Epoch).Select(r => new QuarantinedRun(
                new CameraId(r.Camera), r.Epoch, r.Count, r.Count, r.From, r.To, r.Offset is { } seconds ? TimeSpan.FromSeconds(seconds) : null, r.Since)),
        ]);
    }
}
