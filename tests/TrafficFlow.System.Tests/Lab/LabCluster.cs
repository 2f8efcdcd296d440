using TrafficFlow.Core.Sites;
using TrafficFlow.Simulation.Replay;

namespace TrafficFlow.SystemTests.Lab;

/// <summary>How a laboratory's cluster is made.</summary>
/// <param name="Seed">Of the traffic and of what a slow link loses.</param>
/// <param name="Speed">Of the replay.</param>
/// <param name="RoadsideDisk">Size of the disk on which the roadside keeps its journal.</param>
/// <param name="DatabaseDisk">Size of the database's disk.</param>
/// <param name="Servers">More settings of the servers.</param>
/// <param name="HasAttacker">A host of one who has the certificate of another cabinet of the same site, and no node.</param>
/// <param name="HasJunction">Beside the replayed site a live one, whose four small synthetic cameras are joined to a junction.</param>
internal sealed record LabClusterSettings(
    int Seed, double Speed, string RoadsideDisk = "400m", string DatabaseDisk = "512m", string Servers = "", bool HasJunction = false, bool HasAttacker = false);

/// <summary>
/// A roadside with replay cameras, two servers and a database, each on a host of its own, with certificates, on a link of ours; real
/// processes, and the truth of what the cameras see.
/// </summary>
internal sealed class LabCluster : IAsyncDisposable
{
    private readonly Stack<IAsyncDisposable> _parts = new();

    private LabCluster(Site site)
    {
        Site = site;
        Truth = new ReplayTruth(site, new ReplayScripts().Script);
    }

    public Site Site { get; }

    public ReplayTruth Truth { get; }

    /// <summary>The live site; null without one.</summary>
    public Site? Junction { get; private set; }

    /// <summary>Its certificate lies in <see cref="AttackerCertificate"/>; null without one.</summary>
    public TestHost? Attacker { get; private set; }

    /// <summary>Folder of the attacker's certificate and key.</summary>
    public string AttackerCertificate { get; private set; } = "";

    public string Folder { get; private set; } = "";

    public LabNetwork Network { get; private set; } = null!;

    public PostgresServer Database { get; private set; } = null!;

    public SmallDisk DatabaseDisk { get; private set; } = null!;

    public SmallDisk RoadsideDisk { get; private set; } = null!;

    public LabNode Roadside { get; private set; } = null!;

    public IReadOnlyList<LabNode> Servers { get; private set; } = [];

    private IReadOnlyList<Site> Sites => Junction is { } junction ? [Site, junction] : [Site];

    public IEnumerable<LabNode> Nodes => [Roadside, .. Servers];

    public string OutboxFile => Path.Combine(Roadside.Folder, "data", "outbox.db");

    /// <summary>The database runs, the nodes do not yet.</summary>
    /// <exception cref="LabUnavailableException">Something of it is not possible here.</exception>
    public static async Task<LabCluster> CreateAsync(LabClusterSettings settings)
    {
        if (PostgresServer.Missing is { } missing) throw new LabUnavailableException(missing);
        var cluster = new LabCluster(ClusterFiles.Site(settings.Seed, settings.Speed));
        try
        {
            await cluster.BuildAsync(settings);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    public async Task StartAsync()
    {
        foreach (var node in Nodes) await node.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var part in _parts) await part.DisposeAsync();
        if (Folder.Length > 0) await LabOwner.RemoveFolderAsync(Folder);
    }

    private async Task BuildAsync(LabClusterSettings settings)
    {
        if (settings.HasJunction) Junction = ClusterFiles.Junction(settings.Seed);
        Network = Keep(await LabNetwork.CreateAsync(settings.Seed, ["roadside", "server-1", "server-2", "database", .. settings.HasAttacker ? new[] { "attacker" } : []]));
        Folder = LabOwner.NewFolder();
        var hosts = (Roadside: Network["roadside"], Servers: new[] { Network["server-1"], Network["server-2"] });
        var certificates = await Certificates.MakeAsync(
            Path.Combine(Folder, "certificates"),
            [
                (hosts.Roadside.Name, hosts.Roadside.Address.ToString(), ["--role", "roadside", "--site", string.Join(',', Sites.Select(s => s.Id))]),
                .. hosts.Servers.Select(h => (h.Name, h.Address.ToString(), new[] { "--role", "server" })),
                .. settings.HasAttacker ? [("attacker", Network["attacker"].Address.ToString(), new[] { "--role", "roadside", "--site", Site.Id.Value, "--camera", "stolen" })] : Array.Empty<(string, string, string[])>(),
            ]);
        if (settings.HasAttacker) (Attacker, AttackerCertificate) = (Network["attacker"], certificates["attacker"]);

        DatabaseDisk = Keep(await SmallDisk.MountAsync(Path.Combine(Folder, "database"), settings.DatabaseDisk));
        Database = Keep(await PostgresServer.CreateAsync(Network["database"], Path.Combine(Folder, "database"), "max_wal_size=96MB", "min_wal_size=32MB"));

        var roadside = Path.Combine(Folder, "roadside");
        RoadsideDisk = Keep(await SmallDisk.MountAsync(Path.Combine(roadside, "data"), settings.RoadsideDisk));
        Roadside = Keep(Node(hosts.Roadside, ClusterFiles.Write(roadside, Sites, "roadside", hosts.Roadside, hosts.Servers, certificates["roadside"], null, "")));
        var journal = $"type = postgresql, connection = \"{Database.Connection()}\", password-file = \"{Database.PasswordFile}\"";
        Servers =
        [
            .. hosts.Servers.Select(h => Keep(Node(h, ClusterFiles.Write(Path.Combine(Folder, h.Name), Sites, "server", h, hosts.Servers, certificates[h.Name], journal, settings.Servers)))),
        ];
    }

    private static LabNode Node(TestHost host, string config)
    {
        var folder = Path.GetDirectoryName(config)!;
        return new LabNode(host.Name, config, Path.Combine(folder, "log"), host, new NodeClock(folder));
    }

    private T Keep<T>(T part)
        where T : IAsyncDisposable
    {
        _parts.Push(part);
        return part;
    }
}
