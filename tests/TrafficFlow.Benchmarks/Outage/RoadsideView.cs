using System.Globalization;
using System.Text.Json;
using TrafficFlow.Benchmarks.Scale;
using TrafficFlow.SystemTests.Processes;
using TrafficFlow.Wire.OutboxEntries;

namespace TrafficFlow.Benchmarks.Outage;

/// <param name="Frames">That its cameras have processed since they were opened.</param>
internal sealed record FramesSeen(DateTimeOffset At, long Frames, long Dropped)
{
    public double RateSince(FramesSeen before) => (Frames - before.Frames) / (At - before.At).TotalSeconds;
}

/// <param name="Pending">Entries that no aggregator has accepted, or not each.</param>
internal sealed record OutboxesSeen(long Pending, IReadOnlyDictionary<string, LogPosition> Stored, IReadOnlyDictionary<(string Camera, string Approach), LogPosition> Accepted)
{
    /// <summary>All that the outboxes held then has been accepted by now.</summary>
    public bool HasDelivered(OutboxesSeen then) => Accepted.All(a => a.Value >= then.Stored.GetValueOrDefault(a.Key.Camera));
}

/// <summary>What an operator sees of the roadside: `trafficflow ctl --json`.</summary>
internal sealed class RoadsideView(ProcessCluster cluster)
{
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(60);

    /// <param name="prefix">Of the cameras' names.</param>
    public async Task<FramesSeen> FramesAsync(string prefix)
    {
        var rows = (await AskAsync("camera", "list")).Where(r => r.GetProperty("camera").GetString()!.StartsWith(prefix, StringComparison.Ordinal)).ToList();
        return new FramesSeen(
            DateTimeOffset.UtcNow,
            rows.Sum(r => r.GetProperty("processed_frames").GetInt64()),
            rows.Sum(r => r.GetProperty("dropped_frames").GetInt64()));
    }

    public async Task<OutboxesSeen> OutboxesAsync()
    {
        var rows = await AskAsync("outbox", "show");
        var pending = new Dictionary<string, long>();
        var stored = new Dictionary<string, LogPosition>();
        var accepted = new Dictionary<(string, string), LogPosition>();
        foreach (var row in rows)
        {
            var camera = row.GetProperty("camera").GetString()!;
            if (row.GetProperty("last_stored").GetString() is not { } last) throw cluster.Failed($"the outbox of {camera} does not answer");
            pending[camera] = row.GetProperty("pending_entries").GetInt64();
            stored[camera] = Position(last);
            if (row.GetProperty("approach").GetString() is { } approach) accepted[(camera, approach)] = Position(row.GetProperty("accepted").GetString()!);
        }

        return new OutboxesSeen(pending.Values.Sum(), stored, accepted);
    }

    private static LogPosition Position(string text)
    {
        var parts = text.Split('/');
        return new LogPosition(long.Parse(parts[0], CultureInfo.InvariantCulture), long.Parse(parts[1], CultureInfo.InvariantCulture));
    }

    private async Task<IReadOnlyList<JsonElement>> AskAsync(params IReadOnlyList<string> words)
    {
        await using var process = TrafficflowProcess.Start(["ctl", "--config", cluster.Roadside.Config, .. words, "--json"]);
        var ended = await process.WaitAsync(AnswerWithin);
        if (ended.Code != 0) throw cluster.Failed($"trafficflow ctl {string.Join(' ', words)} ended with {ended.Code}: {ended.Error}");
        using var reply = JsonDocument.Parse(ended.Output);
        return [.. reply.RootElement.GetProperty("tables")[0].GetProperty("rows").EnumerateArray().Select(r => r.Clone())];
    }
}
