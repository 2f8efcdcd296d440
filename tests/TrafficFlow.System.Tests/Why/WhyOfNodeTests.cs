using System.Globalization;
using System.Text.Json;
using TrafficFlow.Node;
using TrafficFlow.Node.Why;
using TrafficFlow.SystemTests.ControlClient;
using TrafficFlow.SystemTests.Processes;
using TrafficFlow.SystemTests.Run;
using TrafficFlow.Wire.Operations;
using TrafficFlow.Wire.OutboxEntries;
using Xunit;

namespace TrafficFlow.SystemTests.Why;

/// <summary>
/// Ten journeys of the demo's junction: asked of the node while it runs, and of its files when it is stopped. Its four cameras see a minute, by motion: no
/// network is needed to ask why.
/// </summary>
[Collection(ProcessesCollection.Other)]
public sealed class WhyOfNodeTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    private static readonly string[] Answered =
    [
        "counted id", "counted site", "journey way", "journey seen", "journey way on the ground", "gate entered", "gate left", "class class", "class confidence", "class cameras' votes",
        "decided at", "made by model", "made by model version", "made by calibration", "made by site hash", "watched interval", "watched state", "watched observations",
    ];

    private readonly NodeFolder _folder = new(Site());
    private TrafficflowProcess _node = null!;

    private string Socket => Path.Combine(_folder.Data, "ctl.sock");

    public ValueTask InitializeAsync()
    {
        _node = _folder.Run();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Ten_journeys_are_answered_completely_while_the_node_runs_and_when_it_is_stopped()
    {
        var journeys = await JourneysAsync();
        foreach (var journey in journeys)
        {
            var told = await WatchedAsync(journey["id"]);
            Complete(journey, told);
            Assert.Contains("server", told.Keys.Select(k => k.Split(' ')[0]));
            Assert.Contains(told, t => t.Key.StartsWith("bin ", StringComparison.Ordinal) && t.Value.Contains("revision ", StringComparison.Ordinal));
        }

        // A count that a journey made leads to the journey, and the bin of it can be looked at.
        var counted = EntryId.TryParse(journeys[0]["id"], out var id) ? id : default;
        var share = WhyCountedTests.Rows(await AskAsync("why", new EntryId(counted.Camera, counted.Position with { Sequence = counted.Position.Sequence - 1 }).ToString()));
        Assert.Contains("journey way", share.Keys);
        var arm = journeys.First(j => j["approach"].Length > 0);
        var bin = Tables(await AskAsync("bin", "show", $"demo/{arm["approach"]}", arm["entered"][..16], "1m"));
        Assert.Equal([$"bin of demo/{arm["approach"]}", "counts", "made by", "revisions as stored"], bin);
        var peek = Tables(await AskAsync("outbox", "peek", "junction-demo"));
        Assert.Equal(["lanes of junction-demo", "entries that wait in the outbox of junction-demo"], peek);
        Assert.Contains("is no length of a bin", await AskAsync("bin", "show", "demo/north", "07:00", "7m"));
        Assert.Contains("there is no approach demo/up", await AskAsync("bin", "show", "demo/up", "07:00"));
        Assert.Contains("no evidence of a camera cam9 is kept here", await AskAsync("why", "cam9/1/1"));
        Assert.Contains($"the nearest are {counted.Camera}/", await AskAsync("why", $"{counted.Camera}/{counted.Position.Epoch}/99999"));
        Assert.Contains("\"ok\":true", await PostAsync(JsonSerializer.Serialize(new { words = new[] { "why", counted.ToString() }, site = "demo" })));

        await UntilItsBinIsClosedAsync(journeys[0]["id"]);
        _node.Terminate();
        Assert.Equal(ExitCodes.Done, (await _node.WaitAsync(Patience)).Code);

        foreach (var journey in journeys)
        {
            var (document, problem, _) = EvidenceReader.Find(EvidenceFile.PathIn(_folder.Data), EntryId.TryParse(journey["id"], out var parsed) ? parsed : default);
            Assert.True(document is not null, problem);
            // As of a running node whose cluster is down.
            var alone = (InspectionTables)WhyTable.Of(document, await ServerSide.AskAsync(null, null, document));
            Complete(journey, alone.Tables[0].Rows.GroupBy(r => $"{r[0]} {r[1]}").ToDictionary(g => g.Key, g => Convert.ToString(g.First()[2], CultureInfo.InvariantCulture)!));
            Assert.Contains(alone.Tables[0].Rows, r => (string)r[0]! == "bin" && ((string)r[2]!).Contains("the server does not answer: bin and revision are unknown", StringComparison.Ordinal));
        }

        var stopped = await TrafficflowProcess.RunAsync("why", journeys[0]["id"], "--data", _folder.Data, "--json");
        Assert.True(stopped.Code == ExitCodes.Done, stopped.Error);
        Complete(journeys[0], WhyCountedTests.Rows(stopped.Output));
        Assert.Contains(WhyCountedTests.Rows(stopped.Output), t => t.Key.StartsWith("bin ", StringComparison.Ordinal) && t.Value.Contains("revision 1", StringComparison.Ordinal));
        Assert.Contains("the node does not run: this is from its files", stopped.Output);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, OperatingSystem.IsWindows() ? default : File.GetUnixFileMode(EvidenceFile.PathIn(_folder.Data)));
    }

    private static void Complete(Dictionary<string, string> journey, Dictionary<string, string> told)
    {
        var id = journey["id"];
        Assert.All(Answered, a => Assert.True(told.TryGetValue(a, out var value) && value.Length > 0, $"{id}: {a} is not answered"));
        Assert.Contains(told.Keys, k => k.StartsWith("track cam-", StringComparison.Ordinal));
        Assert.Contains(told.Keys, k => k.StartsWith("detector cam-", StringComparison.Ordinal));
        Assert.Equal(id, told["counted id"]);
        Assert.Equal(journey["class"], told["class class"]);
        Assert.Equal(journey["site_hash"], told["made by site hash"]);
        Assert.StartsWith($"{Or(journey["approach"])} to {Or(journey["exit"])}", told["journey way"], StringComparison.Ordinal);
        // The table keeps whole seconds; the evidence is of the same one.
        if (journey["entered"].Length > 0) Assert.Contains(journey["entered"][..19].Replace('T', ' '), told["gate entered"]);
        if (journey["left"].Length > 0) Assert.Contains(journey["left"][..19].Replace('T', ' '), told["gate left"]);

        static string Or(string arm) => arm.Length == 0 ? "unknown" : arm;
    }

    /// <summary>What the tables hold can be told without the node: bins stand there once they are closed.</summary>
    private async Task UntilItsBinIsClosedAsync(string id)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!(await WatchedAsync(id)).Any(t => t.Key.StartsWith("bin ", StringComparison.Ordinal) && t.Value.Contains("revision 1", StringComparison.Ordinal)))
            await Task.Delay(500, patience.Token);
    }

    /// <summary>Coverage of its time follows some seconds after a journey, and a busy server may not answer at once.</summary>
    private async Task<Dictionary<string, string>> WatchedAsync(string id)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            var reply = await AskAsync("why", id);
            if (reply.Contains("\"ok\":true", StringComparison.Ordinal) && WhyCountedTests.Rows(reply) is var told && told.ContainsKey("watched interval") && !told.Values.Any(v => v.Contains("does not answer", StringComparison.Ordinal))) return told;
            await Task.Delay(500, patience.Token);
        }
    }

    private async Task<IReadOnlyList<Dictionary<string, string>>> JourneysAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        var (from, to) = (TimeProvider.System.GetUtcNow().AddDays(-1).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), TimeProvider.System.GetUtcNow().AddDays(1).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        while (true)
        {
            var ended = await TrafficflowProcess.RunAsync("journeys", "--site", "demo", "--config", _folder.Config, "--from", from, "--to", to);
            var lines = ended.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
            if (lines.Length > 10)
            {
                var columns = lines[0].Trim().Split(',');
                return [.. lines.Skip(1).Take(10).Select(l => l.Trim().Split(',')).Select(cells => columns.Select((c, i) => (c, i)).ToDictionary(c => c.c, c => cells[c.i]))];
            }

            Assert.True(_node.IsRunning, _node.Error);
            await Task.Delay(500, patience.Token);
        }
    }

    private Task<string> AskAsync(params string[] words) => PostAsync(JsonSerializer.Serialize(new { words }));

    private async Task<string> PostAsync(string body)
    {
        using var http = new ControlHttp(Socket);
        return (await http.PostAsync(body)).Body;
    }

    private static IEnumerable<string> Tables(string json)
    {
        using var answer = JsonDocument.Parse(json);
        Assert.True(answer.RootElement.GetProperty("ok").GetBoolean(), json);
        return [.. answer.RootElement.GetProperty("tables").EnumerateArray().Select(t => t.GetProperty("name").GetString()!)];
    }

    private static string Site()
    {
        var text = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "hocon", "sites", "demo.conf"));
        foreach (var side in new[] { "north", "east", "south", "west" }) text = text.Replace($"\"synthetic:{side}\"", $"\"synthetic:{side}?seconds=60\"");
        return text.Replace("detector = default", "detector = motion").Replace("width = 640, height = 360, fps = 10", "width = 320, height = 180, fps = 10");
    }

    public async ValueTask DisposeAsync()
    {
        await _node.DisposeAsync();
        _folder.Dispose();
    }
}
