namespace TrafficFlow.SystemTests.Lab;

/// <summary>Breaks a laboratory's cluster as planned, and heals it. Faults that overlap take turns where they concern the same process.</summary>
internal sealed class ClusterFaults(LabCluster cluster)
{
    private static readonly TimeSpan StopWithin = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Flap = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan TwoHours = TimeSpan.FromHours(2);
    private static readonly TimeSpan ThreeMinutes = TimeSpan.FromMinutes(3);
    private readonly SemaphoreSlim _roadside = new(1, 1);
    private readonly SemaphoreSlim[] _servers = [new(1, 1), new(1, 1)];
    private readonly SemaphoreSlim _database = new(1, 1);

    /// <summary>From the break to the healing; what was healed may still be starting then.</summary>
    public Task RunAsync(PlannedFault fault, CancellationToken cancellation)
    {
        var lasting = () => Task.Delay(fault.Lasts, cancellation);
        var server = cluster.Servers[fault.Server];
        var roadside = cluster.Roadside;
        var (near, first, second, database) = (cluster.Network["roadside"], cluster.Network["server-1"], cluster.Network["server-2"], cluster.Network["database"]);
        return fault.Kind switch
        {
            FaultKind.KillRoadside => InTurnAsync([_roadside], () => DownAsync([roadside], lasting)),
            FaultKind.KillServer => InTurnAsync([_servers[fault.Server]], () => DownAsync([server], lasting)),
            FaultKind.KillBothServers => InTurnAsync(_servers, () => DownAsync(cluster.Servers, lasting)),
            FaultKind.KillDatabase => InTurnAsync([_database], () => DatabaseDownAsync(lasting)),
            FaultKind.KillEverything => InTurnAsync(
                [_roadside, .. _servers, _database], () => DownAsync([roadside, .. cluster.Servers], () => DatabaseDownAsync(lasting))),
            FaultKind.StopRoadside => InTurnAsync([_roadside], () => StopAsync(roadside, lasting)),
            FaultKind.StopServer => InTurnAsync([_servers[fault.Server]], () => StopAsync(server, lasting)),
            FaultKind.CutBriefly or FaultKind.Cut or FaultKind.CutLong => LinkAsync(
                lasting, LinkCondition.Cut, (near, first), (first, near), (near, second), (second, near)),
            FaultKind.CutToServers => LinkAsync(lasting, LinkCondition.Cut, (near, first), (near, second)),
            FaultKind.CutFromServers => LinkAsync(lasting, LinkCondition.Cut, (first, near), (second, near)),
            FaultKind.SlowLink => LinkAsync(lasting, LinkCondition.Slow, (near, first), (first, near), (near, second), (second, near)),
            FaultKind.CutBetweenServers => LinkAsync(lasting, LinkCondition.Cut, (first, second), (second, first)),
            FaultKind.CutServerFromDatabase => LinkAsync(lasting, LinkCondition.Cut, (server.Host!, database), (database, server.Host!)),
            FaultKind.FlapRoadside => FlapAsync(fault.Lasts, cancellation, (near, first), (first, near), (near, second), (second, near)),
            FaultKind.ClockForward => ClockAsync(Clocked(fault), TwoHours, lasting),
            FaultKind.ClockBack => ClockAsync(Clocked(fault), -TwoHours, lasting),
            FaultKind.ClockSlow => ClockAsync(Clocked(fault), -ThreeMinutes, lasting),
            FaultKind.RestartDatabase => InTurnAsync([_database], () => DatabaseRestartedAsync(lasting)),
            FaultKind.RoadsideDiskFull => DiskAsync(cluster.RoadsideDisk, lasting),
            FaultKind.DatabaseDiskFull => InTurnAsync([_database], () => DatabaseDiskAsync(lasting)),
            FaultKind.CorruptRoadsideRow => InTurnAsync([_roadside], () => DownAsync([roadside], async () =>
            {
                await lasting();
                CorruptRows.LastOf(cluster.OutboxFile);
            })),
            FaultKind.CorruptServerRow => InTurnAsync([.. _servers, _database], () => DownAsync(cluster.Servers, async () =>
            {
                await lasting();
                await CorruptRows.LastOfAsync(cluster.Database);
            })),
            FaultKind.DamageSnapshot => InTurnAsync([.. _servers, _database], () => DownAsync(cluster.Servers, async () =>
            {
                await lasting();
                await CorruptRows.SnapshotAsync(cluster.Database);
            })),
            _ => throw new NotSupportedException($"nobody knows how to make a fault {fault.Kind}"),
        };
    }

    /// <summary>Of a clock: the roadside's as often as those of the servers together.</summary>
    public static bool IsOfRoadside(PlannedFault fault) => fault.Number % 2 == 0;

    private LabNode Clocked(PlannedFault fault) => IsOfRoadside(fault) ? cluster.Roadside : cluster.Servers[fault.Server];

    private static async Task DownAsync(IReadOnlyList<LabNode> nodes, Func<Task> meanwhile)
    {
        await Task.WhenAll(nodes.Select(n => n.KillAsync()));
        try
        {
            await meanwhile();
        }
        finally
        {
            foreach (var node in nodes) await node.StartAsync();
        }
    }

    private static async Task StopAsync(LabNode node, Func<Task> meanwhile)
    {
        await node.StopAsync(StopWithin);
        try
        {
            await meanwhile();
        }
        finally
        {
            await node.StartAsync();
        }
    }

    private async Task DatabaseDownAsync(Func<Task> meanwhile)
    {
        await cluster.Database.KillAsync();
        try
        {
            await meanwhile();
        }
        finally
        {
            await cluster.Database.StartAsync();
        }
    }

    private async Task DatabaseRestartedAsync(Func<Task> meanwhile)
    {
        if (cluster.Database.IsRunning) await cluster.Database.StopAsync();
        try
        {
            await meanwhile();
        }
        finally
        {
            await cluster.Database.StartAsync();
        }
    }

    private async Task FlapAsync(TimeSpan lasts, CancellationToken cancellation, params IReadOnlyList<(TestHost From, TestHost To)> ways)
    {
        for (var flapped = TimeSpan.Zero; flapped < lasts; flapped += 2 * Flap)
        {
            await LinkAsync(() => Task.Delay(Flap, cancellation), LinkCondition.Cut, ways);
            await Task.Delay(Flap, cancellation);
        }
    }

    private async Task LinkAsync(Func<Task> meanwhile, LinkCondition condition, params IReadOnlyList<(TestHost From, TestHost To)> ways)
    {
        var imposed = ways.Select(w => cluster.Network.ImposeOneWay(w.From, w.To, condition)).ToList();
        try
        {
            await meanwhile();
        }
        finally
        {
            foreach (var way in imposed) way.Dispose();
        }
    }

    private static async Task ClockAsync(LabNode node, TimeSpan off, Func<Task> meanwhile)
    {
        node.Clock!.Set(off);
        try
        {
            await meanwhile();
        }
        finally
        {
            node.Clock.Set(TimeSpan.Zero);
        }
    }

    private static async Task DiskAsync(SmallDisk disk, Func<Task> meanwhile)
    {
        disk.Fill();
        try
        {
            await meanwhile();
        }
        finally
        {
            disk.Free();
        }
    }

    /// <summary>PostgreSQL ends when it cannot write its log: its service manager starts it again.</summary>
    private async Task DatabaseDiskAsync(Func<Task> meanwhile)
    {
        await DiskAsync(cluster.DatabaseDisk, meanwhile);
        if (!cluster.Database.IsRunning) await cluster.Database.StartAsync();
    }

    /// <summary>Taken always in the same order, so that no two faults wait for each other.</summary>
    private async Task InTurnAsync(IReadOnlyList<SemaphoreSlim> turns, Func<Task> act)
    {
        var taken = new List<SemaphoreSlim>();
        try
        {
            foreach (var turn in new[] { _roadside, _servers[0], _servers[1], _database }.Where(turns.Contains))
            {
                await turn.WaitAsync();
                taken.Add(turn);
            }

            await act();
        }
        finally
        {
            foreach (var turn in taken) turn.Release();
        }
    }
}
