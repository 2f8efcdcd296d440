using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using TrafficFlow.SystemTests.Processes;
using TrafficFlow.Wire.Tls;
using Xunit;

namespace TrafficFlow.SystemTests.Web.Feeds;

/// <summary>Debian's MQTT broker on a free port of the loopback; it can be stopped and started again, and then knows what it knew.</summary>
internal sealed class MosquittoBroker : IAsyncDisposable
{
    public const string User = "city";
    public const string Password = "correct horse battery staple";

    private const string Program = "/usr/sbin/mosquitto";

    private readonly string _folder = Directory.CreateTempSubdirectory("trafficflow-mosquitto-").FullName;
    private Process? _process;

    private MosquittoBroker()
    {
    }

    public int Port { get; private set; }

    public string PasswordFile => Path.Combine(_folder, "password");

    /// <param name="tls">Null for plain TCP.</param>
    public static async Task<MosquittoBroker> StartAsync(TlsFiles? tls = null)
    {
        Assert.SkipUnless(File.Exists(Program), "there is no MQTT broker here: install Debian's packages mosquitto and mosquitto-clients");
        var broker = new MosquittoBroker { Port = Tools.FreePort() };
        var users = Path.Combine(broker._folder, "users");
        await File.WriteAllTextAsync(users, "");
        await Tools.RunAsync("/usr/bin/mosquitto_passwd", "-b", users, User, Password);
        await File.WriteAllTextAsync(broker.PasswordFile, $"{Password}\n");
        // Started by root it would become another account, which cannot read all this.
        await File.WriteAllTextAsync(Path.Combine(broker._folder, "conf"), $"""
            listener {broker.Port} 127.0.0.1
            allow_anonymous false
            password_file {users}
            persistence true
            persistence_location {broker._folder}/
            {(Environment.IsPrivilegedProcess ? "user root" : "")}
            {(tls is null ? "" : $"certfile {tls.Certificate}\nkeyfile {tls.Key}")}
            """);
        await broker.StartAgainAsync();
        return broker;
    }

    public async Task StartAgainAsync()
    {
        _process = Process.Start(new ProcessStartInfo(Program, ["-c", Path.Combine(_folder, "conf")]) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        _ = _process.StandardError.ReadToEndAsync();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            limit.Token.ThrowIfCancellationRequested();
            using var probe = new TcpClient();
            try
            {
                await probe.ConnectAsync(IPAddress.Loopback, Port, limit.Token);
                return;
            }
            catch (SocketException)
            {
                Assert.False(_process.HasExited, "the broker has ended");
            }
        }
    }

    public async Task StopAsync()
    {
        // What it knows is written when it is asked to end.
        if (_process is { HasExited: false } process)
        {
            await Tools.RunAsync("kill", $"{process.Id}");
            await process.WaitForExitAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _process?.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
