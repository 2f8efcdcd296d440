using System.Text.Json;
using TrafficFlow.SystemTests.Processes;
using TrafficFlow.SystemTests.Settings;
using TrafficFlow.SystemTests.Support;
using Xunit;

namespace TrafficFlow.SystemTests.Scene;

/// <summary>`count` on a real clip, repeated, whose camera is moved on the way.</summary>
[Collection(nameof(ProcessesCollection))]
public sealed class CountedSceneTests(Clips clips) : IClassFixture<Clips>
{
    private const double MovedAt = 33.2;

    [Fact]
    public async Task A_camera_that_is_moved_in_the_file_is_told_with_its_time_and_its_shift()
    {
        // 13 of 640 pixels, two hundredths of the width, from the third repetition on.
        var video = Film("moved.mp4", "crop=w=iw-26:h=ih-14:x='if(gte(t,33.2),13,0)':y=7");

        var events = await CountAsync(video, json: true);

        var moved = Assert.Single(events, e => e.GetProperty("kind").GetString() == "moved");
        Assert.InRange(moved.GetProperty("from_s").GetDouble(), MovedAt, MovedAt + 10);
        Assert.Equal(2.0, moved.GetProperty("shift_percent").GetDouble(), 0.3);
        Assert.Single(events);
    }

    [Fact]
    public async Task A_repeated_clip_is_no_moved_camera() => Assert.Empty(await CountAsync(Film("steady.mp4", "null"), json: true));

    private string Film(string name, string filter) => clips.Make(
        name, ["-stream_loop", "2", "-i", SharedFiles.Shared("data/clips/stuttgart.mp4"), "-vf", $"{filter},scale=640:360,fps=10", .. Clips.H264(20), "-crf", "18"]);

    private async Task<List<JsonElement>> CountAsync(string video, bool json)
    {
        var ended = await TrafficflowProcess.RunAsync(
            ["count", video, "--site", SharedFiles.Shared("data/sites/stuttgart.conf"), "--detector", "motion", "--out", clips.PathOf(Path.GetFileName(video) + " counts"), .. json ? ["--json"] : Array.Empty<string>()]);
        Assert.True(ended.Code == 0, ended.Error);
        return [.. JsonDocument.Parse(ended.Output).RootElement.GetProperty("scene").EnumerateArray()];
    }
}
