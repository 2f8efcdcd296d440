using System.Globalization;
using Npgsql;
using TrafficFlow.Core.Sites;
using TrafficFlow.SystemTests.Lab;

namespace TrafficFlow.Benchmarks.Scale;

/// <summary>One roadside and some servers as real processes, with what can be seen of them from outside.</summary>
internal sealed class ProcessCluster(IReadOnlyList<Site> sites, PostgresServer database, string databaseName, LabNode roadside, IReadOnlyList<LabNode> servers) : IAsyncDisposable
{
    public IReadOnlyList<Site> Sites { get; } = sites;

    public LabNode Roadside { get; } = roadside;

    public IReadOnlyList<LabNode> Servers { get; } = servers;

    public IEnumerable<LabNode> Nodes => [Roadside, .. Servers];

    public int Cameras => Sites.Sum(s => s.Cameras.Count);

    public string OutboxFile => Path.Combine(Roadside.Folder, "data", "outbox.db");

    /// <summary>For the servers' database, without pooling: the benchmark holds nothing open.</summary>
    public string ConnectionString => $"{database.Connection(databaseName)};Password={PostgresServer.Password};Pooling=false;Command Timeout=60";

    /// <summary>A whole number from the servers' database; null while it is away or has no tables yet.</summary>
    public async Task<long?> NumberAsync(string sql, CancellationToken cancellation)
    {
        try
        {
            await using var connection = new NpgsqlConnection(ConnectionString);
            await connection.OpenAsync(cancellation);
            await using var command = new NpgsqlCommand(sql, connection);
            return Convert.ToInt64(await command.ExecuteScalarAsync(cancellation), CultureInfo.InvariantCulture);
        }
        catch (NpgsqlException)
        {
            return null;
        }
    }

    /// <summary>How many approaches have journaled a count.</summary>
    public Task<long?> CountingAsync(CancellationToken cancellation) => NumberAsync(
        "SELECT count(DISTINCT persistence_id) FROM journal WHERE manifest LIKE 'batch-counted-%'", cancellation);

    /// <summary>A node that ended by itself is a failure, not a figure.</summary>
    /// <exception cref="BenchmarkException">One did; the message has its last lines.</exception>
    public void MustLive()
    {
        if (Nodes.FirstOrDefault(n => n.EndedByItself > 0) is { } ended)
            throw Failed($"{ended.Name} ended by itself");
    }

    /// <summary>With the last lines of all nodes: their logs go with the benchmark.</summary>
    public BenchmarkException Failed(string why) => new(
        BenchmarkException.Failed,
        $"{why}\n{string.Join("\n", Nodes.Where(n => File.Exists(n.Log)).Select(n => $"--- {n.Name}\n{string.Join('\n', File.ReadLines(n.Log).TakeLast(12))}"))}");

    public async ValueTask DisposeAsync()
    {
        foreach (var node in Nodes) await node.DisposeAsync();
    }
}
