using System.CommandLine;
using TrafficFlow.Node.ControlServer;
using TrafficFlow.Wire.Operations;

namespace TrafficFlow.Node.ControlClient;

/// <summary>`trafficflow ctl`: asks a node on this machine through its own socket.</summary>
public static class CtlCommand
{
    public static Command Create()
    {
        var words = new Argument<string[]>("WORDS")
        {
            Description = "What to do; see the list below.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var config = new Option<string?>("--config") { Description = "The node's settings file, which names its data directory.", HelpName = "FILE" };
        var data = new Option<string?>("--data") { Description = "Or that data directory itself. [default: /var/lib/trafficflow, where a node runs there]", HelpName = "DIR" };
        var site = new Option<string?>("--site") { Description = "Camera, outbox and vehicle commands only: for the cameras of a site, on whichever nodes they are. Ask a server.", HelpName = "SITE" };
        var by = new Option<string?>("--by") { Description = "Your name, for the audit. [default: this account's]", HelpName = "NAME" };
        var json = new Option<bool>("--json") { Description = "One JSON object on standard output, for programs." };
        var command = new Verb(
            "ctl",
            "Inspects and steers a running node of this machine, also while its cluster does not work.",
            "trafficflow ctl --data /var/lib/trafficflow camera list",
            "trafficflow ctl --config hocon/single.conf camera restart cam1",
            "trafficflow ctl --data data --site kokandori camera list",
            "trafficflow ctl --data data outbox show --json")
        {
            words, config, data, site, by, json,
        };
        var width = CommandCatalog.Commands.Max(c => c.Usage.Length);
        command.Details =
        [
            "Words:",
            .. CommandCatalog.Commands.Select(c => $"  {c.Usage.PadRight(width)}  {c.Help}"),
            "",
            "They go through the socket ctl.sock in the data directory, which only the",
            "node's own account and root can open.",
        ];
        command.SetAction((p, cancellation) =>
        {
            var asked = p.GetValue(words) ?? [];
            if (CommandCatalog.Read(asked) is { Command: null } refused) throw new UsageException(refused.Problem);
            return new CtlJob(NodePlace.Find(p.GetValue(config), p.GetValue(data)), new ControlRequest(asked, p.GetValue(site), p.GetValue(by)), p.GetValue(json)).RunAsync(cancellation);
        });
        return command;
    }
}
