using System.Globalization;
using System.Net;
using System.Net.Sockets;
using TrafficFlow.Core.Sites;
using TrafficFlow.SystemTests.Lab;

namespace TrafficFlow.Benchmarks.Scale;

/// <summary>
/// What clusters of real processes on this machine's loopback share: a PostgreSQL server that tells when it has committed a row,
/// certificates, a folder. Nothing is left when it is disposed of; what a killed one left, the next one removes.
/// </summary>
internal sealed class ProcessGround : IAsyncDisposable
{
    public const string Host = "127.0.0.1";
    private const string Node = "node";
    private readonly string _certificates;

    private ProcessGround(string folder, PostgresServer database, string certificates) => (Folder, Database, _certificates) = (folder, database, certificates);

    public string Folder { get; }

    public PostgresServer Database { get; }

    /// <exception cref="BenchmarkException">Something of it is absent here.</exception>
    public static async Task<ProcessGround> CreateAsync()
    {
        if (PostgresServer.Missing is { } missing) throw new BenchmarkException(BenchmarkException.CannotRun, missing);
        await LabOwner.CleanStaleAsync();
        var folder = LabOwner.NewFolder();
        try
        {
            var certificates = Certificates.MakeAsync(Path.Combine(folder, "certificates"), (Node, Host, ["--role", "server"]));
            // Three servers may open 32 connections each, and the benchmark looks on.
            var database = await PostgresServer.CreateAsync("max_connections=200", "track_commit_timestamp=on");
            try
            {
                return new ProcessGround(folder, database, (await certificates)[Node]);
            }
            catch
            {
                await database.DisposeAsync();
                throw;
            }
        }
        catch (Exception e)
        {
            await LabOwner.RemoveFolderAsync(folder);
            throw e is LabUnavailableException ? new BenchmarkException(BenchmarkException.CannotRun, e.Message) : e;
        }
    }

    /// <summary>A roadside that reads the sites' cameras and servers that count them, in a database of their own; none runs yet.</summary>
    public async Task<ProcessCluster> ClusterAsync(string name, IReadOnlyList<Site> sites, int servers)
    {
        if (name != PostgresServer.Database) await Database.SqlAsync($"CREATE DATABASE {name} OWNER {PostgresServer.User}");
        var folder = Directory.CreateDirectory(Path.Combine(Folder, name)).FullName;
        var ports = FreePorts(servers + 1);
        var seeds = string.Join(", ", ports.Skip(1).Select(p => string.Create(CultureInfo.InvariantCulture, $"\"{Host}:{p}\"")));
        var files = WriteSites(folder, sites);
        var journal = $"journal {{ type = postgresql, connection = \"{Database.Connection(name)}\", password-file = \"{Database.PasswordFile}\" }}";
        return new ProcessCluster(
            sites, Database, name,
            Make("roadside", ports[0], ""),
            [.. Enumerable.Range(1, servers).Select(i => Make(string.Create(CultureInfo.InvariantCulture, $"server-{i}"), ports[i], journal))]);

        LabNode Make(string node, int port, string more)
        {
            var home = Directory.CreateDirectory(Path.Combine(folder, node)).FullName;
            var config = Path.Combine(home, "node.conf");
            File.WriteAllText(config, string.Create(CultureInfo.InvariantCulture, $$"""
                trafficflow.node {
                  roles = [{{(more.Length == 0 ? "roadside" : "server")}}]
                  sites = [{{files}}]
                  data-directory = "data"
                  remoting {
                    hostname = "{{Host}}"
                    port = {{port}}
                    seed-nodes = [{{seeds}}]
                    tls { ca = "{{_certificates}}/ca.crt", certificate = "{{_certificates}}/node.crt", key = "{{_certificates}}/node.key", pins = "{{_certificates}}/pins.txt" }
                  }
                  {{more}}
                }

                """));
            return new LabNode(node, config, Path.Combine(home, "log"));
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Database.DisposeAsync();
        await LabOwner.RemoveFolderAsync(Folder);
    }

    private static string WriteSites(string folder, IReadOnlyList<Site> sites)
    {
        var home = Directory.CreateDirectory(Path.Combine(folder, "sites")).FullName;
        foreach (var site in sites) File.WriteAllText(Path.Combine(home, $"{site.Id}.conf"), Synthetic.SyntheticSiteFile.Write(site));
        return string.Join(", ", sites.Select(s => $"\"../sites/{s.Id}.conf\""));
    }

    private static List<int> FreePorts(int count)
    {
        var held = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToList();
        foreach (var one in held) one.Start();
        var ports = held.Select(h => ((IPEndPoint)h.LocalEndpoint).Port).ToList();
        foreach (var one in held) one.Dispose();
        return ports;
    }
}
