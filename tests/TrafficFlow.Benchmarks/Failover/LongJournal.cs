using System.Diagnostics;
using System.Globalization;
using Akka.Actor;
using TrafficFlow.Benchmarks.Delivery;
using TrafficFlow.Core.Sites;
using TrafficFlow.Synthetic;
using TrafficFlow.SystemTests.Lab;
using TrafficFlow.Wire.Delivery;
using TrafficFlow.Wire.Journals;
using TrafficFlow.Wire.OutboxEntries;
using TrafficFlow.Wire.Routing;

namespace TrafficFlow.Benchmarks.Failover;

/// <summary>A server whose approaches have counted for a long time, event by event.</summary>
internal static class LongJournal
{
    private const int Approaches = 40;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    internal sealed record Recovery(long JournaledEvents, IReadOnlyList<double> Seconds, IReadOnlyList<double> ProcessStart);

    /// <param name="hours">Of event time: coverage each five seconds is a part of the events.</param>
    public static async Task<Recovery> RecoverAsync(long events, int hours, int times, CancellationToken cancellation)
    {
        using var folder = new TempFolder();
        await using var database = await PostgresServer.CreateAsync();
        var rows = new CountedRows(Approaches, (int)(events / Approaches) - (hours * 720), TimeSpan.FromHours(hours));
        await FillAsync(folder, new PostgresJournal(database.Connection(), database.PasswordFile), rows, cancellation);
        var journaled = long.Parse(
            (await database.SqlAsync("SELECT count(*) FROM journal WHERE persistence_id LIKE 'approach-%'", PostgresServer.Database)).Trim(), CultureInfo.InvariantCulture);

        var config = Configure(folder, database, rows.Site);
        await using var node = new LabNode("server", config, folder.File("server.log"));
        var (recovered, started) = (new List<double>(), new List<double>());
        for (var i = 0; i <= times; i++)
        {
            var clock = Stopwatch.StartNew();
            await node.StartAsync();
            using var control = await ControlClient.ConnectAsync(Path.Combine(folder.File("data"), "ctl.sock"), Patience, cancellation);
            var up = clock.Elapsed.TotalSeconds;
            while (await control.AnsweringApproachesAsync(cancellation) < Approaches)
            {
                if (clock.Elapsed > Patience) throw new BenchmarkException(BenchmarkException.Failed, $"the server's approaches did not answer within {Patience.TotalSeconds:0} s; see its log");
                await Task.Delay(50, cancellation);
            }

            Console.Error.WriteLine($"recovery {i}: control socket after {up:0.00} s, all approaches after {clock.Elapsed.TotalSeconds:0.00} s");
            // The first life also makes its snapshots' tables known to the file cache: it does not count.
            if (i > 0)
            {
                recovered.Add(clock.Elapsed.TotalSeconds);
                started.Add(up);
            }

            await node.KillAsync();
        }

        return new Recovery(journaled, recovered, started);
    }

    /// <summary>Through the aggregators themselves: each count is an event of its own, as a quiet road brings them.</summary>
    private static async Task FillAsync(TempFolder folder, PostgresJournal journal, CountedRows rows, CancellationToken cancellation)
    {
        await PostgresCheck.LookAsync(journal, cancellation);
        await using var node = await DeliveryNode.StartAsync(folder.File("fill.db"), journal, rows.Site);
        var region = node.Cluster.Registry.Get<ApproachRegion>();
        var clock = Stopwatch.StartNew();
        var done = rows.Site.Cameras.Select(camera =>
        {
            var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            node.Cluster.System.ActorOf(Props.Create(() => new OneByOne(rows, camera, region, ended)), $"fill-{camera.Id}");
            return ended.Task;
        }).ToList();
        await Task.WhenAll(done).WaitAsync(cancellation);
        Console.Error.WriteLine($"journal filled in {clock.Elapsed.TotalSeconds:0} s");
    }

    private static string Configure(TempFolder folder, PostgresServer database, Site site)
    {
        File.WriteAllText(folder.File("site.conf"), SyntheticSiteFile.Write(site with
        {
            Cameras = [.. site.Cameras.Select(c => c with { Source = "replay:simulation", Detector = "default" })],
        }));
        File.WriteAllText(folder.File("node.conf"), $$"""
            trafficflow.node {
              roles = [server]
              sites = ["site.conf"]
              data-directory = "data"
              journal { type = postgresql, connection = "{{database.Connection()}}", password-file = "{{database.PasswordFile}}" }
            }

            """);
        return folder.File("node.conf");
    }

    private sealed class OneByOne : ReceiveActor
    {
        private readonly IEnumerator<OutboxEntry> _log;
        private readonly CountedRows _rows;
        private readonly CameraSetup _camera;
        private readonly IActorRef _region;
        private readonly TaskCompletionSource _ended;

        public OneByOne(CountedRows rows, CameraSetup camera, IActorRef region, TaskCompletionSource ended)
        {
            (_rows, _camera, _region, _ended) = (rows, camera, region, ended);
            _log = rows.Of(camera).GetEnumerator();
            Receive<Accepted>(_ => Next());
            Receive<ReceiveTimeout>(_ => Send());
            // A shard that is just being made drops nothing, but a busy database may take its time.
            SetReceiveTimeout(TimeSpan.FromSeconds(20));
        }

        private void Next()
        {
            if (_log.MoveNext())
            {
                Send();
                return;
            }

            _ended.TrySetResult();
            Context.Stop(Self);
        }

        private void Send() => _region.Tell(new DeliveryBatch(
            _rows.Site.Id, _camera.Id, _camera.Gates[0].Forward!.Approach, 1, _log.Current.Sequence, _rows.Provenance, [_log.Current]));

        protected override void PreStart() => Next();
    }
}
