using System.Diagnostics;
using System.Globalization;
using TrafficFlow.Server.Aggregation.State;
using TrafficFlow.Wire.OutboxEntries;

namespace TrafficFlow.Benchmarks.Scale;

/// <summary>What a camera more costs, from ten to a thousand.</summary>
internal sealed class ScaleBenchmark : IBenchmark
{
    private const int Servers = 3;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(250);

    public string Name => "scale";

    public string Description =>
        """
        Replay cameras in real time, four to a junction: one roadside process, three servers, one PostgreSQL, all on this machine, with TLS
        and the shipped settings. Each size begins anew, settles, and is watched for a minute.
          cameras_N_events_per_s              crossings and reports of coverage in the aggregators' journal
          cameras_N_rows_per_s                its rows: a report of coverage is one for each approach that the camera feeds
          cameras_N_roadside_mb, _servers_mb  resident memory; all three servers together
          cameras_N_p50_ms, _p99_ms           from the event time of a crossing, at the pace of its camera's replay, to the commit of its
                                              aggregator's row in PostgreSQL, by PostgreSQL's commit timestamp
          cameras_N_cpu_ms_per_camera_s       CPU of all processes for a camera and second; of it the roadside's, servers' and database's
          cameras_N_start_s                   from the start of the processes until every approach has counted
          cost_N_over_M                       cpu_ms_per_camera_s of one size over that of the size before it; at most 1.25
          added_cost_N_over_M                 the same for what the cameras between the sizes add: idle processes do not flatter it
        What gives first: the tail. On two quiet cores a thousand cameras count 18 s after the start and cost less each than ten do, but p99
        grows to 0.7 s (29 ms at a hundred), as each batch is a row and a commit of its own. On a starved machine it is the start: 1,250
        aggregators are remembered and read from the journal, every camera begins at once, and servers that nobody hears are taken for
        dead. What waits is in the outboxes: it comes late, it is not lost.
        Past it, in this order: start virtual and real cameras some at a time, so that aggregators begin in turn; let an outbox join reports
        of a second into one batch, since each batch is a row and a commit; a roadside process for each few hundred cameras, and a server for
        each few thousand approaches, on machines of their own. The 16 shards bound the servers at 16; another number of them needs a new
        name of the region, since remembered entities belong to their shards.
        """;

    public async Task<Figures> RunAsync(bool isQuick, CancellationToken cancellation)
    {
        await using var ground = await ProcessGround.CreateAsync();
        using var journal = new CountedJournal();
        var figures = new Figures();
        var costs = new List<(int Cameras, double Cost)>();
        foreach (var cameras in isQuick ? new[] { 10, 50 } : [10, 100, 1000])
        {
            var sample = await MeasureAsync(ground, journal, cameras, isQuick, cancellation);
            sample.AddTo(figures);
            // A larger size may fail: what the smaller ones gave is not lost with it.
            Console.Error.WriteLine(figures.ToJson("scale so far"));
            costs.Add((cameras, sample.CpuPerCamera));
        }

        foreach (var (less, more) in costs.Zip(costs.Skip(1)))
            figures.Add(string.Create(CultureInfo.InvariantCulture, $"cost_{more.Cameras}_over_{less.Cameras}"), more.Cost / less.Cost, 2);
        var added = costs.Zip(costs.Skip(1), (a, b) => (b.Cameras, Cost: ((b.Cost * b.Cameras) - (a.Cost * a.Cameras)) / (b.Cameras - a.Cameras))).ToList();
        foreach (var (less, more) in added.Zip(added.Skip(1)))
            figures.Add(string.Create(CultureInfo.InvariantCulture, $"added_cost_{more.Cameras}_over_{less.Cameras}"), more.Cost / less.Cost, 2);
        return figures;
    }

    private static async Task<ScaleSample> MeasureAsync(ProcessGround ground, CountedJournal journal, int cameras, bool isQuick, CancellationToken cancellation)
    {
        var start = new DateTimeOffset(DateTimeOffset.UtcNow.Ticks / TimeSpan.TicksPerSecond * TimeSpan.TicksPerSecond, TimeSpan.Zero);
        // Junctions share the traffic's script, each at another point of its hour.
        var sites = Junctions.Make("j", cameras, (junction, _) => string.Create(CultureInfo.InvariantCulture, $"replay:simulation?start={start:yyyy-MM-dd'T'HH:mm:ss'Z'}&phase={junction * 37 % 3600}"));
        await using var cluster = await ground.ClusterAsync(string.Create(CultureInfo.InvariantCulture, $"cameras_{cameras}"), sites, Servers);
        var clock = Stopwatch.StartNew();
        foreach (var node in cluster.Servers.Append(cluster.Roadside)) await node.StartAsync();
        await UntilAllCountAsync(cluster, cancellation);
        var started = clock.Elapsed;
        Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{cameras} cameras: all count {started.TotalSeconds:0.0} s after the start"));
        await Task.Delay(TimeSpan.FromSeconds(isQuick ? 4 : 30), cancellation);

        var (from, before) = (DateTimeOffset.UtcNow, ProcessUsage.Of(cluster, ground.Database));
        await Task.Delay(TimeSpan.FromSeconds(isQuick ? 6 : 60), cancellation);
        var (to, after) = (DateTimeOffset.UtcNow, ProcessUsage.Of(cluster, ground.Database));
        cluster.MustLive();
        foreach (var node in cluster.Nodes) await node.KillAsync();

        var rows = await journal.ReadAsync(cluster, "%", from, to, cancellation);
        var paces = journal.PaceOf(cluster.OutboxFile, start);
        var waits = rows.SelectMany(r => r.Counted.Entries.OfType<VehicleEntry>().Select(v => (r.Committed - (paces[v.Vehicle.Camera.Value] + (v.Vehicle.Time - start))).TotalMilliseconds)).Order().ToList();
        var sample = new ScaleSample(
            cameras, to - from, before, after, started,
            // A report of coverage reaches several approaches and is one event.
            rows.SelectMany(r => r.Counted.Entries.Select(e => (r.Counted.Camera, r.Counted.HighWater.Epoch, e.Sequence))).Distinct().LongCount(),
            rows.Count, waits);
        Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{cameras} cameras: {sample.CpuPerCamera:0.00} ms/s of CPU each, {waits.Count} crossings, p99 {ScaleSample.Percentile(waits, 0.99):0} ms"));
        return rows.Select(r => r.Counted.Camera).Distinct().Count() is var counting && counting == cameras
            ? sample
            : throw cluster.Failed($"only {counting} of {cameras} cameras were counted within the window");
    }

    private static async Task UntilAllCountAsync(ProcessCluster cluster, CancellationToken cancellation)
    {
        var approaches = cluster.Sites.Sum(s => ApproachSetup.Of(s).Count);
        var clock = Stopwatch.StartNew();
        while (await cluster.CountingAsync(cancellation) is var counting && (counting ?? 0) < approaches)
        {
            cluster.MustLive();
            if (clock.Elapsed > Patience)
                throw cluster.Failed($"only {counting ?? 0} of {approaches} approaches count after {Patience.TotalSeconds:0} s");
            await Task.Delay(Look, cancellation);
        }
    }
}
