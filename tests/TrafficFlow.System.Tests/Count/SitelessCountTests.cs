using System.Text.Json;
using System.Text.Json.Nodes;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Sites;
using TrafficFlow.Node;
using TrafficFlow.Node.Count.Siteless;
using TrafficFlow.Node.Settings;
using TrafficFlow.SystemTests.Processes;
using TrafficFlow.SystemTests.Settings;
using TrafficFlow.Vision.Onnx;
using TrafficFlow.Vision.Throttling;
using Xunit;

namespace TrafficFlow.SystemTests.Count;

[Collection(ProcessesCollection.Other)]
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
        AssertSame(again);
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

    [Fact]
    public async Task A_classifier_is_written_so_that_the_site_file_alone_gives_the_same()
    {
        var (video, again) = (CountedClips.Video("hydepark"), Path.Combine(_folder.Path, "again"));
        var classifier = SharedFiles.Shared("models/nanodet_plus_m_384x640.onnx");

        var first = await TrafficflowProcess.RunAsync("count", video, "--classifier", classifier, "--out", Out);
        var second = await TrafficflowProcess.RunAsync("count", video, "--site", Path.Combine(Out, "site.conf"), "--out", again);

        Assert.True(first.Code == 0, first.Error);
        Assert.True(second.Code == 0, second.Error);
        Assert.DoesNotContain("--classifier", first.Output);
        var detectors = SiteSettings.Load(Path.Combine(Out, "site.conf")).Detectors;
        Assert.Equal(classifier, detectors.Resolve(detectors.Resolve("vehicles").Classifier!).Model!.Path);
        AssertSame(again);
    }

    [Fact]
    public async Task A_model_beside_settings_of_ones_own_is_written_too()
    {
        var config = _folder.Write("node.conf", $"trafficflow.detectors {{ pvb_2004_256x448 {{ type = onnx, model = \"{CountedClips.Model}x\", looks-per-second = 2 }} }}\n");
        var (video, again) = (CountedClips.Video("road_barrier"), Path.Combine(_folder.Path, "again"));

        var first = await TrafficflowProcess.RunAsync(["count", video, "--out", Out, "--config", config, .. CountedClips.Network]);
        var second = await TrafficflowProcess.RunAsync("count", video, "--site", Path.Combine(Out, "site.conf"), "--out", again, "--config", config);

        Assert.True(first.Code == 0, first.Error);
        Assert.True(second.Code == 0, second.Error);
        AssertSame(again);
    }

    [Fact]
    public async Task Looks_that_are_spared_are_spared_in_the_first_look_too()
    {
        var config = _folder.Write("node.conf", $"trafficflow {{ default-detector = pvb, detectors {{ pvb {{ type = onnx, model = \"{CountedClips.Model}\", looks-per-second = 5 }} }} }}\n");
        var (video, again) = (CountedClips.Video("hydepark"), Path.Combine(_folder.Path, "again"));

        var first = await TrafficflowProcess.RunAsync("count", video, "--out", Out, "--config", config);
        var second = await TrafficflowProcess.RunAsync("count", video, "--site", Path.Combine(Out, "site.conf"), "--out", again, "--config", config);

        Assert.True(first.Code == 0, first.Error);
        Assert.True(second.Code == 0, second.Error);
        Assert.DoesNotContain("detectors {", await File.ReadAllTextAsync(Path.Combine(Out, "site.conf"), TestContext.Current.CancellationToken));
        AssertSame(again);
    }

    [Fact]
    public async Task A_classifier_that_tells_nothing_apart_is_refused()
    {
        var ended = await TrafficflowProcess.RunAsync("count", "synthetic:north?seconds=3", "--classifier", CountedClips.Model, "--out", Out);

        Assert.Equal(ExitCodes.Failed, ended.Code);
        Assert.Contains("it knows one kind of vehicle only", ended.Error);
    }

    [Theory]
    [InlineData("--model")]
    [InlineData("--classifier")]
    public async Task A_model_file_that_is_not_there_is_told_as_it_was_given(string option)
    {
        var ended = await TrafficflowProcess.RunAsync("count", "synthetic:north?seconds=3", option, "nowhere.onnx", "--out", Out);

        Assert.Equal(ExitCodes.BadUsage, ended.Code);
        Assert.Contains($"{option} nowhere.onnx: there is no such file", ended.Error);
    }

    [Fact]
    public void Detectors_are_written_with_all_that_was_set_for_them()
    {
        var model = new OnnxModelSettings("a", "/models/\"a\".onnx", OnnxLayout.YoloX, 0.35f,
            new Dictionary<int, ClassMeaning> { [2] = new(DetectedKind.Vehicle, VehicleClass.Bus), [0] = new(DetectedKind.Person, VehicleClass.Unclassified) }, 2);
        DetectorSettings[] detectors =
        [
            new("a", DetectorKind.Onnx, model, "b", new ThrottleSettings(7.5, GateByMotion: true)),
            new("b", DetectorKind.Onnx, new OnnxModelSettings("b", "/models/b.onnx")),
        ];
        var camera = new CameraSetup(new CameraId("cam1"), "synthetic:north", new FrameFormat(640, 360, 10), "a", [], [], []);

        var file = _folder.Write("site.conf", ProposedSiteFile.Write("s", "v", "synthetic:north", TimeZoneInfo.Utc, camera, detectors, new([], [], [])));

        var read = SiteSettings.LoadDetectors(file);
        Assert.Equal(detectors[0] with { Model = null }, read.ByName["a"] with { Model = null });
        Assert.Equal(model with { Classes = null }, read.ByName["a"].Model! with { Classes = null });
        Assert.Equal(model.Classes!.OrderBy(c => c.Key), read.ByName["a"].Model!.Classes!.OrderBy(c => c.Key));
        Assert.Equal(detectors[1], read.ByName["b"]);
    }

    [Theory]
    [InlineData("Street 1.MP4", "street-1-mp4")]
    [InlineData("鋼管通り", "video")]
    [InlineData("_a", "a")]
    public void A_file_name_becomes_a_name_for_settings(string name, string identifier) =>
        Assert.Equal(identifier, SettingName.Of(name));

    [Fact]
    public void A_proposal_knows_whether_it_was_edited()
    {
        var camera = new CameraSetup(new CameraId("cam1"), "", new FrameFormat(640, 360, 29.971), "motion", [], [], []);

        var text = ProposedSiteFile.Write("a", "a\n}.mp4", "with \"quotes\" \\ 道.mp4", TimeZoneInfo.Utc, camera, [], new([], [], []));

        Assert.True(ProposedSiteFile.IsUnedited(text));
        Assert.False(ProposedSiteFile.IsUnedited(text.Replace("640", "641")));
        Assert.False(ProposedSiteFile.IsUnedited("trafficflow.site {}"));
        Assert.DoesNotContain("\n}.mp4", text);
    }

    public void Dispose() => _folder.Dispose();

    private void AssertSame(string again)
    {
        foreach (var file in new[] { "crossings.csv", "flows.csv" })
            Assert.Equal(File.ReadAllText(Path.Combine(Out, file)), File.ReadAllText(Path.Combine(again, file)));
        Assert.Equal(Summary(Out), Summary(again));

        // The picture of the gates is drawn by the first look only.
        static string Summary(string folder)
        {
            var summary = JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "summary.json")))!.AsObject();
            summary.Remove("pictures");
            return summary.ToJsonString();
        }
    }
}
