using System.CommandLine;
using TrafficFlow.Node.ControlClient.Shell;
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
            Description = "What to do; see the list below. Without them: a shell, or on no terminal the commands that come on standard input, a line each.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var config = new Option<string?>("--config") { Description = "The node's settings file, which names its data directory.", HelpName = "FILE" };
        var data = new Option<string?>("--data") { Description = "Or that data directory itself. [default: /var/lib/trafficflow, where a node runs there]", HelpName = "DIR" };
        var site = new Option<string?>("--site") { Description = "Camera, outbox and vehicle commands only: for the cameras of a site, on whichever nodes they are. Ask a server.", HelpName = "SITE" };
        var by = new Option<string?>("--by") { Description = "Your name, for the audit. [default: this account's]", HelpName = "NAME" };
        var json = new Option<bool>("--json") { Arity = ArgumentArity.Zero, Description = "One JSON object on standard output, for programs." };
        var keepGoing = new Option<bool>("--keep-going") { Arity = ArgumentArity.Zero, Description = "Commands from standard input: a failure does not end it." };
        words.CompletionSources.Add(LiveNames.Source(config, data, (c, place) => LiveNames.OfCommandAsync(place, c.ParseResult.GetValue(words) ?? [], c.WordToComplete)));
        site.CompletionSources.Add(LiveNames.Source(config, data, (c, place) => LiveNames.OfAsync(place, NameKind.Site, c.WordToComplete)));
        var command = new Verb(
            "ctl",
            "Inspects and steers a running node of this machine, also while its cluster does not work.",
            "trafficflow ctl --data /var/lib/trafficflow camera list",
            "trafficflow ctl --config hocon/single.conf camera restart cam1",
            "trafficflow ctl --data data --site kokandori camera list",
            "trafficflow ctl --data data outbox show --json",
            "trafficflow ctl --data data",
            "printf 'camera list\\noutbox show\\n' | trafficflow ctl --data data")
        {
            words, config, data, site, by, json, keepGoing,
        };
        var width = CommandCatalog.Commands.Max(c => c.Usage.Length);
        command.Details =
        [
            "Words:",
            .. CommandCatalog.Commands.Select(c => $"  {c.Usage.PadRight(width)}  {c.Help}"),
            "",
            "In the shell also: help [WORD], watch SECONDS COMMAND, exit; Tab completes.",
            "",
            "They go through the socket ctl.sock in the data directory, which only the",
            "node's own account and root can open.",
        ];
        command.SetAction((p, cancellation) =>
        {
            var asked = p.GetValue(words) ?? [];
            if (asked.Length == 0)
            {
                if (p.GetValue(json) && !Console.IsInputRedirected) throw new UsageException("say what to do: --json is for one command, or for commands on standard input");
                var place = NodePlace.Find(p.GetValue(config), p.GetValue(data));
                return Console.IsInputRedirected || !LiveScreen.IsPossible
                    ? new ControlScript(place, p.GetValue(site), p.GetValue(by), p.GetValue(json), p.GetValue(keepGoing)).RunAsync(Console.In, cancellation)
                    : new ControlShell(place, p.GetValue(site), p.GetValue(by)).RunAsync(cancellation);
            }

            if (p.GetValue(keepGoing)) throw new UsageException("--keep-going is for commands on standard input: write none here");
            if (CommandCatalog.Read(asked) is { Command: null } refused) throw new UsageException(refused.Problem);
            return new CtlJob(NodePlace.Find(p.GetValue(config), p.GetValue(data)), new ControlRequest(asked, p.GetValue(site), p.GetValue(by)), p.GetValue(json)).RunAsync(cancellation);
        });
        return command;
    }
}
