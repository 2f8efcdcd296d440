using System.Diagnostics;
using System.Text.Json;
using TrafficFlow.Node;
using TrafficFlow.SystemTests.Settings;
using Xunit;

namespace TrafficFlow.SystemTests.Score;

public sealed class ScoreVerbTests : IDisposable
{
    private readonly SettingsFolder _folder = new();
    private readonly string _truth;
    private readonly string _counted;

    public ScoreVerbTests()
    {
        _truth = _folder.Write("truth.csv", "gate,direction,time_s,class,size,optional\nin,forward,1,bus,large,\nin,forward,5,,,\nin,forward,9,,,1\n");
        _counted = _folder.Write(
            "crossings.csv",
            "camera,gate,direction,track,time_s,class,size,colour,speed_kmh,confidence\ncam1,in,forward,1,1.3,bus,large,,,\ncam1,in,forward,2,7,,,,,\ncam1,in,forward,3,9,,,,,\n");
    }

    [Fact]
    public async Task Programs_read_the_score_as_json()
    {
        var (code, output, _) = await RunAsync("score", "--truth", _truth, "--counted", _counted, "--seconds", "3600", "--json");

        Assert.Equal(ExitCodes.Done, code);
        var total = JsonDocument.Parse(output).RootElement.GetProperty("total");
        Assert.Equal(
            (2, 2, 1, 1, 1, 1),
            (Whole("true"), Whole("counted"), Whole("matched"), Whole("missed"), Whole("extra"), Whole("set_aside")));
        Assert.Equal(0.5, total.GetProperty("recall").GetDouble());
        int Whole(string key) => total.GetProperty(key).GetInt32();
    }

    [Fact]
    public async Task People_read_the_score_as_tables_with_the_missed_and_the_extra_row()
    {
        var (code, output, _) = await RunAsync("score", "--truth", _truth, "--counted", _counted);

        Assert.Equal(ExitCodes.Done, code);
        Assert.Matches(@"truth +in +forward +2 +2 +1 +1 +1 +1 +0\.500 +0\.500", output);
        Assert.Matches(@"missed +in +forward +5\.00", output);
        Assert.Matches(@"extra +in +forward +7\.00 +unclassified", output);
    }

    [Fact]
    public async Task Several_pairs_give_a_row_each_and_a_total()
    {
        var (_, output, _) = await RunAsync("score", "--truth", _truth, "--counted", _counted, "--truth", _truth, "--counted", _counted);

        Assert.Equal(2, output.Split('\n').Count(l => l.TrimStart().StartsWith("truth ", StringComparison.Ordinal) && l.Contains("0.500")));
        Assert.Matches(@"total +4 +4 +2 +2 +2 +2", output);
    }

    [Fact]
    public async Task Files_without_a_common_gate_are_refused()
    {
        var other = _folder.Write("other.csv", "gate,direction,time_s,class,size,optional\neast,forward,1,,,\n");

        var (code, output, error) = await RunAsync("score", "--truth", other, "--counted", _counted);

        Assert.Equal((ExitCodes.BadUsage, ""), (code, output));
        Assert.Contains("no gate in common (east; in)", error);
    }

    [Fact]
    public async Task Help_tells_what_the_columns_mean()
    {
        var help = (await RunAsync("score", "--help")).Output;

        Assert.Contains("aside, counted ones of vehicles", help);
        Assert.Contains("mean |s|", help);
    }

    [Theory]
    [InlineData(ExitCodes.BadUsage, "Required command was not provided")]
    [InlineData(ExitCodes.BadUsage, "scor", "scor")]
    [InlineData(ExitCodes.BadUsage, "--counted", "score", "--truth", "TRUTH")]
    [InlineData(ExitCodes.BadUsage, "they go in pairs", "score", "--truth", "TRUTH", "--truth", "TRUTH", "--counted", "COUNTED")]
    [InlineData(ExitCodes.BadUsage, "no such file: none.csv", "score", "--truth", "none.csv", "--counted", "COUNTED")]
    [InlineData(ExitCodes.BadUsage, "--tolerance", "score", "--truth", "TRUTH", "--counted", "COUNTED", "--tolerance", "-1")]
    [InlineData(ExitCodes.BadUsage, "--seconds", "score", "--truth", "TRUTH", "--counted", "COUNTED", "--seconds", "0")]
    [InlineData(ExitCodes.Failed, ":1: the first line names the columns", "score", "--truth", "TRUTH", "--counted", "TRUTH")]
    public async Task The_exit_code_tells_bad_usage_from_a_failed_job(int expected, string told, params string[] args)
    {
        var (code, _, error) = await RunAsync([.. args.Select(a => a.Replace("TRUTH", _truth).Replace("COUNTED", _counted))]);

        Assert.Equal(expected, code);
        Assert.Contains(told, error);
    }

    [Fact]
    public async Task Help_and_version_are_no_errors()
    {
        Assert.Contains("Examples:", (await RunAsync("score", "--help")).Output);
        Assert.StartsWith("trafficflow 0.", (await RunAsync("--version")).Output);
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
