using System.Buffers;
using System.Diagnostics;
using System.Net.WebSockets;
using System.Text.Json;
using TrafficFlow.SystemTests.Lab;
using Xunit;

namespace TrafficFlow.SystemTests.Mark;

/// <summary>A Chromium without a window, driven through its DevTools protocol: keys and clicks as a person's. The test is skipped where there is none.</summary>
internal sealed class Browser : IAsyncDisposable
{
    private static readonly string[] s_names = ["chromium", "chromium-browser", "google-chrome"];

    /// <summary>As for other processes: beside builds and other tests, a browser of many processes waits for its turns and for the disk.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    private readonly Process _process;
    private readonly string _profile;
    private readonly ClientWebSocket _socket = new();
    private int _id;

    private Browser(Process process, string profile) => (_process, _profile) = (process, profile);

    public static async Task<Browser> OpenAsync(Uri page)
    {
        var found = s_names.SelectMany(n => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Select(f => Path.Combine(f, n))).FirstOrDefault(File.Exists);
        if (found is null) Assert.Skip("there is no Chromium here that could open the page");
        var profile = Directory.CreateTempSubdirectory("trafficflow-browser-").FullName;
        var start = new ProcessStartInfo(found!,
            ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--remote-debugging-port=0", $"--user-data-dir={profile}", "--window-size=1200,900", "about:blank"])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        var browser = new Browser(Process.Start(start)!, profile);
        try
        {
            await browser.ConnectAsync(page);
            return browser;
        }
        catch
        {
            await browser.DisposeAsync();
            throw;
        }
    }

    /// <summary>The value of an expression on the page, as text.</summary>
    public async Task<string> AskAsync(string expression)
    {
        var (value, problem) = await EvaluateAsync(expression);
        Assert.True(value is not null, $"{expression}: {problem}");
        return value!;
    }

    /// <summary>Waits until an expression on the page is true; on a page that is being loaded it is not.</summary>
    public async Task UntilAsync(string expression)
    {
        var clock = Stopwatch.StartNew();
        while (await EvaluateAsync(expression) is not ("true", _))
        {
            if (clock.Elapsed > Patience)
                Assert.Fail($"never true: {expression}; the page is {await EvaluateAsync("document.readyState + ' and says: ' + document.body?.innerText")}");
            await Task.Delay(50);
        }
    }

    /// <param name="keys">Names as in KeyboardEvent.key.</param>
    public async Task TypeAsync(params string[] keys)
    {
        foreach (var key in keys)
        {
            await SendAsync("Input.dispatchKeyEvent", new { type = key.Length == 1 ? "keyDown" : "rawKeyDown", key, text = key.Length == 1 ? key : "" });
            await SendAsync("Input.dispatchKeyEvent", new { type = "keyUp", key });
        }
    }

    /// <summary>Clicks on an element, so far to the right of its middle.</summary>
    public async Task ClickAsync(string id, double right = 0)
    {
        var middle = JsonDocument.Parse(await AskAsync($"JSON.stringify((b => [b.x + b.width / 2, b.y + b.height / 2])(document.getElementById('{id}').getBoundingClientRect()))")).RootElement;
        foreach (var type in new[] { "mousePressed", "mouseReleased" })
            await SendAsync("Input.dispatchMouseEvent", new { type, x = middle[0].GetDouble() + right, y = middle[1].GetDouble(), button = "left", clickCount = 1 });
    }

    public async ValueTask DisposeAsync()
    {
        _socket.Dispose();
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
        // Its children may still write for a moment.
        await Shell.TryAsync("rm", "-rf", _profile);
    }

    private async Task ConnectAsync(Uri page)
    {
        _ = _process.StandardOutput.ReadToEndAsync();
        string? address = null;
        using var patience = new CancellationTokenSource(Patience);
        while (address is null && await _process.StandardError.ReadLineAsync(patience.Token) is { } line)
            if (line.StartsWith("DevTools listening on ", StringComparison.Ordinal)) address = line["DevTools listening on ".Length..];
        Assert.True(address is not null, "the browser ended before it listened");
        _ = _process.StandardError.ReadToEndAsync();
        using var client = new HttpClient();
        var tabs = JsonDocument.Parse(await client.GetStringAsync($"http://127.0.0.1:{new Uri(address!).Port}/json", patience.Token)).RootElement;
        var tab = tabs.EnumerateArray().First(t => t.GetProperty("type").GetString() == "page").GetProperty("webSocketDebuggerUrl").GetString()!;
        await _socket.ConnectAsync(new Uri(tab), patience.Token);
        await SendAsync("Page.navigate", new { url = page });
    }

    /// <summary>Without a value while one page goes and the next is not there yet, and where the expression throws.</summary>
    private async Task<(string? Value, string Problem)> EvaluateAsync(string expression)
    {
        var answer = await TrySendAsync("Runtime.evaluate", new { expression = $"String({expression})", awaitPromise = true });
        if (!answer.TryGetProperty("result", out var result)) return (null, answer.ToString());
        return result.TryGetProperty("exceptionDetails", out var thrown) ? (null, thrown.ToString()) : (result.GetProperty("result").GetProperty("value").GetString(), "");
    }

    private async Task<JsonElement> SendAsync(string method, object parameters)
    {
        var answer = await TrySendAsync(method, parameters);
        Assert.False(answer.TryGetProperty("error", out var error), $"{method}: {error}");
        return answer.GetProperty("result");
    }

    private async Task<JsonElement> TrySendAsync(string method, object parameters)
    {
        using var patience = new CancellationTokenSource(Patience);
        var id = ++_id;
        await _socket.SendAsync(JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, object> { ["id"] = id, ["method"] = method, ["params"] = parameters }), WebSocketMessageType.Text, true, patience.Token);
        while (true)
        {
            var message = new ArrayBufferWriter<byte>();
            ValueWebSocketReceiveResult part;
            do
            {
                part = await _socket.ReceiveAsync(message.GetMemory(4096), patience.Token);
                message.Advance(part.Count);
            }
            while (!part.EndOfMessage);
            var answer = JsonDocument.Parse(message.WrittenMemory).RootElement;
            if (answer.TryGetProperty("id", out var of) && of.GetInt32() == id) return answer;
        }
    }
}
