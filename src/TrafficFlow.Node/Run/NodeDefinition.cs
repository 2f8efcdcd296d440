using Akka.Configuration;
using Serilog;
using TrafficFlow.Analysis.Studies;
using TrafficFlow.Core.Notices;
using TrafficFlow.Core.Sites;
using TrafficFlow.Node.Custody;
using TrafficFlow.Node.Logging;
using TrafficFlow.Node.Notices;
using TrafficFlow.Node.Settings;
using TrafficFlow.Server.Membership;
using TrafficFlow.Vault.Accounts;
using TrafficFlow.Vault.Audit;
using TrafficFlow.Vision.Ffmpeg;
using TrafficFlow.Web;
using TrafficFlow.Web.Access;
using TrafficFlow.Web.Feeds;
using TrafficFlow.Web.Pages.Notices;
using TrafficFlow.Web.Pages.Reports;
using TrafficFlow.Wire.Journals;
using TrafficFlow.Wire.Membership;

namespace TrafficFlow.Node.Run;

/// <summary>All that a node needs to be built: from settings for `run`, made up for `demo`.</summary>
/// <param name="JunctionStart">Event time of the synthetic junction's zero, where a camera shows it.</param>
public sealed record NodeDefinition(
    IReadOnlyList<SiteSettings> Sites,
    string DataDirectory,
    JournalSettings Journal,
    ClusterMembership Membership,
    ActorsSettings Actors,
    FfmpegTimeouts FfmpegTimeouts,
    Config Akka,
    DateTimeOffset JunctionStart)
{
    /// <summary>Where the log goes instead of where <see cref="Log"/> says; null for there.</summary>
    public Action<LoggerConfiguration>? LogTarget { get; init; }

    public LogSettings Log { get; init; } = LogSettings.Default;

    public MonitoringSettings Monitoring { get; init; } = MonitoringSettings.Off;

    /// <summary>What actors say at the level of debug is not even made unless somebody reads it.</summary>
    internal Config AkkaWithLevel => Log.HasDebug ? Akka.WithFallback(ConfigurationFactory.ParseString("akka.loglevel = DEBUG")) : Akka;

    /// <summary>How pictures are looked after.</summary>
    public CustodySettings Custody { get; init; } = CustodySettings.Default;

    /// <summary>How the record of who did what is kept.</summary>
    public AuditOptions Audit { get; init; } = new();

    /// <summary>How recordings are kept.</summary>
    public VaultSettings Vault { get; init; } = VaultSettings.Usual;

    /// <summary>When those who are logged in are logged out.</summary>
    public SessionLimits Sessions { get; init; } = SessionLimits.Default;

    /// <summary>Null where nobody reads topics with a token.</summary>
    public SubscriptionsSettings? Subscriptions { get; init; }

    /// <summary>Null where the node shows no pages.</summary>
    public WebSettings? Web { get; init; }

    /// <summary>Who may see the pages; null for those with an account of the node.</summary>
    public ICallers? WebCallers { get; init; }

    /// <summary>Where bins are sent to as they close.</summary>
    public IReadOnlyList<FeedSettings> Feeds { get; init; } = [];

    /// <summary>Null where no reports are made by themselves.</summary>
    public ReportSettings? Reports { get; init; }

    /// <summary>Null where no studies are made by themselves.</summary>
    public AnalysisSettings? Analysis { get; init; }

    /// <summary>What `ctl config show` shows.</summary>
    public IReadOnlyList<EffectiveSetting> Settings { get; init; } = [];

    /// <summary>What of the settings may mean another thing than its writer thinks; logged at the start.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>The file of `run --config`; null where there is none.</summary>
    public string? SettingsFile { get; init; }

    /// <summary>Reads the site files again.</summary>
    public Func<IReadOnlyList<SiteSettings>> ReadSites { get; init; } =
        () => throw new SettingsException([new SettingsProblem("", null, "", "this node has no site files", "run one with trafficflow run --config FILE")]);

    /// <summary>What the cameras counted and no aggregator has yet.</summary>
    public string OutboxFile => Path.Combine(DataDirectory, "outbox.db");

    public bool IsRoadside => Membership.Roles.Contains(TrafficFlowRoles.Roadside);

    public bool IsServer => Membership.Roles.Contains(TrafficFlowRoles.Server);

    /// <summary>Notices are published from servers.</summary>
    internal CustodyLook CustodyLook => new(DataDirectory, IsRoadside) { Notice = IsServer ? site => NoticeFinding.Of(site, Notices) : null };

    internal NoticeDesk Notices => new(new NoticeShelf(NoticeShelf.FolderIn(DataDirectory)), site => AppointedPersons.Of(DataDirectory, site, TimeProvider.System), TimeProvider.System);

    public IReadOnlyList<CameraSetup> Cameras => [.. Sites.SelectMany(s => s.Site.Cameras)];

    /// <exception cref="UsageException">The node would only subscribe.</exception>
    public static NodeDefinition From(NodeSettings settings, TimeProvider time)
    {
        if (settings.Roles is [NodeRole.Subscriber])
        {
            throw new UsageException(
                $"{settings.File}: a node that is only subscriber runs nothing of its own: use it with `trafficflow watch TOPIC --config {settings.File}`");
        }

        var tuned = ActorsSettings.From(settings.Akka);
        var actors = tuned with
        {
            Cameras = tuned.Cameras with
            {
                Reconnect = tuned.Cameras.Reconnect with { Initial = settings.Cameras.RetryMin, Max = settings.Cameras.RetryMax },
            },
            Outbox = tuned.Outbox with { MaxEntries = settings.OutboxMaxEntries },
            Aggregation = tuned.Aggregation with { Lateness = settings.BinLateness },
        };
        var remoting = settings.Remoting;
        return new NodeDefinition(
            settings.Sites,
            settings.DataDirectory,
            settings.Journal,
            new ClusterMembership(
                remoting.Hostname,
                remoting.Port,
                [.. settings.Roles.Select(Role)],
                [.. remoting.SeedNodes.Select(seed => $"akka.tcp://{NodeHost.SystemName}@{seed.Host}:{seed.Port}")],
                remoting.Tls),
            actors,
            settings.Cameras.Ffmpeg,
            settings.Akka,
            time.GetUtcNow())
        {
            Log = settings.Log,
            Monitoring = settings.Monitoring,
            Settings = settings.Effective,
            Subscriptions = settings.Subscriptions,
            Web = settings.Web,
            Feeds = settings.Feeds,
            Reports = settings.Reports,
            Analysis = settings.Analysis,
            Audit = settings.Audit,
            Vault = settings.Vault,
            Custody = settings.Custody,
            Sessions = settings.Sessions,
            Notes = remoting.IsFormerSingle
                ? [$"trafficflow.node.remoting without tls means that this node has no peers: port {remoting.Port} is not opened. Remove remoting, or add tls (deploy/CERTIFICATES.md) where other nodes are to reach this one"]
                : [],
            SettingsFile = settings.File,
            ReadSites = () => NodeSettings.Load(settings.File).Sites,
        };
    }

    private static string Role(NodeRole role) => role switch
    {
        NodeRole.Roadside => TrafficFlowRoles.Roadside,
        NodeRole.Server => TrafficFlowRoles.Server,
        NodeRole.Subscriber => TrafficFlowRoles.Subscriber,
        _ => throw new ArgumentOutOfRangeException(nameof(role), role, "no such role"),
    };
}
