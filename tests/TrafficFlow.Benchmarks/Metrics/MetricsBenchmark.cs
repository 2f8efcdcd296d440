using System.Diagnostics;
using System.Globalization;
using TrafficFlow.Benchmarks.Delivery;
using TrafficFlow.Wire.Journals;

namespace TrafficFlow.Benchmarks.Metrics;

/// <summary>What it costs that a node is watched.</summary>
internal sealed class MetricsBenchmark : IBenchmark
{
    private const int PerSecond = 1000;

    private enum Watched
    {
        No,
        Metrics,
        MetricsAndTraces,
    }

    public string Name => "metrics";

    public string Description =>
        """
        1,000 counted vehicles a second through four outboxes, their delivery, aggregation and tables on SQLite, in one process: with nobody watching, with
        metrics that are scraped each 5 s, and with traces of one crossing of a thousand besides, in rounds of the three that change their order. Processor time is
        that of the whole process; he who scrapes is in it, so that it tells rather too much.
          off_cores, metrics_cores     cores in use, median of the rounds
          metrics_cost_share           of one core, median over the rounds of the difference; at most 0.01
          traces_cost_share            of one core, of metrics and traces together; at most 0.01
          noise_share                  by how much two rounds with nobody watching differ, median: what costs less than that is not seen above
          scrape_cpu_ms                of one answer, both ends, without traffic: each 5 s it takes 0.0002 of a core for each millisecond
          lines                        of that answer
          events_per_s                 that were counted in truth
        """;

    public async Task<Figures> RunAsync(bool isQuick, CancellationToken cancellation)
    {
        var (rounds, seconds) = isQuick ? (3, 5) : (20, 10);
        using var folder = new TempFolder();
        var rows = new CountedRows(4, 1, TimeSpan.FromHours(1));
        await using var node = await DeliveryNode.StartAsync(folder.File("outbox.db"), new SqliteJournal(folder.File("journal.db")), rows.Site);
        var traffic = new SteadyTraffic(node, rows, PerSecond);
        await traffic.BeginAsync(cancellation);
        var length = TimeSpan.FromSeconds(seconds);
        var lines = 0;
        var measured = TimeSpan.Zero;
        // Until all is compiled, the first ones cost more.
        foreach (var watched in Enum.GetValues<Watched>()) await MeasureAsync(watched, isQuick ? length : 2 * length);

        var cores = Enum.GetValues<Watched>().ToDictionary(w => w, _ => new List<double>());
        var vehicles = traffic.Vehicles;
        measured = TimeSpan.Zero;
        for (var i = 0; i < rounds; i++)
        {
            // Each comes first, second and third as often as the others.
            for (var j = 0; j < cores.Count; j++)
            {
                var watched = (Watched)((i + j) % cores.Count);
                cores[watched].Add(await MeasureAsync(watched, length));
            }

            Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"round {i + 1}: {cores[Watched.No][^1]:0.0000}, {cores[Watched.Metrics][^1]:0.0000} and {cores[Watched.MetricsAndTraces][^1]:0.0000} cores"));
        }

        double scrape;
        await using (var watchers = await Watchers.StartAsync(node, rows, hasTraces: false)) scrape = await watchers.ScrapeCostAsync(isQuick ? 20 : 100, cancellation);
        var off = cores[Watched.No];
        var rate = (traffic.Vehicles - vehicles) / measured.TotalSeconds;
        return new Figures().Add("rounds", rounds).Add("off_cores", off.Median(), 4).Add("metrics_cores", cores[Watched.Metrics].Median(), 4)
            .Add("metrics_cost_share", Cost(Watched.Metrics), 4).Add("traces_cost_share", Cost(Watched.MetricsAndTraces), 4)
            .Add("noise_share", off.Zip(off.Skip(1), (a, b) => Math.Abs(a - b)).Median(), 4).Add("scrape_cpu_ms", scrape, 3).Add("lines", lines).Add("events_per_s", rate, 0);

        double Cost(Watched watched) => cores[watched].Zip(cores[Watched.No], (on, none) => on - none).Median();

        async Task<double> MeasureAsync(Watched watched, TimeSpan within)
        {
            await using var watchers = watched == Watched.No ? null : await Watchers.StartAsync(node, rows, watched == Watched.MetricsAndTraces);
            var (used, from) = (Environment.CpuUsage.TotalTime, Stopwatch.GetTimestamp());
            await traffic.RunAsync(within, cancellation);
            measured += Stopwatch.GetElapsedTime(from);
            var share = (Environment.CpuUsage.TotalTime - used) / Stopwatch.GetElapsedTime(from);
            lines = Math.Max(lines, watchers?.Lines ?? 0);
            return share;
        }
    }
}
