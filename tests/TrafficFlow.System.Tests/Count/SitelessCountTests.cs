using System.Text.Json;
using TrafficFlow.Core.Sites;
using TrafficFlow.Node;
using TrafficFlow.Node.Count;
using TrafficFlow.Node.Settings;
using TrafficFlow.SystemTests.Processes;
using TrafficFlow.SystemTests.Settings;
using Xunit;

namespace TrafficFlow.SystemTests.Count;

[Collection(ProcessesCollection.Name)]
public sealed class SitelessCountTests : IDisposable
{
    private readonly SettingsFolder _folder = new();

    private string Out => Path.Combine(_folder.Path, "out");

    [Fact]
    public async Task A_video_alone_gives_gates_a_picture_and_counts_that_its_site_file_gives_again()
    {
        const string Video = "synthetic:north?seconds=40";
        var again = Path.Combine(_folder.Path, "again");

        var first = await TrafficflowProcess.RunAsync("count", Video, "--out", Out);
        var second = await TrafficflowProcess.RunAsync("count", Video, "--site", Path.Combine(Out, "site.conf"), "--out", again);

        Assert.True(first.Code == 0, first.Error);
        Assert.True(second.Code == 0, second.Error);
        var camera = Assert.Single(SiteSettings.Load(Path.Combine(Out, "site.conf")).Site.Cameras);
        Assert.Equal(new FrameFormat(640, 360, 10), camera.Frame);
        Assert.Contains(camera.Gates, g => g.Forward?.Role == GateRole.Enters);
        Assert.Contains("Then count again: trafficflow count 'synthetic:north?seconds=40' --site", first.Output);
        Assert.True(new FileInfo(Path.Combine(Out, "gates.png")).Length > 10_000);
        Assert.True(File.ReadAllLines(Path.Combine(Out, "crossings.csv")).Length > 5);
        foreach (var file in new[] { "crossings.csv", "flows.csv", "summary.json" })
            Assert.Equal(File.ReadAllText(Path.Combine(Out, file)), File.ReadAllText(Path.Combine(again, file)));
    }

    [Fact]
    public async Task A_video_in_which_nothing_moves_fails_and_leaves_no_site_file()
    {
        var still = Path.Combine(_folder.Path, "still.mp4");
        await Tools.RunAsync("ffmpeg", "-v", "error", "-f", "lavfi", "-i", "color=gray:s=320x240:r=10:d=3", "-pix_fmt", "yuv420p", still);

        var ended = await TrafficflowProcess.RunAsync("count", still, "--out", Out);

        Assert.Equal(ExitCodes.Failed, ended.Code);
        Assert.Contains("no vehicle was seen to drive along", ended.Error);
        Assert.Contains("--model FILE.onnx", ended.Error);
        Assert.False(File.Exists(Path.Combine(Out, "site.conf")));
    }

    [Fact]
    public async Task An_edited_site_file_is_not_overwritten()
    {
        Directory.CreateDirectory(Out);
        var site = Path.Combine(Out, "site.conf");
        await File.WriteAllTextAsync(site, "trafficflow.site { id = mine }\n", TestContext.Current.CancellationToken);

        var ended = await TrafficflowProcess.RunAsync("count", "synthetic:north?seconds=3", "--out", Out);

        Assert.Equal(ExitCodes.BadUsage, ended.Code);
        Assert.Contains($"--site {site}", ended.Error);
        Assert.Equal("trafficflow.site { id = mine }\n", await File.ReadAllTextAsync(site, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Three_vehicles_towards_the_camera_are_one_stream_of_three()
    {
        var ended = await TrafficflowProcess.RunAsync(
            ["count", CountedClips.Video("road_barrier"), "--out", Out, "--json", .. CountedClips.Network]);

        Assert.True(ended.Code == 0, ended.Error);
        var gates = JsonDocument.Parse(ended.Output).RootElement.GetProperty("gates").EnumerateObject().ToList();
        var gate = Assert.Single(gates);
        Assert.StartsWith("stream-1-down", gate.Name);
        Assert.Equal(3, gate.Value.GetProperty("forward").EnumerateObject().Sum(c => c.Value.GetInt32()));
        Assert.Contains("pvb_2004_256x448 { type = onnx", await File.ReadAllTextAsync(Path.Combine(Out, "site.conf"), TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("Street 1.MP4", "street-1-mp4")]
    [InlineData("鋼管通り", "video")]
    [InlineData("_a", "a")]
    public void A_file_name_becomes_a_name_for_settings(string name, string identifier) =>
        Assert.Equal(identifier, ProposedSiteFile.Identifier(name));

    [Fact]
    public void A_proposal_knows_whether_it_was_edited()
    {
        var camera = new CameraSetup(new CameraId("cam1"), "", new FrameFormat(640, 360, 29.971), "motion", [], [], []);

        var text = ProposedSiteFile.Write("a", "a\n}.mp4", "with \"quotes\" \\ 道.mp4", camera, null, new([], [], []));

        Assert.True(ProposedSiteFile.IsUnedited(text));
        Assert.False(ProposedSiteFile.IsUnedited(text.Replace("640", "641")));
        Assert.False(ProposedSiteFile.IsUnedited("trafficflow.site {}"));
        Assert.DoesNotContain("\n}.mp4", text);
    }

    public void Dispose() => _folder.Dispose();
}
