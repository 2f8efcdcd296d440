using System.Globalization;
using Akka.Actor;
using Akka.Cluster;
using Akka.Hosting;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;
using TrafficFlow.Node.Subscriptions;
using TrafficFlow.Roadside.Operations;
using TrafficFlow.Server.Aggregation.State;
using TrafficFlow.Vault.Accounts;
using TrafficFlow.Vault.Files;
using TrafficFlow.Vision.Ffmpeg;
using TrafficFlow.Web;
using TrafficFlow.Wire.Aggregation;
using TrafficFlow.Wire.Cameras;
using TrafficFlow.Wire.Health;
using TrafficFlow.Wire.Journals;
using TrafficFlow.Wire.Routing;

namespace TrafficFlow.Node.Run;

/// <summary>
/// Says in the log that the node is up, with all that whoever started it wants to know, and then one line a minute: information while all is well, a warning
/// while something is not.
/// </summary>
/// <param name="monitoring">Address of metrics and health; null where they are not served.</param>
internal sealed class NodeNarrator(NodeDefinition node, NodeSystems systems, string socket, string? monitoring, ILogger<NodeNarrator> log, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LookEach = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(5);

    /// <summary>A camera that is silent is told then; one that is away is told at once.</summary>
    private static readonly TimeSpan SettleWithin = TimeSpan.FromSeconds(25);

    private readonly long _began = time.GetTimestamp();
    private bool _isUntold;

    /// <summary>Null where nobody reads topics with a token.</summary>
    public SubscriptionServer? Subscribers { get; init; }

    /// <summary>Null where the node shows no pages.</summary>
    public WebServer? Pages { get; init; }

    /// <summary>Of those who see the pages; null where there are none.</summary>
    public AccountStore? Accounts { get; init; }

    public override Task StopAsync(CancellationToken cancellationToken)
    {
        log.LogInformation("The node stops: cameras first, then what they counted is stored and delivered");
        return base.StopAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            var before = await SettleAsync(stoppingToken);
            Announce(before);
            await InviteAsync();
            using var timer = new PeriodicTimer(Minute, time);
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                if (await TryCollectAsync(stoppingToken) is not { } now) continue;
                Tell(now, before);
                before = now;
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The node ends.
        }
    }

    private void Tell(NodeState now, NodeState before)
    {
        var troubles = now.Troubles(before);
        if (troubles.Count == 0) log.LogInformation("Last minute: {Summary}", now.Since(before));
        else log.LogWarning("Last minute: {Summary}. {Count} to look at: {Troubles}", now.Since(before), troubles.Count, string.Join("; ", troubles));
    }

    /// <summary>Until cameras and cluster have found out how they are, or that takes long.</summary>
    private async Task<NodeState> SettleAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(LookEach, time);
        do
        {
            var state = await TryCollectAsync(stopping) ?? NodeState.None;
            var isReady = state.IsSettled && (!node.IsRoadside || state.Cameras.Count > 0) && IsMember;
            if (isReady || time.GetElapsedTime(_began) > SettleWithin) return state;
        }
        while (await timer.WaitForNextTickAsync(stopping));

        return NodeState.None;
    }

    private void Announce(NodeState state)
    {
        log.LogInformation(
            "trafficflow {Version} is up: {Roles}; sites {Sites}; data {Data}", NodeHealth.Version, string.Join(" and ", node.Membership.Roles.Order(StringComparer.Ordinal)),
            node.Sites.Count == 0 ? "none" : string.Join(", ", node.Sites.Select(s => s.Site.Id)), node.DataDirectory);
        foreach (var camera in state.Cameras.Select(c => c.Status).Where(c => c.Junction is null))
        {
            var source = node.Cameras.FirstOrDefault(c => c.Id == camera.Camera)?.Source is { } address ? VideoSource.Parse(address).Shown : "";
            if (camera.State is CameraState.Streaming or CameraState.Finished) log.LogInformation("Camera {Camera} {State}: {Source}", camera.Camera, NodeState.InWords(camera.State), source);
            else log.LogWarning("Camera {Camera} {State}: {Reason}", camera.Camera, NodeState.InWords(camera.State), camera.Reason.Length > 0 ? camera.Reason : source);
        }

        foreach (var problem in state.Problems) log.LogWarning("{Problem}", problem);
        if (monitoring is not null) log.LogInformation("Metrics: {Address}/metrics; health: {Address}/healthz, /readyz", monitoring, monitoring);
        if (node.Membership.Tls is null)
            log.LogInformation("Commands: trafficflow ctl --data {Data}, or {Socket}; {Ports}", node.DataDirectory, socket, Subscribers is null && monitoring is null && Pages is null ? "no port is open" : "no port is open for other nodes");
        else log.LogInformation("Commands: trafficflow ctl --data {Data}, or {Socket}; other nodes: {Address}, mutual TLS", node.DataDirectory, socket, Address());
        if (Subscribers is { } subscribers)
            log.LogInformation("Subscribers with a token: https://{Address}; good tokens in {File}: {Count}", subscribers.Address, subscribers.TokensFile, subscribers.GoodTokens);
    }

    /// <summary>Nobody has a password that somebody else chose: who is first is let in by a link that can be used once.</summary>
    private async Task InviteAsync()
    {
        if (Pages?.Address is not { } address) return;
        log.LogInformation("Pages: {Address}", address.ToString());
        try
        {
            if (Accounts is not null && await Accounts.InviteFirstCustodianAsync() is { } invitation)
                log.LogInformation("Nobody has an account here yet. Whoever opens this link, once and within 24 hours, becomes the first custodian: {Link}", $"{address.GetLeftPart(UriPartial.Authority)}{invitation.Path}");
        }
        catch (VaultFileException e)
        {
            log.LogWarning("The first custodian cannot be invited: {Reason}", e.Message);
        }
    }

    private string Address()
    {
        var own = systems.Cluster is { WhenTerminated.IsCompleted: false } system ? Cluster.Get(system).SelfAddress : null;
        return own is { Host: { } host, Port: { } port } ? string.Create(CultureInfo.InvariantCulture, $"{host}:{port}") : $"{node.Membership.Host}:{node.Membership.Port}";
    }

    private bool IsMember => systems.Cluster is { WhenTerminated.IsCompleted: false } system
        && Cluster.Get(system) is { IsTerminated: false } cluster && cluster.SelfMember.Status is MemberStatus.Up or MemberStatus.WeaklyUp;

    /// <summary>Null where it cannot be said now: what tells how the node is must never end it, nor keep it from ending.</summary>
    private async Task<NodeState?> TryCollectAsync(CancellationToken stopping)
    {
        try
        {
            var state = await CollectAsync().WaitAsync(stopping);
            _isUntold = false;
            return state;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // While it starts this is looked at ten times a second.
            if (!_isUntold) log.LogWarning(e, "How the node is cannot be told now; it goes on");
            _isUntold = true;
            return null;
        }
    }

    private async Task<NodeState> CollectAsync()
    {
        var problems = new List<string>();
        IReadOnlyList<CameraReport> cameras = [];
        if (node.IsRoadside && systems.Roadside is { } roadside)
        {
            var (reports, problem) = await CameraReports.CollectAsync(roadside, systems.Sites);
            cameras = reports;
            if (problem.Length > 0) problems.Add($"{problem}: look at the load of this machine");
        }

        if (systems.Cluster is { WhenTerminated.IsCompleted: false } cluster && DatabaseAvailability.Of(cluster).Current is { } outage)
            problems.Add($"the database {outage.Database} cannot be used since {outage.Since.UtcDateTime:HH:mm:ss}Z ({outage.Reason})");
        else if (!IsMember) problems.Add("this node is in no cluster yet: is a seed node up, and its database? It joins by itself; counts wait");
        if (NodeHealth.DiskProblem(NodeHealth.DiskOf(node)) is { } disk) problems.Add(disk);
        if (systems.AuditProblem is { } audit) problems.Add(audit);
        if (systems.ReportsProblem is { } unreported) problems.Add(unreported);
        if (systems.StudiesProblem is { } unstudied) problems.Add(unstudied);
        return new NodeState(cameras, await TotalsAsync(), problems);
    }

    private async Task<IReadOnlyList<ApproachTotal>> TotalsAsync()
    {
        if (!IsMember || systems.ClusterRegistry is not { } registry || !registry.TryGet<ApproachRegion>(out var approaches)) return [];
        // Gates without a meaning see vehicles again that others count; where there are no others, they are all there is.
        var asked = systems.Sites.SelectMany(ApproachSetup.Of).GroupBy(a => a.Site)
            .SelectMany(site => site.Any(a => a.Approach != ApproachId.Gates) ? site.Where(a => a.Approach != ApproachId.Gates) : site);
        return await Task.WhenAll(asked.Select(async a =>
        {
            try
            {
                return new ApproachTotal(a.Site, a.Approach, await approaches.Ask<object>(new GetApproachStatus(a.Site, a.Approach), AnswerWithin) is ApproachStatus status ? Vehicles(status) : null);
            }
            catch (AskTimeoutException)
            {
                return new ApproachTotal(a.Site, a.Approach, null);
            }
        }));
    }

    /// <summary>Each vehicle once: where an approach's gates see vehicles come and go, those that come.</summary>
    private static long Vehicles(ApproachStatus approach)
    {
        foreach (var movement in new[] { Movement.Entering, Movement.Exiting })
            if (approach.Totals.Any(t => t.Stream.Movement == movement)) return approach.Total(movement);
        return approach.Totals.Sum(t => t.Count);
    }
}
