using TrafficFlow.SystemTests.Lab;
using Xunit;

namespace TrafficFlow.SystemTests.Faults;

/// <summary>One cluster for all fault tests: what one of them breaks and heals, the next one finds whole.</summary>
public sealed class ClusterFixture : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);
    private LabCluster? _cluster;
    private string _missing = "";

    internal LabCluster Cluster
    {
        get
        {
            Assert.SkipWhen(_cluster is null, _missing);
            return _cluster!;
        }
    }

    public async ValueTask InitializeAsync()
    {
        try
        {
            _cluster = await LabCluster.CreateAsync(new LabClusterSettings(Seed: 1, Speed: 60));
        }
        catch (LabUnavailableException e)
        {
            _missing = e.Message;
            return;
        }

        await _cluster.StartAsync();
        await _cluster.UntilClosedAsync(TimeSpan.FromMinutes(1), Patience, CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        if (_cluster is not null) await _cluster.DisposeAsync();
    }

    /// <summary>Breaks one after the other, each when the one before is healed, and then finds everything in the tables.</summary>
    internal async Task OutlivesAsync(params IReadOnlyList<PlannedFault> faults)
    {
        var breaking = new ClusterFaults(Cluster);
        foreach (var fault in faults)
        {
            await Task.Delay(fault.Pause);
            await breaking.RunAsync(fault, CancellationToken.None);
        }

        await IsTrueAsync();
    }

    /// <summary>Once everything that the roadside has stored stands in the tables, they hold what is true and nothing else.</summary>
    internal async Task IsTrueAsync()
    {
        var settled = await Cluster.SettleAsync(Patience, CancellationToken.None);

        Assert.True(settled.Drained is not null, $"not everything that was stored reached the tables\n{Evidence(settled)}");
        Assert.True(settled.Bins.IsEqual, $"{settled.Bins.Lost} lost, {settled.Bins.Doubled} doubled\n{Evidence(settled)}");
        Assert.True(settled.Bins.Vehicles > 0);
    }

    private string Evidence(Settled settled) =>
        string.Join('\n', settled.Bins.Differences.Concat(Cluster.Nodes.SelectMany(n => File.ReadLines(n.Log).TakeLast(15).Prepend($"-- {n.Name}"))));
}
