using System.Security.Cryptography;
using TrafficFlow.Node;
using TrafficFlow.SystemTests.Lab;
using TrafficFlow.SystemTests.Processes;
using TrafficFlow.SystemTests.Settings;
using Xunit;

namespace TrafficFlow.SystemTests.Experiment;

/// <summary>One node of an installation: its settings, its data, and the file that opens its vault.</summary>
/// <param name="Address">In the cluster, by which other nodes know it.</param>
internal sealed record InstalledNode(string Name, string Address, string Config, string Data, string Credential);

/// <summary>
/// A roadside with a camera and a vault, and a server with pages and a vault: real processes with certificates, and one wall clock for them and for every command, which is set ahead by days (libfaketime). What
/// is looked at each hour or day is looked at when the nodes start anew.
/// </summary>
internal sealed class Installation : IAsyncDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly SettingsFolder _folder;
    private readonly NodeClock _clock;
    private readonly List<TrafficflowProcess> _running = [];

    private Installation(string site, string certificates, NodeClock clock, SettingsFolder folder)
    {
        (_clock, _folder) = (clock, folder);
        Site = folder.Write("site.conf", site);
        var (roadsidePort, serverPort, pages) = (Tools.FreePort(), Tools.FreePort(), Tools.FreePort());
        Address = new Uri($"http://127.0.0.1:{pages}");
        Roadside = Node("roadside", roadsidePort, serverPort, certificates, "");
        Server = Node("server", serverPort, serverPort, certificates, $"trafficflow.web.listen = \"127.0.0.1:{pages}\"");
    }

    public string Site { get; }

    public InstalledNode Roadside { get; }

    public InstalledNode Server { get; }

    /// <summary>Of the server's pages.</summary>
    public Uri Address { get; }

    public DateTimeOffset Now => TimeProvider.System.GetUtcNow() + Ahead;

    public TimeSpan Ahead { get; private set; }

    /// <summary>Where a disk that is carried is mounted.</summary>
    public string Disk => Directory.CreateDirectory(Path.Combine(_folder.Path, "disk")).FullName;

    /// <param name="site">Text of the site file, which both nodes read.</param>
    /// <param name="siteId">For the roadside's certificate.</param>
    public static async Task<Installation> CreateAsync(string site, string siteId, DateTimeOffset begin)
    {
        var folder = new SettingsFolder();
        NodeClock clock;
        try
        {
            clock = new NodeClock(folder.Path);
        }
        catch (LabUnavailableException e)
        {
            folder.Dispose();
            Assert.Skip(e.Message);
            throw;
        }

        var certificates = Path.Combine(folder.Path, "certificates");
        await Certificates.MakeAsync(certificates, ("roadside", "127.0.0.1", ["--role", "roadside", "--site", siteId]), ("server", "127.0.0.1", ["--role", "server"]));
        var installation = new Installation(site, certificates, clock, folder);
        installation.SetClock(begin);
        return installation;
    }

    /// <summary>A command as it is given at a node's terminal.</summary>
    /// <param name="input">Lines for its standard input.</param>
    public async Task<Ended> TryAsync(InstalledNode node, string? input, params IReadOnlyList<string> words)
    {
        var command = TrafficflowProcess.Command([.. words, .. words.Contains("--config") || words.Contains("--key") ? [] : new[] { "--config", node.Config }]);
        _clock.Equip(command);
        await using var process = TrafficflowProcess.Start(command, null, input);
        return await process.WaitAsync(Patience);
    }

    /// <summary>One that has to be done.</summary>
    /// <returns>What it wrote.</returns>
    public async Task<string> RunAsync(InstalledNode node, params IReadOnlyList<string> words)
    {
        var ended = await TryAsync(node, null, words);
        Assert.True(ended.Code == ExitCodes.Done, $"{string.Join(' ', words)} ended with {ended.Code}: {ended.Error}{ended.Output}");
        return ended.Output;
    }

    public async Task StartAsync()
    {
        foreach (var node in new[] { Server, Roadside })
        {
            var command = TrafficflowProcess.Command("run", "--config", node.Config);
            _clock.Equip(command);
            _running.Add(TrafficflowProcess.Start(command, Path.Combine(_folder.Path, $"{node.Name}.log")));
        }

        foreach (var process in _running) await process.SayAsync("is up", Patience);
        await _running[0].UntilAsync(() => ListeningPorts.Of(_running[0].Id).Contains(Address.Port), Patience, "pages are open");
    }

    public async Task StopAsync()
    {
        foreach (var process in _running)
        {
            process.Terminate();
            await process.WaitAsync(Patience);
            await process.DisposeAsync();
        }

        _running.Clear();
    }

    /// <summary>Days go by while the nodes are off; then they start.</summary>
    public async Task GoToAsync(DateTimeOffset then)
    {
        await StopAsync();
        SetClock(then);
        await StartAsync();
    }

    /// <summary>Waits for something of the roadside, which must not end meanwhile.</summary>
    public Task UntilAsync(Func<bool> holds, string what) => _running[1].UntilAsync(holds, Patience, what);

    public async Task<PageSession> SignInAsync(string account) => await PageSession.TryAsync(Address, account) is { } session ? session : throw new InvalidOperationException($"{account} is not let in");

    public string Log(InstalledNode node) => File.ReadAllText(Path.Combine(_folder.Path, $"{node.Name}.log"));

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _running) await process.DisposeAsync();
        _folder.Dispose();
    }

    private void SetClock(DateTimeOffset then)
    {
        Ahead = then - TimeProvider.System.GetUtcNow();
        _clock.Set(Ahead);
    }

    private InstalledNode Node(string name, int port, int seed, string certificates, string more)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_folder.Path, name)).FullName;
        var (config, credential, tls) = (Path.Combine(folder, "node.conf"), Path.Combine(folder, "vault.key"), Path.Combine(certificates, "nodes", name));
        Directory.CreateDirectory(Path.Combine(folder, "data"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        File.WriteAllBytes(credential, RandomNumberGenerator.GetBytes(32));
        File.SetUnixFileMode(credential, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.WriteAllText(config, $$"""
            trafficflow.node {
              roles = [{{name}}]
              sites = ["../site.conf"]
              data-directory = "data"
              remoting {
                hostname = "127.0.0.1"
                port = {{port}}
                seed-nodes = ["127.0.0.1:{{seed}}"]
                tls { ca = "{{tls}}/ca.crt", certificate = "{{tls}}/node.crt", key = "{{tls}}/node.key", pins = "{{tls}}/pins.txt" }
              }
            }
            trafficflow.vault { credential = "vault.key", min-free-gigabytes = 1 }
            {{more}}

            """);
        return new InstalledNode(name, $"127.0.0.1:{port}", config, Path.Combine(folder, "data"), credential);
    }
}
