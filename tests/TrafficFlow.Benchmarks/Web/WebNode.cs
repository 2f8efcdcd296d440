using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.RegularExpressions;
using TrafficFlow.Benchmarks.Outage;
using TrafficFlow.SystemTests.Processes;

namespace TrafficFlow.Benchmarks.Web;

/// <summary>A node of its own process that replays a junction, counts four live cameras and serves its pages, with an account that is signed in, and a token for programs.</summary>
internal sealed partial class WebNode : IAsyncDisposable
{
    public const string Site = "replay";

    private const string Password = "three grey herons on a roof";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly string _settings;
    private TrafficflowProcess? _process;

    private WebNode(string settings, Uri address) => (_settings, Address) = (settings, address);

    public Uri Address { get; }

    public CookieContainer Cookies { get; } = new();

    public string Token { get; private set; } = "";

    public double MemoryMib => _process is { } process ? ProcessFigures.Read(process.Id)?.MemoryMib ?? double.NaN : double.NaN;

    /// <param name="broker">Port of an MQTT broker on this machine.</param>
    public static async Task<WebNode> PrepareAsync(string folder, int speed, int broker)
    {
        var site = await File.ReadAllTextAsync(Path.Combine(RepositoryFiles.Repository, "hocon", "sites", "replay.conf"));
        await File.WriteAllTextAsync(Path.Combine(folder, "site.conf"), site.Replace("speed=10", $"speed={speed}", StringComparison.Ordinal));
        // What counts beside: the four live cameras of the demo.
        var demo = await File.ReadAllTextAsync(Path.Combine(RepositoryFiles.Repository, "hocon", "sites", "demo.conf"));
        await File.WriteAllTextAsync(Path.Combine(folder, "cameras.conf"), demo.Replace("cam-", "live-", StringComparison.Ordinal));
        using var free = new TcpListener(IPAddress.Loopback, 0);
        free.Start();
        var port = ((IPEndPoint)free.LocalEndpoint).Port;
        free.Stop();
        var settings = Path.Combine(folder, "node.conf");
        await File.WriteAllTextAsync(settings, $$"""
            trafficflow.node { roles = [roadside, server], sites = ["site.conf"], data-directory = "data" }
            trafficflow.web { listen = "127.0.0.1:{{port}}", streams { most = 1900, of-an-account = 1900 } }
            trafficflow.feeds { bench { type = mqtt, broker = "mqtt://127.0.0.1:{{broker}}" } }
            """);
        return new WebNode(settings, new Uri($"http://127.0.0.1:{port}"));
    }

    public async Task StartAsync()
    {
        _process = TrafficflowProcess.Start("run", "--config", _settings, "--quiet");
        using var client = new HttpClient { BaseAddress = Address };
        var answers = false;
        while (!answers)
        {
            try
            {
                using var answer = await client.GetAsync("/sign-in");
                answers = answer.IsSuccessStatusCode;
            }
            catch (HttpRequestException) when (_process.IsRunning)
            {
                await Task.Delay(200);
            }
            catch (HttpRequestException)
            {
                throw new BenchmarkException(BenchmarkException.Failed, $"the node has ended: {(await _process.WaitAsync(Patience)).Error}");
            }
        }
    }

    /// <summary>From its next start on it counts the live cameras too.</summary>
    public async Task AddCamerasAsync()
    {
        var settings = await File.ReadAllTextAsync(_settings);
        await File.WriteAllTextAsync(_settings, settings.Replace("[\"site.conf\"]", "[\"site.conf\", \"cameras.conf\"]", StringComparison.Ordinal));
    }

    /// <summary>Frames that the live cameras have processed and dropped.</summary>
    public async Task<FramesSeen> FramesAsync()
    {
        var reply = JsonDocument.Parse((await RunAsync("ctl", "--config", _settings, "camera", "list", "--json")).Output);
        var live = reply.RootElement.GetProperty("tables")[0].GetProperty("rows").EnumerateArray().Where(r => r.GetProperty("processed_frames").GetInt64() > 0).ToList();
        return live.Count == 0
            ? throw new BenchmarkException(BenchmarkException.Failed, "no camera of the node has processed a frame")
            : new FramesSeen(DateTimeOffset.UtcNow, live.Sum(r => r.GetProperty("processed_frames").GetInt64()), live.Sum(r => r.GetProperty("dropped_frames").GetInt64()));
    }

    public Task KillAsync() => _process!.KillAsync();

    /// <summary>As somebody does who was invited; and a token for the programs.</summary>
    public async Task SignInAsync()
    {
        var invited = await RunAsync("account", "add", "bench", "--role", "analyst", "--config", _settings);
        var invitation = Invitation().Match($"{invited.Output}\n{invited.Error}").Value;
        using var client = new HttpClient(new SocketsHttpHandler { CookieContainer = Cookies, AllowAutoRedirect = false }) { BaseAddress = Address };
        await PostAsync(client, "/invitation", ("invitation", invitation), ("name", "bench"), ("password", Password), ("again", Password));
        await SignInAgainAsync();
        Token = (await RunAsync("account", "token", "add", "bench", "--account", "bench", "--site", "*", "--use", "read,subscribe,export", "--until", "2099-12-31", "--config", _settings)).Output.Trim();
    }

    /// <summary>A session ends with its node.</summary>
    public async Task SignInAgainAsync()
    {
        using var client = new HttpClient(new SocketsHttpHandler { CookieContainer = Cookies, AllowAutoRedirect = false }) { BaseAddress = Address };
        await PostAsync(client, "/sign-in", ("name", "bench"), ("password", Password));
    }

    private static async Task<Ended> RunAsync(params IReadOnlyList<string> args)
    {
        var ended = await TrafficflowProcess.RunAsync(args);
        return ended.Code == 0 ? ended : throw new BenchmarkException(BenchmarkException.Failed, $"trafficflow {string.Join(' ', args)} ended with {ended.Code}: {ended.Error}");
    }

    private static async Task PostAsync(HttpClient client, string path, params IReadOnlyList<(string Name, string Value)> form)
    {
        using var content = new FormUrlEncodedContent(form.Select(f => KeyValuePair.Create(f.Name, f.Value)));
        using var answer = await client.PostAsync(path, content);
        if (answer.StatusCode != HttpStatusCode.Redirect) throw new BenchmarkException(BenchmarkException.Failed, $"{path} answered {(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}");
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { } process) await process.DisposeAsync();
    }

    [GeneratedRegex("tfi_[A-Za-z0-9_-]+")]
    private static partial Regex Invitation();
}
