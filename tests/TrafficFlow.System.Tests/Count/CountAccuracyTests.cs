using System.Text.Json;
using TrafficFlow.Core.Counting;
using TrafficFlow.Core.Scoring;
using TrafficFlow.SystemTests.Processes;
using Xunit;

namespace TrafficFlow.SystemTests.Count;

[Collection(ProcessesCollection.Other)]
public sealed class CountAccuracyTests(CountedClips clips) : IClassFixture<CountedClips>
{
    [Fact]
    public async Task The_network_counts_every_vehicle_of_the_dense_junction_and_no_other()
    {
        var score = CountedClips.Score(await clips.CountAsync("stuttgart", CountedClips.Network));

        var rows = score.Gates.ToDictionary(g => g.Gate.Value, g => g.Tally);
        Assert.Equal((23, 23), (rows["inbound"].True, rows["inbound"].Matched));
        Assert.Equal((22, 22), (rows["outbound"].True, rows["outbound"].Matched));
        Assert.Empty(score.Extra);
    }

    [Fact]
    public async Task The_network_is_right_over_all_clips()
    {
        var total = await TotalAsync(CountedClips.Network);

        Assert.True(total.Precision >= 0.99, $"precision {total.Precision:0.000}: {total}");
        Assert.True(total.Recall >= 0.97, $"recall {total.Recall:0.000}: {total}");
    }

    [Fact]
    public async Task Motion_is_useful_over_all_clips_without_a_model()
    {
        var total = await TotalAsync(CountedClips.Motion);

        Assert.True(total.Precision >= 0.8, $"precision {total.Precision:0.000}: {total}");
        Assert.True(total.Recall >= 0.75, $"recall {total.Recall:0.000}: {total}");
    }

    [Fact]
    public async Task Motion_counts_the_suburban_road_to_within_one()
    {
        var counted = CountedClips.Score(await clips.CountAsync("suburb_37s", CountedClips.Motion)).Total.Counted;

        Assert.InRange(counted, 7, 9);
    }

    [Fact]
    public async Task The_same_clip_gives_the_same_bytes_on_a_loaded_machine()
    {
        var calm = await clips.CountAsync("elephant", CountedClips.Network);

        var loaded = await Task.WhenAll(
            CountedClips.RunAsync("elephant", clips.Folder("again"), CountedClips.Network),
            CountedClips.RunAsync("blackfriars", clips.Folder("load 1"), CountedClips.Motion),
            CountedClips.RunAsync("hydepark", clips.Folder("load 2"), CountedClips.Motion));

        Assert.NotEmpty(calm.Bytes("crossings.csv"));
        foreach (var file in new[] { "crossings.csv", "flows.csv", "summary.json" }) Assert.Equal(calm.Bytes(file), loaded[0].Bytes(file));
    }

    [Fact]
    public async Task The_summary_agrees_with_the_rows_and_has_the_keys_of_the_design()
    {
        var counted = await clips.CountAsync("stuttgart", CountedClips.Network);

        Assert.Equal(counted.Text("summary.json").Trim(), counted.Output.Trim());
        using var json = JsonDocument.Parse(counted.Text("summary.json"));
        var summary = json.RootElement;
        Assert.Equal("stuttgart.mp4", summary.GetProperty("video").GetString());
        Assert.Equal(499, summary.GetProperty("frames").GetInt32());
        Assert.Equal(30, summary.GetProperty("fps").GetDouble(), 0.1);
        Assert.Equal(499 / summary.GetProperty("fps").GetDouble(), summary.GetProperty("seconds").GetDouble(), 0.01);
        Assert.Equal("pvb_2004_256x448", summary.GetProperty("detector").GetString());
        Assert.Matches("^[0-9a-f]{16}$", summary.GetProperty("site_hash").GetString());
        Assert.True(summary.GetProperty("complete").GetBoolean());
        var rows = counted.Text("crossings.csv").Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(r => r.Split(',')).ToList();
        foreach (var gate in summary.GetProperty("gates").EnumerateObject())
        {
            foreach (var direction in Enum.GetNames<CrossingDirection>().Select(d => d.ToLowerInvariant()))
            {
                var classes = gate.Value.GetProperty(direction).EnumerateObject().ToDictionary(c => c.Name, c => c.Value.GetInt32());
                Assert.Equal(rows.Where(r => r[1] == gate.Name && r[2] == direction).GroupBy(r => r[5]).ToDictionary(g => g.Key, g => g.Count()), classes);
            }
        }
    }

    [Fact]
    public async Task The_film_plays_and_has_every_counted_frame()
    {
        var counted = await clips.CountAsync("road_barrier", CountedClips.Network);

        var told = (await Tools.RunAsync(
            "ffprobe", "-v", "error", "-count_frames", "-select_streams", "v:0", "-show_entries", "stream=nb_read_frames,width,height", "-of", "csv=p=0", clips.Film)).Trim();

        using var json = JsonDocument.Parse(counted.Output);
        Assert.Equal($"640,360,{json.RootElement.GetProperty("frames").GetInt32()}", told);
    }

    [Fact]
    public async Task No_vehicle_in_the_film_has_the_sharpness_of_its_source()
    {
        await clips.CountAsync("road_barrier", CountedClips.Network);

        var ratios = await FilmSharpness.RatiosAsync(CountedClips.Site("road_barrier"), CountedClips.Model, clips.Film);

        Assert.True(ratios.Count > 50, $"only {ratios.Count} vehicles are wide enough to be compared");
        var sharp = ratios.Count(r => r > 0.6);
        Assert.True(ratios[ratios.Count / 2] < 0.35, $"the median vehicle keeps {ratios[ratios.Count / 2]:0.00} of its sharpness");
        Assert.True(sharp <= ratios.Count / 20, $"{sharp} of {ratios.Count} vehicles keep more than 0.6 of their sharpness, up to {ratios[^1]:0.00}");
    }

    private async Task<Tally> TotalAsync(string[] detector)
    {
        var total = Tally.Empty;
        foreach (var clip in CountedClips.Names) total += CountedClips.Score(await clips.CountAsync(clip, detector)).Total;
        return total;
    }
}
