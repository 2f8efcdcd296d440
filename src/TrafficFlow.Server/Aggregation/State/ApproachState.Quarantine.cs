using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;
using TrafficFlow.Wire.Aggregation;
using TrafficFlow.Wire.OutboxEntries;

namespace TrafficFlow.Server.Aggregation.State;

/// <summary>Entries of one batch whose clock was wrong.</summary>
/// <param name="ClockOffset">What their stamps lie behind the true time; null where only the stamps themselves betray them.</param>
/// <param name="At">When they came, by the aggregator's clock.</param>
public sealed record QuarantinedBatch(
    CameraId Camera, long Epoch, Provenance Provenance, IReadOnlyList<OutboxEntry> Entries, TimeSpan? ClockOffset, DateTimeOffset At);

/// <summary>What waits because its clock was wrong, and what is decided on it.</summary>
public sealed partial record ApproachState
{
    /// <summary>What waits, sorted by camera and epoch.</summary>
    public Quarantine Waiting(ApproachSetup setup) => new(setup.Site, setup.Approach,
    [
        .. Quarantine.GroupBy(q => (q.Camera, q.Epoch)).OrderBy(g => g.Key.Camera.Value, StringComparer.Ordinal).ThenBy(g => g.Key.Epoch).Select(g => new QuarantinedRun(
            g.Key.Camera,
            g.Key.Epoch,
            g.Sum(q => (long)q.Entries.OfType<VehicleEntry>().Count()),
            g.Sum(q => (long)q.Entries.Count),
            g.Min(q => q.Entries.Min(ClockSkewCheck.Earliest)),
            g.Max(q => q.Entries.Max(ClockSkewCheck.Latest)),
            // Latency only increases a measured offset: the smallest is the nearest to the truth.
            g.Min(q => q.ClockOffset),
            g.Min(q => q.At))),
    ]);

    /// <summary>An event, or why there is none.</summary>
    public (QuarantineResolved? Event, string Problem) Process(ResolveQuarantine command, ApproachSetup setup, AggregationSettings settings, DateTimeOffset now)
    {
        var entries = WaitingOf(command.Camera, command.Epoch).SelectMany(q => q.Entries).ToList();
        if (entries.Count == 0)
            return (null, $"Nothing of camera {command.Camera} waits under epoch {command.Epoch}: list what does with `quarantine show {command.Site}/{command.Approach}`.");
        if (command.Action == QuarantineAction.Discard)
            return (new QuarantineResolved(command.Camera, command.Epoch, command.Action, TimeSpan.Zero, null, null, now), "");
        var last = entries.Max(ClockSkewCheck.Latest);
        if (command.Shift > now - last + settings.ClockBound)
            return (null, $"Moved by {command.Shift:c} they would reach {FormatAfter(last, command.Shift)}, which is still ahead of the server's clock ({now:O}): set the server's clock right, or move them further back.");
        if (entries.Min(ClockSkewCheck.Earliest) - DateTimeOffset.MinValue < -command.Shift)
            return (null, $"Moved by {command.Shift:c} they would lie before the first day that a clock knows.");
        var through = ThroughWith(command.Camera, entries.Select(e => Moved(e, command.Shift)), setup);
        return (new QuarantineResolved(command.Camera, command.Epoch, command.Action, command.Shift, through, RetentionBefore(through, setup, settings), now), "");
    }

    public long CountOf(QuarantineResolved resolved) => WaitingOf(resolved.Camera, resolved.Epoch).Sum(q => (long)q.Entries.Count);

    private IEnumerable<QuarantinedBatch> WaitingOf(CameraId camera, long epoch) => Quarantine.Where(q => q.Camera == camera && q.Epoch == epoch);

    private ApproachState Resolve(QuarantineResolved resolved, ApproachSetup setup)
    {
        var left = this with { Quarantine = Quarantine.RemoveAll(q => q.Camera == resolved.Camera && q.Epoch == resolved.Epoch) };
        if (resolved.Action == QuarantineAction.Discard) return left;
        var late = new HashSet<(BinDuration Duration, Interval Bin)>();
        foreach (var batch in WaitingOf(resolved.Camera, resolved.Epoch))
        {
            List<OutboxEntry> moved = [.. batch.Entries.Select(e => Moved(e, resolved.Shift))];
            late.UnionWith(LateBins(moved, setup));
            left = left.Add(batch.Camera, batch.Provenance, moved);
        }

        return left.Revise(this, late, resolved.ClosedThrough, resolved.RetainFrom, resolved.At, setup);
    }

    private static OutboxEntry Moved(OutboxEntry entry, TimeSpan by) => entry switch
    {
        VehicleEntry v => v with { Vehicle = v.Vehicle with { Time = v.Vehicle.Time + by } },
        CoverageEntry c => c with
        {
            Coverage = c.Coverage with
            {
                From = c.Coverage.From + by,
                To = c.Coverage.To + by,
                Queues = [.. c.Coverage.Queues.Select(q => q with { From = q.From + by })],
            },
        },
        _ => throw Unknown(entry),
    };

    private static string FormatAfter(DateTimeOffset last, TimeSpan by) =>
        DateTimeOffset.MaxValue - last < by ? "the end of time" : (last + by).ToString("O", System.Globalization.CultureInfo.InvariantCulture);
}
