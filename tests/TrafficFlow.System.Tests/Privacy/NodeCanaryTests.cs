using System.Text;
using TrafficFlow.Node;
using TrafficFlow.SystemTests.Processes;
using TrafficFlow.SystemTests.Run;
using TrafficFlow.SystemTests.Settings;
using Xunit;

namespace TrafficFlow.SystemTests.Privacy;

/// <summary>The canary of design section 7 on a whole node: no row of a marked picture is in any file or comes through its socket.</summary>
[Collection(ProcessesCollection.Name)]
public sealed class NodeCanaryTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly SettingsFolder _clips = new();
    private readonly CanaryClip _marked = new(20_261_123, hasCorner: false);

    [Theory]
    [InlineData("motion")]
    [InlineData("network")]
    public async Task No_row_of_a_marked_picture_leaves_the_process(string detector)
    {
        var model = detector == "network" ? SharedFiles.Shared("models/pvb_2004_256x448.onnx") : null;
        var clip = Path.Combine(_clips.Path, "canary.mkv");
        await _marked.WriteAsync(clip);
        using var folder = new NodeFolder(Site(clip, model), "camera { coverage-interval = 1s, observe-tracks = on }");
        var rows = new MarkedRows(_marked.Rows());
        await CanaryClip.AssertSeenAsync(folder.SiteFile, rows, 3);
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
        var journal = await File.ReadAllBytesAsync(folder.Journal);
        var (alive, _) = rows.In(folder.Path);
        node.Terminate();
        var ended = await node.WaitAsync(Patience);
        folder.Write("node.log", ended.Output + ended.Error);

        var (found, searched) = rows.In(folder.Path);

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
        var rows = new MarkedRows(_marked.Rows());
        var part = _marked.Part((100 * CanaryClip.Width * 3) + 211, 120);
        byte[] planted = [.. new byte[shift], .. part, .. new byte[9]];
        _clips.Write("clean.txt", "nothing here");
        var file = Path.Combine(_clips.Path, "dirty.bin");

        File.WriteAllBytes(file, base64 ? Encoding.ASCII.GetBytes($"{{\"picture\":\"{Convert.ToBase64String(planted)}\"}}") : planted);

        Assert.Equal(["dirty.bin"], rows.In(_clips.Path).Found);
        Assert.False(rows.IsIn(new byte[4096]));
    }

    public void Dispose() => _clips.Dispose();

    private static string Site(string clip, string? model) => $$"""
        trafficflow.detectors { {{(model is null ? "" : $"pvb {{ type = onnx, model = \"{model}\" }}")}} }
        trafficflow.site {
          id = canary, name = Canary, time-zone = "Asia/Tokyo"
          approaches { main {} }
          cameras {
            cam1 {
              source = "{{clip}}"
              frame { width = {{CanaryClip.Width}}, height = {{CanaryClip.Height}}, fps = 25 }
              detector = {{(model is null ? "motion" : "pvb")}}
              gates { g1 { from = [0.5, 0.2], to = [0.5, 0.9], backward = { enters = main } } }
            }
          }
        }

        """;
}
