using System.Globalization;
using System.Text.Json;
using TrafficFlow.Simulation.Replay;
using TrafficFlow.SystemTests.Processes;

namespace TrafficFlow.SystemTests.Lab;

/// <summary>Asks a cluster's nodes what an operator would ask.</summary>
internal sealed class ClusterState(LabCluster cluster)
{
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(60);
    private readonly ReplayScripts _logs = new();

    /// <summary>
    /// Event time up to which every camera's log is stored on the roadside; null while an outbox does not answer. All that is earlier is
    /// owed to the tables.
    /// </summary>
    public async Task<DateTimeOffset?> StoredThroughAsync()
    {
        var positions = await StoredAsync();
        if (positions is null || cluster.Site.Cameras.Any(c => !positions.ContainsKey(c.Id.Value))) return null;
        return cluster.Site.Cameras.Min(camera =>
        {
            var source = ReplaySource.Parse(camera.Source);
            var next = new ReplayScript(cluster.Site, camera, source, _logs.Script(source)).From(positions[camera.Id.Value] + 1).First();
            // What is stored ends somewhere before the next entry: a coverage interval before it is surely stored.
            return next.Time - source.Coverage;
        });
    }

    /// <summary>The last entry that each camera's outbox has stored.</summary>
    private async Task<IReadOnlyDictionary<string, long>?> StoredAsync()
    {
        Ended ended;
        try
        {
            ended = await AskAsync("outbox", "show", "--json", "--config", cluster.Roadside.Config);
        }
        catch (TimeoutException)
        {
            return null;
        }

        if (ended.Code != 0) return null;
        using var reply = JsonDocument.Parse(ended.Output);
        var positions = new Dictionary<string, long>();
        foreach (var row in reply.RootElement.GetProperty("tables")[0].GetProperty("rows").EnumerateArray())
        {
            if (row.GetProperty("last_stored").GetString() is not { } position) return null;
            positions[row.GetProperty("camera").GetString()!] = long.Parse(position.Split('/')[1], CultureInfo.InvariantCulture);
        }

        return positions;
    }

    private static async Task<Ended> AskAsync(params IReadOnlyList<string> words)
    {
        await using var process = TrafficflowProcess.Start(["ctl", .. words]);
        return await process.WaitAsync(AnswerWithin);
    }
}
