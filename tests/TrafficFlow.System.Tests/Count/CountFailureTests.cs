using System.Text.Json;
using TrafficFlow.Node;
using TrafficFlow.SystemTests.Processes;
using TrafficFlow.SystemTests.Settings;
using TrafficFlow.SystemTests.Support;
using TrafficFlow.Vision.Ffmpeg.Confinement;
using Xunit;

namespace TrafficFlow.SystemTests.Count;

[Collection(ProcessesCollection.Other)]
public sealed class CountFailureTests : IDisposable
{
    private const string Boxes = "drawbox=x='mod(60*t,300)':y=130:w=40:h=24:color=white:t=fill";

    private readonly SettingsFolder _folder = new();
    private readonly string _site;
    private readonly string _out;

    public CountFailureTests()
    {
        _site = _folder.Write("site.conf", Site(0.4));
        _out = Path.Combine(_folder.Path, "out");
    }

    [Theory]
    [InlineData("none.mp4", null, "no such file")]
    [InlineData("text.mp4", "these are words and no video\n", "text.mp4")]
    [InlineData("empty.mp4", "", "the file is empty")]
    public async Task A_file_that_is_no_video_fails_with_its_name_and_cause(string name, string? text, string told)
    {
        var video = text is null ? Path.Combine(_folder.Path, name) : _folder.Write(name, text);

        var ended = await TrafficflowProcess.RunAsync("count", video, "--site", _site, "--detector", "motion", "--out", _out);

        Assert.Equal(ExitCodes.Failed, ended.Code);
        Assert.Contains(told, ended.Error);
        Assert.Contains(name, ended.Error);
        Assert.DoesNotContain("   at ", ended.Error);
        Assert.False(File.Exists(Path.Combine(_out, "crossings.csv")));
    }

    [Fact]
    public async Task A_machine_without_a_sandbox_for_ffmpeg_is_told_so_at_the_start_and_in_the_summary()
    {
        var film = await FilmAsync("street.mp4", 2);
        var programs = Directory.CreateDirectory(Path.Combine(_folder.Path, "bin")).FullName;
        foreach (var name in new[] { "ffmpeg", "ffprobe", "prlimit" }) File.CreateSymbolicLink(Path.Combine(programs, name), $"/usr/bin/{name}");
        var command = TrafficflowProcess.Command("count", film, "--site", _site, "--detector", "motion", "--out", _out);
        command.Environment["PATH"] = programs;
        await using var count = TrafficflowProcess.Start(command);

        var ended = await count.WaitAsync(TimeSpan.FromMinutes(4));

        Assert.Equal(ExitCodes.Done, ended.Code);
        Assert.Contains("trafficflow: ffmpeg runs without a sandbox", ended.Error);
        Assert.Contains("install Debian's package bubblewrap", ended.Error);
        using var json = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(_out, "summary.json")));
        Assert.Contains("without a sandbox", json.RootElement.GetProperty("decoder_note").GetString());
    }

    [Fact]
    public async Task Ffmpeg_dies_with_a_count_that_is_killed()
    {
        Assert.SkipWhen(MachineSandbox.Current.Bubblewrap is null, MachineSandbox.Missing ?? "");
        var film = await FilmAsync("long.mp4", 120);
        await using var count = TrafficflowProcess.Start("count", film, "--site", _site, "--detector", "motion", "--out", _out);
        await count.UntilAsync(() => Decoders(film) > 0, TimeSpan.FromMinutes(2), "ffmpeg reads the film");

        await count.KillAsync();

        await TestCamera.UntilAsync(() => Decoders(film) == 0);
    }

    [Fact]
    public async Task A_cut_file_is_counted_up_to_its_cut_and_marked_incomplete()
    {
        var whole = await FilmAsync("whole.mp4", 8);
        var cut = Path.Combine(_folder.Path, "cut.mp4");
        var bytes = await File.ReadAllBytesAsync(whole);
        await File.WriteAllBytesAsync(cut, bytes[..(bytes.Length * 6 / 10)]);

        var ended = await TrafficflowProcess.RunAsync("count", cut, "--site", _site, "--detector", "motion", "--out", _out);

        Assert.Equal(ExitCodes.Failed, ended.Code);
        using var json = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(_out, "summary.json")));
        var frames = json.RootElement.GetProperty("frames").GetInt32();
        Assert.InRange(frames, 20, 199);
        Assert.Contains($"after frame {frames}", ended.Error);
        Assert.Contains(_out, ended.Error);
        Assert.False(json.RootElement.GetProperty("complete").GetBoolean());
        Assert.Contains($"after frame {frames}", json.RootElement.GetProperty("failure").GetString());
        Assert.DoesNotContain("@ 0x", json.RootElement.GetProperty("failure").GetString());
        Assert.True(File.Exists(Path.Combine(_out, "crossings.csv")));
        Assert.True(File.Exists(Path.Combine(_out, "flows.csv")));
    }

    [Theory]
    [InlineData("choose one of cam1", "--site", "SITE", "--camera", "cam9")]
    [InlineData("there is no such file", "--site", "nowhere.conf")]
    [InlineData("wide", "--site", "WIDE")]
    [InlineData("there is no detector \"radar\"", "--site", "SITE", "--detector", "radar")]
    [InlineData("--site", "--camera", "cam1")]
    [InlineData("--threshold", "--site", "SITE", "--threshold", "0.5")]
    [InlineData("exclude each other", "--site", "SITE", "--detector", "motion", "--model", "x.onnx")]
    [InlineData("choose another with --out", "--site", "SITE", "--detector", "motion", "--out", "SITE")]
    public async Task What_cannot_be_asked_for_is_refused_before_anything_is_begun(string told, params string[] options)
    {
        var wide = _folder.Write("wide.conf", Site(1.4).Replace("g1 {", "wide {"));
        string[] output = options.Contains("--out") ? [] : ["--out", _out];

        var ended = await TrafficflowProcess.RunAsync(
            ["count", "street.mp4", .. options.Select(o => o.Replace("SITE", _site).Replace("WIDE", wide)), .. output]);

        Assert.Equal(ExitCodes.BadUsage, ended.Code);
        Assert.Contains(told, ended.Error);
        Assert.DoesNotContain("   at ", ended.Error);
        Assert.False(Directory.Exists(_out));
    }

    [Fact]
    public async Task A_video_that_is_not_there_leaves_no_folder()
    {
        var ended = await TrafficflowProcess.RunAsync("count", "nosuch.mp4", "--site", _site, "--detector", "motion", "--out", _out);

        Assert.Equal(ExitCodes.Failed, ended.Code);
        Assert.Contains("nosuch.mp4", ended.Error);
        Assert.False(Directory.Exists(_out));
    }

    [Fact]
    public async Task A_missing_model_fails_with_its_remedy()
    {
        var ended = await TrafficflowProcess.RunAsync("count", await FilmAsync("a.mp4", 1), "--site", _site, "--model", "none.onnx", "--out", _out);

        Assert.Equal(ExitCodes.BadUsage, ended.Code);
        Assert.Contains("--model none.onnx: there is no such file", ended.Error);
        Assert.Contains("deploy/get-model.sh", ended.Error);
    }

    [Fact]
    public async Task A_model_of_an_unknown_layout_fails_and_tells_what_was_found()
    {
        var model = SharedFiles.Shared("models/fastestdet_352.onnx");

        var ended = await TrafficflowProcess.RunAsync("count", await FilmAsync("a.mp4", 1), "--site", _site, "--model", model, "--out", _out);

        Assert.Equal(ExitCodes.Failed, ended.Code);
        Assert.Contains("raw grids", ended.Error);
        Assert.Contains("1x85x22x22", ended.Error);
    }

    [Fact]
    public async Task A_film_that_cannot_be_written_fails_with_its_path()
    {
        var film = Path.Combine(_folder.Path, "no folder", "film.mp4");

        var ended = await TrafficflowProcess.RunAsync(
            "count", await FilmAsync("a.mp4", 1), "--site", _site, "--detector", "motion", "--out", _out, "--video", film);

        Assert.Equal(ExitCodes.Failed, ended.Code);
        Assert.Contains(film, ended.Error);
        Assert.DoesNotContain("   at ", ended.Error);
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>Processes, sandboxes among them, that have the film on their command line and decode it.</summary>
    private static int Decoders(string film) => Directory.EnumerateDirectories("/proc").Count(folder =>
    {
        try
        {
            var line = File.ReadAllText(Path.Combine(folder, "cmdline"));
            return line.Contains(film, StringComparison.Ordinal) && line.Contains("rawvideo", StringComparison.Ordinal);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    });

    private async Task<string> FilmAsync(string name, int seconds)
    {
        var file = Path.Combine(_folder.Path, name);
        await Tools.RunAsync(
            "ffmpeg", "-v", "error", "-f", "lavfi", "-i", $"testsrc2=s=320x240:r=25:d={seconds}", "-vf", Boxes, "-pix_fmt", "yuv420p", "-movflags", "+faststart", file);
        return file;
    }

    private static string Site(double left) => $$"""
        trafficflow.site {
          id = street, name = Street, time-zone = "Asia/Tokyo"
          approaches { main { name = Main } }
          cameras {
            cam1 {
              source = "street.mp4"
              frame { width = 320, height = 240, fps = 25 }
              detector = motion
              gates { g1 { from = [{{left.ToString(System.Globalization.CultureInfo.InvariantCulture)}}, 0.2], to = [0.4, 0.9], backward = { enters = main } } }
            }
          }
        }

        """;
}
