using System.Net.Sockets;
using TrafficFlow.SystemTests.Processes;
using TrafficFlow.SystemTests.Run;
using TrafficFlow.SystemTests.Settings;
using Xunit;

namespace TrafficFlow.SystemTests.Security;

/// <summary>A server and a roadside node as real processes that speak TLS, and what a test needs to knock at their doors.</summary>
public sealed class TlsNodes : IAsyncLifetime
{
    private readonly SettingsFolder _folder = new();

    internal static TimeSpan Patience { get; } = TimeSpan.FromSeconds(90);

    internal CertificateAuthority Ca { get; private set; } = null!;

    internal CertificateAuthority OtherCa { get; private set; } = null!;

    internal TrafficflowProcess Server { get; private set; } = null!;

    internal TrafficflowProcess Roadside { get; private set; } = null!;

    internal int Port { get; } = Tools.FreePort();

    public async ValueTask InitializeAsync()
    {
        Ca = await CertificateAuthority.CreateAsync();
        OtherCa = await CertificateAuthority.CreateAsync();
        _folder.Write("site.conf", NodeFolder.Live);
        Server = Run(Config("server", "server", "127.0.0.1", await Ca.NodeAsync("server", "127.0.0.1"), Port));
        Roadside = Run(Config("roadside", "roadside", "127.0.0.2", await Ca.RoadsideAsync("roadside", "127.0.0.2", "live")));
        await Server.UntilAsync(Listens, Patience, "the server listens");
        await JoinedAsync();
    }

    /// <param name="certificates">Folder with ca.crt, node.crt and node.key; null for a node in plain text.</param>
    internal string Config(string name, string role, string host, string? certificates, int port = 0, string? pins = null, int? seed = null, string seedHost = "127.0.0.1")
    {
        var tls = certificates is null
            ? ""
            : $$"""tls { ca = "{{certificates}}/ca.crt", certificate = "{{certificates}}/node.crt", key = "{{certificates}}/node.key", pins = "{{pins ?? Ca.Pins}}" }""";
        return _folder.Write($"{name}.conf", $$"""
            trafficflow.node {
              roles = [{{role}}]
              sites = ["site.conf"]
              data-directory = "data-{{name}}"
              remoting {
                hostname = "{{host}}", port = {{(port == 0 ? Tools.FreePort() : port)}}, seed-nodes = ["{{seedHost}}:{{seed ?? Port}}"]
                {{tls}}
              }
            }

            """);
    }

    internal string Write(string name, string text) => _folder.Write(name, text);

    internal static TrafficflowProcess Run(string config, params string[] more) => TrafficflowProcess.Start(["run", "--config", config, .. more]);

    /// <summary>What the roadside says comes in through the server at one who subscribes.</summary>
    internal async Task JoinedAsync()
    {
        var analyst = Config("analyst", "subscriber", "127.0.0.3", await Ca.SubscriberAsync("analyst", "127.0.0.3"));
        await using var watch = TrafficflowProcess.Start("watch", "health.live.cam1", "--messages", "1", "--json", "--config", analyst);
        var ended = await watch.WaitAsync(Patience);
        Assert.True(ended.Code == 0 && ended.Output.Contains("\"camera\":\"cam1\"", StringComparison.Ordinal), $"{ended.Output}\n{ended.Error}\n{Server.Error}\n{Roadside.Error}");
    }

    /// <summary>Waits for the one line that a refusal is, and prints it: the issue's closing note quotes it.</summary>
    internal static async Task<string> RefusalAsync(TrafficflowProcess node, params string[] words)
    {
        string? line = null;
        await node.UntilAsync(
            () => (line = node.Error.Split('\n').FirstOrDefault(l => words.All(w => l.Contains(w, StringComparison.Ordinal)))) is not null,
            Patience,
            $"a line with {string.Join(", ", words)} was logged");
        TestContext.Current.TestOutputHelper?.WriteLine(line!);
        if (Environment.GetEnvironmentVariable("TRAFFICFLOW_REFUSALS") is { Length: > 0 } file) await File.AppendAllTextAsync(file, line + "\n");
        return line!;
    }

    private bool Listens()
    {
        try
        {
            using var probe = new TcpClient("127.0.0.1", Port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        // After all refusals the good nodes go on.
        if (Roadside is { IsRunning: true }) await JoinedAsync();
        if (Roadside is not null) await Roadside.DisposeAsync();
        if (Server is not null) await Server.DisposeAsync();
        Ca.Dispose();
        OtherCa.Dispose();
        _folder.Dispose();
    }
}
