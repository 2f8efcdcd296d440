using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;
using TrafficFlow.Simulation.Replay;
using TrafficFlow.Synthetic;
using TrafficFlow.SystemTests.Lab;
using TrafficFlow.SystemTests.Processes;
using Xunit;

namespace TrafficFlow.SystemTests.Runbooks;

/// <summary>The runbooks of several nodes: a roadside with replay cameras, servers on one PostgreSQL. Whatever is done to them, the tables hold each vehicle once.</summary>
[Collection(ProcessesCollection.Other)]
public sealed class ClusterRunbookTests : IAsyncDisposable
{
    private const string AddServer = "Add a server";
    private const string Upgrade = "Upgrade one node after the other";
    private const string Renew = "Renew certificates";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly Site _site = ClusterFiles.Site(seed: 1, speed: 20);
    private PostgresServer _database = null!;
    private OperatedCluster _cluster = null!;
    private OperatedMachine _first = null!;
    private OperatedMachine _second = null!;
    private OperatedMachine _roadside = null!;

    [Fact]
    public async Task A_server_is_added_every_node_is_upgraded_and_a_certificate_renewed_while_counts_go_on()
    {
        await StartAsync();
        await GoesOnAsync("the first server counts");
        await AddAServerAsync();
        await UpgradeAsync();
        await RenewAsync();
        await GoesOnAsync("counts go on after all that");

        var bins = await ClusterTables.ReadAsync(_database, _site.Id);
        IReadOnlyList<ApproachId> approaches = [.. _site.Approaches.Select(a => a.Id)];
        var through = BinComparison.ClosedThrough(bins, approaches)!.Value;
        var compared = BinComparison.Of(bins, new ReplayTruth(_site, new ReplayScripts().Script), approaches, new Interval(ReplaySource.Default.Start, through));
        Assert.True(compared.IsEqual, $"{compared.Lost} lost, {compared.Doubled} doubled\n{string.Join('\n', compared.Differences)}");
        Assert.True(compared.Vehicles > 100, $"{compared.Vehicles} vehicles");
    }

    private async Task StartAsync()
    {
        Assert.SkipWhen(PostgresServer.Missing is not null, PostgresServer.Missing ?? "");
        _database = await PostgresServer.CreateAsync();
        _cluster = await OperatedCluster.CreateAsync();
        var site = (_site.Id.Value, SyntheticSiteFile.Write(_site));
        // Shards are looked at each 10 s else.
        _first = await _cluster.AddAsync("server1", "server", site, _database, "akka.cluster.sharding.rebalance-interval = 2s");
        _roadside = await _cluster.AddAsync("roadside1", "roadside", site);
        _second = _cluster.AddMachine();
        await _first.RunAsync("systemctl start trafficflow-server");
        await _roadside.RunAsync("systemctl start trafficflow-roadside");
    }

    private async Task AddAServerAsync()
    {
        (string, string)[] names =
            [("CA", _cluster.Ca), ("NAME", "server2"), ("NEW", _second.Host), ("SERVER", _first.Host), ("NODES", _cluster.Nodes)];
        await RunAsync(_cluster.Authority, AddServer, "authority", names);
        Assert.Matches($"seed node +{Regex.Escape(_first.Host)}:4053 answers", await RunAsync(_second, AddServer, "new-server", names));
        await RunAsync(_second, AddServer, "new-server-start", names);
        await UntilAsync(_second, AddServer, "look", o => IsUp(o, _second) && Shards(o, _second) > 0 && Shards(o, _first) > 0, "both servers have shards");
        foreach (var (node, role) in new[] { (_first, "server"), (_roadside, "roadside") })
        {
            Assert.Contains($"{_second.Host}:4053 answers", await RunAsync(node, AddServer, "every-node", [.. names, ("ROLE", role)]));
            Assert.Contains($"[\"{_first.Host}:4053\", \"{_second.Host}:4053\"]", await File.ReadAllTextAsync(Path.Combine(node.Settings, $"{role}.conf"), TestContext.Current.CancellationToken));
        }

        await RunAsync(_roadside, AddServer, "roadside");
        await GoesOnAsync("counts go on with two servers");
    }

    private async Task UpgradeAsync()
    {
        var package = NextVersion.MakeIn(Path.Combine(_cluster.Authority.Data, "next"));
        Assert.Contains($"not among the seed-nodes with which this node was started: {_second.Host}:4053", await RunAsync(_first, Upgrade, "server"));
        foreach (var (node, role) in new[] { (_roadside, "roadside"), (_first, "server"), (_second, "server") }) await RunAsync(node, Upgrade, "every-node", ("ROLE", role));

        await UpgradeAsync(_second, "server", package, other: _first);
        await FormerServerGoesOnAsync(_first);
        await UpgradeAsync(_first, "server", package, other: _second);
        await UpgradeAsync(_roadside, "roadside", package, other: _second);
        var nodes = await UntilAsync(
            _first, Upgrade, "server", told => new[] { _first, _second, _roadside }.All(n => IsUp(told, n, NextVersion.Version)), "every node is up with the new version");
        Assert.DoesNotContain("not among", nodes);
    }

    private async Task UpgradeAsync(OperatedMachine node, string role, string package, OperatedMachine other)
    {
        await RunAsync(node, Upgrade, "stop", ("ROLE", role));
        await UntilAsync(other, Upgrade, "other-server", o => !IsMember(o, node) && Shards(o, other) > 0, "it left, and its shards are elsewhere");
        await RunAsync(node, Upgrade, "install", ("PACKAGE", package));
        await RunAsync(node, Upgrade, "start", ("ROLE", role));
        await UntilAsync(
            other, Upgrade, "other-server-after",
            o => IsUp(o, node, NextVersion.Version) && Regex.IsMatch(o, $@"(?m)^ *{Regex.Escape(node.Host)}:4053 .* (reports|doubtful) .* {Regex.Escape(NextVersion.Version)}"),
            "it is up with the new version");
        await RunAsync(_roadside, Upgrade, "roadside");
        await GoesOnAsync($"counts go on after {node.Host} was upgraded");
    }

    /// <summary>As where the new server has brought the tables to a form that the former one does not know.</summary>
    private async Task FormerServerGoesOnAsync(OperatedMachine former)
    {
        await _database.SqlAsync("INSERT INTO flow_tables_version VALUES (99)", PostgresServer.Database);
        Assert.Contains("of different versions", await RunAsync(former, Upgrade, "other-server"));
        await GoesOnAsync("a former server that runs writes migrated tables");
        var told = await former.RunAsync("! trafficflow run --check --config $CONF/server.conf 2>&1");
        Assert.Contains("version 99", told);
        await _database.SqlAsync("DELETE FROM flow_tables_version WHERE version = 99", PostgresServer.Database);
    }

    private async Task RenewAsync()
    {
        (string, string)[] names = [("CA", _cluster.Ca), ("NAME", "server2"), ("HOST", _second.Host), ("NODES", $"{_cluster.Nodes} {_second.Host}")];
        var before = await File.ReadAllTextAsync(Path.Combine(_second.Settings, "tls", "node.crt"), TestContext.Current.CancellationToken);
        await RunAsync(_cluster.Authority, Renew, "authority", names);
        Assert.NotEqual(before, await File.ReadAllTextAsync(Path.Combine(_second.Settings, "tls", "node.crt"), TestContext.Current.CancellationToken));
        await GoesOnAsync("counts go on with a renewed certificate");
        await UntilAsync(_first, Renew, "server", o => IsUp(o, _second), "the renewed server is up");
    }

    /// <summary>Every approach closes more bins than it had.</summary>
    private async Task GoesOnAsync(string what)
    {
        var watch = Stopwatch.StartNew();
        var before = await ClusterTables.ClosedThroughAsync(_database, _site) ?? ReplaySource.Default.Start;
        while (!(await ClusterTables.ClosedThroughAsync(_database, _site) > before))
        {
            Assert.True(watch.Elapsed < Patience, $"within {Patience.TotalMinutes} minutes it was not seen that {what}\n{_first.NodeLog()}\n{_second.NodeLog()}\n{_roadside.NodeLog()}");
            await Task.Delay(TimeSpan.FromMilliseconds(300));
        }
    }

    private static Task<string> RunAsync(OperatedMachine machine, string section, string where, params (string, string)[] names) =>
        machine.RunAsync(Assert.Single(Runbook.Blocks(section, where)), names);

    private static Task<string> UntilAsync(OperatedMachine machine, string section, string where, Func<string, bool> holds, string what) =>
        machine.UntilAsync(Assert.Single(Runbook.Blocks(section, where)), holds, what);

    private static bool IsMember(string output, OperatedMachine node) => Regex.IsMatch(output, $@"(?m)^ *{Regex.Escape(node.Host)}:4053 +(server|roadside) +\w+ +(yes|no)");

    private static bool IsUp(string output, OperatedMachine node, string version = "") =>
        Regex.IsMatch(output, $@"(?m)^ *{Regex.Escape(node.Host)}:4053 +(server|roadside) +up +yes .* {Regex.Escape(version)}");

    /// <summary>Of the row of a region; 0 where there is none.</summary>
    private static int Shards(string output, OperatedMachine node) =>
        Regex.Match(output, $@"(?m)^ *{Regex.Escape(node.Host)}:4053 +(\d+) +\d+ ") is { Success: true } row ? int.Parse(row.Groups[1].Value, CultureInfo.InvariantCulture) : 0;

    public async ValueTask DisposeAsync()
    {
        if (_cluster is not null) await _cluster.DisposeAsync();
        if (_database is not null) await _database.DisposeAsync();
    }
}
