using Akka.Actor;
using Akka.Hosting;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using TrafficFlow.Analysis.Studies;
using TrafficFlow.Core.Segments;
using TrafficFlow.Core.Sites;
using TrafficFlow.Node.Analyse;
using TrafficFlow.Node.ControlServer;
using TrafficFlow.Node.Custody;
using TrafficFlow.Node.Detectors;
using TrafficFlow.Node.Endings;
using TrafficFlow.Node.Recordings;
using TrafficFlow.Node.Registers;
using TrafficFlow.Node.Report;
using TrafficFlow.Node.Retention;
using TrafficFlow.Node.Settings;
using TrafficFlow.Node.WebHosting;
using TrafficFlow.Node.Why;
using TrafficFlow.Roadside;
using TrafficFlow.Roadside.Cameras;
using TrafficFlow.Roadside.Operations;
using TrafficFlow.Roadside.Uplink;
using TrafficFlow.Server;
using TrafficFlow.Server.Aggregation;
using TrafficFlow.Server.Commands;
using TrafficFlow.Server.Health;
using TrafficFlow.Server.Operations;
using TrafficFlow.Server.Queries;
using TrafficFlow.Server.Tables;
using TrafficFlow.Simulation.Replay;
using TrafficFlow.Synthetic;
using TrafficFlow.Vault.Accounts;
using TrafficFlow.Vault.Approvals;
using TrafficFlow.Vault.Audit;
using TrafficFlow.Vault.Authorization;
using TrafficFlow.Vault.Endings;
using TrafficFlow.Vault.Files;
using TrafficFlow.Vault.Persons;
using TrafficFlow.Vision.Privacy;
using TrafficFlow.Vision.Recording;
using TrafficFlow.Vision.Scene;
using TrafficFlow.Web.Feeds;
using TrafficFlow.Web.Pages.Accuracy;
using TrafficFlow.Web.Pages.Reports;
using TrafficFlow.Wire;
using TrafficFlow.Wire.Audit;
using TrafficFlow.Wire.Authorization;
using TrafficFlow.Wire.Commands;
using TrafficFlow.Wire.Health;
using TrafficFlow.Wire.Hosting;
using TrafficFlow.Wire.Journals;
using TrafficFlow.Wire.Operations;
using TrafficFlow.Wire.Persons;
using TrafficFlow.Wire.Recordings;

namespace TrafficFlow.Node.Run;

/// <summary>
/// The actor systems of a node. `roadside` holds cameras and outboxes: it starts with the process and ends with it. `trafficflow` is the
/// node's place in the cluster: it may wait for its database, end and start anew while the cameras go on.
/// </summary>
/// <param name="segments">Where recorded pictures go; null for the node's own vault.</param>
public sealed class NodeSystems(
    NodeDefinition node, VehicleDetectorFactory detectors, ILoggerFactory logs, IHostApplicationLifetime process, TimeProvider time, ISegmentStore? segments = null)
    : IHostedService, INodeSystems
{
    private const string RoadsideName = "roadside";

    private readonly SiteRegistry _sites = new([.. node.Sites.Select(s => s.Site)]);
    private readonly CancellationTokenSource _stopping = new();
    private readonly TrustedClock _clock = new(node.DataDirectory, TimeServices.IsSynchronised, time);
    private NodeAudit? _auditLog;
    private SiteRetention? _limits;
    private NodeRetention? _retention;
    private RecordingAllowed? _allowed;
    private EndDesk? _ends;
    private NodeVault? _vault;
    private VaultAnswers? _vaultAnswers;
    private ClusterRecordings? _recordings;
    private PersonStore? _persons;
    private ClusterDismissals? _dismissals;
    private CommandGate? _gate;
    private EvidenceFile? _evidence;
    private IAuditTrail? _audit;
    private NodeHealth? _health;
    private RequirementWatch? _custody;
    private ReportDesk? _desk;
    private ReportRunner? _reports;
    private StudyRunner? _studies;
    private IReadOnlyList<SiteSettings> _siteFiles = node.Sites;
    private HostedActorSystem? _roadside;
    private ClusterRunner? _cluster;
    private Task _joining = Task.CompletedTask;

    /// <summary>As their files are in force now.</summary>
    public IReadOnlyList<Site> Sites => _sites.Sites;

    /// <summary>The site files in force.</summary>
    internal IReadOnlyList<SiteSettings> SiteFiles => _siteFiles;

    public ActorSystem? Roadside => _roadside?.System;

    public ActorSystem? Cluster => _cluster?.Current?.System;

    public IReadOnlyList<EffectiveSetting> Settings => [.. node.Settings, .. _siteFiles.SelectMany(EffectiveSetting.OfSite)];

    /// <summary>Every command to this node goes through it, from its own socket and from a server.</summary>
    public CommandGate Gate => _gate ??= new CommandGate(new RoleAuthorization(NodeCommandRoles.Table), Audit, logs.CreateLogger<CommandGate>());

    public IAuditTrail Audit => _audit ??= new ChainedAuditTrail(
        new AuditTrail(() => (_roadside?.Registry ?? ClusterRegistry) is { } registry && registry.TryGet<AuditActor>(out var audit) ? audit : null), () => AuditLog);

    /// <summary>The record that nobody can change unseen; null before the start, and while its files cannot be used.</summary>
    public AuditLog? AuditLog => Audited.Log;

    /// <summary>Why the audit is not kept as it should be, and what to do; null while it is.</summary>
    internal string? AuditProblem => Audited.Problem;

    private NodeAudit Audited => LazyInitializer.EnsureInitialized(ref _auditLog, () => new NodeAudit(node.DataDirectory, node.Audit with { Limit = Limits.OfAudit }, logs.CreateLogger<AuditLog>(), time));

    /// <summary>By which whatever has reached its age is removed, and nothing by a clock that may be wrong.</summary>
    internal TrustedClock Clock => _clock;

    /// <summary>How long each kind is kept, as the site files in force say.</summary>
    internal SiteRetention Limits => LazyInitializer.EnsureInitialized(ref _limits, () => new SiteRetention(() => Sites, _clock, async e => AuditLog is { } log && await log.RecordAsync(e) is not null, NameOf(node), time) { HasAudit = () => AuditLog is not null });

    /// <summary>Removes what has reached its age of what lies in files.</summary>
    internal NodeRetention Retention => LazyInitializer.EnsureInitialized(ref _retention, () => new NodeRetention(
        Limits, Reports?.Shelf, new ScoreFolder(Path.Combine(node.DataDirectory, "scores")), mayRemove => _evidence?.RetireAsync(mayRemove) ?? Task.FromResult(0), AccountStore.Over(node.DataDirectory, time), CompareClocksAsync, logs.CreateLogger<NodeRetention>(), time)
    { Studies = Studies });

    /// <summary>The recordings of this node.</summary>
    internal NodeVault Vault => LazyInitializer.EnsureInitialized(ref _vault, () => new NodeVault(
        node.DataDirectory, NameOf(node), node.Vault, Approvals, () => Sites, () => AuditLog, _clock, logs.CreateLogger<NodeVault>(), time));

    /// <summary>Recordings of this node and of the others, for pages and requests of the public.</summary>
    internal ClusterRecordings Recordings => LazyInitializer.EnsureInitialized(ref _recordings, () => new ClusterRecordings(NameOf(node), node.IsServer, Vault, VaultAnswers, () => Cluster, () => HealthOfAll));

    private VaultAnswers VaultAnswers => LazyInitializer.EnsureInitialized(ref _vaultAnswers, () => new VaultAnswers(
        Vault, () => Sites, node.IsRoadside, new RoleAuthorization(NodeCommandRoles.For(node.Vault)), async e => AuditLog is { } open && await open.RecordAsync(e) is not null, time)
    { ConfirmClock = ConfirmClockAsync });

    private ApprovalStore Approvals => Registers.NodeCustody.Open(node.DataDirectory, node.Custody, AccountStore.Over(node.DataDirectory, time), () => Sites, null, time).Approvals;

    private PersonStore Persons => LazyInitializer.EnsureInitialized(ref _persons, () => new PersonStore(node.DataDirectory, AccountStore.Over(node.DataDirectory, time), time));

    /// <summary>Tells the other nodes who was dismissed here; null where nobody would hear it.</summary>
    internal ClusterDismissals? DismissalsElsewhere => !node.IsServer ? null : LazyInitializer.EnsureInitialized(ref _dismissals, () => new ClusterDismissals(NameOf(node), Persons.Read, () => Cluster, () => HealthOfAll, time));

    /// <summary>What custody wants of somebody now; told by whoever watches over it. Null where nobody does.</summary>
    internal Func<string?>? CustodyProblem { get; set; }

    /// <summary>Why reports of each morning are missing, and what to do; null while none is.</summary>
    internal string? ReportsProblem => _reports?.Problem;

    /// <summary>Why studies of each week are missing, and what to do; null while none is.</summary>
    internal string? StudiesProblem => _studies?.Problem;

    /// <summary>The studies that are kept; null where no counts are.</summary>
    internal StudyShelf? Studies => node.IsServer ? new StudyShelf(node.Analysis?.Folder ?? AnalysisSettings.FolderIn(node.DataDirectory)) : null;

    /// <summary>What makes reports, for pages and for each morning; null where no counts are kept.</summary>
    internal ReportDesk? Reports => !node.IsServer ? null : LazyInitializer.EnsureInitialized(ref _desk, () => new ReportDesk(
        () => ReadTables.Flows(node.Journal), () => ReadTables.Journeys(node.Journal), () => HealthOfAll, new ScoreFolder(Path.Combine(node.DataDirectory, "scores")),
        new ReportShelf(node.Reports?.Folder ?? ReportSettings.FolderIn(node.DataDirectory)), new WeasyPrinter(time), node.Reports?.Keep ?? ReportSettings.KeepUsually, ProductVersion.Version, time));

    /// <summary>Why the node ended by itself; null where it did not.</summary>
    public JobFailedException? Failure { get; private set; }

    /// <summary>Live pictures of this process' cameras; null where the node shows no pages.</summary>
    internal LivePictures? Pictures { get; } = node.IsRoadside && node.Web is not null ? new LivePictures(time) : null;

    /// <summary>What detectors found in the last minutes, for the editor of sites; null where the node shows no pages.</summary>
    internal RecentDetections? Recent { get; } = node.IsRoadside && node.Web is not null && node.SettingsFile is not null ? new RecentDetections() : null;

    /// <summary>The scenes of this process' cameras as coarse edges; null where the node shows no pages.</summary>
    internal SceneViews? Scenes { get; } = node.IsRoadside && node.Web is not null ? new SceneViews(time) : null;

    /// <summary>Why it is not kept now why things are counted; empty where it is.</summary>
    internal string EvidenceProblem => _evidence?.Problem ?? "";

    private string EvidencePath => EvidenceFile.PathIn(node.DataDirectory);

    private Func<IFlowQuery>? Tables => node.IsServer ? () => ReadTables.Flows(node.Journal) : null;

    public ActorRegistry RoadsideRegistry => _roadside?.Registry ?? throw new InvalidOperationException("this node has no cameras");

    /// <summary>Null while the node is in no cluster.</summary>
    public ActorRegistry? ClusterRegistry => _cluster?.Current?.Registry;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var note in node.Notes) logs.CreateLogger(NodeHost.SystemName).LogInformation("{Note}", note);
        foreach (var note in detectors.Notes) logs.CreateLogger(NodeHost.SystemName).LogWarning("Detection is otherwise than set: {Note}", note);
        if (node.IsRoadside && SandboxNotice.For(_sites.Sites.SelectMany(s => s.Cameras, (_, c) => c.Source)) is { } notice)
            logs.CreateLogger(NodeHost.SystemName).LogWarning("Cameras are read with less protection than they should be: {Notice}", notice);
        await Task.Run(Limits.Look, cancellationToken);
        await Audited.StartAsync();
        Vault.Start();
        if (node.IsRoadside)
        {
            _roadside = await HostedActorSystem.StartAsync(RoadsideName, logs, WireRoadside, cancellationToken);
            _ = EndWithCamerasAsync(_roadside);
        }

        _cluster = new ClusterRunner(NodeHost.SystemName, WireCluster, logs, time, DatabaseIsReachedAsync);
        // A database may be away for hours: neither cameras nor ctl wait for it.
        if (node.IsServer && node.Journal is PostgresJournal) _joining = JoinAsync(_cluster);
        else await _cluster.StartAsync(mustStart: !node.IsRoadside, cancellationToken);
        Retention.Start();
    }

    /// <summary>Cameras first, so that their last counts can still go out.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        if (_roadside is { } roadside) await roadside.DisposeAsync();
        await _joining;
        if (_cluster is { } cluster) await cluster.StopAsync();
        VaultAnswers.Dispose();
        await Retention.DisposeAsync();
        await Vault.DisposeAsync();
        await Audited.DisposeAsync();
    }

    public Task<OperatorReply> ReloadSitesAsync(CancellationToken cancellation) =>
        SiteReload.RunAsync(node, _sites, detectors, this, cancellation);

    /// <summary>The site files have been read again.</summary>
    internal void Use(IReadOnlyList<SiteSettings> files) => _siteFiles = files;

    private Task DatabaseIsReachedAsync(CancellationToken cancellation) => node.IsServer && node.Journal is PostgresJournal database
        ? PostgresCheck.WaitAsync(database, logs.CreateLogger<NodeSystems>(), time, cancellation)
        : Task.CompletedTask;

    private async Task JoinAsync(ClusterRunner cluster)
    {
        try
        {
            await DatabaseIsReachedAsync(_stopping.Token);
            await cluster.StartAsync(mustStart: !node.IsRoadside, _stopping.Token);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // Stopped while it waited.
        }
        catch (Exception e)
        {
            Failure = new JobFailedException(e.Message, e);
            process.StopApplication();
        }
    }

    /// <summary>A process without its cameras' actors measures nothing: it ends, and whatever keeps it up starts it again.</summary>
    private async Task EndWithCamerasAsync(HostedActorSystem roadside)
    {
        await roadside.WhenTerminated;
        if (_stopping.IsCancellationRequested) return;
        Failure = new JobFailedException("the actors of the cameras have ended unexpectedly; the log says which. The process ends so that it is started anew: nothing that was stored is lost");
        process.StopApplication();
    }

    internal NodeHealth Health => LazyInitializer.EnsureInitialized(ref _health, () => new NodeHealth(node, () => _sites.Sites, () => Roadside, () => string.Join("; ", new[] { AuditProblem, ReportsProblem, StudiesProblem, Vault.Problem, Vault.DueProblem, RetentionProblem, CustodyProblem?.Invoke(), Custody.Problem }.Where(p => p is not null)), () => Custody.Last, () => [.. Vault.Due.Select(d => d.Report)], time));

    /// <summary>The vault tells of the clock itself.</summary>
    private string? RetentionProblem => Retention.Problem is { } problem && problem != Vault.Problem ? problem : null;

    /// <summary>A server has a clock of its own on another machine: where both agree, neither went wrong by itself.</summary>
    private async Task CompareClocksAsync()
    {
        if (node.IsServer || Cluster is not { } system || HealthOfAll is not { } health || await health.ReadAsync(null, _stopping.Token) is not { } all) return;
        var own = Akka.Cluster.Cluster.Get(system).SelfAddress.ToString();
        if (all.Nodes.FirstOrDefault(n => n.Report.Node == own) is { } found && !all.IsSilent(found) && found.Report.ClockOffset is { } offset) _clock.Compared(offset);
    }

    /// <summary>Whether disk, way and picture are as the site files require.</summary>
    internal RequirementWatch Custody => LazyInitializer.EnsureInitialized(ref _custody, () => new RequirementWatch(node.CustodyLook, () => _sites.Sites, logs.CreateLogger<RequirementWatch>(), time));

    /// <summary>What somebody has to be told of the recordings of this node, and on a server of those of the others, which may have no pages and no mail.</summary>
    internal async Task<IReadOnlyList<DueReport>> DueAsync(CancellationToken cancellation)
    {
        var due = Vault.Due.Select(d => d.Report).ToList();
        if (!node.IsServer || Cluster is not { } system || HealthOfAll is not { } board || await board.ReadAsync(null, cancellation) is not { } all) return due;
        var own = Akka.Cluster.Cluster.Get(system).SelfAddress.ToString();
        due.AddRange(all.Nodes.Where(n => n.Report.Node != own && !n.Report.Due.IsDefault).SelectMany(n => n.Report.Due.Select(d => ReportedDues.Of(n.Report.ShortName, d))));
        return due;
    }

    /// <summary>Null while the node is in no cluster.</summary>
    internal IHealthQuery? HealthOfAll => Cluster is { WhenTerminated.IsCompleted: false } system && ActorRegistry.For(system).TryGet<HealthBoardProxy>(out _) ? Board(system) : null;

    private HealthQuery Board(ActorSystem system) =>
        new(ActorRegistry.For(system).Get<HealthBoardProxy>(), sites: node.IsServer ? null : () => _sites.Sites.Select(s => s.Id));

    private static string NameOf(NodeDefinition node) => node.Membership.Tls is null ? Environment.MachineName : $"{node.Membership.Host}:{node.Membership.Port}";

    private void WireRoadside(AkkaConfigurationBuilder akka)
    {
        var readers = new FrameReaderFactory(node.JunctionStart, node.FfmpegTimeouts, time) { StampFilesByTheirOwnTime = true };
        var disk = new DriveInfo(node.DataDirectory);
        var log = logs.CreateLogger<SceneFiles>();
        var scenes = new SceneFiles(Path.Combine(node.DataDirectory, "scenes"), (camera, e) => log.LogWarning(
            "The stored scene of camera {Camera} cannot be read ({Reason}): it is learned anew, and a camera that was moved meanwhile is not noticed. Give the node's user its data directory",
            camera, e.Message));
        _evidence = node.Actors.Evidence.IsKept
            ? new EvidenceFile(EvidencePath, node.Actors.Evidence, () => _sites.Sites, time) { FreeBytes = () => disk.AvailableFreeSpace, LeastFree = EvidenceFile.GivesWayAt * node.Actors.Outbox.LowDiskBytes, Over = () => [.. Limits.Over(Core.Custody.KeptKind.Journeys).Select(l => (l.Site.Id, l.Before))] }
            : null;
        if (_evidence is null) DeleteEvidence(EvidencePath);
        akka.AddHocon(node.AkkaWithLevel, HoconAddMode.Prepend)
            .WithTrafficFlowSerialization()
            .WithTrafficFlowJournal(new SqliteJournal(node.OutboxFile))
            .WithUplink()
            .WithCameras(new CamerasSetup(() => _sites.Sites, readers, detectors)
            {
                Policy = node.Actors.Cameras,
                Outbox = node.Actors.Outbox with { Custody = Limits },
                Time = time,
                ReplayScripts = new ReplayScripts(),
                FreeBytes = () => disk.AvailableFreeSpace,
                Former = OutboxJournal.Former(node),
                Scenes = new SceneWatchFactory(scenes, Scenes),
                Pictures = Pictures,
                Recent = Recent,
                Recorders = new CameraRecorders(segments ?? Vault, time),
                Recording = RecordingOf,
                Evidence = _evidence,
            })
            .WithAudit("audit", () => CommandsKept, time)
            .WithOperations(system => new CameraOperations(system), system => new AuditOperations(system), _ => new EvidenceOperations(EvidencePath, () => Cluster, Tables))
            .WithVitalActors("/user/cameras", "/user/uplink");
    }

    /// <summary>Commands of operators are of the audit, too: kept no longer than any site file in force lets it be kept.</summary>
    private AuditSettings CommandsKept => AuditSettings.From(node.Akka) is var kept && Limits.Shared(Core.Custody.KeptKind.Audit, time.GetUtcNow()).Age is { } age && age < kept.Retention ? kept with { Retention = age } : kept;

    /// <summary>By the site files in force, up to the end of each experiment.</summary>
    private RecordingSettings RecordingOf(CameraId camera) => LazyInitializer.EnsureInitialized(
        ref _allowed, () => new RecordingAllowed(() => _siteFiles, new EndRegister(node.DataDirectory, Path.Combine(node.DataDirectory, TrafficFlow.Vault.Recordings.RecordingVault.FolderName), time), time)).Of(camera);

    private Task<VaultAnswer> ConfirmClockAsync(string reason, Principal by) => ConfirmedClock.RunAsync(node.DataDirectory, reason, by, RecordAsync, time, Limits.Look);

    private async Task<bool> RecordAsync(AuditEvent e) => AuditLog is { } log && await log.RecordAsync(e) is not null;

    /// <summary>What `trafficflow custody` asks of a running node.</summary>
    internal EndRoutes EndRoutes() => new(
        () => Vault.Vault is { } vault ? LazyInitializer.EnsureInitialized(ref _ends, () => EndDesks.Of(
            node.DataDirectory, NameOf(node), node.Custody, node.Subscriptions?.TokensFile, node.Feeds, () => Sites, vault, async e => AuditLog is { } log && await log.RecordAsync(e) is not null, Retention.SweepAsync, time, EndJob.Prints(node.Reports))) : null,
        new ClockDesk(Approvals, new PersonLogIn(AccountStore.Over(node.DataDirectory, time), RecordAsync), RecordAsync, ConfirmClockAsync),
        cancellation => new RetentionTold(() => Sites, Tables, () => RetentionProblem ?? Vault.Problem, time).RunAsync(cancellation));

    /// <summary>Single vehicles stay in the journal no longer than any site file in force lets its journeys stay.</summary>
    private Server.Aggregation.State.AggregationSettings Aggregation => node.Actors.Aggregation with { JourneysKept = () => Limits.Shared(Core.Custody.KeptKind.Journeys, time.GetUtcNow()).Age };

    private void DeleteEvidence(string file)
    {
        try
        {
            EvidenceFile.Delete(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            logs.CreateLogger<EvidenceFile>().LogWarning("{File} is kept no more, and cannot be deleted ({Reason}): delete it by hand", file, e.Message);
        }
    }

    private void WireCluster(AkkaConfigurationBuilder akka)
    {
        akka.AddHocon(node.AkkaWithLevel, HoconAddMode.Prepend)
            .WithTrafficFlowSerialization()
            .WithTrafficFlowCluster(node.Membership, node.IsServer ? node.Journal : null);
        if (node.IsServer) akka.WithTrafficFlowJournal(node.Journal, waitInOutage: true).WithFlowTables(node.Journal, node.Actors.Tables with { Custody = Limits }, time).WithApproachAggregators(_sites, Aggregation, time);
        else akka.WithApproachProxy();
        akka.WithMembershipWatch(node.Membership, time: time);
        if (_roadside is { } roadside) akka.WithUplinkRelay(roadside.Registry.Get<UplinkActor>()).WithNodeCommands(roadside.Registry.Get<OperatorActor>(), Gate);
        // Beside cameras the audit is in their system, which needs no database.
        else akka.WithAudit($"audit-{node.Membership.Host}:{node.Membership.Port}", () => CommandsKept, time);
        akka.WithRecordings(VaultAnswers).WithDismissals(new HeardDismissals(Persons, e => AuditLog?.RecordAsync(e) ?? Task.CompletedTask));
        var health = HealthSettings.From(node.Akka);
        akka.WithHealthBoard(node.IsServer, health, time).WithHealthReports(Health.CollectAsync, health);
        if (node.IsServer) akka.WithSiteCommands();
        if (node.IsServer && node.Feeds.Count > 0) FeedsActor.AddTo(akka, new FeedRunner(node.Feeds, NodePorts.Of(node, this, "feeds"), new FeedPlaces(node.Journal), logs));
        if (node.IsServer && node.Reports is { } reports)
        {
            _reports = new ReportRunner(
                reports, () => _sites.Sites, node.Actors.Aggregation.Lateness, () => ReadTables.Flows(node.Journal), new FeedPlaces(node.Journal), Reports!, logs.CreateLogger<ReportRunner>(), time);
            ReportsActor.AddTo(akka, _reports);
        }

        if (node.IsServer && node.Analysis is { } analysis)
        {
            _studies = new StudyRunner(
                analysis, () => _sites.Sites, node.Actors.Aggregation.Lateness, () => ReadTables.Flows(node.Journal), () => ReadTables.Journeys(node.Journal), new FeedPlaces(node.Journal), logs.CreateLogger<StudyRunner>(), time);
            StudiesActor.AddTo(akka, _studies);
        }

        akka.WithOperations(
            system => new ClusterOperations(system, () => _sites.Sites),
            system => new QuarantineOperations(system, () => _sites.Sites),
            system => new RepairOperations(system, () => _sites.Sites),
            system => new BinOperations(system, () => _sites.Sites, Tables, Board(system)),
            system => new AuditOperations(system),
            system => new HealthOperations(Board(system)))
            .WithVitalActors("/user/flow-tables", "/user/membership", "/user/relay", "/user/commands", "/user/site-commands", "/system/sharding/approaches");
    }
}
