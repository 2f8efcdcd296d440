using System.Diagnostics;
using System.Text;
using TrafficFlow.Node;
using TrafficFlow.Node.Settings;
using TrafficFlow.Synthetic;
using TrafficFlow.SystemTests.Processes;
using TrafficFlow.SystemTests.Run;
using TrafficFlow.SystemTests.Settings;
using TrafficFlow.Vision.Ffmpeg;
using Xunit;

namespace TrafficFlow.SystemTests.Privacy;

/// <summary>The canary of design section 7 on a whole node: no row of a marked picture is in any file or comes through its socket.</summary>
[Collection(ProcessesCollection.Name)]
public sealed class NodeCanaryTests : IDisposable
{
    private const int Width = 320;
    private const int Height = 240;
    private const int FrameBytes = Width * Height * 3;
    private const int Frames = 250;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly SettingsFolder _clips = new();
    private readonly byte[] _marked = new byte[FrameBytes];

    public NodeCanaryTests() => new Random(20_261_123).NextBytes(_marked);

    [Theory]
    [InlineData("motion")]
    [InlineData("network")]
    public async Task No_row_of_a_marked_picture_leaves_the_process(string detector)
    {
        var model = detector == "network" ? SharedFiles.Shared("models/pvb_2004_256x448.onnx") : null;
        var clip = await ClipAsync();
        using var folder = new NodeFolder(Site(clip, model), "camera { coverage-interval = 1s, observe-tracks = on }");
        await AssertSeenAsync(folder.SiteFile);
        var temp = Directory.CreateDirectory(Path.Combine(folder.Path, "tmp")).FullName;
        await using var node = TrafficflowProcess.StartIn(temp, "run", "--verbose", "--config", folder.Config);
        await node.UntilAsync(() => folder.Events("epoch-opened") > 0, Patience, "the camera opened its clip");
        await using var watch = TrafficflowProcess.StartIn(temp, "watch", "flow.canary.main", "--messages", "1", "--json", "--data", folder.Data);
        await node.UntilAsync(() => folder.Events("lateness-passed", "%/main") > 0, Patience, "the clip was counted to its end");
        Assert.Equal(ExitCodes.Done, (await watch.WaitAsync(Patience)).Code);
        folder.Write("watch.log", watch.Output + watch.Error);
        // Nothing can leave it through a port; what comes through its socket is in the watcher's log.
        Assert.Empty(ListeningPorts.Of(node.Id));
        // What the node leaves behind is looked at in two states: while it runs, with its write-ahead log, and after its end.
        var rows = new MarkedRows(Rows());
        var journal = await File.ReadAllBytesAsync(folder.Journal);
        var (alive, _) = Search(folder.Path, rows);
        node.Terminate();
        var ended = await node.WaitAsync(Patience);
        folder.Write("node.log", ended.Output + ended.Error);

        var (found, searched) = Search(folder.Path, rows);

        Assert.True(ended.Code == ExitCodes.Done, $"exit code {ended.Code}: {ended.Error[^Math.Min(ended.Error.Length, 3000)..]}");
        Assert.NotEmpty(journal);
        Assert.Empty(alive);
        Assert.Empty(found);
        Assert.Contains("journal.db", searched);
        Assert.Contains("outbox.db", searched);
        Assert.Contains("node.log", searched);
        Assert.Contains("watch.log", searched);
        Assert.Contains("canary", watch.Output);
    }

    [Theory]
    [InlineData(false, 0)]
    [InlineData(false, 5)]
    [InlineData(true, 0)]
    [InlineData(true, 1)]
    [InlineData(true, 2)]
    public void The_search_finds_a_part_of_a_row_that_was_planted(bool base64, int shift)
    {
        var rows = new MarkedRows(Rows());
        var part = _marked.AsSpan((100 * Width * 3) + 211, 120).ToArray();
        byte[] planted = [.. new byte[shift], .. part, .. new byte[9]];
        _clips.Write("clean.txt", "nothing here");
        var file = Path.Combine(_clips.Path, "dirty.bin");

        File.WriteAllBytes(file, base64 ? Encoding.ASCII.GetBytes($"{{\"picture\":\"{Convert.ToBase64String(planted)}\"}}") : planted);

        Assert.Equal(["dirty.bin"], Search(_clips.Path, rows).Found);
        Assert.False(rows.IsIn(new byte[4096]));
    }

    public void Dispose() => _clips.Dispose();

    private IEnumerable<byte[]> Rows() => Enumerable.Range(0, Height).Select(y => _marked.AsSpan(y * Width * 3, Width * 3).ToArray());

    private static (List<string> Found, List<string> Searched) Search(string folder, MarkedRows rows)
    {
        var (found, searched) = (new List<string>(), new List<string>());
        foreach (var file in Directory.GetFiles(folder, "*", SearchOption.AllDirectories))
        {
            // The lock, and the runtime's pipes and sockets, which would be waited on for ever.
            if (new FileInfo(file).Length == 0) continue;
            searched.Add(Path.GetFileName(file));
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var bytes = new MemoryStream();
            stream.CopyTo(bytes);
            if (rows.IsIn(bytes.GetBuffer().AsSpan(0, (int)bytes.Length))) found.Add(Path.GetFileName(file));
        }

        return (found, searched);
    }

    /// <summary>Without this the canary could be dead before the mine: the marked picture must get into the process as it is.</summary>
    private async Task AssertSeenAsync(string siteFile)
    {
        var camera = SiteSettings.Load(siteFile).Site.Cameras[0];
        var factory = new FrameReaderFactory(DateTimeOffset.UnixEpoch, FfmpegTimeouts.Default, TimeProvider.System);
        await using var reader = await factory.OpenAsync(camera, CancellationToken.None);
        var rows = new MarkedRows(Rows());
        var seen = 0;
        while (await reader.ReadAsync(CancellationToken.None) is { } frame)
        {
            using (frame)
            {
                if (rows.IsIn(frame.Pixels)) seen++;
            }
        }

        Assert.True(seen >= 3, "the marked picture did not reach the reader unchanged");
    }

    /// <summary>A street with a moving box; every fiftieth picture is the marked one. Lossless, so that every pixel arrives.</summary>
    private async Task<string> ClipAsync()
    {
        var file = Path.Combine(_clips.Path, "canary.mkv");
        using var ffmpeg = Process.Start(new ProcessStartInfo(
            "ffmpeg",
            ["-v", "error", "-f", "rawvideo", "-pix_fmt", "bgr24", "-s", $"{Width}x{Height}", "-r", "25", "-i", "-", "-c:v", "ffv1", "-pix_fmt", "bgr0", file])
        {
            RedirectStandardInput = true,
        })!;
        var street = new byte[FrameBytes];
        for (var i = 0; i < Frames; i++)
        {
            Paint(street, i);
            await ffmpeg.StandardInput.BaseStream.WriteAsync(i % 50 == 49 ? _marked : street);
        }

        ffmpeg.StandardInput.Close();
        await ffmpeg.WaitForExitAsync();
        Assert.Equal(0, ffmpeg.ExitCode);
        return file;
    }

    private static void Paint(byte[] picture, int i)
    {
        Array.Fill(picture, (byte)96);
        var left = i * 4 % (Width - 50);
        for (var y = 120; y < 150; y++) picture.AsSpan(((y * Width) + left) * 3, 50 * 3).Fill(220);
    }

    private static string Site(string clip, string? model) => $$"""
        trafficflow.detectors { {{(model is null ? "" : $"pvb {{ type = onnx, model = \"{model}\" }}")}} }
        trafficflow.site {
          id = canary, name = Canary, time-zone = "Asia/Tokyo"
          approaches { main {} }
          cameras {
            cam1 {
              source = "{{clip}}"
              frame { width = {{Width}}, height = {{Height}}, fps = 25 }
              detector = {{(model is null ? "motion" : "pvb")}}
              gates { g1 { from = [0.5, 0.2], to = [0.5, 0.9], backward = { enters = main } } }
            }
          }
        }

        """;
}
