using Akka.Configuration;
using TrafficFlow.Analysis.Studies;
using TrafficFlow.Node.Logging;
using TrafficFlow.Node.Settings.HoconParsing;
using TrafficFlow.Node.Settings.Nodes;
using TrafficFlow.Vault.Accounts;
using TrafficFlow.Vault.Audit;
using TrafficFlow.Vision.Ffmpeg;
using TrafficFlow.Web;
using TrafficFlow.Web.Feeds;
using TrafficFlow.Web.Pages.Reports;
using TrafficFlow.Wire.Journals;
using TrafficFlow.Wire.Tls;

namespace TrafficFlow.Node.Settings;

/// <summary>What a node is to be: the file of `run --config`, over common.conf.</summary>
/// <param name="Roles">What starts; at least one.</param>
/// <param name="Sites">At least one where the node has cameras.</param>
/// <param name="DataDirectory">Absolute; holds everything that the node writes. Empty for a subscriber that writes nothing.</param>
/// <param name="OutboxMaxEntries">Entries that a camera's outbox keeps for a server that does not answer; then the oldest are dropped.</param>
/// <param name="BinLateness">How long a flow bin waits for a camera that has not reported its end; then it closes as partial.</param>
/// <param name="Detectors">Of this node; a site file may add its own, see <see cref="SiteSettings.Detectors"/>.</param>
/// <param name="Akka">The sections akka and trafficflow.actors of all layers, for the actor system.</param>
public sealed record NodeSettings(
    string File,
    IReadOnlyList<NodeRole> Roles,
    IReadOnlyList<SiteSettings> Sites,
    string DataDirectory,
    RemotingSettings Remoting,
    JournalSettings Journal,
    CameraTimeouts Cameras,
    int OutboxMaxEntries,
    TimeSpan BinLateness,
    DetectorCatalog Detectors,
    Config Akka)
{
    /// <summary>Every value in force, without secrets; those of the site files stand there.</summary>
    public IReadOnlyList<EffectiveSetting> Effective { get; init; } = [];

    public LogSettings Log { get; init; } = LogSettings.Default;

    public MonitoringSettings Monitoring { get; init; } = MonitoringSettings.Off;

    /// <summary>Null where the node shows no pages.</summary>
    public WebSettings? Web { get; init; }

    /// <summary>Where bins are sent to as they close.</summary>
    public IReadOnlyList<FeedSettings> Feeds { get; init; } = [];

    /// <summary>Null where no reports are made by themselves.</summary>
    public ReportSettings? Reports { get; init; }

    /// <summary>Null where no studies are made by themselves.</summary>
    public AnalysisSettings? Analysis { get; init; }

    /// <summary>Persons, inspections, requests: how pictures are looked after.</summary>
    public CustodySettings Custody { get; init; } = CustodySettings.Default;

    /// <summary>How the record of who did what is kept.</summary>
    public AuditOptions Audit { get; init; } = new();

    /// <summary>How recordings are kept.</summary>
    public VaultSettings Vault { get; init; } = VaultSettings.Usual;

    /// <summary>Solvers elsewhere, for which models may leave.</summary>
    public IReadOnlyList<ConfiguredSolver> Solvers { get; init; } = [];

    /// <summary>When those who are logged in are logged out.</summary>
    public SessionLimits Sessions { get; init; } = SessionLimits.Default;

    /// <summary>Null where the node lets no subscribers in without being nodes of its cluster.</summary>
    public SubscriptionsSettings? Subscriptions { get; init; }

    public bool Has(NodeRole role) => Roles.Contains(role);

    /// <exception cref="SettingsException">Something is wrong; holds every problem of all files.</exception>
    public static NodeSettings Load(string file)
    {
        var problems = new List<SettingsProblem>();
        var own = new ConfFile(problems).Read(file);
        if (problems.Count > 0 && own.Items.Count == 0) throw new SettingsException(problems);
        var all = CommonFile.Find(file, problems) is { } common ? own.WithFallback(new ConfFile(problems).Read(common)) : own;
        var settings = NodeSection.Read(file, all, problems);
        return problems.Count == 0
            ? settings! with { Effective = EffectiveSetting.Of(all) }
            : throw new SettingsException([.. problems.Distinct()]);
    }

    /// <summary>The data directory alone, from a file that may have problems elsewhere by now: its node runs on.</summary>
    /// <exception cref="SettingsException">The file cannot be read, or names none.</exception>
    public static string DataDirectoryOf(string file)
    {
        var problems = new List<SettingsProblem>();
        var directory = NodeSection.ReadDataDirectory(new ConfFile(problems).Read(file), problems);
        return directory.Length > 0 ? directory : throw new SettingsException([.. problems.Distinct()]);
    }

    /// <summary>Whether the file is of a node that only subscribes; it may have problems elsewhere.</summary>
    public static bool OnlySubscribes(string file) => NodeSection.ReadRoles(new ConfFile([]).Read(file)) is [NodeRole.Subscriber];
}

public enum NodeRole
{
    /// <summary>Beside the cameras: decodes, anonymizes, detects, tracks, records.</summary>
    Roadside,

    /// <summary>In-house: aggregates, stores, serves.</summary>
    Server,

    /// <summary>Listens to topics, as `trafficflow watch --config` does.</summary>
    Subscriber,
}

/// <param name="Hostname">Address that is bound and that others reach this node by.</param>
/// <param name="Port">0 takes any free one.</param>
/// <param name="SeedNodes">Empty: no node that was there before is asked, and this one forms the cluster.</param>
/// <param name="Tls">Null for a node without peers: it opens no port, and host and port are only its name.</param>
public sealed record RemotingSettings(string Hostname, int Port, IReadOnlyList<NodeAddress> SeedNodes, TlsFiles? Tls)
{
    /// <summary>What is in force where the section is not written, and the defaults of its keys.</summary>
    public static RemotingSettings NoPeers { get; } = new("127.0.0.1", 4053, [], null);

    /// <summary>By which other nodes, receipts and bundles know this node: its address in the cluster, or the machine's name where it has no peers.</summary>
    public string NodeName => Tls is null ? Environment.MachineName : $"{Hostname}:{Port}";

    /// <summary>The section is written as for a node without peers was usual once: with a port, which is not opened any more.</summary>
    public bool IsFormerSingle { get; init; }
}

public sealed record NodeAddress(string Host, int Port);

/// <summary>How long a camera's source may be silent, and how it is opened again.</summary>
/// <param name="RetryMin">First wait before a source is opened again; it doubles, with jitter, up to <paramref name="RetryMax"/>.</param>
public sealed record CameraTimeouts(FfmpegTimeouts Ffmpeg, TimeSpan RetryMin, TimeSpan RetryMax);
