using System.Diagnostics;
using Akka.Actor;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Flow;
using TrafficFlow.Roadside.Outbox;
using TrafficFlow.Roadside.Uplink;
using TrafficFlow.Server.Topics;
using TrafficFlow.Wire.Journals;
using TrafficFlow.Wire.OutboxEntries;
using TrafficFlow.Wire.Topics;

namespace TrafficFlow.Benchmarks.Delivery;

/// <summary>From a tracker's Store to a subscriber's hands, at 100 events a second.</summary>
internal static class Latency
{
    private const int PerSecond = 100;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <returns>Milliseconds, one for each event.</returns>
    public static async Task<IReadOnlyList<double>> MeasureAsync(TempFolder folder, TimeSpan length, CancellationToken cancellation)
    {
        var rows = new CountedRows(1, 1, TimeSpan.FromHours(1));
        var camera = rows.Site.Cameras[0];
        var approach = rows.Site.Approaches[0].Id;
        await using var node = await DeliveryNode.StartAsync(folder.File("latency-outbox.db"), new SqliteJournal(folder.File("latency-journal.db")), rows.Site);
        var bins = new SubscriptionBuffer(10_000);
        await node.SubscribeAsync(TopicNames.Live(rows.Site.Id, approach), bins);

        var outbox = node.Roadside.System.ActorOf(
            OutboxActor.Props(rows.Site.Id, camera.Id, new OutboxSettings(), node.Roadside.Registry.Get<UplinkActor>()), "outbox");
        var ready = await outbox.Ask<EpochReady>(new OpenEpoch("latency", rows.Provenance, new MovementMapper(camera).Feeds), Patience, cancellation);

        // A bin is open around what was watched last.
        await outbox.Ask<Stored>(
            new Store(ready.Epoch, [new CoverageEntry(1, new Coverage(camera.Id, CountedRows.Start, CountedRows.Start.AddMinutes(1), 600, 0, WatchState.Watching))]),
            Patience, cancellation);

        // Until a first event came all the way, everything is still being set up.
        var sent = new List<long>();
        var seen = new List<double>();
        Send();
        while (!await SeeAsync(TimeSpan.FromSeconds(2))) Send();
        var settled = sent.Count;
        while (seen.Count < settled) await SeeAsync(Patience);

        using var pace = new PeriodicTimer(TimeSpan.FromSeconds(1.0 / PerSecond));
        var due = (int)(length.TotalSeconds * PerSecond) + settled;
        var watching = WatchAsync();
        while (sent.Count < due)
        {
            await pace.WaitForNextTickAsync(cancellation);
            Send();
        }

        await watching;
        return seen[settled..];

        void Send()
        {
            lock (sent)
            {
                sent.Add(Stopwatch.GetTimestamp());
                outbox.Tell(new Store(ready.Epoch, [new VehicleEntry(sent.Count + 1, new CountedVehicle(
                    camera.Id, approach, Movement.Entering, CountedRows.Start.AddMilliseconds(sent.Count), VehicleClass.PassengerCar, VehicleSize.Small, 40))]));
            }
        }

        async Task WatchAsync()
        {
            while (seen.Count < due)
                if (!await SeeAsync(Patience)) throw new BenchmarkException(BenchmarkException.Failed, $"a subscriber saw {seen.Count} of {sent.Count} events");
        }

        // Counts only grow: the bin that shows k vehicles shows the k-th.
        async Task<bool> SeeAsync(TimeSpan patience)
        {
            using var wait = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            wait.CancelAfter(patience);
            try
            {
                var message = (await bins.ReadAsync(wait.Token))?.Message;
                var now = Stopwatch.GetTimestamp();
                if (message is not FlowBinsOpen open) return true;
                var counted = open.Bins.Where(b => b.Key.Duration == BinDuration.Hour).SelectMany(b => b.Rows).Sum(r => r.Sums.Count);
                lock (sent)
                {
                    while (seen.Count < counted) seen.Add(Stopwatch.GetElapsedTime(sent[seen.Count], now).TotalMilliseconds);
                }

                return seen.Count > 0;
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                return false;
            }
        }
    }

    public static double Percentile(this IReadOnlyList<double> values, double share)
    {
        var sorted = values.Order().ToList();
        return sorted.Count == 0 ? double.NaN : sorted[Math.Min(sorted.Count - 1, (int)Math.Ceiling(share * sorted.Count) - 1)];
    }
}
