using TrafficFlow.SystemTests.Lab;

namespace TrafficFlow.Benchmarks.Chaos;

/// <summary>Lets the faults of a plan happen to a laboratory's cluster, one after the other or over each other as it says.</summary>
internal static class FaultRun
{
    public static async Task BreakAsync(LabCluster cluster, IReadOnlyList<PlannedFault> plan, FaultLog log, CancellationToken cancellation)
    {
        var breaking = new ClusterFaults(cluster);
        var lasting = new List<Task>();
        foreach (var fault in plan)
        {
            if (!fault.Overlaps)
            {
                await Task.WhenAll(lasting);
                lasting.Clear();
            }

            await Task.Delay(fault.Pause, cancellation);
            lasting.Add(log.WatchAsync(fault, () => breaking.RunAsync(fault, cancellation)));
        }

        await Task.WhenAll(lasting);
    }

    /// <exception cref="BenchmarkException">Something of the laboratory is not possible here.</exception>
    public static async Task<LabCluster> CreateAsync(LabClusterSettings settings)
    {
        try
        {
            return await LabCluster.CreateAsync(settings);
        }
        catch (LabUnavailableException e)
        {
            throw new BenchmarkException(BenchmarkException.CannotRun, e.Message);
        }
    }

    /// <summary>Copies logs, tables and the roadside's outbox to a folder that outlives the laboratory, and names it.</summary>
    public static async Task KeepEvidenceAsync(LabCluster cluster)
    {
        var folder = Directory.CreateTempSubdirectory("trafficflow-chaos-").FullName;
        foreach (var node in cluster.Nodes) File.Copy(node.Log, Path.Combine(folder, $"{node.Name}.log"));
        await File.WriteAllTextAsync(Path.Combine(folder, "database.log"), cluster.Database.Log);
        foreach (var table in new[] { "journeys", "flow_counts_latest" })
            await File.WriteAllTextAsync(Path.Combine(folder, $"{table}.txt"), await cluster.Database.SqlAsync($"SELECT * FROM {table}", PostgresServer.Database));
        if (File.Exists(cluster.OutboxFile)) File.Copy(cluster.OutboxFile, Path.Combine(folder, "outbox.db"));
        Console.Error.WriteLine($"the logs are kept in {folder}");
    }
}
