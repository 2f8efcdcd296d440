using System.Collections.Immutable;
using Akka.Actor;
using TrafficFlow.Analysis.Records;
using TrafficFlow.Analysis.Studies;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;
using TrafficFlow.Server.Tables;
using TrafficFlow.Wire.Aggregation;
using TrafficFlow.Wire.Delivery;
using TrafficFlow.Wire.OutboxEntries;

namespace TrafficFlow.SystemTests.Analysis;

/// <summary>Writes what was measured of a junction into a server's real tables, as aggregators and the junction would.</summary>
internal static class StudiedTables
{
    private static readonly CameraId s_junction = new("junction-demo");
    private static readonly Provenance s_made = new("0123456789abcdef", "vehicles", "2", "abc");

    /// <param name="isDegraded">Minutes of an approach whose counts cannot be trusted.</param>
    public static async Task WriteAsync(FlowTables tables, Site site, JunctionRecord record, Func<ApproachId, DateTimeOffset, bool>? isDegraded = null, bool withJourneys = true)
    {
        var (cursor, alignment) = (0L, new BinAlignment(site.TimeZone));
        foreach (var duration in new[] { BinDuration.OneMinute, BinDuration.Hour })
        {
            foreach (var approach in record.Approaches)
            {
                var entered = record.Journeys.Where(j => j.Approach == approach.Approach).GroupBy(j => alignment.Containing(j.EnteredAt!.Value, duration).From).ToDictionary(g => g.Key, g => g.Count());
                var bins = alignment.Touching(record.Span, duration).Select(b =>
                {
                    var observed = approach.Watched.Within(b).Total;
                    var count = entered.GetValueOrDefault(b.From);
                    ImmutableArray<FlowRow> rows = count > 0 ? [new FlowRow(Movement.Entering, VehicleClass.PassengerCar, new FlowSums(count, count, 0, 0, 0, 0))] : [];
                    var queue = approach.Queues.Where(q => q.From >= b.From && q.From < b.To).Aggregate((QueueSums?)null, (sum, q) => (sum ?? default) + q.Sums);
                    return new ClosedBin(
                        ++cursor,
                        new FlowBin(new BinKey(site.Id, approach.Approach, duration, b.From), b.To, observed, FlowBin.Judge(b, observed, isDegraded?.Invoke(approach.Approach, b.From) ?? false), 1, rows, [new BinSource(s_junction, s_made)]) { Queue = queue },
                        b.To.AddSeconds(2));
                }).ToList();
                foreach (var chunk in bins.Chunk(500)) await tables.WriteAsync(chunk, CancellationToken.None);
            }
        }

        if (!withJourneys) return;
        var number = 0L;
        foreach (var chunk in record.Journeys.Chunk(400))
        {
            var first = number + 1;
            ImmutableArray<OutboxEntry> entries = [.. chunk.Select(j => (OutboxEntry)new JourneyEntry(++number, s_junction, j with { Number = number }))];
            await tables.WriteAsync([], [new WriteJourneys(new DeliveryBatch(site.Id, s_junction, ApproachId.Journeys, first, number, s_made, [.. entries]), ActorRefs.Nobody, null)], CancellationToken.None);
        }
    }
}
