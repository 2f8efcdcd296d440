using System.Diagnostics;
using System.Globalization;
using TrafficFlow.SystemTests.Lab;

namespace TrafficFlow.Benchmarks.Attack;

/// <summary>Someone has a cabinet's certificate: are the counts of the others still exact, and does the server stand?</summary>
internal sealed class AttackBenchmark : IBenchmark
{
    private const string SecondsOption = "--seconds";
    private const string SeedOption = "--seed";
    private const string ClientOption = "--client";
    private const int Port = 4053;
    private const double Speed = 20;

    public string Name => "attack";

    public string Description =>
        """
        Two servers, a roadside with replay cameras and a database as in chaos, and on a host of its own an attacker with the certificate of
        another cabinet of the same site: five minutes of deadly, forged and broken messages and of silent sockets, to both servers. Then the
        tables are compared with the truth.
          lost, doubled, wrong_bins              as in chaos; must be 0
          ended_by_itself                        of all nodes; must be 0
          memory_mb_start, memory_mb_end         of the servers, half a minute after the beginning and at the end: flat
          messages, links, silent_sockets        of the attacker
        """;

    public IReadOnlyDictionary<string, string> Options => new Dictionary<string, string>
    {
        [SecondsOption] = "N attacks so long, instead of 300 seconds",
        [SeedOption] = "N draws other messages",
        [ClientOption] = "HOST,CERTIFICATES,SERVER,SITE,APPROACH,CAMERA,OTHER is the attacker itself",
    };

    public Task<Figures> RunAsync(bool isQuick, CancellationToken cancellation) => RunAsync(isQuick, new Dictionary<string, string>(), cancellation);

    public async Task<Figures> RunAsync(bool isQuick, IReadOnlyDictionary<string, string> options, CancellationToken cancellation)
    {
        var seed = options.TryGetValue(SeedOption, out var chosen) ? int.Parse(chosen, CultureInfo.InvariantCulture) : 11;
        var seconds = options.TryGetValue(SecondsOption, out var wanted) ? int.Parse(wanted, CultureInfo.InvariantCulture) : isQuick ? 30 : 300;
        if (options.TryGetValue(ClientOption, out var client)) return await AttackAsync(client.Split(','), seconds, seed);
        try
        {
            await using var cluster = await LabCluster.CreateAsync(new LabClusterSettings(seed, Speed, HasAttacker: true));
            await cluster.StartAsync();
            await cluster.UntilClosedAsync(TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(2), cancellation);
            Console.Error.WriteLine("counts flow; the attack begins");
            return await MeasureAsync(cluster, seconds, seed, cancellation);
        }
        catch (LabUnavailableException e)
        {
            throw new BenchmarkException(BenchmarkException.CannotRun, e.Message);
        }
    }

    private static async Task<Figures> MeasureAsync(LabCluster cluster, int seconds, int seed, CancellationToken cancellation)
    {
        var attackers = cluster.Servers.Select((s, i) => RunClient(cluster, s.Host!, seconds, seed + i)).ToList();
        await Task.Delay(TimeSpan.FromSeconds(Math.Min(30, seconds / 2)), cancellation);
        var before = Megabytes(cluster);
        var sent = await Task.WhenAll(attackers);
        var after = Megabytes(cluster);
        foreach (var line in sent) Console.Error.WriteLine($"attacker: {line}");
        var settled = await cluster.SettleAsync(TimeSpan.FromMinutes(3), cancellation);
        foreach (var difference in settled.Bins.Differences) Console.Error.WriteLine($"WRONG: {difference}");
        return new Figures()
            .Add("lost", settled.Bins.Lost)
            .Add("doubled", settled.Bins.Doubled)
            .Add("wrong_bins", settled.Bins.Wrong)
            .Add("bins_compared", settled.Bins.Bins)
            .Add("vehicles", settled.Bins.Vehicles)
            .Add("ended_by_itself", cluster.Nodes.Sum(n => (long)n.EndedByItself))
            .Add("memory_mb_start", before, 0)
            .Add("memory_mb_end", after, 0)
            .Add("messages", Sum(sent, "messages"))
            .Add("links", Sum(sent, "links"))
            .Add("silent_sockets", Sum(sent, "silent_sockets"))
            .Add("attack_s", seconds)
            .Add("drained_s", settled.Drained?.TotalSeconds ?? double.NaN, 1);
    }

    private static async Task<string> RunClient(LabCluster cluster, TestHost server, int seconds, int seed)
    {
        var site = cluster.Site;
        string[] client = [cluster.Attacker!.Address.ToString(), cluster.AttackerCertificate, server.Address.ToString(), site.Id.Value, site.Approaches[0].Id.Value, "stolen", site.Cameras[0].Id.Value];
        var command = new ProcessStartInfo(Environment.ProcessPath!, ["attack", ClientOption, string.Join(',', client), SecondsOption, seconds.ToString(CultureInfo.InvariantCulture), SeedOption, seed.ToString(CultureInfo.InvariantCulture)])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        using var process = Process.Start(cluster.Attacker.Inside(command))!;
        var said = process.StandardError.ReadToEndAsync();
        await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (await said).Split('\n').LastOrDefault(l => l.Contains("messages=", StringComparison.Ordinal)) ?? throw new BenchmarkException(BenchmarkException.Failed, $"the attacker failed: {await said}");
    }

    private static async Task<Figures> AttackAsync(string[] client, int seconds, int seed)
    {
        if (client is not [var host, var certificates, var server, var site, var approach, var camera, var other])
            throw new BenchmarkException(BenchmarkException.CannotRun, $"{ClientOption}: write HOST,CERTIFICATES,SERVER,SITE,APPROACH,CAMERA,OTHER");
        Console.Error.WriteLine(await new AttackLoop(new AttackTarget(host, certificates, server, Port, site, approach, camera, other), seed).RunAsync(TimeSpan.FromSeconds(seconds)));
        return new Figures();
    }

    private static long Sum(IEnumerable<string> lines, string key) =>
        lines.SelectMany(l => l.Split(' ')).Where(w => w.StartsWith($"{key}=", StringComparison.Ordinal)).Sum(w => long.Parse(w.AsSpan(key.Length + 1), CultureInfo.InvariantCulture));

    private static double Megabytes(LabCluster cluster) => cluster.Servers.Sum(s => ProcessFigures.Read(s.Life.Id)?.MemoryMib ?? 0);
}
