using System.Diagnostics;
using System.Globalization;
using TrafficFlow.Simulation.Replay;
using TrafficFlow.SystemTests.Lab;

namespace TrafficFlow.Benchmarks.Soak;

/// <summary>Looks at a laboratory's nodes and stores from time to time, until it is cancelled.</summary>
internal sealed class SoakSampler(LabCluster cluster, Stopwatch clock)
{
    public const string Journal = "journal and snapshots";
    public const string Tables = "flow tables";
    public const string Outbox = "outbox of the roadside";

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly List<NodeSample> _nodes = [];
    private readonly List<StoreSample> _stores = [];
    private readonly List<(TimeSpan Elapsed, double Days)> _progress = [];

    public IReadOnlyList<NodeSample> Nodes
    {
        get { lock (_gate) return [.. _nodes]; }
    }

    public IReadOnlyList<StoreSample> Stores
    {
        get { lock (_gate) return [.. _stores]; }
    }

    /// <summary>Event time since the beginning up to which the bins were closed when this looked last, in days.</summary>
    public double Days { get; private set; }

    /// <summary>How far the bins were closed when the clock stood there, in days.</summary>
    public double DaysAt(TimeSpan elapsed)
    {
        lock (_gate) return _progress.LastOrDefault(p => p.Elapsed <= elapsed).Days;
    }

    public async Task RunAsync(CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            if (await ClusterTables.ClosedThroughAsync(cluster.Database, cluster.Site) is { } closed) Days = (closed - ReplaySource.Default.Start).TotalDays;
            lock (_gate) _progress.Add((clock.Elapsed, Days));
            LookAtNodes();
            await LookAtStoresAsync();
            await Task.Delay(Pause, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void LookAtNodes()
    {
        foreach (var node in cluster.Nodes.Where(n => n.IsRunning))
        {
            var life = node.Life.Id;
            if (ProcessFigures.Read(life) is not { } figures) continue;
            lock (_gate) _nodes.Add(new NodeSample(node.Name, life, Days, figures));
        }
    }

    private async Task LookAtStoresAsync()
    {
        var sizes = new Dictionary<string, double>();
        if (File.Exists(cluster.OutboxFile)) sizes[Outbox] = new FileInfo(cluster.OutboxFile).Length;
        try
        {
            var tables = await cluster.Database.SqlAsync("select relname, pg_total_relation_size(oid) from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace", PostgresServer.Database);
            foreach (var row in tables.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(r => r.Split('|')))
            {
                var store = row[0].Contains("journal") || row[0].Contains("snapshot") || row[0] == "tags" ? Journal : Tables;
                sizes[store] = sizes.GetValueOrDefault(store) + double.Parse(row[1], CultureInfo.InvariantCulture);
            }
        }
        catch (InvalidOperationException)
        {
            // The database is away: one of the faults.
        }

        lock (_gate) _stores.AddRange(sizes.Select(s => new StoreSample(s.Key, Days, s.Value / 1e6)));
    }
}
