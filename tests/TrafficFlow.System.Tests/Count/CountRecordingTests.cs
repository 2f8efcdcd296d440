using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using TrafficFlow.Node;
using TrafficFlow.SystemTests.Processes;
using TrafficFlow.SystemTests.Settings;
using Xunit;

namespace TrafficFlow.SystemTests.Count;

/// <summary>One film of ten seconds, and the same cut into pieces of one.</summary>
[Collection(ProcessesCollection.Other)]
public sealed class CountRecordingTests : IDisposable
{
    private const int Pieces = 10;
    private readonly SettingsFolder _folder = new();
    private readonly string _site = CountedClips.Site("elephant");

    private string Out => Path.Combine(_folder.Path, "out");

    [Fact]
    public async Task Segments_of_a_recording_give_the_count_of_the_whole()
    {
        var whole = await FilmAsync();
        var parts = await CutAsync(whole, i => $"part {i}.mp4");

        var once = await CountAsync(Path.Combine(_folder.Path, "once"), whole);
        var ended = await CountAsync(Out, parts);

        Assert.True((once.Code, ended.Code) == (ExitCodes.Done, ExitCodes.Done), once.Error + ended.Error);
        var crossings = await ReadAsync("crossings.csv");
        Assert.True(crossings.Length > 5, string.Join('\n', crossings));
        Assert.Equal(await File.ReadAllLinesAsync(Path.Combine(_folder.Path, "once", "crossings.csv"), TestContext.Current.CancellationToken), crossings);
        using var summary = await SummaryAsync();
        Assert.Equal((247, "part 0.mp4 and 9 more"), (summary.RootElement.GetProperty("frames").GetInt32(), summary.RootElement.GetProperty("video").GetString()));
        Assert.Equal(Enumerable.Range(0, Pieces).Select(i => (double)i), summary.RootElement.GetProperty("files").EnumerateArray().Select(f => f.GetProperty("start_s").GetDouble()));
    }

    [Fact]
    public async Task A_segment_that_cannot_be_read_is_told_and_its_time_is_missing()
    {
        var parts = await CutAsync(await FilmAsync(), i => i < 6 ? $"street_20261128_0659{54 + i}.mp4" : $"street_20261128_07000{i - 6}.mp4");
        var broken = Directory.EnumerateFiles(parts).Order(StringComparer.Ordinal).ElementAt(3);
        await File.WriteAllTextAsync(broken, "no video", TestContext.Current.CancellationToken);

        var ended = await CountAsync(Out, parts, "--start", "from-name", "--bins", "1min");

        Assert.Equal(ExitCodes.Failed, ended.Code);
        Assert.Contains("1 of 10 files could not be read to their end", ended.Error);
        Assert.Contains(Path.GetFileName(broken), ended.Error);
        using var summary = await SummaryAsync();
        Assert.False(summary.RootElement.GetProperty("complete").GetBoolean());
        Assert.Equal("2026-11-28T06:59:54.00+00:00", summary.RootElement.GetProperty("start").GetString());
        Assert.Equal([3], summary.RootElement.GetProperty("files").EnumerateArray().Index().Where(f => !f.Item.GetProperty("complete").GetBoolean()).Select(f => f.Index));
        var rows = await RowsAsync("bins.csv");
        Assert.Equal(
            ["camera", "approach", "movement", "class", "start", "end", "start_s", "end_s", "count", "observed_s", "quality", "mean_speed_kmh", "space_mean_speed_kmh"], rows[0]);
        Assert.Equal(
            [
                "2026-11-28T06:59:00+00:00,2026-11-28T07:00:00+00:00,-54,6,5.0,partial",
                "2026-11-28T07:00:00+00:00,2026-11-28T07:01:00+00:00,6,66,3.9,partial",
            ],
            Bins(rows));
        var crossings = await RowsAsync("crossings.csv");
        Assert.True(crossings.Count > 3);
        Assert.Equal(crossings.Count - 1, rows.Skip(1).Sum(r => int.Parse(r[8], CultureInfo.InvariantCulture)));
        Assert.Equal("id", crossings[0][^1]);
        Assert.Equal(("time", true), (crossings[0][^2], crossings.Skip(1).All(r => Regex.IsMatch(r[^2], @"^2026-11-28T0(6:59:5|7:00:0)\d\.\d\d\+00:00$"))));
    }

    [Fact]
    public async Task Segments_of_which_none_can_be_read_fail_with_the_reason_of_the_first()
    {
        var (a, b) = (_folder.Write("a.mp4", "no video"), _folder.Write("b.mp4", ""));

        var ended = await CountAsync(Out, a, b);

        Assert.Equal(ExitCodes.Failed, ended.Code);
        Assert.Contains("none of the 2 files can be counted", ended.Error);
        Assert.Contains(a, ended.Error);
        Assert.False(File.Exists(Path.Combine(Out, "crossings.csv")));
    }

    [Fact]
    public async Task Bins_begin_with_the_recording_where_its_start_is_unknown()
    {
        var ended = await CountAsync(Out, await FilmAsync(), "--bins", "1min");

        Assert.Equal(ExitCodes.Done, ended.Code);
        Assert.Contains("Clock times are unknown", ended.Output);
        Assert.Equal([",,0,60,9.9,partial"], Bins(await RowsAsync("bins.csv")));
    }

    [Fact]
    public async Task An_older_counts_bins_do_not_stay_beside_a_count_without_them()
    {
        var film = await FilmAsync();
        await CountAsync(Out, film, "--bins", "1min");

        await CountAsync(Out, film);

        Assert.False(File.Exists(Path.Combine(Out, "bins.csv")));
        Assert.True(File.Exists(Path.Combine(Out, "crossings.csv")));
    }

    public void Dispose() => _folder.Dispose();

    private static IEnumerable<string> Bins(IEnumerable<string[]> rows) => rows.Skip(1).Select(r => $"{r[4]},{r[5]},{r[6]},{r[7]},{r[9]},{r[10]}").Distinct();

    private Task<Ended> CountAsync(string folder, params string[] arguments) =>
        TrafficflowProcess.RunAsync(["count", .. arguments, "--site", _site, "--detector", "motion", "--out", folder]);

    private async Task<JsonDocument> SummaryAsync() => JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(Out, "summary.json")));

    private Task<string[]> ReadAsync(string name) => File.ReadAllLinesAsync(Path.Combine(Out, name), TestContext.Current.CancellationToken);

    private async Task<List<string[]>> RowsAsync(string name) => [.. (await ReadAsync(name)).Select(line => line.Split(','))];

    private async Task<string> FilmAsync()
    {
        var file = Path.Combine(_folder.Path, "whole.mp4");
        await Tools.RunAsync(
            "ffmpeg", "-v", "error", "-i", CountedClips.Video("elephant"), "-an", "-c:v", "libx264", "-crf", "18", "-g", "25", "-bf", "0", "-sc_threshold", "0",
            "-pix_fmt", "yuv420p", file);
        return file;
    }

    /// <returns>The folder of the pieces, one for each second.</returns>
    private async Task<string> CutAsync(string film, Func<int, string> name)
    {
        var folder = Path.Combine(_folder.Path, "pieces");
        Directory.CreateDirectory(folder);
        await Tools.RunAsync(
            "ffmpeg", "-v", "error", "-i", film, "-c", "copy", "-f", "segment", "-segment_time", "1", "-reset_timestamps", "1", Path.Combine(folder, "raw%d.mp4"));
        for (var i = 0; i < Pieces; i++) File.Move(Path.Combine(folder, $"raw{i}.mp4"), Path.Combine(folder, name(i)));
        return folder;
    }
}
