using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using TrafficFlow.SystemTests.Processes;
using TrafficFlow.SystemTests.Run;
using Xunit;

namespace TrafficFlow.SystemTests.ControlClient;

/// <summary>A running node with two live cameras, and the socket through which it is inspected.</summary>
public sealed class TwoCameraNode : IAsyncLifetime
{
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    internal NodeFolder Folder { get; } = new(Site);

    internal TrafficflowProcess Process { get; private set; } = null!;

    internal string Socket => Path.Combine(Folder.Data, "ctl.sock");

    private static string Site => $$"""
        trafficflow.site {
          id = live, name = Live, time-zone = "Asia/Tokyo"
          approaches { north {}, east {}, south {}, west {} }
          cameras {
            cam1 {
        {{Camera("north")}}
            }
            cam2 {
        {{Camera("south")}}
            }
          }
        }

        """;

    public async ValueTask InitializeAsync()
    {
        Process = Folder.Run();
        await StreamingAsync();
        // Frames come before the approach has heard of its camera.
        await UntilAsync(async () => await FeedsAsync("north", "cam1") && await FeedsAsync("south", "cam2"));

        async Task<bool> FeedsAsync(string approach, string camera) =>
            (await RowsAsync("approach", "show", $"live/{approach}")).Any(r => r.GetProperty("camera").GetString() == camera);
    }

    /// <summary>Waits until both cameras have given frames.</summary>
    internal Task StreamingAsync() =>
        UntilAsync(async () => (await RowsAsync("camera", "list")).All(r => r.GetProperty("processed_frames").GetInt64() > 0));

    private async Task UntilAsync(Func<Task<bool>> reached)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!await Reached()) await Task.Delay(200, patience.Token);

        async Task<bool> Reached()
        {
            if (!Process.IsRunning) throw new InvalidOperationException($"the node ended\n{Process.Error}");
            try
            {
                return await reached();
            }
            catch (Exception e) when (e is HttpRequestException or KeyNotFoundException)
            {
                return false; // not there yet
            }
        }
    }

    /// <summary>The rows of the first table.</summary>
    internal async Task<IReadOnlyList<JsonElement>> RowsAsync(params string[] words)
    {
        var reply = await AskAsync(words);
        return [.. JsonDocument.Parse(reply).RootElement.GetProperty("tables")[0].GetProperty("rows").EnumerateArray()];
    }

    /// <summary>The reply as it comes.</summary>
    internal async Task<string> AskAsync(params string[] words) => (await PostAsync(JsonSerializer.Serialize(new { words }))).Body;

    /// <summary>What comes back when this is sent as it is.</summary>
    internal async Task<(HttpStatusCode Status, string Body)> PostAsync(string body)
    {
        using var http = new ControlHttp(Socket);
        return await http.PostAsync(body);
    }

    internal Task<Socket> ConnectAsync() => ControlHttp.ConnectAsync(Socket);

    /// <summary>The verb, asked of this node.</summary>
    internal Task<Ended> CtlAsync(params IReadOnlyList<string> words) => TrafficflowProcess.RunAsync(["ctl", "--data", Folder.Data, .. words]);

    internal void Restart() => Process = Folder.Run();

    public async ValueTask DisposeAsync()
    {
        await Process.DisposeAsync();
        Folder.Dispose();
    }

    private static string Camera(string side) => $$"""
              source = "synthetic:{{side}}"
              frame { width = 320, height = 180, fps = 5 }
              detector = motion
              gates { in { from = [0.4778, 0.3960], to = [0.6668, 0.3952], forward = { enters = {{side}} } } }
        """;
}
