using System.CommandLine;

namespace TrafficFlow.Node.Demo;

/// <summary>`trafficflow demo`: the whole system in one process, on a synthetic junction whose truth is known.</summary>
public static class DemoCommand
{
    public static Command Create()
    {
        var seconds = new Option<double?>("--seconds") { Description = "End so long after the first picture; without it the demo runs until Ctrl-C.", HelpName = "N" };
        var seed = new Option<int>("--seed") { Description = "Another number is other traffic.", HelpName = "N", DefaultValueFactory = _ => 1 };
        var light = new Option<string>("--light") { Description = "day, cloudy, dusk, night or rain.", HelpName = "LIGHT", DefaultValueFactory = _ => "day" };
        var model = new Option<string?>("--model") { Description = "Detect with this ONNX model instead of the built-in network.", HelpName = "FILE.onnx" };
        var data = new Option<string?>("--data") { Description = "Keep journal and counts in this folder, and go on from them; without it they are gone at the end.", HelpName = "DIR" };
        var port = new Option<string?>("--port") { Hidden = true };
        var json = new Option<bool>("--json") { Description = "No live table; the summary as one JSON object." };
        var command = new Verb(
            "demo",
            "Four synthetic cameras through the whole pipeline: counted against true, live.",
            "trafficflow demo",
            "trafficflow demo --seconds 120 --json")
        {
            seconds, seed, light, model, data, port, json,
        };
        command.SetAction((p, cancellation) =>
        {
            var length = p.GetValue(seconds);
            if (length is { } s && (!double.IsFinite(s) || s <= 0)) throw new UsageException("--seconds is more than 0");
            if (p.GetValue(port) is not null) throw new UsageException("--port is no more: the demo opens none. Watch it with trafficflow watch TOPIC --data DIR, where DIR is the folder of --data, or the one that the demo shows");
            var options = new DemoOptions(
                length is { } t ? TimeSpan.FromSeconds(t) : null,
                p.GetValue(seed),
                p.GetValue(light)!,
                p.GetValue(model),
                p.GetValue(data),
                p.GetValue(json));
            return new DemoJob(options).RunAsync(cancellation);
        });
        return command;
    }
}

/// <param name="Length">Null: until it is interrupted.</param>
/// <param name="Data">Folder to keep; null for one that is deleted at the end.</param>
public sealed record DemoOptions(TimeSpan? Length, int Seed, string Light, string? Model, string? Data, bool AsJson);
