using System.Globalization;
using System.Text.Json;
using TrafficFlow.Node;
using TrafficFlow.Node.Why;
using TrafficFlow.SystemTests.Count;
using TrafficFlow.SystemTests.Processes;
using TrafficFlow.SystemTests.Settings;
using Xunit;

namespace TrafficFlow.SystemTests.Why;

/// <summary>`trafficflow why` of a counted video: every crossing of stuttgart, the real clip, and ten of them by the real executable.</summary>
[Collection(ProcessesCollection.Other)]
public sealed class WhyCountedTests : IAsyncLifetime
{
    // Each answer has all of these; a part that is not known says so in words.
    internal static readonly string[] Answered =
    [
        "counted id", "counted site", "crossing camera", "crossing gate", "crossing time", "crossing direction", "crossing track", "crossing first seen", "crossing before the line",
        "crossing behind the line", "crossing last seen", "crossing met the line at", "crossing came from", "crossing went to", "crossing seen at the line", "crossing stream of the gate",
        "detector detections", "detector mean score", "detector least score", "class class", "class confidence", "class votes", "class second model", "class length", "speed at the gate",
        "decided at", "made by model", "made by model version", "made by calibration", "made by site hash", "watched interval", "watched state", "bin server",
    ];

    private readonly SettingsFolder _folder = new();
    private CountedClip _counted = null!;

    public async ValueTask InitializeAsync() => _counted = await CountedClips.RunAsync("stuttgart", Path.Combine(_folder.Path, "out"), []);

    [Fact]
    public async Task Ten_crossings_of_stuttgart_are_answered_completely_and_as_they_were()
    {
        var rows = _counted.Text("crossings.csv").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var columns = rows[0].Split(',').ToList();
        Assert.True(rows.Length > 10);
        Assert.Equal(rows.Length - 1, File.ReadLines(Path.Combine(_counted.Folder, CountedEvidence.FileName)).Count());
        foreach (var row in rows.Skip(1).Take(10).Select(r => r.Split(',')))
        {
            var id = Cell("id");
            var told = await AskAsync(id);

            Assert.All(Answered, a => Assert.True(told.TryGetValue(a, out var value) && value.Length > 0, $"{id}: {a} is not answered"));
            Assert.Equal((Cell("gate"), Cell("track"), Cell("class")), (told["crossing gate"], told["crossing track"], told["class class"]));
            Assert.StartsWith(Cell("direction"), told["crossing direction"], StringComparison.Ordinal);
            var seconds = double.Parse(Cell("time_s"), CultureInfo.InvariantCulture);
            Assert.Equal(seconds, Seconds(told["crossing time"]), 0.011);
            Assert.True(Seconds(told["crossing before the line"]) <= seconds + 0.01 && seconds <= Seconds(told["crossing behind the line"]) + 0.01);
            Assert.Contains(told.Keys, k => k == "decided WayJudged");
            using var summary = JsonDocument.Parse(_counted.Output);
            Assert.Equal(summary.RootElement.GetProperty("detector_version").GetString(), told["made by model version"]);
            Assert.Equal(summary.RootElement.GetProperty("site_hash").GetString(), told["made by site hash"]);

            string Cell(string name) => row[columns.IndexOf(name)];
        }

        var people = await TrafficflowProcess.RunAsync("why", "cam1/1/1", "--counted", _counted.Folder);
        Assert.Equal((ExitCodes.Done, ""), (people.Code, people.Error));
        Assert.Contains("its way from clearly before to clearly beyond the line was judged", people.Output);

        await Refuse(ExitCodes.Failed, "crossings.csv has the ids cam1/1/1 to", "cam1/1/9999", "--counted", _counted.Folder);
        await Refuse(ExitCodes.BadUsage, "is no id of a vehicle: write CAMERA/EPOCH/SEQUENCE", "cam1/17", "--counted", _counted.Folder);
        await Refuse(ExitCodes.BadUsage, "holds no evidence.jsonl", "cam1/1/1", "--counted", _folder.Path);
        await Refuse(ExitCodes.BadUsage, "there is no folder", "cam1/1/1", "--counted", Path.Combine(_folder.Path, "nowhere"));
        await Refuse(ExitCodes.BadUsage, "give one of them", "cam1/1/1", "--counted", _folder.Path, "--data", _folder.Path);
    }

    private static async Task Refuse(int code, string told, params string[] args)
    {
        var ended = await TrafficflowProcess.RunAsync(["why", .. args]);
        Assert.Equal((code, ""), (ended.Code, ended.Output));
        Assert.Contains(told, ended.Error);
        Assert.Single(ended.Error.Trim().Split('\n'));
    }

    private async Task<Dictionary<string, string>> AskAsync(string id)
    {
        var ended = await TrafficflowProcess.RunAsync("why", id, "--counted", _counted.Folder, "--json");
        Assert.True(ended.Code == ExitCodes.Done, ended.Error);
        return Rows(ended.Output);
    }

    /// <summary>What is told, by what it is about.</summary>
    internal static Dictionary<string, string> Rows(string json)
    {
        using var answer = JsonDocument.Parse(json);
        return answer.RootElement.GetProperty("tables")[0].GetProperty("rows").EnumerateArray()
            .GroupBy(r => $"{r.GetProperty("about").GetString()} {r.GetProperty("what").GetString()}")
            .ToDictionary(g => g.Key, g => string.Join("; ", g.Select(r => r.GetProperty("value").ToString())));
    }

    private static double Seconds(string told)
    {
        var words = told.Replace(",", "", StringComparison.Ordinal).Split(' ');
        return double.Parse(words[Array.IndexOf(words, "s") - 1], CultureInfo.InvariantCulture);
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }
}
