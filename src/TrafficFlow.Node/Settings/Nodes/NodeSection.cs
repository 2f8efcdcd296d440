using TrafficFlow.Core.Sites;
using TrafficFlow.Node.Settings.HoconParsing;
using TrafficFlow.Vision.Ffmpeg;

namespace TrafficFlow.Node.Settings.Nodes;

/// <summary>Reads the settings of a node from all layers.</summary>
internal static class NodeSection
{
    private static readonly Dictionary<string, NodeRole> RoleNames = new()
    {
        ["roadside"] = NodeRole.Roadside,
        ["server"] = NodeRole.Server,
        ["subscriber"] = NodeRole.Subscriber,
    };

    /// <returns>Null, or settings that are only to be used when no problem was noted.</returns>
    public static NodeSettings? Read(string file, ConfSection root, List<SettingsProblem> problems)
    {
        var reader = new SettingsReader(root, "", problems);
        var akka = reader.OptionalSection("akka") is null ? null : (ConfSection)root.Items["akka"];
        var trafficflow = reader.Section("trafficflow", "a node's file holds trafficflow.node { … }");
        reader.RefuseUnknown();
        if (trafficflow is null) return null;
        var detectors = DetectorsSection.Read(trafficflow);
        var node = trafficflow.Section("node", "a node's file holds trafficflow.node { … }");
        if (trafficflow.Has("site"))
        {
            trafficflow.Problem("site", "belongs in a file of its own", "move it to sites/NAME.conf and name that file in trafficflow.node.sites");
        }

        var actors = trafficflow.OptionalSection("actors");
        if (actors is not null) ActorsSection.Check(actors);
        var log = trafficflow.OptionalSection("log");
        var monitoring = MonitoringSection.Read(trafficflow.OptionalSection("monitoring"));
        var subscriptions = trafficflow.OptionalSection("subscriptions");
        var web = trafficflow.OptionalSection("web");
        var feeds = trafficflow.OptionalSection("feeds");
        var reports = trafficflow.OptionalSection("reports");
        var analysis = trafficflow.OptionalSection("analysis");
        var audit = trafficflow.OptionalSection("audit");
        var vault = trafficflow.OptionalSection("vault");
        var custody = trafficflow.OptionalSection("custody");
        var solvers = SolversSection.Read(analysis?.OptionalSection("solvers"));
        var sessions = AccountsSection.Read(trafficflow.OptionalSection("accounts"));
        trafficflow.RefuseUnknown();
        var roles = node is null ? [] : ReadRoles(node);
        var data = node is null ? "" : ReadDataDirectory(node, roles);
        var logs = LogSection.Read(log, data);
        if (node is null) return null;
        var settings = new NodeSettings(
            file,
            roles,
            NodeSites.Read(node, root, roles, problems),
            data,
            RemotingSection.Read(node, roles),
            JournalSection.Read(node, data),
            ReadCameras(node.Section("cameras", "add cameras { … } as in common.conf")),
            node.Section("outbox", "add outbox { max-entries = 5000000 }") is { } outbox ? ReadOutbox(outbox) : 0,
            node.Section("bins", "add bins { lateness = 2m }") is { } bins ? ReadBins(bins) : default,
            detectors,
            AkkaConfig.From(akka, actors is null ? null : (ConfSection)((ConfSection)root.Items["trafficflow"]).Items["actors"]))
        {
            Log = logs,
            Monitoring = monitoring,
            Web = WebSection.Read(web, roles),
            Audit = AuditSection.Read(audit, data),
            Vault = VaultSection.Read(vault),
            Sessions = sessions,
            Solvers = solvers,
            Subscriptions = subscriptions is null ? null : SubscriptionsSection.Read(subscriptions, roles, data),
        };
        IReadOnlyList<Site> sites = [.. settings.Sites.Select(s => s.Site)];
        settings = settings with { Feeds = FeedsSection.Read(feeds, roles, sites), Reports = ReportsSection.Read(reports, roles, sites, data), Analysis = AnalysisSection.Read(analysis, roles, sites, data), Custody = CustodySection.Read(custody) };
        CertificateRole.Check(node, settings);
        trafficflow.OptionalSection("analysis")?.RefuseUnknown();
        node.RefuseUnknown();
        return settings;
    }

    /// <returns>Empty, and a problem, where the file names none.</returns>
    public static string ReadDataDirectory(ConfSection root, List<SettingsProblem> problems) =>
        new SettingsReader(root, "", problems).Section("trafficflow", "a node's file holds trafficflow.node { … }")
            ?.Section("node", "a node's file holds trafficflow.node { … }") is { } node
            ? ReadDataDirectory(node, [])
            : "";

    /// <returns>Empty where the file names none.</returns>
    public static IReadOnlyList<NodeRole> ReadRoles(ConfSection root) =>
        new SettingsReader(root, "", []).OptionalSection("trafficflow")?.OptionalSection("node") is { } node ? ReadRoles(node) : [];

    private static List<NodeRole> ReadRoles(SettingsReader node)
    {
        var roles = new List<NodeRole>();
        foreach (var (value, key) in node.Texts("roles"))
        {
            if (!RoleNames.TryGetValue(value.Text, out var role))
            {
                node.Problem(value, key, $"there is no role \"{value.Text}\"", Suggestion.For(value.Text, RoleNames.Keys, "roles"));
            }
            else if (!roles.Contains(role))
            {
                roles.Add(role);
            }
        }

        if (!node.Has("roles")) node.Problem("roles", "is missing", "set roles = [roadside], [server], both, or [subscriber]");
        else if (node.OptionalList("roles").Count == 0) node.Problem("roles", "is empty, so that nothing would start", "set [roadside], [server], both, or [subscriber]");
        return roles;
    }

    private static string ReadDataDirectory(SettingsReader node, IReadOnlyList<NodeRole> roles)
    {
        // Who only listens stores nothing.
        if (roles is [NodeRole.Subscriber] && !node.Has("data-directory")) return "";
        var directory = node.Text("data-directory", "set the folder that the node may write in, for example \"/var/lib/trafficflow\"");
        return directory.Length == 0 ? "" : Path.GetFullPath(Path.Combine(node.Find("data-directory")!.Origin.Folder, directory));
    }

    private static int ReadOutbox(SettingsReader outbox)
    {
        var entries = outbox.Whole("max-entries", 10_000, 100_000_000, "crossings and coverage reports of one camera");
        outbox.RefuseUnknown();
        return entries;
    }

    private static TimeSpan ReadBins(SettingsReader bins)
    {
        var lateness = bins.Duration("lateness", TimeSpan.FromSeconds(1), TimeSpan.FromDays(7));
        bins.RefuseUnknown();
        return lateness;
    }

    private static CameraTimeouts ReadCameras(SettingsReader? cameras)
    {
        var timeouts = FfmpegTimeouts.Default;
        if (cameras is null) return new CameraTimeouts(timeouts, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1));
        var second = TimeSpan.FromSeconds(1);
        var hour = TimeSpan.FromHours(1);
        var policy = new CameraTimeouts(
            timeouts with
            {
                FirstFrame = cameras.Duration("first-frame-within", second, hour),
                NextFrame = cameras.Duration("next-frame-within", second, hour),
                Frozen = cameras.Duration("frozen-after", second, hour),
            },
            cameras.Duration("retry-min", TimeSpan.FromMilliseconds(100), hour),
            cameras.Duration("retry-max", TimeSpan.FromMilliseconds(100), hour));
        if (policy.RetryMax < policy.RetryMin) cameras.Problem("retry-max", "is shorter than retry-min", "set it longer");
        cameras.RefuseUnknown();
        return policy;
    }
}
