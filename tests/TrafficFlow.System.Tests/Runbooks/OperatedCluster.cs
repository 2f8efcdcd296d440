using TrafficFlow.SystemTests.Lab;

namespace TrafficFlow.SystemTests.Runbooks;

/// <summary>Nodes with peers on machines of their own, and the machine of their authority: what an operator has before a runbook of several nodes begins.</summary>
internal sealed class OperatedCluster : IAsyncDisposable
{
    private const string SiteFile = "sites/junction.conf";
    private readonly OperatedNetwork _network = new();
    private readonly List<OperatedMachine> _nodes = [];
    private string? _seeds;

    private OperatedCluster() => Authority = _network.Add();

    public OperatedMachine Authority { get; }

    /// <summary>The authority's folder, on its machine.</summary>
    public string Ca => Path.Combine(Authority.Data, "ca");

    /// <summary>Hosts of those that have run from the beginning.</summary>
    public string Nodes => string.Join(' ', _nodes.Select(n => n.Host));

    public static async Task<OperatedCluster> CreateAsync()
    {
        var cluster = new OperatedCluster();
        await cluster.Authority.RunAsync("deploy/ca.sh init $CA", ("CA", cluster.Ca));
        return cluster;
    }

    /// <summary>A machine with the package alone.</summary>
    public OperatedMachine AddMachine() => _network.Add();

    /// <summary>A node with its certificate and its settings; the first is the seed node of all.</summary>
    /// <param name="role">server or roadside.</param>
    /// <param name="site">Its site file.</param>
    /// <param name="database">Of a server; null for a file of its own.</param>
    /// <param name="more">Settings at the end of its file.</param>
    /// <exception cref="LabUnavailableException">It cannot have a clock of its own here.</exception>
    public async Task<OperatedMachine> AddAsync(string name, string role, (string Id, string Text) site, PostgresServer? database = null, string more = "", bool hasClock = false)
    {
        var machine = _network.Add(hasClock);
        _nodes.Add(machine);
        _seeds ??= machine.Host;
        await File.WriteAllTextAsync(Path.Combine(machine.Settings, SiteFile), site.Text);
        var file = Path.Combine(machine.Settings, $"{role}.conf");
        var text = await File.ReadAllLinesAsync(file);
        await File.WriteAllLinesAsync(file, [.. WithJournal(text, database).Select(l => Set(l, machine.Host)), more]);
        if (database is not null) File.Copy(database.PasswordFile, Path.Combine(machine.Settings, "postgres.password"));
        await Authority.RunAsync(
            $"""
            deploy/ca.sh node $CA {name} {machine.Host} --role {role}{(role == "roadside" ? $" --site {site.Id}" : "")}
            scp -r $CA/nodes/{name} root@{machine.Host}:$CONF/tls
            for node in {Nodes}; do scp $CA/pins.txt root@$node:$CONF/tls/pins.txt; done
            """,
            ("CA", Ca));
        return machine;
    }

    public ValueTask DisposeAsync() => _network.DisposeAsync();

    /// <summary>The shipped server.conf has the section of a PostgreSQL.</summary>
    private static IEnumerable<string> WithJournal(IReadOnlyList<string> text, PostgresServer? database) => database is null
        ? text.TakeWhile(l => l != "  journal {").Concat(text.SkipWhile(l => l != "  journal {").SkipWhile(l => l != "  }").Skip(1))
        : text.Select(l => l.StartsWith("    connection = ", StringComparison.Ordinal) ? $"    connection = \"{database.Connection()}\"\n    password-file = \"postgres.password\"" : l);

    private string Set(string line, string host) =>
        line.StartsWith("  sites = ", StringComparison.Ordinal) ? $"  sites = [\"{SiteFile}\"]"
        : line.StartsWith("    hostname = ", StringComparison.Ordinal) ? $"    hostname = \"{host}\""
        : line.StartsWith("    seed-nodes = ", StringComparison.Ordinal) ? $"    seed-nodes = [\"{_seeds}:4053\"]"
        : line;
}
