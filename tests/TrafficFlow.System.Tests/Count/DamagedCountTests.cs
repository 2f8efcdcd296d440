using System.Globalization;
using System.Text.Json;
using TrafficFlow.Node;
using TrafficFlow.SystemTests.Processes;
using TrafficFlow.SystemTests.Settings;
using TrafficFlow.SystemTests.Support;
using Xunit;

namespace TrafficFlow.SystemTests.Count;

/// <summary>What is damaged or joined is counted to its end, and the results and the exit code say what is in doubt.</summary>
[Collection(ProcessesCollection.Other)]
public sealed class DamagedCountTests(Clips clips) : IClassFixture<Clips>, IDisposable
{
    private const int Seconds = 42;

    /// <summary>A box that crosses the picture each seven seconds.</summary>
    private const string Street = @"[0][1]overlay=x='mod(60*t\,420)-50':y=130:shortest=1,noise=alls=6:allf=t";

    private const string SiteText = """
        trafficflow.site {
          id = street, name = Street, time-zone = "Asia/Tokyo"
          approaches { main { name = Main } }
          cameras { cam1 {
            source = "street.mp4", detector = motion
            frame { width = 320, height = 240, fps = 25 }
            gates { g1 { from = [0.4, 0.2], to = [0.4, 0.9], backward = { enters = main } } }
          } }
        }
        """;

    private readonly SettingsFolder _folder = new();

    [Fact]
    public async Task Damage_is_told_with_its_seconds_and_changes_nothing_outside_them()
    {
        var whole = clips.Make("street.mp4", Film());
        var sound = await CountAsync(whole, ExitCodes.Done);
        Assert.Equal(0, sound.Summary.GetProperty("video_faults").GetArrayLength());
        Assert.Equal(0, sound.Summary.GetProperty("degraded_seconds").GetDouble());
        Assert.InRange(sound.Times.Count, 5, 7);

        var bytes = await File.ReadAllBytesAsync(whole);
        var random = new Random(3);
        for (var i = 0; i < 40; i++) random.NextBytes(bytes.AsSpan((int)(bytes.Length * (0.45 + (0.1 * random.NextDouble()))), 64));
        var damaged = await CountAsync(Write("damaged street.mp4", bytes), ExitCodes.Doubtful);

        Assert.True(damaged.Summary.GetProperty("complete").GetBoolean());
        Assert.InRange(damaged.Summary.GetProperty("degraded_seconds").GetDouble(), 1, 12);
        var faults = damaged.Summary.GetProperty("video_faults").EnumerateArray().ToList();
        Assert.All(faults, f => Assert.Equal("damaged", f.GetProperty("kind").GetString()));
        Assert.Contains("ffmpeg: ", faults[0].GetProperty("reason").GetString());
        var (from, to) = (faults[0].GetProperty("from_s").GetDouble(), faults[^1].GetProperty("to_s").GetDouble());
        Assert.InRange(from, 15, 23);
        Assert.InRange(to, 18, 28);
        Assert.Contains("damaged", damaged.Error);
        Assert.Contains("summary.json", damaged.Error);
        // A track that was lost in the damage may be missing for some seconds more.
        Assert.Equal(sound.Times.Where(Outside), damaged.Times.Where(Outside));

        bool Outside(double time) => time < from || time > to + 5;
    }

    [Fact]
    public async Task Joined_streams_are_counted_like_their_parts_and_the_hour_between_is_a_pause()
    {
        var first = clips.Make("street.ts", Film());
        var later = clips.Make("street later.ts", "-i", first, "-c", "copy", "-output_ts_offset", "3600");
        var part = await CountAsync(first, ExitCodes.Done);

        var both = await CountAsync(Write("joined.ts", [.. File.ReadAllBytes(first), .. File.ReadAllBytes(later)]), ExitCodes.Done);

        Assert.Equal(2 * Seconds * 25, both.Summary.GetProperty("frames").GetInt32());
        var pause = Assert.Single(both.Summary.GetProperty("video_faults").EnumerateArray());
        Assert.Equal("pause", pause.GetProperty("kind").GetString());
        Assert.Equal(Seconds, pause.GetProperty("from_s").GetDouble(), tolerance: 0.2);
        Assert.Equal(3600, pause.GetProperty("to_s").GetDouble(), tolerance: 0.2);
        Assert.Equal(part.Times, both.Times.Where(t => t < Seconds));
        Assert.Equal(part.Times.Count, both.Times.Count(t => t > 3600));
    }

    public void Dispose() => _folder.Dispose();

    private static IEnumerable<string> Film() =>
    [
        "-f", "lavfi", "-i", $"color=gray:s=320x240:r=25:d={Seconds}", "-f", "lavfi", "-i", "color=white:s=40x24:r=25", "-filter_complex", Street, "-c:v", "libx264", "-preset", "ultrafast", "-g", "25", "-pix_fmt", "yuv420p",
    ];

    private string Write(string name, byte[] bytes)
    {
        var file = Path.Combine(_folder.Path, name);
        File.WriteAllBytes(file, bytes);
        return file;
    }

    private async Task<Counted> CountAsync(string video, int expected)
    {
        var (site, folder) = (_folder.Write("site.conf", SiteText), Path.Combine(_folder.Path, $"out {Path.GetFileName(video)}"));
        var ended = await TrafficflowProcess.RunAsync("count", video, "--site", site, "--out", folder);
        Assert.True(ended.Code == expected, $"exit code {ended.Code}: {ended.Output}\n{ended.Error}");
        var times = File.ReadLines(Path.Combine(folder, "crossings.csv")).Skip(1).Select(l => double.Parse(l.Split(',')[4], CultureInfo.InvariantCulture)).ToList();
        return new Counted(times, JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(folder, "summary.json"))).RootElement, ended.Error);
    }

    private sealed record Counted(IReadOnlyList<double> Times, JsonElement Summary, string Error);
}
