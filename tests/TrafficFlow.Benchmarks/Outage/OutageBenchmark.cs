using System.Diagnostics;
using System.Globalization;
using TrafficFlow.Benchmarks.Scale;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;
using TrafficFlow.Server.Aggregation.State;
using TrafficFlow.Simulation.Replay;
using TrafficFlow.SystemTests.Lab;

namespace TrafficFlow.Benchmarks.Outage;

/// <summary>The server side dies under load and comes back: do the cameras notice, is anything lost, how soon is it caught up?</summary>
internal sealed class OutageBenchmark : IBenchmark
{
    private const string Video = "video";
    private const int VideoCameras = 4;
    private const int LoadCameras = 16;
    private const int Speed = 25;
    private static readonly FrameFormat Small = new(160, 90, 10);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(500);
    private static readonly ReplayScripts Logs = new();

    public string Name => "outage";

    public string Description =>
        """
        One roadside, two servers, one PostgreSQL: real processes, TLS, shipped settings. Four synthetic cameras make real pictures, sixteen
        virtual ones play known vehicles at 25 times their speed. Both servers and the database are killed with SIGKILL and stay away for ten
        minutes (--quick: 15 s), then they are started.
          frames_before_per_s, frames_during_per_s  processed frames of the four cameras, by `trafficflow ctl camera list --json`
          frames_during_least_per_s                 the same within the worst piece of the outage
          frames_dropped                            during the outage
          gaps_in_coverage                          holes in what the aggregators know to be watched; must be 0
          pending_at_return                         entries that waited on the roadside
          drained_s                                 from the start of database and servers until all of that is accepted; at most 120
          lost, doubled                             vehicles of the replay cameras in the read tables against the truth, and entries of the
                                                    synthetic ones against their numbers; must be 0
        """;

    public async Task<Figures> RunAsync(bool isQuick, CancellationToken cancellation)
    {
        await using var ground = await ProcessGround.CreateAsync();
        var video = Junctions.Make(Video, VideoCameras, (_, approach) => $"synthetic:{approach}", Small);
        var load = Junctions.Make("load", LoadCameras, (junction, _) => string.Create(CultureInfo.InvariantCulture, $"replay:simulation?speed={Speed}&phase={junction * 600}"));
        await using var cluster = await ground.ClusterAsync(PostgresServer.Database, [.. video, .. load], servers: 2);
        var roadside = new RoadsideView(cluster);
        foreach (var node in cluster.Servers.Append(cluster.Roadside)) await node.StartAsync();
        await UntilAsync(
            async () => await cluster.CountingAsync(cancellation) >= cluster.Sites.Sum(s => ApproachSetup.Of(s).Count), cluster, "every approach counts", cancellation);

        var before = await roadside.FramesAsync(Video);
        await Task.Delay(TimeSpan.FromSeconds(isQuick ? 5 : 60), cancellation);
        var killed = await roadside.FramesAsync(Video);
        foreach (var server in cluster.Servers) await server.KillAsync();
        await ground.Database.KillAsync();
        Console.Error.WriteLine("servers and database are killed");
        var frames = await WatchAsync(roadside, killed, TimeSpan.FromSeconds(isQuick ? 15 : 600), isQuick ? 3 : 20, cancellation);

        var waiting = await roadside.OutboxesAsync();
        var owed = load.Min(site => StoredThrough(site, waiting));
        var returned = DateTimeOffset.UtcNow;
        Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{waiting.Pending} entries wait; database and servers are started"));
        var clock = Stopwatch.StartNew();
        await ground.Database.StartAsync();
        foreach (var server in cluster.Servers) await server.StartAsync();
        await UntilAsync(async () => (await roadside.OutboxesAsync()).HasDelivered(waiting), cluster, "what waited is accepted", cancellation);
        var drained = clock.Elapsed;
        Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"all of it is accepted after {drained.TotalSeconds:0.0} s"));

        await UntilAsync(async () => await ReplayComparison.ClosedThroughAsync(ground.Database, load) >= owed, cluster, "the tables hold what was owed", cancellation);
        var compared = await ReplayComparison.CompareAsync(ground.Database, load, Logs);
        foreach (var difference in compared.SelectMany(c => c.Differences).Take(20)) Console.Error.WriteLine($"WRONG: {difference}");
        using var journal = new CountedJournal();
        var evidence = VideoEvidence.Of(
            await journal.ReadAsync(cluster, $"approach-{Video}%", DateTimeOffset.MinValue, DateTimeOffset.MaxValue, cancellation),
            waiting.Stored.Where(s => s.Key.StartsWith(Video, StringComparison.Ordinal)).ToDictionary(),
            new Interval(before.At, returned - TimeSpan.FromSeconds(10)));
        cluster.MustLive();
        return new Figures()
            .Add("outage_s", (frames[^1].At - killed.At).TotalSeconds, 0)
            .Add("frames_before_per_s", killed.RateSince(before), 1)
            .Add("frames_during_per_s", frames[^1].RateSince(killed), 1)
            .Add("frames_during_least_per_s", frames.Prepend(killed).Zip(frames, (a, b) => b.RateSince(a)).Min(), 1)
            .Add("frames_dropped", frames[^1].Dropped - killed.Dropped)
            .Add("gaps_in_coverage", evidence.Gaps)
            .Add("pending_at_return", waiting.Pending)
            .Add("drained_s", drained.TotalSeconds, 1)
            .Add("bins", compared.Sum(c => c.Bins))
            .Add("vehicles", compared.Sum(c => c.Vehicles))
            .Add("wrong_bins", compared.Sum(c => c.Wrong))
            .Add("lost", compared.Sum(c => c.Lost) + evidence.Lost)
            .Add("doubled", compared.Sum(c => c.Doubled) + evidence.Doubled);
    }

    /// <summary>Looks at the frames again and again until the outage is over.</summary>
    private static async Task<IReadOnlyList<FramesSeen>> WatchAsync(RoadsideView roadside, FramesSeen killed, TimeSpan outage, int looks, CancellationToken cancellation)
    {
        var seen = new List<FramesSeen>();
        for (var look = 1; look <= looks; look++)
        {
            var wait = killed.At + (outage * look / looks) - DateTimeOffset.UtcNow;
            if (wait > TimeSpan.Zero) await Task.Delay(wait, cancellation);
            seen.Add(await roadside.FramesAsync(Video));
        }

        return seen;
    }

    /// <summary>Event time up to which all cameras of a site have surely stored what they counted.</summary>
    private static DateTimeOffset StoredThrough(Site site, OutboxesSeen outboxes)
    {
        var through = site.Cameras.Min(camera =>
        {
            var source = ReplaySource.Parse(camera.Source);
            return new ReplayScript(site, camera, source, Logs.Script(source)).From(outboxes.Stored[camera.Id.Value].Sequence + 1).First().Time - source.Coverage;
        });
        return new DateTimeOffset(through.UtcTicks - (through.UtcTicks % TimeSpan.TicksPerMinute), TimeSpan.Zero);
    }

    private static async Task UntilAsync(Func<Task<bool>> holds, ProcessCluster cluster, string what, CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        while (!await holds())
        {
            cluster.MustLive();
            if (clock.Elapsed > Patience)
                throw cluster.Failed($"within {Patience.TotalSeconds:0} s it did not come true that {what}");
            await Task.Delay(Look, cancellation);
        }
    }
}
