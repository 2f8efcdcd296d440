using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using TrafficFlow.Core.Sites;
using TrafficFlow.Node.Mark.Desk;
using TrafficFlow.Node.Score;
using TrafficFlow.Node.Settings;
using TrafficFlow.SystemTests.Processes;
using TrafficFlow.SystemTests.Settings;
using TrafficFlow.SystemTests.Synthetic;
using TrafficFlow.Web.Pages.Accuracy;
using TrafficFlow.Web.Pages.Marking;
using Xunit;

namespace TrafficFlow.SystemTests.Mark;

/// <summary>The clips of a node: which there are, one that is read, marked, closed and counted.</summary>
[Collection(ProcessesCollection.Other)]
public sealed class MarkingDeskTests : IAsyncDisposable
{
    private const string Header = "gate,direction,time_s,class,size,optional\n";

    private static readonly SiteId s_site = new("a");
    private static readonly CameraId s_camera = new("cam1");

    private readonly SettingsFolder _folder = new();
    private readonly HandClock _clock = new();
    private readonly MarkingDesk _desk;

    public MarkingDeskTests()
    {
        var site = SettingsFolder.GoodSite.Replace("width = 640, height = 360, fps = 12.5", "width = 320, height = 180, fps = 10", StringComparison.Ordinal)
            .Replace("detector = default", "detector = motion", StringComparison.Ordinal);
        var settings = SiteSettings.Load(_folder.Write("a.conf", site));
        _desk = new MarkingDesk(() => [settings], _folder.Path, Scores, NullLogger<MarkingDesk>.Instance, _clock);
        Directory.CreateDirectory(_desk.FolderOf(s_site));
    }

    private ScoreFolder Scores => new(Path.Combine(_folder.Path, "scores"));

    private string Clip => Path.Combine(_desk.FolderOf(s_site), "clip.mp4");

    private string Truth => $"{Clip}.truth.csv";

    [Fact]
    public async Task A_clip_is_read_marked_and_finished_and_its_marks_are_taken_up_again()
    {
        await FilmAsync();
        await File.WriteAllTextAsync(Truth, Header + "n-in,forward,0.50,bus,large,\n", TestContext.Current.CancellationToken);
        var marking = await OpenAsync();

        Assert.Equal(("cam1", 320, 180, 20, "clip.mp4.truth.csv"), (marking.Clip.Camera, marking.Clip.Width, marking.Clip.Height, marking.Clip.Times.Count, marking.Clip.File));
        Assert.Equal([0xFF, 0xD8], marking.Frame(19)![..2]);
        Assert.Null(marking.Frame(20));
        Assert.Equal("PNG"u8.ToArray(), marking.Scan("n-in", 0, 20)![1..4]);
        Assert.Null(marking.Scan("n-in", 20, 1));
        Assert.Null(marking.Scan("other", 0, 1));
        var marks = marking.MarksJson();
        Assert.Contains("\"time\":0.5", marks, StringComparison.Ordinal);
        Assert.Null(marking.Replace(marks[..^1] + """,{"gate":"s_out","direction":"backward","time":1}]"""));
        Assert.False(_desk.TryOpen("bert", s_site, s_camera, "clip.mp4"));
        marking.Finish();

        Assert.Equal((MarkingStep.Finished, 2, Truth, "anna"), (_desk.Now!.Step, _desk.Now.Marks, _desk.Now.File, _desk.Now.By));
        Assert.Null(_desk.Find(s_site, "clip.mp4"));
        Assert.Equal(Header + "n-in,forward,0.50,bus,large,\ns_out,backward,1.00,,,\n", await File.ReadAllTextAsync(Truth, TestContext.Current.CancellationToken));
        Assert.True(Assert.Single(_desk.Clips(s_site)).HasMarks);
    }

    [Theory]
    [InlineData("../clip.mp4")]
    [InlineData("../../a.conf")]
    [InlineData("..")]
    [InlineData("/etc/passwd")]
    [InlineData("link.mp4")]
    [InlineData("folder.mp4")]
    [InlineData("notes.txt")]
    [InlineData(".hidden.mp4")]
    [InlineData("")]
    public async Task Only_a_video_that_lies_in_the_folder_is_a_clip(string name)
    {
        var folder = _desk.FolderOf(s_site);
        await File.WriteAllTextAsync(Path.Combine(folder, "..", "clip.mp4"), "elsewhere", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(folder, "notes.txt"), "no video", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(folder, ".hidden.mp4"), "a draft", TestContext.Current.CancellationToken);
        Directory.CreateDirectory(Path.Combine(folder, "folder.mp4"));
        File.CreateSymbolicLink(Path.Combine(folder, "link.mp4"), "/etc/passwd");

        Assert.Empty(_desk.Clips(s_site));
        Assert.False(_desk.TryOpen("anna", s_site, s_camera, name));
        Assert.Null(_desk.Now);
    }

    [Fact]
    public async Task What_cannot_be_opened_says_why_and_the_next_one_can()
    {
        await File.WriteAllTextAsync(Clip, "no video", TestContext.Current.CancellationToken);
        Assert.False(_desk.TryOpen("anna", new SiteId("b"), s_camera, "clip.mp4"));
        Assert.False(_desk.TryOpen("anna", s_site, new CameraId("cam2"), "clip.mp4"));
        var bad = await FailAsync();
        Assert.Contains("clip.mp4", bad, StringComparison.Ordinal);

        await FilmAsync();
        await File.WriteAllTextAsync(Truth, Header + "other,forward,0.50,,,\n", TestContext.Current.CancellationToken);
        Assert.Contains("which the camera does not have", await FailAsync(), StringComparison.Ordinal);

        // Would show what it leads to.
        File.Delete(Truth);
        File.CreateSymbolicLink(Truth, "/etc/passwd");
        Assert.Contains("is a link: remove it", await FailAsync(), StringComparison.Ordinal);

        File.Delete(Truth);
        Assert.Equal("[]", (await OpenAsync()).MarksJson());
    }

    [Fact]
    public async Task A_clip_that_nobody_uses_is_closed_and_one_that_is_used_stays()
    {
        await FilmAsync();
        await OpenAsync();
        _clock.Advance(MarkingDesk.OpenFor - TimeSpan.FromMinutes(1));
        Assert.NotNull(_desk.Find(s_site, "clip.mp4"));
        _clock.Advance(MarkingDesk.OpenFor - TimeSpan.FromMinutes(1));
        Assert.Equal(MarkingStep.Open, _desk.Now!.Step);

        _clock.Advance(TimeSpan.FromMinutes(2));

        Assert.Equal(MarkingStep.Closed, _desk.Now!.Step);
        Assert.Null(_desk.Find(s_site, "clip.mp4"));
    }

    [Fact]
    public async Task Whoever_stops_the_reading_can_open_it_again()
    {
        await FilmAsync();
        Assert.True(_desk.TryOpen("anna", s_site, s_camera, "clip.mp4"));
        _desk.Close();
        Assert.Equal(MarkingStep.Closed, _desk.Now!.Step);

        Assert.NotNull(await OpenAsync());
        Assert.Null(_desk.Now!.Problem);
    }

    [Fact]
    public async Task A_marked_clip_is_counted_and_its_report_lies_with_the_others()
    {
        await FilmAsync();
        Assert.False(_desk.TryScore("anna", s_site, s_camera, "clip.mp4"));
        await File.WriteAllTextAsync(Truth, Header + "n-in,forward,0.50,bus,large,\nn-in,forward,1.50,bus,large,\n", TestContext.Current.CancellationToken);

        Assert.True(_desk.TryScore("anna", s_site, s_camera, "clip.mp4"));
        await UntilDoneAsync();

        Assert.True(_desk.Now!.Step == MarkingStep.Scored, _desk.Now.Problem);
        var counted = Path.Combine($"{Clip}.counted", "crossings.csv");
        Assert.NotNull(CrossingFiles.ReadCounted(counted, "cam1"));
        var name = Assert.Single(Scores.Names(s_site));
        Assert.Equal((_desk.Now.Report, 2L), (name, Scores.Read(s_site, name)?.Total.True));
        Assert.EndsWith(" cam1 clip.mp4", name, StringComparison.Ordinal);
        using var json = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(Scores.Of(s_site), $"{name}.json"), TestContext.Current.CancellationToken));
        var pair = json.RootElement.GetProperty("pairs")[0];
        Assert.Equal((Truth, 2.0), (pair.GetProperty("truth").GetString(), pair.GetProperty("total").GetProperty("seconds").GetDouble()));
    }

    private async Task<IMarking> OpenAsync()
    {
        Assert.True(_desk.TryOpen("anna", s_site, s_camera, "clip.mp4"));
        await UntilDoneAsync();
        Assert.True(_desk.Now!.Step == MarkingStep.Open, _desk.Now.Problem);
        return _desk.Find(s_site, "clip.mp4")!;
    }

    private async Task<string> FailAsync()
    {
        Assert.True(_desk.TryOpen("anna", s_site, s_camera, "clip.mp4"));
        await UntilDoneAsync();
        Assert.Equal(MarkingStep.Failed, _desk.Now!.Step);
        return _desk.Now.Problem!;
    }

    private async Task UntilDoneAsync()
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromMinutes(2));
        while (_desk.Now!.Step is MarkingStep.Reading or MarkingStep.Counting) await Task.Delay(20, patience.Token);
    }

    private async Task FilmAsync() =>
        await Tools.RunAsync("ffmpeg", "-y", "-v", "error", "-f", "lavfi", "-i", "testsrc=s=320x180:r=10:d=2", "-pix_fmt", "yuv420p", Clip);

    public async ValueTask DisposeAsync()
    {
        await _desk.DisposeAsync();
        _folder.Dispose();
    }
}
