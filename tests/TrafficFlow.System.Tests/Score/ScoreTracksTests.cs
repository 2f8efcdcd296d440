using System.Diagnostics;
using System.Text.Json;
using TrafficFlow.Node;
using TrafficFlow.SystemTests.Settings;
using Xunit;

namespace TrafficFlow.SystemTests.Score;

public sealed class ScoreTracksTests : IDisposable
{
    private readonly SettingsFolder _folder = new();
    private readonly string _truth;
    private readonly string _tracks;

    public ScoreTracksTests()
    {
        _truth = _folder.Write("one.gt.txt", "1,1,0,0,10,10,1\n2,1,0,0,10,10,1\n2,2,50,0,10,10,0\n");
        _tracks = _folder.Write("one.txt", "1,4,0,0,10,10,-1,-1,-1,-1\n2,5,0,0,10,10,-1,-1,-1,-1\n");
    }

    [Fact]
    public async Task The_reference_folder_scores_as_the_reference_says()
    {
        var folder = SharedFiles.Shared("data/mot");

        var (code, output, error) = await RunAsync("score", "--truth", folder, "--tracks", folder);

        Assert.True(code == ExitCodes.Done, error);
        Assert.Matches(@"TUD-Campus +0\.3914 +0\.4180 +0\.3691", output);
        Assert.Matches(@"TUD-Stadtmitte +0\.3978 +0\.3923 +0\.4088", output);
        Assert.Matches(@"COMBINED +0\.4000 +0\.3977 +0\.4124", output);
    }

    [Fact]
    public async Task Programs_read_the_score_as_json_and_people_see_a_picture()
    {
        var picture = Path.Combine(_folder.Path, "score.png");

        var (code, output, error) = await RunAsync("score", "--truth", _truth, "--tracks", _tracks, "--json", "--picture", picture);

        Assert.True(code == ExitCodes.Done, error);
        var one = Assert.Single(JsonDocument.Parse(output).RootElement.GetProperty("sequences").EnumerateArray());
        Assert.Equal(("one", 1, 0, 0.5), (one.GetProperty("sequence").GetString(), Whole("IDSW"), Whole("FN"), one.GetProperty("MOTA").GetDouble()));
        Assert.Equal("PNG"u8.ToArray(), File.ReadAllBytes(picture)[1..4]);
        int Whole(string key) => one.GetProperty(key).GetInt32();
    }

    [Theory]
    [InlineData(ExitCodes.BadUsage, "either --counted FILE", "score", "--truth", "TRUTH", "--tracks", "TRACKS", "--counted", "TRACKS")]
    [InlineData(ExitCodes.BadUsage, "--tolerance means nothing with --tracks", "score", "--truth", "TRUTH", "--tracks", "TRACKS", "--tolerance", "1")]
    [InlineData(ExitCodes.BadUsage, "a folder goes with a folder", "score", "--truth", "FOLDER", "--tracks", "TRACKS")]
    [InlineData(ExitCodes.BadUsage, "ends with .png", "score", "--truth", "TRUTH", "--tracks", "TRACKS", "--picture", "a.jpg")]
    [InlineData(ExitCodes.BadUsage, "no such file: none.txt", "score", "--truth", "TRUTH", "--tracks", "none.txt")]
    [InlineData(ExitCodes.Failed, "bad.txt:2: width is \"wide\"; it is a number", "score", "--truth", "TRUTH", "--tracks", "BAD")]
    [InlineData(ExitCodes.Failed, "det.txt:1: id is -1", "score", "--truth", "TRUTH", "--tracks", "DETECTIONS")]
    public async Task What_is_wrong_is_told_with_its_place(int expected, string told, params string[] args)
    {
        var bad = _folder.Write("bad.txt", "1,1,0,0,10,10\n2,1,0,0,wide,10\n");
        var detections = _folder.Write("det.txt", "1,-1,0,0,10,10,0.9\n");

        var (code, _, error) = await RunAsync(
        [
            .. args.Select(a => a switch
            {
                "TRUTH" => _truth, "TRACKS" => _tracks, "BAD" => bad, "DETECTIONS" => detections, "FOLDER" => _folder.Path, _ => a,
            }),
        ]);

        Assert.Equal(expected, code);
        Assert.Contains(told, error);
    }

    public void Dispose() => _folder.Dispose();

    private static async Task<(int Code, string Output, string Error)> RunAsync(params string[] args)
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", [typeof(ExitCodes).Assembly.Location, .. args])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output, await error);
    }
}
