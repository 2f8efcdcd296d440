using System.CommandLine;
using TrafficFlow.Node.ControlClient;
using TrafficFlow.Node.ControlServer;
using TrafficFlow.Node.Settings;
using TrafficFlow.Wire.OutboxEntries;

namespace TrafficFlow.Node.Why;

/// <summary>`trafficflow why`: all that is known of one crossing or journey, of a count's folder or of a node, running or stopped.</summary>
public static class WhyCommand
{
    // Where `count` writes by default.
    private const string DefaultCounted = "out";

    public static Command Create()
    {
        var id = new Argument<string>("ID") { Description = $"Which: {EntryId.Form}. crossings.csv, trafficflow journeys, watch journeys.SITE and ctl outbox peek have it." };
        var counted = new Option<string?>("--counted") { Description = $"The folder of a count (its --out). [default: {DefaultCounted}, where it is one and no node runs here]", HelpName = "DIR" };
        var config = new Option<string?>("--config") { Description = "The settings file of a node; of a server it also names the database with its read tables.", HelpName = "FILE" };
        var data = new Option<string?>("--data") { Description = "Or the node's data folder alone. [default: /var/lib/trafficflow, where a node runs there]", HelpName = "DIR" };
        var json = new Option<bool>("--json") { Description = "One JSON object on standard output, for programs." };
        var command = new Verb(
            "why",
            "Tells why a vehicle was counted: pictures, track, scores, gate, decisions, model, bin.",
            "trafficflow why cam1/1/17 --counted out",
            "trafficflow why cam-north/1764412345/17 --data /var/lib/trafficflow",
            "trafficflow why junction-kokandori/1764412345/240 --config roadside.conf --json")
        {
            id, counted, config, data, json,
        };
        command.Details =
        [
            "A node is asked through its socket while it runs, and its files are read when it does not. What nobody can tell is said in words, as of a server that",
            "does not answer. A node keeps evidence for trafficflow.actors.evidence.keep (7 days at most), without pictures and colours.",
        ];
        command.SetAction((p, cancellation) =>
        {
            var text = p.GetRequiredValue(id);
            if (!EntryId.TryParse(text, out var asked)) throw new UsageException($"\"{Core.Texts.PlainText.Of(text, 80)}\" is no id of a vehicle: write {EntryId.Form}");
            var (folder, settings, place) = (p.GetValue(counted), p.GetValue(config), p.GetValue(data));
            if (folder is not null && (settings ?? place) is not null) throw new UsageException("--counted is a count's folder, --config and --data are a node's: give one of them");
            if (folder is null && settings is null && place is null && !File.Exists(ControlSocket.PathIn("/var/lib/trafficflow")))
            {
                folder = File.Exists(Path.Combine(DefaultCounted, CountedEvidence.FileName)) ? DefaultCounted
                    : throw new UsageException("of what? Name the folder of a count with --counted DIR, or a node with --data DIR or --config FILE");
            }

            return new WhyJob(asked, p.GetValue(json)).RunAsync(folder, folder is null ? NodePlace.Find(settings, place) : "", settings, cancellation);
        });
        return command;
    }
}
